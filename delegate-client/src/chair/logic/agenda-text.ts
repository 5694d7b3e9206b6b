// An agenda pasted as people write it: numbered lines (`I.`, `1.`, `1.1`, `a)`, `-`), their times and lengths in the text.

import { kindGuessed } from "./agenda-kind.ts";
import { blankRow, settled, type AgendaRow } from "./agenda-row.ts";

/** A way of numbering. Which one stands under which is learned from the text itself: the first to follow stands below. */
type Style = "part" | "roman" | "capital" | "decimal" | "letter" | "bullet" | "none";

interface Marker {
  style: Style;
  /** As the papers print it: `I`, `1.1`, `a`; empty for bullets and lines without one. */
  label: string;
  rest: string;
}

const MARKERS: readonly [Style, RegExp][] = [
  ["part", /^(phần\s+(?:thứ\s+)?[\p{L}\d]+|part\s+[\p{L}\d]+)\s*[.:–-]\s*/iu],
  ["roman", /^([IVX]{1,6})\s*[.)/:–-]\s*/u],
  ["decimal", /^(\d{1,3}(?:\.\d{1,3}){0,4})\s*[.)/:]?(?=\s|\p{L})\s*/u],
  ["capital", /^([A-ZĐ])\s*[.)/]\s+/u],
  ["letter", /^([a-zđ])\s*[.)/]\s*/u],
  ["bullet", /^()[-–—•*+▪◦]\s+/u],
];

const TIME = String.raw`(\d{1,2})\s*(?::|h|g|giờ)\s*(\d{2})?(?:\s*phút)?`;
/** A time at a line's beginning, or in brackets at its end; a second one is when it ends. */
const TIME_FIRST = new RegExp(String.raw`^\(?${TIME}(?:\s*(?:-|–|—|đến|to)\s*${TIME})?\)?\s*[:.,–-]?\s+`, "iu");
const TIME_LAST = new RegExp(String.raw`[\s,;]*[([]\s*(?:từ\s+|lúc\s+|from\s+|at\s+)?${TIME}(?:\s*(?:-|–|—|đến|to)\s*${TIME})?\s*[)\]]`, "iu");
const LENGTH = /[\s,;–-]*[([]\s*(?:thời gian:?\s*|khoảng\s*|about\s*)?(\d{1,4})\s*(?:phút|ph|'|′|minutes?|mins?)\s*[)\]]|[\s,;–-]+(\d{1,4})\s*(?:phút|minutes|mins?|['′])\s*[.;]?$/iu;
const PRESENTER = /[\s,;.–-]*[([]?\s*(?:người trình bày|trình bày|presented by|presenter)\s*:\s*([^()[\]]+?)\s*[)\]]?\s*[.;]?$/iu;

interface Open {
  style: Style;
  indent: number;
  /** Dots in a decimal number: `1.1` stands under `1`, not beside it. */
  dots: number;
  row: AgendaRow;
}

/** Every line of `text` in one of the rows; lines that go on with the one before are joined to it. */
export function readList(text: string): AgendaRow[] {
  const rows: AgendaRow[] = [];
  let open: Open[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(/\s+$/, "");
    if (line.trim() === "") return;
    const indent = indentOf(line);
    const early = takeTime(line.trim(), TIME_FIRST);
    const marker = markerOf(early.rest);
    const last = rows.at(-1);
    if (marker.style === "none" && !early.from && last && goesOn(marker.rest, indent, open.at(-1)?.indent ?? 0)) {
      apply(last, details(`${last.title} ${marker.rest}`, last));
      return;
    }
    const row = blankRow(index + 1);
    const timed = early.from ? early : takeTime(marker.rest, TIME_FIRST);
    if (timed.from) Object.assign(row, { planned: timed.from, minutes: timed.minutes });
    apply(row, details(early.from ? marker.rest : timed.rest, row));
    const dots = marker.style === "decimal" ? marker.label.split(".").length - 1 : 0;
    open = within(open, marker.style, indent, dots);
    const parent = open.at(-1)?.row;
    row.level = open.length;
    row.number = numberOf(marker, parent, rows);
    open.push({ style: marker.style, indent, dots, row });
    rows.push(row);
  });
  for (const row of rows) row.kind = kindGuessed(row.title) ?? "report";
  return settled(rows);
}

