import { describe, expect, it } from "vitest";
import type { RequestView, RoundView, SpeechKind } from "@dienhong/web-shared/wire.ts";
import { consoleView } from "../../logic/tests/sample.ts";
import { askerPlaces, isRoundFull, likelyKind, moved, moveTo, placeAt, queueLines } from "../queue.ts";

const rules = { speak: 420, interpellate: 60, answer: 180, rebut: 120, explain: 180, point_of_order: 60, askers_a_round: 3 };
const request = (id: string, kind: SpeechKind, person = id, to: string | null = null): RequestView => ({
  id, person: { id: person, name: person.toUpperCase() }, group: "Tổ 1", kind, topic: null, to: to === null ? null : { id: to, name: to }, at: 0,
});
const round = (asked: string[], askers = 3): RoundView => ({
  number: 1, official: { id: "o1", name: "O1" }, asked: asked.map((id) => ({ person: { id, name: id.toUpperCase() }, topic: null })), askers,
});

describe("the queue", () => {
  it("says why somebody stands before others, and how long each may speak", () => {
    const queue = [request("a", "point_of_order"), request("b", "rebut"), request("c", "rebut"), request("d", "speak")];
    const lines = queueLines(queue, round(["b"]), rules, null);
    expect(lines.map((line) => [line.place, line.precedence, line.seconds])).toEqual([
      [1, "point_of_order", 60], [2, "asker_rebuts", 120], [3, "rebut", 120], [4, null, 420],
    ]);
  });

  it("knows who is not in the hall, and nothing of whom the console does not list", () => {
    const view = consoleView({ people: [{ id: "a", presence: "absent", reason: null, device: null, revoked: null, code_until: null }] });
    expect(queueLines([request("r1", "speak", "a"), request("r2", "speak", "z")], null, rules, view).map((line) => line.presence)).toEqual(["absent", null]);
  });
});

describe("moving a request", () => {
  const ids = ["a", "b", "c", "d"];
  const queue = ids.map((id) => ({ id }));
  const order = (move: Parameters<typeof moved>[1]) => moved(queue, move).map((entry) => entry.id).join("");

  it("goes before the one that stands there, in both directions", () => {
    expect(moveTo(ids, "c", 0)).toEqual({ request: "c", before: "a" });
    expect(moveTo(ids, "a", 2)).toEqual({ request: "a", before: "d" });
    expect(order(moveTo(ids, "c", 0))).toBe("cabd");
    expect(order(moveTo(ids, "a", 2))).toBe("bcad");
  });

  it("goes last at the end and past it", () => {
    expect(moveTo(ids, "a", 9)).toEqual({ request: "a", before: null });
    expect(order(moveTo(ids, "a", 9))).toBe("bcda");
  });

  it("is no move to where it stands, nor of one that left", () => {
    expect(moveTo(ids, "b", 1)).toBe(null);
    expect(moveTo(ids, "z", 1)).toBe(null);
    expect(order({ request: "z", before: "a" })).toBe("abcd");
  });

  it("goes last when the one it should stand before has left", () => {
    expect(order({ request: "a", before: "z" })).toBe("bcda");
  });

  it("is dropped after every row whose middle lies above", () => {
    expect(placeAt([10, 30, 50], 5)).toBe(0);
    expect(placeAt([10, 30, 50], 31)).toBe(2);
    expect(placeAt([10, 30, 50], 99)).toBe(3);
  });
});

describe("a round of interpellation", () => {
  it("shows who asked, who asks, and who of the queue comes next", () => {
    const queue = [request("r1", "rebut", "a"), request("r2", "interpellate", "x", "o2"), request("r3", "interpellate", "c", "o1")];
    expect(askerPlaces(round(["a", "b"]), queue, "b").map((place) => [place.name, place.state])).toEqual([["A", "asked"], ["B", "asking"], ["C", "next"]]);
    expect(askerPlaces(round(["a"]), [], null).map((place) => place.state)).toEqual(["asked", "open", "open"]);
  });

  it("marks only the latest turn of somebody who asks twice", () => {
    expect(askerPlaces(round(["a", "b", "a"]), [], "a").map((place) => place.state)).toEqual(["asked", "asked", "asking"]);
  });

  it("is full with as many as the rules say, and never without a limit", () => {
    expect(isRoundFull(round(["a", "b"]))).toBe(false);
    expect(isRoundFull(round(["a", "b", "c"]))).toBe(true);
    expect(isRoundFull(round(["a"], 0))).toBe(false);
    expect(isRoundFull(null)).toBe(false);
  });
});

it("an official answers in a round and explains elsewhere", () => {
  expect([likelyKind(true, true), likelyKind(true, false), likelyKind(false, true)]).toEqual(["answer", "explain", "speak"]);
});
