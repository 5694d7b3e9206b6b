// The devices page as a list: whose tablet needs an act, what the act is, and in which order people stand.

import type { ConsolePerson, ConsoleView, PersonView } from "@dienhong/web-shared/wire.ts";
import { matches } from "../../chair/logic/find.ts";

/** `waiting`: a one-time code was issued and is still good. `never`: no tablet, no code. */
export type DeviceState = "lost" | "never" | "waiting" | "connected" | "idle";

export interface DeviceLine {
  person: PersonView;
  state: DeviceState;
  device: string | null;
  boundAt: number | null;
  codeUntil: number | null;
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

/** Milliseconds as `mm:ss`, rounded up so that a code that still works never reads 00:00. */
export function minutesLeft(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

function lineOf(person: PersonView, entry: ConsolePerson | undefined, now: number): DeviceLine {
  const device = entry?.device ?? null;
  const codeUntil = entry?.code_until && entry.code_until > now ? entry.code_until : null;
  const state = stateOf(device, codeUntil, entry?.presence === "present");
  return {
    person,
    state,
    device: device?.id ?? null,
    boundAt: device?.bound_at ?? null,
    codeUntil,
    needsAct: state === "lost" || state === "never" || state === "waiting",
  };
}

function stateOf(device: ConsolePerson["device"], codeUntil: number | null, present: boolean): DeviceState {
  if (codeUntil !== null) return "waiting";
  if (!device) return "never";
  if (device.connected) return "connected";
  return present ? "lost" : "idle";
}

function bySeatThenName(a: PersonView, b: PersonView): number {
  if ((a.seat === null) !== (b.seat === null)) return a.seat === null ? 1 : -1;
  return (a.seat ?? "").localeCompare(b.seat ?? "", "vi", { numeric: true }) || a.name.localeCompare(b.name, "vi");
}
