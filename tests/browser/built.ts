// What these tests drive must exist beforehand: they build nothing themselves.

import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The program under test. */
export const BINARY = process.env["DIENHONG"] ?? join(process.env["CARGO_TARGET_DIR"] ?? join(ROOT, "target"), "debug/dienhong");

export default function built(): void {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: run "cargo build --bin dienhong" first`);
  for (const page of ["delegate-client/dist/delegate.html", "chamber-display/dist/index.html"]) {
    if (!existsSync(join(ROOT, page))) throw new Error(`${page} is missing: run "npm run build" first`);
  }
}
