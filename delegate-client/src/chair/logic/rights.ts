// What an officer may ask for. The server decides; this only keeps dead buttons off the screen and says why one is off.

import type { Office, PersonRef } from "@dienhong/web-shared/wire.ts";

export interface Rights {
  /** Holds the gavel now. */
  gavel: boolean;
  /** May take the gavel: a chair or deputy who does not hold it. */
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
  /** Suspends and resumes the sitting. */
  suspend: boolean;
  /** Records a count taken by hand or on paper. */
  count: boolean;
  /** Asks those whose vote is missing. */
  nudge: boolean;
  /** Begins and ends a rehearsal. */
  rehearse: boolean;
}

/** Whose place the console is; the others are shown the way to their own page. */
export const CONSOLE_OFFICES: readonly Office[] = ["chair", "deputy", "secretary", "scrutineer"];

export function rightsOf(offices: readonly Office[], me: string | null, gavel: PersonRef | null): Rights {
  const chair = offices.includes("chair") || offices.includes("deputy");
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
    suspend: holds || secretary,
    count: secretary || offices.includes("scrutineer"),
    nudge: holds || secretary,
    rehearse: secretary || chair || offices.includes("administrator"),
  };
}
