import { describe, expect, it } from "vitest";
import { byName, count, countdown, duration, elapsed, percent, ruleWords, ruleWorking } from "../src/format.ts";
import type { RuleView } from "../src/wire.ts";

const half: RuleView = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" };
const twoThirds: RuleView = { ...half, numerator: 2, denominator: 3, strict: false };

describe("percent", () => {
  it("prints two digits as each language does", () => {
    expect(percent(84, 95, "vi")).toBe("88,42\u00a0%");
    expect(percent(84, 95, "en")).toBe("88.42%");
  });
  it("rounds half up and never divides by zero", () => {
    expect(percent(1, 8, "en")).toBe("12.50%");
    expect(percent(1, 32, "en")).toBe("3.13%");
    expect(percent(5, 5, "en")).toBe("100.00%");
    expect(percent(0, 0, "en")).toBe("–");
  });
});

describe("times", () => {
  it("counts a started second whole, so that zero means over", () => {
    expect(countdown(22_001)).toBe("0:23");
    expect(countdown(1)).toBe("0:01");
    expect(countdown(0)).toBe("0:00");
    expect(countdown(-5)).toBe("0:00");
    expect(countdown(3_723_000)).toBe("1:02:03");
    expect(elapsed(59_999)).toBe("0:59");
    expect(duration(64_600)).toBe("1:05");
  });
});

describe("counts", () => {
  it("separates thousands", () => {
    expect(count(4377, "vi")).toBe("4.377");
    expect(count(1234567, "en")).toBe("1,234,567");
    expect(count(95, "vi")).toBe("95");
  });
});

describe("names", () => {
  it("sorts by given name first, in Vietnamese order", () => {
    const sorted = byName([{ name: "Trần Văn Đạt" }, { name: "Lê Thị Dung" }, { name: "Nguyễn An" }, { name: "Bùi An" }]).map(
      (p) => p.name,
    );
    expect(sorted).toEqual(["Bùi An", "Nguyễn An", "Lê Thị Dung", "Trần Văn Đạt"]);
  });
});

describe("rules", () => {
  it("says a rule in words", () => {
    expect(ruleWords(half, "vi")).toBe("Quá nửa tổng số đại biểu");
    expect(ruleWords(twoThirds, "vi")).toBe("Ít nhất 2/3 tổng số đại biểu");
    expect(ruleWords(half, "en")).toBe("More than half of all delegates");
    expect(ruleWords({ ...twoThirds, base: "present" }, "en")).toBe("At least 2/3 of delegates present");
  });
  it("shows the working", () => {
    expect(ruleWorking({ rule: half, base_count: 95, needed: 48, count: 84 }, "vi")).toBe("84 > 1/2 × 95 = 47,5 · cần 48");
    expect(ruleWorking({ rule: twoThirds, base_count: 95, needed: 64, count: 60 }, "en")).toBe("60 < 2/3 × 95 = 63.33… · 64 needed");
  });
});
