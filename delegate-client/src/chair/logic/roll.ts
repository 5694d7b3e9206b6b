// The roll as the presence column shows it: by group, found by name or seat without typing marks, with each tablet's state.

import type { AttendanceView, ConsolePerson, ConsoleView, PersonView, Presence } from "@dienhong/web-shared/wire.ts";
import { matches } from "./find.ts";
import { bySeat } from "./situation.ts";

export type RollFilter = "all" | "present" | "away" | "lost" | "none" | "slow";

export interface RollLine {
  person: PersonView;
  presence: Presence;
  reason: string | null;
  /** `none`: no tablet is bound. */
  device: "connected" | "lost" | "none";
  /** Of the way between server and tablet; `null` while it is not connected or not yet measured. */
  delayMs: number | null;
  slow: boolean;
  lastSeen: number | null;
}

export interface RollGroup {
  name: string;
  lines: RollLine[];
  present: number;
  size: number;
}

/** From here on a tap is felt to hang, and a vote in the last second may come too late. */
const SLOW_MS = 300;

/** Delegates only: officers without a seat are not counted in attendance. */
export function rollLines(people: PersonView[], console_: ConsoleView | null): RollLine[] {
  const known = new Map((console_?.people ?? []).map((entry) => [entry.id, entry]));
  return people
    .filter((person) => person.seat !== null)
    .sort(bySeat)
    .map((person) => line(person, known.get(person.id)));
}

export function rollGroups(lines: RollLine[], filter: RollFilter, query: string): RollGroup[] {
  const groups = new Map<string, RollGroup>();
  for (const entry of lines) {
    const name = entry.person.group;
    const group = groups.get(name) ?? { name, lines: [], present: 0, size: 0 };
    groups.set(name, group);
    group.size += 1;
    if (entry.presence === "present") group.present += 1;
    if (passes(entry, filter) && matches(entry.person, query)) group.lines.push(entry);
  }
  return [...groups.values()]
    .filter((group) => group.lines.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name, "vi", { numeric: true }));
}

/** What is wrong with a tablet matters of those who are here; who has none is wanted before they come, too. */
export function passes(entry: RollLine, filter: RollFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "present":
      return entry.presence === "present";
    case "away":
      return entry.presence !== "present";
    case "lost":
      return entry.presence === "present" && entry.device === "lost";
    case "none":
      return entry.device === "none";
    case "slow":
      return entry.presence === "present" && entry.slow;
  }
}

export interface Readiness {
  ready: number;
  present: number;
  /** Those here whose vote could not come in now. */
  missing: RollLine[];
}

/** How many of those present can vote at this moment. A slow tablet can. */
export function readiness(lines: readonly RollLine[]): Readiness {
  const present = lines.filter((entry) => entry.presence === "present");
  const missing = present.filter((entry) => entry.device !== "connected");
  return { ready: present.length - missing.length, present: present.length, missing };
}

/** How many more have to come for a quorum; 0 where it is met. */
export function shortOf(attendance: AttendanceView): number {
  return Math.max(0, attendance.quorum.needed - attendance.quorum.count);
}

export interface Coming {
  person: PersonView;
  presence: Presence;
}

/** Whose presence is not what it was in the view before. The first view is no news. */
export function changes(before: ReadonlyMap<string, Presence> | null, lines: readonly RollLine[]): Coming[] {
  if (before === null) return [];
  return lines
    .filter((entry) => before.has(entry.person.id) && before.get(entry.person.id) !== entry.presence)
    .map(({ person, presence }) => ({ person, presence }));
}

function line(person: PersonView, entry: ConsolePerson | undefined): RollLine {
  const device = entry?.device ?? null;
  const delayMs = device?.connected ? device.delay_ms : null;
  return {
    person,
    presence: entry?.presence ?? "absent",
    reason: entry?.reason ?? null,
    device: device ? (device.connected ? "connected" : "lost") : "none",
    delayMs,
    slow: delayMs !== null && delayMs >= SLOW_MS,
    lastSeen: device?.last_seen ?? null,
  };
}
