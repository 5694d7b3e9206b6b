// Figures, times and rules in the page's language: the shared formats with the language filled in.

import { clockTime, count as plainCount, percent as plainPercent, ruleWords } from "@dienhong/web-shared/format.ts";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { AttendanceView, RuleView, ThresholdView } from "@dienhong/web-shared/wire.ts";
import { needed } from "./rules.ts";

export const percent = (count: number, base: number): string => plainPercent(count, base, lang.current);
export const count = (n: number): string => plainCount(n, lang.current);
export const hourMinute = (ms: number): string => clockTime(ms);
export const hourMinuteSecond = (ms: number): string => clockTime(ms, true);

/** `Cần quá nửa tổng số đại biểu (48/95)`. */
export function rule(threshold: ThresholdView, groups: readonly string[] = []): string {
  return `${needs(threshold.rule, groups)} (${threshold.needed}/${threshold.base_count})`;
}

/** The same before a result is there: the numbers stand beside it only where the base is known already. */
export function ruleAlone(rule: RuleView, attendance: Pick<AttendanceView, "seats" | "in_office">, groups: readonly string[] = []): string {
  const base = rule.base === "all_seats" ? attendance.seats : rule.base === "in_office" ? attendance.in_office : null;
  return base === null ? needs(rule, groups) : `${needs(rule, groups)} (${needed(rule, base)}/${base})`;
}

/** The rule in words, for the middle of a sentence. */
export function ruleShort(rule: RuleView, groups: readonly string[] = []): string {
  const words = ruleWords(rule, lang.current, groups);
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function needs(rule: RuleView, groups: readonly string[]): string {
  return `${lang.current === "vi" ? "Cần" : "Needs"} ${ruleShort(rule, groups)}`;
}
