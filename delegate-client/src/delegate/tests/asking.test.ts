import type { ItemKind, RequestView, SpeakingView, SpeechKind } from "@dienhong/web-shared/wire.ts";
import { describe, expect, it } from "vitest";
import { askingOf, type Situation } from "../asking.ts";
import { partOf } from "../part.ts";

const debate = (change: Partial<SpeakingView> = {}): SpeakingView => ({
  list_open: true,
  queue: [],
  speech: null,
  round: null,
  budgets: [],
  people: [],
  groups: [],
  promises: [],
  ...change,
});
const request = (person: string, kind: SpeechKind = "speak"): RequestView => ({
  id: `r-${person}-${kind}`,
  person: { id: person, name: person },
  group: "",
  kind,
  topic: null,
  to: null,
  at: 0,
});
const delegate = { id: "d1", seat: "1", offices: [] };
const official = { id: "o1", seat: null, offices: ["official" as const] };
const kinds = (item: ItemKind | null, change: Partial<Situation> = {}): SpeechKind[] =>
  askingOf({ person: delegate, presence: "present", item, speaking: debate(), ...change }).kinds;

describe("what a person may ask for", () => {
  it("fits the item", () => {
    expect(kinds("discussion")).toEqual(["speak", "rebut", "point_of_order"]);
    expect(kinds("interpellation")).toEqual(["interpellate", "rebut", "point_of_order"]);
    expect(kinds(null)).toEqual([]);
  });

  it("is only a point of order while the list is closed", () => {
    expect(kinds("discussion", { speaking: debate({ list_open: false }) })).toEqual(["point_of_order"]);
  });

  it("is nothing for a delegate who has not checked in, nor for whoever only watches or works here", () => {
    expect(kinds("discussion", { presence: "absent" })).toEqual([]);
    expect(kinds("discussion", { presence: "excused" })).toEqual([]);
    for (const office of ["guest", "press", "secretary", "screen"] as const)
      expect(kinds("discussion", { person: { id: "x", seat: null, offices: [office] }, presence: "absent" })).toEqual([]);
  });

  it("is to answer and to explain for an official, who need not check in", () => {
    expect(kinds("interpellation", { person: official, presence: "absent" })).toEqual(["answer", "explain", "point_of_order"]);
    expect(kinds("discussion", { person: official, presence: "absent" })).toEqual(["explain", "point_of_order"]);
  });

  it("is nothing more for whoever has the floor", () => {
    const speech = { id: "f1", person: { id: "d1", name: "" }, group: "", kind: "speak" as const, topic: null, started_at: 0, allotted_ms: 0, spent_ms: 0, running_since: 0 };
    expect(kinds("discussion", { speaking: debate({ speech }) })).toEqual([]);
  });
});

describe("who waits", () => {
  it("is told the place, and is not offered the same again", () => {
    const speaking = debate({ queue: [request("d7", "rebut"), request("d8"), request("d1"), request("d9")] });
    const asking = askingOf({ person: delegate, presence: "present", item: "discussion", speaking });
    expect(asking.waiting.map(({ ahead }) => ahead)).toEqual([2]);
    expect(asking.kinds).toEqual(["rebut", "point_of_order"]);
  });
});

describe("a person's part", () => {
  it.each([
    ["1", ["chair"], "delegate"],
    [null, ["official"], "official"],
    [null, ["guest"], "watcher"],
    [null, ["press", "guest"], "watcher"],
    [null, ["press", "secretary"], "officer"],
    [null, ["scrutineer"], "officer"],
  ] as const)("seat %s, offices %s: %s", (seat, offices, part) => {
    expect(partOf({ seat, offices: [...offices] })).toBe(part);
  });
});
