// The roll-call report as a table for other programs.

import type { Presence, RollCallReport, RollCallRow } from "@dienhong/web-shared/wire.ts";

/** How the report says what it holds. */
export interface ReportWords {
  headings: readonly string[];
  /** As it is at the end. */
  presence: Record<Presence, string>;
  /** As it changed: came, left, was excused. */
  coming: Record<Presence, string>;
  /** Comings and goings too many to be listed. */
  earlier: (count: number) => string;
  when: (at: number) => string;
}

/** Arrivals, departures and excuses in order, such as `07:42 đến; 10:05 ra về (lý do)`. */
export function comingsText(row: RollCallRow, words: ReportWords): string {
  const listed = row.comings.map(
    (coming) => `${words.when(coming.at)} ${words.coming[coming.presence]}${coming.reason === null ? "" : ` (${coming.reason})`}`,
  );
  return [...(row.earlier ? [words.earlier(row.earlier)] : []), ...listed].join("; ");
}

/** Whole minutes that have passed. */
export function minutesPresent(row: RollCallRow): number {
  return Math.floor(row.present_ms / 60_000);
}

/** RFC 4180: quoted where needed, CRLF between the lines. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** The people of the report, one a line, under its headings. */
export function reportCsv(report: RollCallReport, words: ReportWords): string {
  const rows = report.people.map((row) => [
    row.seat ?? "",
    row.person.name,
    row.group,
    words.presence[row.presence],
    comingsText(row, words),
    minutesPresent(row),
  ]);
  return csv([words.headings, ...rows]);
}

function cell(value: string | number): string {
  const text = String(value);
  // A spreadsheet takes these beginnings for formulas.
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
