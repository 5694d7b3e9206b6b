import { describe, expect, it } from "vitest";
import { beginsOf, lateness, planOf, wholeMinutes } from "../lateness.ts";
import { item } from "./sample.ts";

const MINUTE = 60_000;
const at = (hours: number, minutes = 0): number => (hours * 60 + minutes) * MINUTE;

const day = (currentSince: number) => [
  item("1", { minutes: 10, state: "done", started_at: at(8), finished_at: currentSince }),
  item("2", { minutes: 30, state: "current", started_at: currentSince }),
  item("3", { minutes: 20 }),
  item("4", { minutes: 60, planned_at: at(13, 30) }),
];

describe("the plan", () => {
  it("follows from the sitting's time, and again from each time of its own", () => {
    const plan = planOf(day(at(8, 10)), at(8));
    expect([...plan.values()].map(({ from }) => from)).toEqual([at(8), at(8, 10), at(8, 40), at(13, 30)]);
  });

  it("counts the parts of an item instead of the item where they have lengths", () => {
    const agenda = [
      item("1", { minutes: 60 }),
      item("1.1", { parent: "i1", minutes: 10 }),
      item("1.2", { parent: "i1", minutes: 15 }),
      item("2", { minutes: 5 }),
    ];
    expect(planOf(agenda, at(8)).get("i2")?.from).toBe(at(8, 25));
  });

  it("is empty where nothing says when to begin", () => {
    expect(planOf([item("1", { minutes: 10 })], null).size).toBe(0);
    expect(lateness([item("1", { minutes: 10 })], null, at(9))).toBe(null);
  });
});

describe("how late the day runs", () => {
  it("an item that began late is late by as much, until it has used up its own time", () => {
    expect(lateness(day(at(8, 22)), at(8), at(8, 30))?.lateMs).toBe(12 * MINUTE);
    expect(lateness(day(at(8, 22)), at(8), at(9, 0))?.lateMs).toBe(20 * MINUTE);
  });

  it("an item that began early is ahead", () => {
    expect(lateness(day(at(8, 5)), at(8), at(8, 10))?.lateMs).toBe(-5 * MINUTE);
  });

  it("between two items the next one's time counts", () => {
    const agenda = day(at(8, 10)).map((entry) => (entry.state === "current" ? { ...entry, state: "done" as const } : entry));
    expect(lateness(agenda, at(8), at(8, 52))?.lateMs).toBe(12 * MINUTE);
  });

  it("is not spoken of before anything was due", () => {
    expect(lateness([item("1", { minutes: 10, planned_at: at(8) })], null, at(7, 30))).toBe(null);
    expect(lateness([item("1", { minutes: 10, planned_at: at(8) })], null, at(8, 4))?.lateMs).toBe(4 * MINUTE);
  });

  it("the end waits for times that are fixed, and moves with what is long", () => {
    expect(lateness(day(at(8, 22)), at(8), at(8, 30))?.endsAt).toBe(at(14, 30));
    const packed = day(at(8, 22)).map((entry) => ({ ...entry, planned_at: null }));
    expect(lateness(packed, at(8), at(8, 30))?.endsAt).toBe(at(8, 52) + 80 * MINUTE);
  });

  it("is told in whole minutes", () => {
    expect(wholeMinutes(12 * MINUTE + 59_000)).toBe(12);
    expect(wholeMinutes(-5 * MINUTE - 10_000)).toBe(-5);
  });
});

it("a sitting's plan begins when it was meant to open", () => {
  const sitting = { id: "t1", title: "", closed_doors: false, planned_at: at(8), opened_at: at(8, 9), closed_at: null };
  expect(beginsOf([sitting], "t1")).toBe(at(8));
  expect(beginsOf([sitting], "t2")).toBe(null);
});
