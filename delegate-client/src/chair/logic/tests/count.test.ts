import { describe, expect, it } from "vitest";
import { check, countsOf, newCount, papersOf, type CountDraft } from "../count.ts";
import { question } from "./sample.ts";

const MOTION = question();
const ELECTION = question({ form: "election", choices: 2, answers: ["c1", "c2", "c3", "abstain"].map((key) => ({ key, meaning: key })) });

function typed(counts: string[], papers?: [string, string, string, string], asked = MOTION): CountDraft {
  const draft = newCount(asked);
  asked.answers.forEach(({ key }, n) => (draft.counts[key] = counts[n] ?? ""));
  if (papers) {
    const [issued, returned, valid, invalid] = papers;
    Object.assign(draft, { form: "paper", papers: { issued, returned, valid, invalid } });
  }
  return draft;
}

const problems = (draft: CountDraft, asked = MOTION) => check(draft, asked, 90).problems;

describe("a count by people", () => {
  it("is ready when every figure is there and all fit", () => {
    expect(check(typed(["80", "6", "2"]), MOTION, 90)).toEqual({ sum: 88, problems: [], ready: true });
    expect(check(typed(["80", "6", ""]), MOTION, 90)).toEqual({ sum: 86, problems: [], ready: false });
    expect(check(typed(["80", "6", "2"], ["90", "89", "88", "1"]), MOTION, 90).ready).toBe(true);
  });

  it("never counts more hands than are present", () => {
    expect(problems(typed(["80", "6", "5"]))).toEqual(["c_over_present"]);
    expect(problems(typed(["8o", "6", "5"]))).toEqual(["c_numbers"]);
  });

  it("holds papers to issued ≥ returned = valid + invalid, and the answers to the valid ones", () => {
    expect(problems(typed(["80", "6", "2"], ["91", "89", "88", "1"]))).toEqual(["c_issued"]);
    expect(problems(typed(["80", "6", "2"], ["88", "89", "88", "1"]))).toEqual(["c_returned"]);
    expect(problems(typed(["80", "6", "2"], ["90", "90", "88", "1"]))).toEqual(["c_valid"]);
    expect(problems(typed(["80", "6", "3"], ["90", "89", "88", "1"]))).toEqual(["c_sum_valid"]);
    expect(problems(typed(["80", "6", ""], ["90", "89", "88", "1"]))).toEqual([]);
  });

  it("lets an election name several on one paper, nobody twice", () => {
    expect(problems(typed(["71", "38", "62", "3"], ["90", "89", "88", "1"], ELECTION), ELECTION)).toEqual([]);
    expect(problems(typed(["89", "38", "40", "3"], ["90", "89", "88", "1"], ELECTION), ELECTION)).toEqual(["c_one_over"]);
    expect(problems(typed(["80", "60", "37", "0"], ["90", "89", "88", "1"], ELECTION), ELECTION)).toEqual(["c_places"]);
  });

  it("is sent as numbers, papers only where there were any", () => {
    const draft = typed(["80", "6", "2"], ["90", "89", "88", "1"]);
    expect(countsOf(draft, MOTION)).toEqual([{ answer: "yes", count: 80 }, { answer: "no", count: 6 }, { answer: "abstain", count: 2 }]);
    expect(papersOf(draft)).toEqual({ issued: 90, returned: 89, valid: 88, invalid: 1 });
    expect(papersOf(typed(["1", "2", "3"]))).toBe(null);
  });
});
