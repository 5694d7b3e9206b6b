// How late the day runs: where the plan stands, where the hall stands, and when it will be over if nothing is shortened.

import type { ItemView, SittingBrief } from "@dienhong/web-shared/wire.ts";

/** When each item was planned to begin, as far as the plan says. */
export type Plan = Map<string, { from: number; until: number }>;

export interface Lateness {
  /** Behind the plan; negative: ahead of it. */
  lateMs: number;
  /** When the last planned item will be over; planned times that lie later are waited for. */
  endsAt: number;
}

const MINUTE = 60_000;

type Timed = Pick<ItemView, "id" | "parent" | "minutes" | "planned_at" | "state" | "started_at" | "finished_at">;

/**
 * An item without a time of its own follows the one before it; the first follows the sitting. An item whose own parts have
 * lengths is as long as they are together. Without any time to begin from there is no plan.
 */
export function planOf(agenda: readonly Timed[], begins: number | null): Plan {
  const plan: Plan = new Map();
  let at = begins;
  for (const item of agenda) {
    if (item.planned_at !== null) at = item.planned_at;
    if (at === null) continue;
    const until = at + ownMinutes(agenda, item) * MINUTE;
    plan.set(item.id, { from: at, until });
    at = until;
  }
  return plan;
}

/** `null` where nothing was planned, or nothing of what was planned has begun. */
export function lateness(agenda: readonly Timed[], begins: number | null, now: number): Lateness | null {
  const plan = planOf(agenda, begins);
  const last = [...agenda].reverse().find((item) => plan.has(item.id));
  if (!last) return null;
  const current = agenda.find((item) => item.state === "current");
  const waiting = agenda.filter((item) => item.state === "upcoming");
  const lateMs = current ? behind(plan, current, now) : behindNext(plan, agenda, waiting[0] ?? null, now);
  if (lateMs === null) return null;
  let at = now;
  if (current) at = Math.max(now, (current.started_at ?? now) + ownMinutes(agenda, current) * MINUTE);
  for (const item of waiting) {
    if (item.planned_at !== null) at = Math.max(at, item.planned_at);
    at += ownMinutes(agenda, item) * MINUTE;
  }
  return { lateMs, endsAt: at };
}

/** The sitting's plan begins when it was meant to, not when it did. */
export function beginsOf(sittings: readonly SittingBrief[], open: string | null): number | null {
  const sitting = sittings.find((candidate) => candidate.id === open);
  return sitting?.planned_at ?? null;
}

/** Lateness in the minutes people speak of: a started minute does not count yet. */
export function wholeMinutes(ms: number): number {
  return Math.trunc(ms / MINUTE);
}

/** It began late, or it has been going on past its planned end. */
function behind(plan: Plan, item: Timed, now: number): number | null {
  const planned = plan.get(item.id);
  if (!planned) return null;
  const began = (item.started_at ?? now) - planned.from;
  return planned.until > planned.from ? Math.max(began, now - planned.until) : began;
}

/** Between two items: the next one should have begun, or the one before ended early. */
function behindNext(plan: Plan, agenda: readonly Timed[], next: Timed | null, now: number): number | null {
  const planned = next && plan.get(next.id);
  if (planned && agenda.some((item) => item.state === "done")) return now - planned.from;
  return planned && now > planned.from ? now - planned.from : null;
}

function ownMinutes(agenda: readonly Timed[], item: Timed): number {
  const parts = agenda.some((candidate) => candidate.parent === item.id && candidate.minutes !== null);
  return parts ? 0 : (item.minutes ?? 0);
}
