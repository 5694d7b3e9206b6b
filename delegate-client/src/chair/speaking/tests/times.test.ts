import { describe, expect, it } from "vitest";
import type { PromiseView, SpeakingView, SpeechView } from "@dienhong/web-shared/wire.ts";
import { lengthWords, limitWords } from "../length.ts";
import { endOfYear, isOverdue, monthsOn, promiseOrder } from "../promises.ts";
import { budgetLines, budgetSeconds, delegateGroups, spokenLines } from "../times.ts";

const speech: SpeechView = {
  id: "f1", person: { id: "a", name: "A" }, group: "Tổ 2", kind: "speak", topic: null, started_at: 0, allotted_ms: 420_000, spent_ms: 30_000, running_since: 1_000,
};
const view: SpeakingView = {
  list_open: true, queue: [], speech, round: null, budgets: [], promises: [],
  people: [{ id: "b", name: "B", speeches: 1, spent_ms: 60_000 }],
  groups: [{ id: "Tổ 2", name: "Tổ 2", speeches: 3, spent_ms: 90_000 }, { id: "Tổ 1", name: "Tổ 1", speeches: 1, spent_ms: 100_000 }],
};

describe("budgets", () => {
  it("count the speech under way and put the least left first", () => {
    const budgets = [{ group: "Tổ 1", seconds: 60, spent_ms: 0 }, { group: "Tổ 2", seconds: 60, spent_ms: 20_000 }];
    expect(budgetLines(budgets, speech, 31_000).map((line) => [line.group, line.spentMs, line.leftMs, line.share])).toEqual([
      ["Tổ 2", 80_000, -20_000, 1], ["Tổ 1", 0, 60_000, 0],
    ]);
  });

  it("stand still while the speech is paused", () => {
    const [line] = budgetLines([{ group: "Tổ 2", seconds: 60, spent_ms: 0 }], { ...speech, running_since: null }, 999_000);
    expect(line?.leftMs).toBe(30_000);
  });

  it("are typed in whole minutes; nothing is none", () => {
    expect(["12", " 0 ", "", "1441", "2.5", "x", "-1"].map(budgetSeconds)).toEqual([720, 0, 0, null, null, null, null]);
  });
});

it("time spoken counts the speech under way, for somebody new as well", () => {
  expect(spokenLines(view, "people", 41_000).map((line) => [line.id, line.speeches, line.spent_ms])).toEqual([["a", 1, 70_000], ["b", 1, 60_000]]);
  expect(spokenLines(view, "groups", 11_000).map((line) => [line.id, line.speeches, line.spent_ms])).toEqual([["Tổ 2", 4, 130_000], ["Tổ 1", 1, 100_000]]);
  expect(view.groups[0]?.spent_ms).toBe(90_000);
});

it("groups are the delegates' own, in natural order", () => {
  const person = (group: string, seat: string | null) => ({ id: group, name: group, seat, group, offices: [] });
  expect(delegateGroups([person("Tổ 10", "3"), person("Tổ 2", "1"), person("Văn phòng", null), person("", "4")])).toEqual(["Tổ 2", "Tổ 10"]);
});

it("lengths are said as in the hall", () => {
  expect([lengthWords(420_000, "vi"), lengthWords(90_999, "vi"), lengthWords(45_000, "en"), limitWords(0, "vi")]).toEqual(["7 phút", "1 phút 30 giây", "45 s", "không giới hạn"]);
});

describe("promises", () => {
  const promise = (id: string, change: Partial<PromiseView> = {}): PromiseView => ({
    id, session: null, item: null, official: { id: "o", name: "O" }, to: null, text: "", until: null, at: 0, struck: null, ...change,
  });
  const noon = new Date(2026, 0, 31, 12).getTime();

  it("are overdue the day after, never once kept or struck", () => {
    expect(isOverdue(promise("m1", { until: "2026-01-31" }), noon)).toBe(false);
    expect(isOverdue(promise("m1", { until: "2026-01-30" }), noon)).toBe(true);
    expect(isOverdue(promise("m1", { until: "2026-01-30", struck: "x" }), noon)).toBe(false);
    expect(isOverdue(promise("m1", { until: "2026-01-30", kept_at: noon }), noon)).toBe(false);
  });

  it("stand newest first, kept ones after them, struck ones last", () => {
    expect(promiseOrder([promise("m1"), promise("m2", { struck: "x" }), promise("m3"), promise("m4", { kept_at: 1 })]).map((entry) => entry.id)).toEqual(["m3", "m1", "m4", "m2"]);
  });

  it("a month on from a month's end is the next one's end", () => {
    expect([monthsOn(noon, 1), monthsOn(noon, 3), endOfYear(noon)]).toEqual(["2026-02-28", "2026-04-30", "2026-12-31"]);
  });
});
