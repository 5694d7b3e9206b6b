// The way from a council that was just founded to its first session: what is done, as the views show it.

import type { ConsoleView, CouncilView, PersonView } from "@dienhong/web-shared/wire.ts";

export const STEPS = ["council", "rules", "people", "devices", "rehearsal", "console"] as const;
export type StepName = (typeof STEPS)[number];

/** What no view tells: rules that were read and kept, and a rehearsal, which leaves nothing behind. Kept by this browser. */
export interface Marks {
  rules: boolean;
  rehearsal: boolean;
}

export interface Step {
  name: StepName;
  done: boolean;
  /** The first that is not done. */
  now: boolean;
}

export interface Progress {
  seats: number;
  /** People with a seat. */
  delegates: number;
  /** Of them, those who have a device. */
  equipped: number;
  /** Offices without which no sitting can be run. */
  missing: ("chair" | "secretary")[];
}

/** A council before its first session: its administrator is led. */
export function isNew(council: CouncilView): boolean {
  return !council.rehearsal && council.session === null;
}

export function progress(council: CouncilView, people: readonly PersonView[], console_: ConsoleView | null): Progress {
  const delegates = people.filter((person) => person.seat !== null);
  const equipped = new Set((console_?.people ?? []).filter((entry) => entry.device !== null).map((entry) => entry.id));
  return {
    seats: council.rules.seats,
    delegates: delegates.length,
    equipped: delegates.filter((person) => equipped.has(person.id)).length,
    missing: (["chair", "secretary"] as const).filter((office) => !people.some((person) => person.offices.includes(office))),
  };
}

/** A council that has a session is past reading its rules and rehearsing, whoever's browser this is. */
export function steps(council: CouncilView, so: Progress, marks: Marks): Step[] {
  const begun = !isNew(council);
  const done: Record<StepName, boolean> = {
    council: true,
    rules: marks.rules || begun,
    people: so.delegates > 0 && so.missing.length === 0,
    devices: so.delegates > 0 && so.equipped === so.delegates,
    rehearsal: marks.rehearsal || begun,
    console: begun,
  };
  const first = STEPS.find((name) => !done[name]);
  return STEPS.map((name) => ({ name, done: done[name], now: name === first }));
}
