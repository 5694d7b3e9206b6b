import { readFileSync } from "node:fs";

/** Golden vectors written by the server's own ledger. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), "utf8")) as T;
}
