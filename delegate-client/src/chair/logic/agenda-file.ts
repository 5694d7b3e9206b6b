// Reads an agenda that was pasted or chosen as a file: `number,kind,title,minutes,rule`, with or without that header,
// separated by commas, semicolons or tabs (a copy from a spreadsheet has tabs). What is wrong is told by its line.

import type { NewItem, OrderItemKind } from "@dienhong/web-shared/wire.ts";
import { plain } from "./find.ts";

export type AgendaProblemCode =
  | "no_rows"
  | "too_few_columns"
  | "empty_number"
  | "number_too_long"
  | "duplicate_number"
  | "unknown_kind"
  | "empty_title"
  | "title_too_long"
  | "bad_minutes"
  | "rule_without_vote"
  | "bad_rule"
  | "open_quote"
  | "too_many";

export interface AgendaProblem {
  /** In the text, from 1. */
  line: number;
  code: AgendaProblemCode;
  value: string;
}

export interface AgendaFile {
  items: { line: number; item: NewItem }[];
  problems: AgendaProblem[];
}

/** More than any session has had; the order must also fit into one entry of the record (65,535 bytes). */
export const MAX_ITEMS = 200;
const MAX_TITLE = 500;
const MAX_NUMBER = 20;
const MAX_MINUTES = 1440;

const COLUMNS = ["number", "kind", "title", "minutes", "rule"] as const;
type Column = (typeof COLUMNS)[number];

const HEADER_WORDS: Record<string, Column> = {
  number: "number", so: "number", stt: "number", muc: "number",
  kind: "kind", loai: "kind",
  title: "title", "noi dung": "title", ten: "title",
  minutes: "minutes", phut: "minutes", "thoi luong": "minutes",
  rule: "rule", "quy tac": "rule",
};

const KIND_WORDS: Record<string, OrderItemKind> = {
  ceremony: "ceremony", "nghi thuc": "ceremony", "khai mac": "ceremony", "be mac": "ceremony",
  report: "report", "bao cao": "report", "to trinh": "report",
  discussion: "discussion", "thao luan": "discussion",
  interpellation: "interpellation", questions: "interpellation", "chat van": "interpellation",
  vote: "vote", "bieu quyet": "vote",
  election: "election", bau: "election", "bau cu": "election", "nhan su": "election",
};

export function readAgenda(text: string): AgendaFile {
  const rows = splitRows(text.replace(/^\uFEFF/, "").normalize("NFC"));
  const problems: AgendaProblem[] = rows.openQuote ? [{ line: rows.openQuote, code: "open_quote", value: "" }] : [];
  const filled = rows.rows.filter((row) => row.cells.some((cell) => cell !== ""));
  const header = headerOf(filled[0]?.cells ?? []);
  const body = header ? filled.slice(1) : filled;
  if (body.length === 0 && problems.length === 0) problems.push({ line: 1, code: "no_rows", value: "" });
  if (body.length > MAX_ITEMS) problems.push({ line: body[MAX_ITEMS]?.line ?? 1, code: "too_many", value: String(body.length) });
  const seen = new Set<string>();
  const items: AgendaFile["items"] = [];
  for (const row of body.slice(0, MAX_ITEMS)) {
    const { item, wrong } = readRow(row.cells, header ?? [...COLUMNS], seen);
    for (const [code, value] of wrong) problems.push({ line: row.line, code, value });
    if (item) items.push({ line: row.line, item });
  }
  return { items, problems: problems.sort((a, b) => a.line - b.line) };
}

function headerOf(cells: string[]): (Column | null)[] | null {
  const columns = cells.map((cell) => HEADER_WORDS[plain(cell)] ?? null);
  return columns.includes("title") && columns.includes("number") ? columns : null;
}

type Wrong = [AgendaProblemCode, string];

function readRow(cells: string[], columns: (Column | null)[], seen: Set<string>): { item: NewItem | null; wrong: Wrong[] } {
  const cell = (column: Column) => cells[columns.indexOf(column)] ?? "";
  if (cells.length < 3) return { item: null, wrong: [["too_few_columns", cells.join(" ")]] };
  const wrong: Wrong[] = [];
  const number = cell("number");
  const title = cell("title");
  const rule = cell("rule");
  const kind = KIND_WORDS[plain(cell("kind"))];
  const minutes = minutesOf(cell("minutes"));
  if (number === "") wrong.push(["empty_number", ""]);
  else if (number.length > MAX_NUMBER) wrong.push(["number_too_long", number]);
  else if (seen.has(number)) wrong.push(["duplicate_number", number]);
  seen.add(number);
  if (!kind) wrong.push(["unknown_kind", cell("kind")]);
  if (title === "") wrong.push(["empty_title", ""]);
  if ([...title].length > MAX_TITLE) wrong.push(["title_too_long", title]);
  if (minutes === undefined) wrong.push(["bad_minutes", cell("minutes")]);
  if (rule !== "" && !/^[a-z0-9][a-z0-9._-]{0,39}$/.test(rule)) wrong.push(["bad_rule", rule]);
  else if (rule !== "" && kind && kind !== "vote") wrong.push(["rule_without_vote", rule]);
  if (wrong.length > 0 || !kind || minutes === undefined) return { item: null, wrong };
  return { item: { number, kind, title, short_title: null, minutes, rule: rule === "" ? null : rule }, wrong };
}

/** `null` when left out, `undefined` when it is not a length. */
function minutesOf(text: string): number | null | undefined {
  if (text === "") return null;
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  return minutes >= 1 && minutes <= MAX_MINUTES ? minutes : undefined;
}

interface Row {
  line: number;
  cells: string[];
}

/** RFC 4180 with the separator guessed from the first line; a quoted cell may hold separators, doubled quotes and line breaks. */
function splitRows(text: string): { rows: Row[]; openQuote: number | null } {
  const separator = separatorOf(text);
  const rows: Row[] = [];
  let row: Row = { line: 1, cells: [] };
  let cell = "";
  let line = 1;
  let quotedFrom: number | null = null;
  const endCell = () => {
    row.cells.push(cell.trim().replace(/\s+/g, " "));
    cell = "";
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = { line: line + 1, cells: [] };
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quotedFrom !== null) {
      if (char === '"' && text[at + 1] === '"') {
        cell += '"';
        at++;
      } else if (char === '"') quotedFrom = null;
      else cell += char;
      if (char === "\n") line++;
    } else if (char === '"' && cell.trim() === "") quotedFrom = line;
    else if (char === separator) endCell();
    else if (char === "\n") {
      endRow();
      line++;
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || row.cells.length > 0) endRow();
  return { rows, openQuote: quotedFrom };
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"));
  const count = (separator: string) => first.split(separator).length;
  return ["\t", ";", ","].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}
