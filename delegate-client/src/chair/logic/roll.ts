// The roll as the presence column shows it: by group, found by name or seat without typing marks.

import type { ConsolePerson, ConsoleView, PersonView, Presence } from "@dienhong/web-shared/wire.ts";
import { matches } from "./find.ts";
import { bySeat } from "./situation.ts";

export type RollFilter = "all" | "present" | "away" | "lost";

export interface RollLine {
  person: PersonView;
  presence: Presence;
  reason: string | null;
  /** `none`: no tablet is bound. */
  device: "connected" | "lost" | "none";
}

export interface RollGroup {
  name: string;
  lines: RollLine[];
  present: number;
  size: number;
}

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

export function passes(entry: RollLine, filter: RollFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "present":
      return entry.presence === "present";
    case "away":
      return entry.presence !== "present";
    case "lost":
      return entry.presence === "present" && entry.device !== "connected";
  }
}

function line(person: PersonView, entry: ConsolePerson | undefined): RollLine {
  return {
    person,
    presence: entry?.presence ?? "absent",
    reason: entry?.reason ?? null,
    device: entry?.device ? (entry.device.connected ? "connected" : "lost") : "none",
  };
}
