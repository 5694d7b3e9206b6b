// Figures, times and rules in the page's language: the shared formats with the language filled in.

import { clockTime, count as plainCount, duration, percent as plainPercent, ruleWords } from "@dienhong/web-shared/format.ts";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { AttendanceView, RuleView, ThresholdView } from "@dienhong/web-shared/wire.ts";
import { needed } from "./rules.ts";

export const percent = (count: number, base: number): string => plainPercent(count, base, lang.current);
export const count = (n: number): string => plainCount(n, lang.current);
export const hourMinute = (ms: number): string => clockTime(ms);
export const hourMinuteSecond = (ms: number): string => clockTime(ms, true);

/** `0:23`, `12:05`: a hall reads minutes without a leading zero. */
export const countdown = (seconds: number): string => duration(seconds * 1000);

/** `Cần quá nửa tổng số đại biểu (48/95)`. */
export function rule(threshold: ThresholdView): string {
  return `${needs(threshold.rule)} (${threshold.needed}/${threshold.base_count})`;
}

/** The same before a result is there: the numbers stand beside it only where the base is known already. */
export function ruleAlone(rule: RuleView, attendance: AttendanceView): string {
  const base = rule.base === "all_seats" ? attendance.seats : rule.base === "in_office" ? attendance.in_office : null;
  return base === null ? needs(rule) : `${needs(rule)} (${needed(rule, base)}/${base})`;
}

/** The rule in words, for the middle of a sentence. */
export function ruleShort(rule: RuleView): string {
  const words = ruleWords(rule, lang.current);
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function needs(rule: RuleView): string {
  return `${lang.current === "vi" ? "Cần" : "Needs"} ${ruleShort(rule)}`;
}
