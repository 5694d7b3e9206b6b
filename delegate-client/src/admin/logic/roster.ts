// A roster file on its way to the server: the signed order names the file by the SHA-256 of its bytes.

import { hex, sha256, utf8 } from "@dienhong/web-shared/record/bytes.ts";
import type { RowProblem } from "@dienhong/web-shared/wire.ts";

/** The HTTP interface takes bodies of at most 1 MiB; the file travels inside JSON, which may double a quote or line feed. */
export const MAX_BYTES = 480 * 1024;

export type RosterFileError = "empty" | "too_big" | "not_utf8";

/** Reads a chosen file as UTF-8, strictly: a file in an old code page must not turn names into question marks. */
export function decodeRoster(bytes: Uint8Array): { csv: string } | { error: RosterFileError } {
  if (bytes.byteLength > MAX_BYTES) return { error: "too_big" };
  try {
    const csv = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return csv.trim() === "" ? { error: "empty" } : { csv };
  } catch {
    return { error: "not_utf8" };
  }
}

export async function sha256Hex(text: string): Promise<string> {
  return hex(await sha256(utf8(text)));
}

/** Problems by line, in the file's order, so that each line is read once. */
export function byLine(problems: RowProblem[]): { line: number; problems: RowProblem[] }[] {
  const lines = new Map<number, RowProblem[]>();
  for (const problem of problems) lines.set(problem.line, [...(lines.get(problem.line) ?? []), problem]);
  return [...lines.entries()].sort((a, b) => a[0] - b[0]).map(([line, found]) => ({ line, problems: found }));
}
