import { describe, expect, it } from "vitest";
import type { SpeakingView } from "@dienhong/web-shared/wire.ts";
import { situation } from "../situation.ts";
import { nothingToShow, wallAfter, wallNow, wallWith } from "../wall-preview.ts";
import { ballot, brief, consoleView, council, live, result } from "./sample.ts";

const speaking: SpeakingView = {
  list_open: true,
  queue: ["b", "c", "d"].map((id) => ({ id: `r${id}`, person: { id, name: id.toUpperCase() }, group: "", kind: "speak" as const, topic: null, to: null, at: 0 })),
  speech: { id: "f1", person: { id: "a", name: "A" }, group: "Tổ 1", kind: "interpellate", topic: null, started_at: 0, allotted_ms: 60_000, spent_ms: 0, running_since: 10_000 },
  round: { number: 1, official: { id: "o", name: "O" }, asked: [{ person: { id: "x", name: "X" }, topic: null }, { person: { id: "a", name: "A" }, topic: null }], askers: 3 },
  budgets: [], people: [], groups: [], promises: [],
};

describe("what the wall shows", () => {
  it("names who speaks with the time over, the next two, and the round's askers", () => {
    const picture = wallNow(council(), live(null), null, { speaking, now: 75_000 });
    expect(picture.speech).toEqual({ name: "A", group: "Tổ 1", kind: "interpellate", leftMs: -5_000, spentMs: 65_000, paused: false });
    expect(picture.waiting).toEqual(["B", "C"]);
    expect(picture.round).toEqual({ official: "O", askers: [{ name: "X", now: false }, { name: "A", now: true }] });
  });

  it("counts a card down and not below nothing", () => {
    const shown = live(null, { wall: { mode: "countdown", card: { title: "Giải lao", text: null, until: 90_000 }, since: 0 } });
    const at = (now: number) => wallNow(council(), shown, null, { speaking: null, now }).card?.leftMs;
    expect([at(30_000), at(100_000)]).toEqual([60_000, 0]);
  });

  it("carries the marks that hold for every wall", () => {
    const picture = wallNow(council([], { rehearsal: true }), live(null, { ticker: "Tin", closed_doors: true }), null);
    expect([picture.rehearsal, picture.closedDoors, picture.ticker]).toEqual([true, true, "Tin"]);
  });

  it("is the same hall with another mode on", () => {
    const now = wallNow(council(), live(null), null);
    const other = wallWith(now, "title", { title: "Chào cờ", text: null, until: null }, 0);
    expect(other).toEqual({ ...now, mode: "title", card: { title: "Chào cờ", text: null, leftMs: null } });
  });
});

it("after closing it shows the result without a verdict", () => {
  const shown = ballot("open");
  const at = situation(council([brief("open")]), live(shown), consoleView());
  const after = wallAfter(wallNow(council([brief("open")]), live(shown), 20_000), at, 60);
  expect([after?.act, after?.picture.mode, after?.picture.ballot?.closed, after?.picture.ballot?.verdict]).toEqual(["close", "result", true, null]);
});

it("before opening it shows a ballot of those who may vote", () => {
  const at = situation(council([]), live(null), consoleView());
  const now = wallNow(council([]), live(null), null);
  expect([wallAfter(now, at, 60), wallAfter(now, at, 60, 15)].map((after) => [after?.act, after?.picture.ballot?.present])).toEqual([["open", now.present], ["open", 15]]);
});

it("tells candidates with the most votes first, and no more than have room", () => {
  const answers = ["a", "b", "c", "d"].map((key) => ({ key, meaning: key.toUpperCase() }));
  const counts = [10, 40, 30, 20].map((count, at) => ({ answer: answers[at]!.key, count }));
  const held = council([brief("announced")]);
  const asked = held.agenda.flatMap((item) => item.questions).find(({ id }) => id === "q8")!;
  Object.assign(asked, { form: "election", answers });
  const picture = wallNow(held, live(ballot("announced", { result: result(0, 0, 0, { counts, chosen: ["b"], verdict: "adopted" }) })), null);
  expect(picture.ballot?.counts).toBeNull();
  expect(picture.ballot?.ranking.map(({ name, count, chosen }) => [name, count, chosen])).toEqual([["B", 40, true], ["C", 30, false], ["D", 20, false]]);
});

it("what has nothing to show is said before it is asked", () => {
  const at = situation(council(), live(null), consoleView());
  expect(nothingToShow("item", at, live(null), null)).toBe(null);
  expect(nothingToShow("voting", at, live(null), null)).toBe("no_ballot");
  expect(nothingToShow("result", at, live(null), null)).toBe("no_result");
  expect(nothingToShow("result", at, live(ballot("announced")), null)).toBe(null);
  expect(nothingToShow("speaker", at, live(null), null)).toBe("no_speaker");
  expect(nothingToShow("speaker", at, live(null), { ...speaking, speech: null })).toBe(null);
  expect(nothingToShow("interpellation", at, live(null), { ...speaking, round: null })).toBe("no_round");
  expect(nothingToShow("blank", at, live(null), null)).toBe(null);
});
