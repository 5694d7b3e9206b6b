// What a person is to this page: it shows nobody a control they may not use.

import type { PersonView } from "@dienhong/web-shared/wire.ts";

/**
 * `delegate`: has a seat, votes and speaks · `official`: answers interpellations, does not vote · `watcher`: a guest or the
 * press · `officer`: at work in the hall without a seat.
 */
export type Part = "delegate" | "official" | "watcher" | "officer";

export function partOf(person: Pick<PersonView, "seat" | "offices">): Part {
  if (person.seat !== null) return "delegate";
  if (person.offices.includes("official")) return "official";
  return person.offices.every((office) => office === "guest" || office === "press") ? "watcher" : "officer";
}
