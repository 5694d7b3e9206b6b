// How far the day is from its plan, and where the agenda's items stand in its tree. Pure.

import type { ItemView } from "@dienhong/web-shared/wire.ts";

const MINUTE = 60_000;
/** Less than this is on time: nobody plans a sitting to the minute. */
const ON_TIME_MINUTES = 3;

/**
 * Minutes behind the plan (negative: ahead of it); `null` where nothing that is on, or comes next, has a planned time.
 * What is on is late by what it began late, and later still once it lasts longer than planned.
 */
export function minutesLate(agenda: readonly ItemView[], current: string | null, now: number): number | null {
  const on = agenda.find((item) => item.id === current);
  if (on && on.planned_at !== null) {
    const begun = (on.started_at ?? now) - on.planned_at;
    const overrun = on.minutes === null ? begun : now - (on.planned_at + on.minutes * MINUTE);
    return rounded(Math.max(begun, overrun));
  }
  const next = agenda.find((item) => item.state === "upcoming" && item.planned_at !== null);
  if (!next || next.planned_at === null) return null;
  // Before its time nobody can say whether it will begin on time.
  return now > next.planned_at ? rounded(now - next.planned_at) : null;
}

function rounded(ms: number): number {
  const minutes = Math.trunc(ms / MINUTE);
  return Math.abs(minutes) < ON_TIME_MINUTES ? 0 : minutes;
}

/** How many items each item stands under: 0 at the top. An item whose parent is not shown stands at the top. */
export function depths(agenda: readonly ItemView[]): Map<string, number> {
  const found = new Map<string, number>();
  // Parents are read before what stands under them.
  for (const item of agenda) found.set(item.id, item.parent === null ? 0 : (found.get(item.parent) ?? -1) + 1);
  return found;
}

/** Items that are themselves taken, not headings over others. */
export function leaves(agenda: readonly ItemView[]): ItemView[] {
  const parents = new Set(agenda.map((item) => item.parent));
  return agenda.filter((item) => !parents.has(item.id));
}
