// Reads an agenda that was pasted or chosen as a file, a table or a numbered list, into rows that can still be corrected.

import { looksLikeTable, readTable, rowsOf } from "./agenda-csv.ts";
import type { AgendaRow } from "./agenda-row.ts";
import { readList } from "./agenda-text.ts";

export type FileProblemCode = "no_rows" | "too_few_columns" | "open_quote" | "too_many";

/** What is wrong with the text itself; what is wrong with a row that was understood, `problemsOf` says. */
export interface FileProblem {
  /** In the text, from 1. */
  line: number;
  code: FileProblemCode;
  value: string;
}

export interface AgendaFile {
  rows: AgendaRow[];
  problems: FileProblem[];
  /** How the text was read. */
  read: "table" | "list";
}

/** More than any session has had; the chamber takes 300 on one agenda. */
export const MAX_ITEMS = 200;

export function readAgenda(text: string): AgendaFile {
  const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").normalize("NFC");
  const table = readTable(clean);
  if (!looksLikeTable(table)) return bounded("list", readList(clean), []);
  const read = rowsOf(table);
  const problems: FileProblem[] = table.openQuote ? [{ line: table.openQuote, code: "open_quote", value: "" }] : [];
  for (const { line, row, cells } of read) if (!row) problems.push({ line, code: "too_few_columns", value: cells.join(" ") });
  return bounded("table", read.flatMap(({ row }) => row ?? []), problems);
}

function bounded(read: AgendaFile["read"], rows: AgendaRow[], problems: FileProblem[]): AgendaFile {
  if (rows.length === 0 && problems.length === 0) problems.push({ line: 1, code: "no_rows", value: "" });
  const beyond = rows[MAX_ITEMS];
  if (beyond) problems.push({ line: beyond.line, code: "too_many", value: String(rows.length) });
  return { rows: rows.slice(0, MAX_ITEMS), problems: problems.sort((a, b) => a.line - b.line), read };
}
