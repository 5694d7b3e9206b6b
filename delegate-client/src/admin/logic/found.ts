// What a new council needs before it can be founded. The origin is for ever, so it is checked before it is signed.

import type { FoundArguments } from "@dienhong/web-shared/wire.ts";

export const PRESETS = ["province", "commune", "generic"] as const;

export type FoundField = "origin" | "name" | "short_name" | "seats" | "administrator";
export type FoundProblem = "empty" | "too_long" | "bad_origin" | "bad_seats" | "taken";

export interface FoundForm {
  origin: string;
  name: string;
  short_name: string;
  preset: string;
  seats: string;
  administrator: string;
}

const LIMITS: Record<Exclude<FoundField, "seats">, number> = { origin: 100, name: 200, short_name: 60, administrator: 200 };
/** The largest hall the pages are drawn for. */
const MAX_SEATS = 1000;

export function checkFound(form: FoundForm, taken: readonly string[]): Partial<Record<FoundField, FoundProblem>> {
  const problems: Partial<Record<FoundField, FoundProblem>> = {};
  for (const [field, limit] of Object.entries(LIMITS) as [Exclude<FoundField, "seats">, number][]) {
    const text = form[field].trim();
    if (text === "") problems[field] = "empty";
    else if ([...text].length > limit) problems[field] = "too_long";
  }
  const origin = form.origin.trim();
  if (!problems.origin && !/^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9._-]*)*$/.test(origin)) problems.origin = "bad_origin";
  if (!problems.origin && taken.includes(origin)) problems.origin = "taken";
  const seats = /^\d{1,4}$/.test(form.seats.trim()) ? Number(form.seats) : 0;
  if (seats < 1 || seats > MAX_SEATS) problems.seats = "bad_seats";
  return problems;
}

/** The arguments in the order the type has them: the text is what is signed. */
export function foundArguments(form: FoundForm): FoundArguments {
  return {
    origin: form.origin.trim(),
    name: form.name.trim().normalize("NFC"),
    short_name: form.short_name.trim().normalize("NFC"),
    preset: form.preset,
    seats: Number(form.seats),
    administrator: form.administrator.trim().normalize("NFC"),
  };
}