function markerOf(text: string): Marker {
  for (const [style, pattern] of MARKERS) {
    const found = pattern.exec(text);
    if (found && found[0].length < text.length) return { style, label: found[1] ?? "", rest: text.slice(found[0].length) };
  }
  return { style: "none", label: "", rest: text };
}

/** What of the open lines the new one stands under. */
function within(open: readonly Open[], style: Style, indent: number, dots: number): Open[] {
  if (style === "none") return open.filter((entry, at) => open.slice(0, at + 1).every((above) => above.indent < indent));
  const same = open.findLastIndex((entry) => entry.style === style && entry.dots === dots);
  if (same >= 0) {
    const beside = open[same];
    const deeper = same === open.length - 1 && beside !== undefined && indent >= beside.indent + 2 && style === "bullet";
    return deeper ? [...open] : open.slice(0, same);
  }
  if (style !== "decimal") return [...open];
  // `2.1` after `1.1.1` closes that branch: shorter numbers stand higher.
  const deeper = open.findIndex((entry) => entry.style === "decimal" && entry.dots > dots);
  return deeper >= 0 ? open.slice(0, deeper) : [...open];
}

/** The number in the papers; what only counts within its own part is told apart by the part's. */
function numberOf(marker: Marker, parent: AgendaRow | undefined, rows: readonly AgendaRow[]): string {
  const taken = new Set(rows.map((row) => row.number));
  const under = parent ? `${parent.number}.` : "";
  const own = marker.style === "part" ? marker.label.replace(/^(phần(\s+thứ)?|part)\s+/iu, "") : marker.label;
  if (own !== "" && marker.style !== "letter" && !taken.has(own)) return own;
  if (own !== "" && !taken.has(under + own)) return under + own;
  if (own !== "") return own;
  for (let n = 1; ; n++) if (!taken.has(under + n)) return under + n;
}

/** A line without a number goes on with the one before it where it begins with no capital or stands further in. */
function goesOn(text: string, indent: number, before: number): boolean {
  return indent > before || !/^[\p{Lu}"“]/u.test(text);
}

interface Taken {
  rest: string;
  from: string | null;
  minutes: string;
}

function takeTime(text: string, pattern: RegExp): Taken {
  const found = pattern.exec(text);
  const from = found && clock(found[1], found[2]);
  if (!found || !from) return { rest: text, from: null, minutes: "" };
  const until = found[3] === undefined ? null : clock(found[3], found[4]);
  const length = until ? minutesBetween(from, until) : 0;
  return { rest: (text.slice(0, found.index) + text.slice(found.index + found[0].length)).trim(), from, minutes: length > 0 ? String(length) : "" };
}

function clock(hours: string | undefined, minutes: string | undefined): string | null {
  if (hours === undefined || Number(hours) > 23 || Number(minutes ?? 0) > 59) return null;
  return `${hours.padStart(2, "0")}:${minutes ?? "00"}`;
}

function minutesBetween(from: string, until: string): number {
  const of = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return of(until) - of(from);
}

/** Takes length, time and presenter out of a title. */
function details(text: string, row: AgendaRow): Partial<AgendaRow> {
  let title = text;
  const found: Partial<AgendaRow> = {};
  const presenter = PRESENTER.exec(title);
  if (presenter?.[1]) {
    found.presenter = presenter[1];
    title = title.slice(0, presenter.index);
  }
  const length = LENGTH.exec(title);
  if (length) {
    found.minutes = length[1] ?? length[2] ?? "";
    title = title.slice(0, length.index) + title.slice(length.index + length[0].length);
  }
  const late = takeTime(title, TIME_LAST);
  if (late.from) {
    found.planned = late.from;
    if (late.minutes !== "" && !found.minutes) found.minutes = late.minutes;
    title = late.rest;
  }
  found.title = title.replace(/\s+/g, " ").replace(/[\s.;,:–-]+$/, "").trim();
  return { ...(row.minutes !== "" && !found.minutes ? { minutes: row.minutes } : {}), ...found };
}

function apply(row: AgendaRow, found: Partial<AgendaRow>): void {
  Object.assign(row, found);
}

function indentOf(line: string): number {
  let at = 0;
  for (const char of line) {
    if (char === "\t") at += 4;
    else if (/\s/.test(char)) at += 1;
    else break;
  }
  return at;
}
