// An agenda as a table: `number,kind,title,minutes,rule`, with or without that header, separated by commas, semicolons or
// tabs (a copy from a spreadsheet has tabs). A header may name further columns, in any order.

import { kindGuessed, kindNamed } from "./agenda-kind.ts";
import { blankRow, settled, type AgendaRow } from "./agenda-row.ts";
import { plain } from "./find.ts";

type Column = "number" | "kind" | "title" | "minutes" | "rule" | "level" | "planned" | "presenter" | "doors";
const COLUMNS: readonly Column[] = ["number", "kind", "title", "minutes", "rule"];

const HEADER_WORDS: Record<string, Column> = {
  number: "number", so: "number", stt: "number", muc: "number",
  kind: "kind", loai: "kind",
  title: "title", "noi dung": "title", "tieu de": "title", ten: "title",
  minutes: "minutes", phut: "minutes", "so phut": "minutes", "thoi luong": "minutes",
  rule: "rule", "quy tac": "rule",
  level: "level", cap: "level",
  planned: "planned", time: "planned", gio: "planned", "thoi gian": "planned",
  presenter: "presenter", "trinh bay": "presenter", "nguoi trinh bay": "presenter", "don vi trinh": "presenter",
  closed_doors: "doors", closed: "doors", kin: "doors", "hop kin": "doors",
};

export interface TableRow {
  line: number;
  cells: string[];
}

export interface Table {
  /** Set where the first row names the columns. */
  header: (Column | null)[] | null;
  rows: TableRow[];
  /** Where a quotation mark opens that never closes. */
  openQuote: number | null;
}

export function readTable(text: string): Table {
  const { rows, openQuote } = splitRows(text);
  const filled = rows.filter((row) => row.cells.some((cell) => cell !== ""));
  const header = headerOf(filled[0]?.cells ?? []);
  return { header, rows: header ? filled.slice(1) : filled, openQuote };
}

/** A table where its header says so, or where the second cell of a row names a kind. */
export function looksLikeTable({ header, rows }: Table): boolean {
  return header !== null || rows.some((row) => row.cells.length >= 3 && kindNamed(row.cells[1] ?? "") !== null);
}

/** `null`: fewer cells than number, kind and title. */
export function rowsOf({ header, rows }: Table): { line: number; row: AgendaRow | null; cells: string[] }[] {
  const columns = header ?? COLUMNS;
  const levels = new Map<string, number>();
  const read = rows.map(({ line, cells }) => {
    if (cells.length < (header ? 2 : 3)) return { line, row: null, cells };
    const cell = (column: Column): string => cells[columns.indexOf(column)] ?? "";
    const named = kindNamed(cell("kind"));
    const row: AgendaRow = {
      ...blankRow(line),
      number: cell("number"),
      kind: named ?? (cell("kind") === "" ? kindGuessed(cell("title")) : null),
      kindWord: cell("kind"),
      title: cell("title"),
      minutes: cell("minutes"),
      planned: timeText(cell("planned")),
      presenter: cell("presenter"),
      rule: cell("rule"),
      doors: cell("doors"),
    };
    row.level = /^\d$/.test(cell("level")) ? Number(cell("level")) : levelOf(row.number, levels);
    levels.set(row.number, row.level);
    return { line, row, cells };
  });
  const right = settled(read.flatMap(({ row }) => row ?? []));
  let at = 0;
  return read.map((entry) => (entry.row ? { ...entry, row: right[at++] ?? entry.row } : entry));
}

/** `2.1` stands under `2` where there is one. */
function levelOf(number: string, levels: ReadonlyMap<string, number>): number {
  const above = number.replace(/\.$/, "").replace(/\.[^.]*$/, "");
  const parent = above === number ? undefined : levels.get(above);
  return parent === undefined ? 0 : parent + 1;
}

/** `8h30` and `8:30` are both `08:30`; anything else stays as it is, to be shown as wrong. */
function timeText(text: string): string {
  const found = /^(\d{1,2})\s*(?::|h|g|giờ)\s*(\d{2})?$/iu.exec(text);
  return found ? `${found[1]?.padStart(2, "0")}:${found[2] ?? "00"}` : text;
}

function headerOf(cells: string[]): (Column | null)[] | null {
  const columns = cells.map((cell) => HEADER_WORDS[plain(cell)] ?? null);
  return columns.includes("title") && columns.includes("number") ? columns : null;
}

/** RFC 4180 with the separator guessed from the first line; a quoted cell may hold separators, doubled quotes and line breaks. */
function splitRows(text: string): { rows: TableRow[]; openQuote: number | null } {
  const separator = separatorOf(text);
  const rows: TableRow[] = [];
  let row: TableRow = { line: 1, cells: [] };
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
