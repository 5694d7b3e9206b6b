import { describe, expect, it } from "vitest";
import { baseNow, comparison, satisfied, strongParts, thresholdValue } from "../working.ts";
import { neededFor } from "@dienhong/web-shared/rule.ts";
import { HALF } from "./sample.ts";

const threshold = (count: number, change = {}) => ({ rule: { ...HALF, ...change }, base_count: 96, needed: 49, count });

describe("a rule's working", () => {
  it("shows the share and compares exactly", () => {
    expect(thresholdValue({ ...threshold(48), base_count: 95 })).toBe(47.5);
    expect([48, 49].map((n) => comparison(threshold(n)))).toEqual(["≤", ">"]);
    expect([47, 48].map((n) => comparison(threshold(n, { strict: false })))).toEqual(["<", "≥"]);
    expect(satisfied({ ...threshold(64, { numerator: 2, denominator: 3, strict: false }), base_count: 96 })).toBe(true);
  });

  it("knows what is needed before anybody voted", () => {
    expect(neededFor(HALF, 95)).toBe(48);
    expect(neededFor(HALF, 96)).toBe(49);
    expect(neededFor({ ...HALF, numerator: 2, denominator: 3, strict: false }, 95)).toBe(64);
    expect(neededFor({ ...HALF, strict: false, constant: 1 }, 96)).toBe(49);
    expect(baseNow({ ...HALF, base: "took_part" }, { seats: 95, in_office: 94, present: 90 })).toBe(null);
    expect(baseNow(HALF, { seats: 95, in_office: 94, present: 90 })).toBe(94);
  });
});

it("text in two weights is cut, never marked up", () => {
  expect(strongParts("Có **90** đại biểu")).toEqual([
    { text: "Có ", strong: false },
    { text: "90", strong: true },
    { text: " đại biểu", strong: false },
  ]);
});
