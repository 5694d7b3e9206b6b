// A result's working, in exact integers: what the rule asks for, and whether the count satisfies it.

import type { ResultView, RuleView, ThresholdView } from "@dienhong/web-shared/wire.ts";

/** The share the rule names, as a number to compare with: 95 members, one half → 47.5. */
export function thresholdValue(threshold: ThresholdView): number {
  const { numerator, denominator, constant } = threshold.rule;
  return denominator === 0 ? NaN : (numerator * threshold.base_count) / denominator + constant;
}

/** True when the count is enough; whole numbers only, so no rounding can turn a verdict. */
export function satisfied(threshold: ThresholdView): boolean {
  const { numerator, denominator, constant, strict } = threshold.rule;
  const left = (threshold.count - constant) * denominator;
  const right = numerator * threshold.base_count;
  return strict ? left > right : left >= right;
}

/** The sign that stands between count and threshold. */
export function comparison(threshold: ThresholdView): "≥" | ">" | "≤" | "<" {
  if (threshold.rule.strict) return satisfied(threshold) ? ">" : "≤";
  return satisfied(threshold) ? "≥" : "<";
}

export function isHalf(rule: RuleView): boolean {
  return rule.numerator * 2 === rule.denominator;
}

/** `2/3`; empty for the whole of the base. */
export function fraction(rule: RuleView): string {
  return `${rule.numerator}/${rule.denominator}`;
}

export function countOf(result: ResultView, answer: string): number {
  return result.counts.find((entry) => entry.answer === answer)?.count ?? 0;
}

/** Size of a rule's base while nobody has voted; `null` where it is only known at the end. */
export function baseNow(
  rule: RuleView,
  attendance: { seats: number; in_office: number; present: number },
): number | null {
  switch (rule.base) {
    case "all_seats":
      return attendance.seats;
    case "in_office":
      return attendance.in_office;
    case "present":
      return attendance.present;
    case "took_part":
    case "yes_and_no":
      return null;
  }
}

/** Text with `**…**` around what is set in bold, cut into its parts, so that no markup is ever injected. */
export function strongParts(text: string): { text: string; strong: boolean }[] {
  return text
    .split("**")
    .map((part, at) => ({ text: part, strong: at % 2 === 1 }))
    .filter((part) => part.text !== "");
}
