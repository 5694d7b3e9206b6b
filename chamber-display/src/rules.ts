// Majority rules as arithmetic, in exact integers. Pure.

import type { RuleView } from "@dienhong/web-shared/wire.ts";

/** The smallest count that satisfies the rule over a base. */
export function needed(rule: RuleView, base: number): number {
  const share = rule.numerator * base;
  const least = rule.strict ? Math.floor(share / rule.denominator) + 1 : Math.ceil(share / rule.denominator);
  return Math.max(0, least + rule.constant);
}
