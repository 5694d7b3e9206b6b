// What officials undertook: who had asked, until when, and whether that day has passed.

import type { PromiseView, RoundView } from "@dienhong/web-shared/wire.ts";

/** A day as `YYYY-MM-DD`, in the time zone of this device. */
export function dayOf(ms: number): string {
  const day = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** So many months on; the last day of a shorter month. */
export function monthsOn(ms: number, months: number): string {
  const from = new Date(ms);
  const last = new Date(from.getFullYear(), from.getMonth() + months + 1, 0).getDate();
  return dayOf(new Date(from.getFullYear(), from.getMonth() + months, Math.min(from.getDate(), last)).getTime());
}

export function endOfYear(ms: number): string {
  return `${new Date(ms).getFullYear()}-12-31`;
}

export function isOverdue(promise: PromiseView, now: number): boolean {
  return stands(promise) && promise.until !== null && promise.until < dayOf(now);
}

/** Neither kept nor struck: somebody still has something to do. */
export function stands(promise: PromiseView): boolean {
  return promise.struck === null && promise.kept_at === undefined;
}

/** Newest first; what was kept after what is still to be done, what was struck last of all. */
export function promiseOrder(promises: readonly PromiseView[]): PromiseView[] {
  return [...promises].reverse().sort((a, b) => rank(a) - rank(b));
}

/** Whom an answer given now answers, as far as the round tells: the last who asked. */
export function lastAsker(round: RoundView | null): string | null {
  return round?.asked.at(-1)?.person.id ?? null;
}

function rank(promise: PromiseView): number {
  return promise.struck !== null ? 2 : Number(!stands(promise));
}
