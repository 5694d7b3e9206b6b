import { describe, expect, it } from "vitest";
import { neededFor, ruleExample, ruleInFull } from "../src/rule.ts";
import type { RuleView } from "../src/wire.ts";

const HALF: RuleView = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" };
const THIRDS: RuleView = { ...HALF, numerator: 2, denominator: 3, strict: false };
const FIGURES = { seats: 100, in_office: 95, present: 90 };

describe("the smallest count that is enough", () => {
  it.each([
    [HALF, 95, 48],
    [HALF, 96, 49],
    [THIRDS, 95, 64],
    [THIRDS, 96, 64],
    [{ ...THIRDS, strict: true }, 96, 65],
    [{ ...HALF, constant: 1, strict: false }, 96, 49],
    [{ ...HALF, constant: -60 }, 95, 1],
    [{ ...HALF, strict: false }, 0, 1],
  ])("%j of %i", (rule, base, needed) => expect(neededFor(rule, base)).toBe(needed));
});

describe("a rule worked out", () => {
  it("is told on the base it counts of, in both languages", () => {
    expect(ruleExample(HALF, FIGURES, "vi")).toBe("trên 95 đại biểu → cần ít nhất 48");
    expect(ruleExample({ ...THIRDS, base: "all_seats" }, FIGURES, "vi")).toBe("trên 100 ghế → cần ít nhất 67");
    expect(ruleExample({ ...HALF, base: "present" }, FIGURES, "en")).toBe("with 90 delegates present → at least 46 needed");
    expect(ruleExample({ ...HALF, base: "yes_and_no" }, FIGURES, "en")).toBe("with 90 votes in favour and against → at least 46 needed");
  });

  it("says when nothing would be enough", () => {
    expect(ruleExample({ ...HALF, constant: 60 }, FIGURES, "vi")).toBe("trên 95 đại biểu → không số phiếu nào đủ");
    expect(ruleExample({ ...HALF, constant: 60 }, FIGURES, "en")).toBe("of 95 delegates → no count is enough");
  });

  it("in full has words, example and what a tie comes to", () => {
    expect(ruleInFull(HALF, FIGURES, "vi")).toBe("Quá nửa tổng số đại biểu: trên 95 đại biểu → cần ít nhất 48. Ngang phiếu thì không thông qua.");
    expect(ruleInFull({ ...THIRDS, tie: "chair_decides" }, FIGURES, "en")).toBe(
      "At least 2/3 of all delegates: of 95 delegates → at least 64 needed. The chair decides a tie.",
    );
  });
});
