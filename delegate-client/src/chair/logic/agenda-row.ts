// A line of an agenda as it was understood and can still be corrected, what is wrong with it, and the item it becomes.

import type { NewItem, OrderItemKind } from "@dienhong/web-shared/wire.ts";

/** Everything as typed: a row that is wrong stays on screen as it is until somebody corrects it. */
export interface AgendaRow {
  /** In the text, from 1. */
  line: number;
  /** 0 stands at the top. */
  level: number;
  number: string;
  kind: OrderItemKind | null;
  /** The word of the kind column where nobody knows it. */
  kindWord: string;
  title: string;
  minutes: string;
  /** `08:30`. */
  planned: string;
  presenter: string;
  rule: string;
  /** Whether it is behind closed doors: `có`, `không` or nothing. */
  doors: string;
}

export type RowProblemCode =
  | "empty_number"
  | "number_too_long"
  | "duplicate_number"
  | "unknown_kind"
  | "empty_title"
  | "title_too_long"
  | "bad_minutes"
  | "bad_time"
  | "bad_closed_doors"
  | "rule_without_vote"
  | "unknown_rule";

export interface RowProblem {
  code: RowProblemCode;
  value: string;
}

/** The chamber's own limits (src/chamber/limits.rs). */
const MAX_TITLE = 1000;
const MAX_NUMBER = 20;
const MAX_MINUTES = 1440;
/** Deeper than any council numbers its agenda, and still readable in a narrow column. */
export const MAX_LEVEL = 4;

export function blankRow(line: number): AgendaRow {
  return { line, level: 0, number: "", kind: null, kindWord: "", title: "", minutes: "", planned: "", presenter: "", rule: "", doors: "" };
}

/** What is wrong, row by row, in the rows' order. `rules`: names in the council's profile. */
export function problemsOf(rows: readonly AgendaRow[], rules: readonly string[]): RowProblem[][] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const wrong: RowProblem[] = [];
    const say = (code: RowProblemCode, value = ""): void => void wrong.push({ code, value });
    if (row.number === "") say("empty_number");
    else if (row.number.length > MAX_NUMBER) say("number_too_long", row.number);
    else if (seen.has(row.number)) say("duplicate_number", row.number);
    seen.add(row.number);
    if (row.kind === null) say("unknown_kind", row.kindWord);
    if (row.title === "") say("empty_title");
    else if ([...row.title].length > MAX_TITLE) say("title_too_long");
    if (minutesOf(row.minutes) === undefined) say("bad_minutes", row.minutes);
    if (timeOf(row.planned) === undefined) say("bad_time", row.planned);
    if (closedOf(row.doors) === undefined) say("bad_closed_doors", row.doors);
    if (row.rule !== "" && row.kind !== null && row.kind !== "vote" && row.kind !== "election") say("rule_without_vote", row.rule);
    else if (row.rule !== "" && !isSecret(row.rule) && !rules.includes(row.rule)) say("unknown_rule", row.rule);
    return wrong;
  });
}

/** What needs a secret ballot is on the agenda without a question; its rule is only noted (src/chamber/agenda.rs). */
export function isSecret(rule: string): boolean {
  return rule.startsWith("secret_");
}

/** No row stands more than one level under the one before it, and the first stands at the top. */
export function settled(rows: readonly AgendaRow[]): AgendaRow[] {
  let above = -1;
  return rows.map((row) => {
    const level = Math.max(0, Math.min(row.level, above + 1, MAX_LEVEL));
    above = level;
    return level === row.level ? row : { ...row, level };
  });
}

/** The items as an order carries them; only for rows without problems. `day`: any moment of the day the times are meant for. */
export function itemsOf(rows: readonly AgendaRow[], day: number): NewItem[] {
  return settled(rows).flatMap((row) => {
    if (row.kind === null) return [];
    const minutes = minutesOf(row.minutes);
    const time = timeOf(row.planned);
    return {
      number: row.number,
      kind: row.kind,
      title: row.title,
      ...(minutes ? { minutes } : {}),
      ...(row.rule !== "" ? { rule: row.rule } : {}),
      ...(row.level > 0 ? { level: row.level } : {}),
      ...(time ? { planned_at: new Date(day).setHours(time.hours, time.minutes, 0, 0) } : {}),
      ...(row.presenter !== "" ? { presenter: row.presenter } : {}),
      ...(closedOf(row.doors) ? { closed: true } : {}),
    };
  });
}

/** `null` when left out, `undefined` when it is not a length. */
export function minutesOf(text: string): number | null | undefined {
  if (text === "") return null;
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  return minutes >= 1 && minutes <= MAX_MINUTES ? minutes : undefined;
}

/** `null` when left out, `undefined` when it is not a time of day. */
export function timeOf(text: string): { hours: number; minutes: number } | null | undefined {
  if (text === "") return null;
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!found) return undefined;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return hours < 24 && minutes < 60 ? { hours, minutes } : undefined;
}

/** What src/import/agenda.rs takes. Anything else is never taken for no: the public would be shown what was to be hidden. */
const DOORS: Record<string, boolean> = { yes: true, có: true, "1": true, no: false, không: false, "0": false, "": false };

/** `undefined` when it says neither yes nor no. */
export function closedOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase().normalize("NFC");
  return Object.hasOwn(DOORS, word) ? DOORS[word] : undefined;
}
