// What an officer may ask for. The server decides; this only keeps dead buttons off the screen and says why one is off.

import type { Office, PersonRef } from "@dienhong/web-shared/wire.ts";

export interface Rights {
  /** Holds the gavel now. */
  gavel: boolean;
  /** May take the gavel: a chair who does not hold it. */
  mayTakeGavel: boolean;
  /** Sessions, agenda, questions. */
  prepare: boolean;
  /** Opens and closes the sitting. */
  sitting: boolean;
  /** Checks people in and out, excuses. */
  attendance: boolean;
  /** Moves the agenda, opens and closes ballots. */
  preside: boolean;
  /** Chooses what the wall shows. */
  wall: boolean;
}

export function rightsOf(offices: readonly Office[], me: string | null, gavel: PersonRef | null): Rights {
  const chair = offices.includes("chair");
  const secretary = offices.includes("secretary");
  const holds = me !== null && gavel?.id === me;
  return {
    gavel: holds,
    mayTakeGavel: chair && !holds,
    prepare: secretary || chair,
    sitting: secretary || chair,
    attendance: secretary,
    preside: holds,
    wall: holds || secretary,
  };
}
