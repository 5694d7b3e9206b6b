// A majority rule for people who did not write it: in words, and worked out on figures they know. Exact integers only.

import { count, ruleWords } from "./format.ts";
import type { Lang } from "./i18n.svelte.ts";
import type { BaseView, MajorityRule, RuleView, TieView } from "./wire.ts";

/** A rule as a view or as an order carries it: the two are the same shape. */
export type AnyRule = RuleView | MajorityRule;

/** What an example is worked out on. */
export interface Figures {
  seats: number;
  in_office: number;
  present: number;
}

/** The smallest count that satisfies the rule over a base of `base`. Never 0: nothing is adopted without a vote in favour. */
export function neededFor(rule: AnyRule, base: number): number {
  if (rule.denominator === 0) return Math.max(1, base);
  const share = rule.numerator * base;
  const floor = Math.floor(share / rule.denominator);
  const smallest = rule.strict || share % rule.denominator !== 0 ? floor + 1 : floor;
  return Math.max(1, smallest + rule.constant);
}

/** The size of the rule's base in the figures given; where only the voting will tell, all present are taken to vote. */
export function baseIn(base: BaseView, figures: Figures): number {
  switch (base) {
    case "all_seats":
      return figures.seats;
    case "in_office":
      return figures.in_office;
    case "present":
    case "took_part":
    case "yes_and_no":
      return figures.present;
  }
}

const OVER: Record<Lang, Record<BaseView, (n: string) => string>> = {
  vi: {
    all_seats: (n) => `trên ${n} ghế`,
    in_office: (n) => `trên ${n} đại biểu`,
    present: (n) => `khi ${n} đại biểu có mặt`,
    took_part: (n) => `khi ${n} đại biểu tham gia biểu quyết`,
    yes_and_no: (n) => `khi có ${n} phiếu tán thành và không tán thành`,
  },
  en: {
    all_seats: (n) => `of ${n} seats`,
    in_office: (n) => `of ${n} delegates`,
    present: (n) => `with ${n} delegates present`,
    took_part: (n) => `with ${n} delegates voting`,
    yes_and_no: (n) => `with ${n} votes in favour and against`,
  },
};

/** The rule worked out: `trên 95 đại biểu → cần ít nhất 48`. Says so where no count would be enough. */
export function ruleExample(rule: AnyRule, figures: Figures, lang: Lang): string {
  const base = baseIn(rule.base, figures);
  const needed = neededFor(rule, base);
  const over = OVER[lang][rule.base](count(base, lang));
  if (needed > base) return lang === "vi" ? `${over} → không số phiếu nào đủ` : `${over} → no count is enough`;
  return lang === "vi" ? `${over} → cần ít nhất ${count(needed, lang)}` : `${over} → at least ${count(needed, lang)} needed`;
}

const TIES: Record<Lang, Record<TieView, string>> = {
  vi: { fails: "Ngang phiếu thì không thông qua", chair_decides: "Ngang phiếu thì chủ tọa quyết định" },
  en: { fails: "A tie is not adopted", chair_decides: "The chair decides a tie" },
};

export function tieWords(tie: TieView, lang: Lang): string {
  return TIES[lang][tie];
}

/** The whole of it in one line: `Quá nửa tổng số đại biểu: trên 95 đại biểu → cần ít nhất 48. Ngang phiếu thì …`. */
export function ruleInFull(rule: AnyRule, figures: Figures, lang: Lang): string {
  return `${ruleWords(rule, lang)}: ${ruleExample(rule, figures, lang)}. ${tieWords(rule.tie, lang)}.`;
}
