import type { BallotBrief, ItemView, QuestionView, Verdict } from "@dienhong/web-shared/wire.ts";
import { describe, expect, it } from "vitest";
import { agendaTree, decided, minutesLate, nextItem, type AgendaNode } from "../day.ts";

const MINUTE = 60_000;
const item = (id: string, change: Partial<ItemView> = {}): ItemView => ({
  id,
  number: id,
  kind: "vote",
  title: id,
  short_title: id,
  minutes: null,
  parent: null,
  planned_at: null,
  presenter: null,
  closed: false,
  state: "upcoming",
  started_at: null,
  finished_at: null,
  rule: null,
  questions: [],
  ...change,
});
const shape = (nodes: AgendaNode[]): unknown[] => nodes.map(({ item, under }) => (under.length > 0 ? [item.id, shape(under)] : item.id));

describe("the agenda", () => {
  it("is a tree in the order it is read; what stands under a hidden item stands at the top", () => {
    const agenda = [item("1"), item("2"), item("2a", { parent: "2" }), item("2b", { parent: "2" }), item("x", { parent: "hidden" })];
    expect(shape(agendaTree(agenda))).toEqual(["1", ["2", ["2a", "2b"]], "x"]);
  });

  it("goes on with the item after the current one, not with a heading or with one that was skipped", () => {
    const agenda = [item("1"), item("2", { state: "current" }), item("3"), item("3a", { parent: "3" })];
    expect(nextItem(agenda)?.id).toBe("3a");
    expect(nextItem(agenda.slice(0, 2))?.id).toBe("1");
    expect(nextItem([item("1", { state: "current" })])).toBeNull();
  });
});

describe("how late the day runs", () => {
  const day = (began: number, next: number): ItemView[] => [
    item("1", { state: "current", planned_at: 0, started_at: began * MINUTE }),
    item("2", { planned_at: next * MINUTE }),
  ];

  it.each([
    ["began late", day(12, 60), 20, 12],
    ["next one is overdue", day(0, 30), 47, 17],
    ["a few minutes are no delay", day(4, 30), 20, 0],
    ["early is not late", day(-10, 30), 20, 0],
    ["nothing planned", [item("1", { state: "current", started_at: 0 })], 500, 0],
    ["nothing is on", [item("1", { planned_at: 0 })], 500, 0],
  ])("%s", (_, agenda, now, late) => {
    expect(minutesLate(agenda, now * MINUTE)).toBe(late);
  });
});

describe("what an item's questions came to", () => {
  const round = (verdict: Verdict | null, state: BallotBrief["state"] = "announced"): BallotBrief =>
    ({ id: "b", round: 1, form: "electronic", state, result: { verdict }, reason: null }) as BallotBrief;
  const question = (id: string, ballots: BallotBrief[], change: Partial<QuestionView> = {}): QuestionView =>
    ({ id, ballots, bloc: [], in_bloc: null, ...change }) as unknown as QuestionView;

  it("counts the newest round of each, and nothing that was annulled", () => {
    const questions = [
      question("q1", [round("rejected"), round("adopted")]),
      question("q2", [round("rejected")]),
      question("q3", [round("adopted", "annulled")]),
      question("q4", []),
    ];
    expect(decided({ questions })).toEqual({ adopted: 1, rejected: 1, total: 4 });
  });

  it("gives the parts of a bloc the bloc's verdict, and does not count the bloc beside them", () => {
    const bloc = question("qb", [round("adopted")], { bloc: [{ question: "q1", title: "", document_sha256: "" }] });
    expect(decided({ questions: [question("q1", [], { in_bloc: "qb" }), question("q2", []), bloc] })).toEqual({ adopted: 1, rejected: 0, total: 2 });
  });
});
