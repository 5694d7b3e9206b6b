// Figures, times and names as the two languages write them. Pure: the language is an argument.

import { groupsWords } from "./entitled.ts";
import type { Lang } from "./i18n.svelte.ts";
import type { PersonView, RuleView, ThresholdView } from "./wire.ts";

const NBSP = "\u00a0";

/** `88,42 %` in Vietnamese (with a no-break space), `88.42%` in English. Two digits, rounded half up in integers. */
export function percent(count: number, base: number, lang: Lang): string {
  if (base === 0) return "–";
  const hundredths = Math.floor((count * 20_000 + base) / (2 * base));
  const digits = `${Math.floor(hundredths / 100)}${lang === "vi" ? "," : "."}${String(hundredths % 100).padStart(2, "0")}`;
  return lang === "vi" ? `${digits}${NBSP}%` : `${digits}%`;
}

/** `4.377` in Vietnamese, `4,377` in English. */
export function count(n: number, lang: Lang): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, lang === "vi" ? "." : ",");
}

/** `09:41` or, with seconds, `09:41:07`, in the time zone of this device. */
export function clockTime(ms: number, seconds = false): string {
  const d = new Date(ms);
  const parts = [d.getHours(), d.getMinutes(), ...(seconds ? [d.getSeconds()] : [])];
  return parts.map((n) => String(n).padStart(2, "0")).join(":");
}

/** `12/12/2025` in Vietnamese, `12 December 2025` in English. */
export function date(ms: number, lang: Lang): string {
  const d = new Date(ms);
  if (lang === "vi") return `${String(d.getDate()).padStart(2, "0")}/${String(d.getMonth() + 1).padStart(2, "0")}/${d.getFullYear()}`;
  return d.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** Whole seconds as every clock that runs writes them: `0:23`, `12:05`, `1:02:03`. No leading zero: `09:32` is a time of day. */
function digits(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Time left. A started second counts whole, so that 0:00 means over. */
export function countdown(ms: number): string {
  return digits(Math.ceil(Math.max(0, ms) / 1000));
}

/** Time gone. A second counts once it is over. */
export function elapsed(ms: number): string {
  return digits(Math.floor(Math.max(0, ms) / 1000));
}

/** A length that no longer changes. */
export function duration(ms: number): string {
  return digits(Math.round(Math.max(0, ms) / 1000));
}

/** A reason that stands by itself: `chỉ chủ tọa điều hành` becomes `Chỉ chủ tọa điều hành.` */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const vietnamese = new Intl.Collator("vi");

/** Vietnamese order of names: by the given name (the last word), then by the rest. */
export function compareNames(a: string, b: string): number {
  const [givenA, restA] = splitName(a);
  const [givenB, restB] = splitName(b);
  return vietnamese.compare(givenA, givenB) || vietnamese.compare(restA, restB);
}

export function byName<T extends Pick<PersonView, "name">>(people: readonly T[]): T[] {
  return [...people].sort((a, b) => compareNames(a.name, b.name));
}

function splitName(name: string): [string, string] {
  const words = name.trim().split(/\s+/);
  const given = words.pop() ?? "";
  return [given, words.join(" ")];
}

const BASES: Record<Lang, Record<RuleView["base"], string>> = {
  vi: {
    all_seats: "tổng số đại biểu theo luật định",
    in_office: "tổng số đại biểu",
    present: "số đại biểu có mặt",
    took_part: "số đại biểu tham gia biểu quyết",
    yes_and_no: "số phiếu tán thành và không tán thành",
  },
  en: {
    all_seats: "all seats",
    in_office: "all delegates",
    present: "delegates present",
    took_part: "delegates who voted",
    yes_and_no: "votes in favour and against",
  },
};

/** What a rule's share is counted of. */
export function baseName(base: RuleView["base"], lang: Lang): string {
  return BASES[lang][base];
}

/** The same where only delegates of some groups vote; the seats by law are then no more than they are. */
const BASES_OF: Record<Lang, Record<RuleView["base"], (groups: string) => string>> = {
  vi: {
    all_seats: (groups) => `tổng số đại biểu ${groups}`,
    in_office: (groups) => `tổng số đại biểu ${groups}`,
    present: (groups) => `số đại biểu ${groups} có mặt`,
    took_part: (groups) => `số đại biểu ${groups} tham gia biểu quyết`,
    yes_and_no: (groups) => `số phiếu tán thành và không tán thành của ${groups}`,
  },
  en: {
    all_seats: (groups) => `all delegates of ${groups}`,
    in_office: (groups) => `all delegates of ${groups}`,
    present: (groups) => `delegates of ${groups} present`,
    took_part: (groups) => `delegates of ${groups} who voted`,
    yes_and_no: (groups) => `votes of ${groups} in favour and against`,
  },
};

/** The rule in words: `Quá nửa tổng số đại biểu`, `At least 2/3 of all delegates of Tổ 1`. */
export function ruleWords(rule: RuleView, lang: Lang, groups: readonly string[] = []): string {
  const { numerator: n, denominator: d, strict, constant } = rule;
  const base = groups.length === 0 ? baseName(rule.base, lang) : BASES_OF[lang][rule.base](groupsWords(groups, lang));
  const plus = constant === 0 ? "" : constant > 0 ? ` + ${constant}` : ` − ${-constant}`;
  if (lang === "vi") {
    const share = n === 1 && d === 2 ? "nửa" : `${n}/${d}`;
    return `${strict ? (share === "nửa" ? "Quá" : "Trên") : "Ít nhất"} ${share} ${base}${plus}`;
  }
  const share = n === 1 && d === 2 ? "half" : `${n}/${d}`;
  return `${strict ? "More than" : "At least"} ${share} of ${base}${plus}`;
}

/** The rule with its working: `84 > 1/2 × 95 = 47,5 · cần 48`. */
export function ruleWorking(threshold: ThresholdView, lang: Lang): string {
  const { rule, base_count, needed, count: reached } = threshold;
  const holds = reached >= needed;
  const sign = rule.strict ? (holds ? ">" : "≤") : holds ? "≥" : "<";
  const plus = rule.constant === 0 ? "" : rule.constant > 0 ? ` + ${rule.constant}` : ` − ${-rule.constant}`;
  const share = `${rule.numerator}/${rule.denominator} × ${base_count}${plus} = ${shareOf(threshold, lang)}`;
  return `${reached} ${sign} ${share} · ${lang === "vi" ? `cần ${needed}` : `${needed} needed`}`;
}

/** numerator / denominator × base + constant with at most two decimals, `…` where it does not end there. */
function shareOf({ rule, base_count }: ThresholdView, lang: Lang): string {
  const over = rule.numerator * base_count;
  const whole = Math.floor(over / rule.denominator) + rule.constant;
  const rest = over % rule.denominator;
  if (rest === 0) return String(whole);
  const hundredths = Math.floor((rest * 100) / rule.denominator);
  const exact = (rest * 100) % rule.denominator === 0;
  const digits = String(hundredths).padStart(2, "0").replace(/0$/, "");
  return `${whole}${lang === "vi" ? "," : "."}${digits}${exact ? "" : "…"}`;
}
