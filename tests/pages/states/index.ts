// Every page in every state it can be opened in. A page's file adds its own.

import type { Page } from "playwright-core";
import { CHAIR, SECRETARY } from "../fixtures.ts";
import { World } from "../harness/server.ts";
import { adminStates } from "./admin.ts";
import { chairStates } from "./chair.ts";
import { chairFloorStates } from "./chair-floor.ts";
import { delegate } from "./delegate.ts";
import { delegateDay } from "./delegate-day.ts";
import { council, results, verify, wall } from "./display.ts";
import { delegateLock, pinAsked } from "./lock.ts";

export type State = {
  /** Whose device; `null` where nobody's. */
  person?: string | null;
  others?: string[];
  /** An office's page asks for a PIN at its opening. */
  pinAsked?: boolean;
  /** In the council's rehearsal. */
  rehearsal?: boolean;
  /** What follows the page's path, such as `#enrol=ABCD-EFGH`. */
  suffix?: string;
  /** Before the page opens. */
  before?(world: World): void | Promise<void>;
  /** On the open page, until it shows the state. */
  after?(page: Page, world: World): Promise<void>;
};

export function worldFor(state: State): Promise<World> {
  return state.rehearsal ? World.rehearsal() : World.start();
}

/** By the page's path under the council. */
export const STATES: Record<string, Record<string, State>> = { delegate: { ...delegate, ...delegateDay, ...delegateLock }, results, verify, "": council };

/** Pages with a test file of their own, which goes through their states. */
export const OFFICES: Record<string, Record<string, State>> = {
  chair: { ...chairStates, ...chairFloorStates, "pin-asked": { ...pinAsked, person: CHAIR } },
  admin: { ...adminStates, "pin-asked": { ...pinAsked, person: SECRETARY } },
};

/** Screens nobody touches: no language switch, sizes of their own; wall.test.ts looks after them. */
export const SCREENS: Record<string, Record<string, State>> = { wall };
