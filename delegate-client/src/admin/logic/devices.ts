// The devices page as a list: whose tablet needs an act, what the act is, and in which order people stand.

import type { ConsolePerson, ConsoleView, PersonView } from "@dienhong/web-shared/wire.ts";
import { matches } from "../../chair/logic/find.ts";

/** `waiting`: a one-time code was issued and is still good. `never`: no tablet, no code. `revoked`: there was one. */
export type DeviceState = "lost" | "never" | "revoked" | "waiting" | "connected" | "idle";

/** How a tablet's line does, by the delay between server and tablet. */
export type Pace = "good" | "slow" | "bad" | "unknown";

export interface DeviceLine {
  person: PersonView;
  state: DeviceState;
  device: string | null;
  boundAt: number | null;
  codeUntil: number | null;
  /** Milliseconds one way. */
  delay: number | null;
  lastSeen: number | null;
  /** Why the last device was revoked, where none took its place. */
  revoked: string | null;
  needsAct: boolean;
}

export type DeviceFilter = "all" | "connected" | "act";

/**
 * A tablet that is off outside a sitting is nobody's trouble (`idle`); the same tablet while its owner is counted as present
 * is (`lost`).
 */
export function deviceLines(people: PersonView[], console_: ConsoleView | null, now: number): DeviceLine[] {
  const known = new Map((console_?.people ?? []).map((entry) => [entry.id, entry]));
  return people
    .map((person) => lineOf(person, known.get(person.id), now))
    .sort((a, b) => Number(b.needsAct) - Number(a.needsAct) || bySeatThenName(a.person, b.person));
}

export function filterDevices(lines: DeviceLine[], filter: DeviceFilter, query: string): DeviceLine[] {
  return lines.filter((line) => inFilter(line, filter) && matches(line.person, query));
}

export function inFilter(line: DeviceLine, filter: DeviceFilter): boolean {
  if (filter === "connected") return line.state === "connected";
  return filter === "all" || line.needsAct;
}

/** Votes arrive in time on any of these; on a slow line the tablet's answer is felt to lag, on a bad one people tap again. */
const SLOW_MS = 150;
const BAD_MS = 600;

export function pace(delay: number | null): Pace {
  if (delay === null) return "unknown";
  if (delay < SLOW_MS) return "good";
  return delay < BAD_MS ? "slow" : "bad";
}

function lineOf(person: PersonView, entry: ConsolePerson | undefined, now: number): DeviceLine {
  const device = entry?.device ?? null;
  const revoked = device ? null : (entry?.revoked ?? null);
  const codeUntil = entry?.code_until && entry.code_until > now ? entry.code_until : null;
  const state = stateOf(device, codeUntil, entry?.presence === "present", revoked !== null);
  return {
    person,
    state,
    device: device?.id ?? null,
    boundAt: device?.bound_at ?? null,
    codeUntil,
    delay: device?.delay_ms ?? null,
    lastSeen: device?.last_seen ?? null,
    revoked,
    needsAct: state !== "connected" && state !== "idle",
  };
}

function stateOf(device: ConsolePerson["device"], codeUntil: number | null, present: boolean, revoked: boolean): DeviceState {
  if (codeUntil !== null) return "waiting";
  if (!device) return revoked ? "revoked" : "never";
  if (device.connected) return "connected";
  return present ? "lost" : "idle";
}

function bySeatThenName(a: PersonView, b: PersonView): number {
  if ((a.seat === null) !== (b.seat === null)) return a.seat === null ? 1 : -1;
  return (a.seat ?? "").localeCompare(b.seat ?? "", "vi", { numeric: true }) || a.name.localeCompare(b.name, "vi");
}
