// A rehearsal is a record of its own beside its council's, under `<council>.rehearsal`. The same devices act in it, with the
// same keys; what they sign names the rehearsal's log, so that none of it could ever stand in the council's record.

import type { Identity } from "./keys.ts";
import type { CouncilView } from "../wire.ts";

const SUFFIX = ".rehearsal";
const LOG_SUFFIX = "/rehearsal";

export function isRehearsal(council: string): boolean {
  return council.endsWith(SUFFIX) && council.length > SUFFIX.length;
}

/** The council whose people, keys and codes count on this page: of a rehearsal, the council that rehearses. */
export function homeCouncil(council: string): string {
  return isRehearsal(council) ? council.slice(0, -SUFFIX.length) : council;
}

/** What is offered as a rehearsal is none: acting in it could be taken for acting in the council. */
export class NoRehearsal extends Error {}

/**
 * The same person and key, for the rehearsal's record. Throws `NoRehearsal` for a view that is not of this council's rehearsal,
 * above all for one that names the council's own log: whatever were signed for it would be an act in earnest.
 */
export function inRehearsal(identity: Identity, view: Pick<CouncilView, "id" | "origin" | "vkey" | "rehearsal">): Identity {
  const expected = { id: identity.council + SUFFIX, origin: identity.origin + LOG_SUFFIX };
  if (!view.rehearsal || view.id !== expected.id || view.origin !== expected.origin || view.vkey === identity.vkey) throw new NoRehearsal(view.id);
  return { ...identity, council: view.id, origin: view.origin, vkey: view.vkey };
}
