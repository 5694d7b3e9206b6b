// The PIN of a device: what is kept of it, and whether one that was typed is right. A gate before this page, no protection of
// the key (docs/lock.md).

import { randomBytes, utf8, type Bytes } from "./bytes.ts";

/** Kept beside the key, in the same record. */
export type Pin = {
  salt: Bytes;
  rounds: number;
  /** PBKDF2-SHA-256 of the PIN, 32 bytes. */
  hash: Bytes;
  /** Wrong tries in a row, the one under way included. */
  wrong: number;
  locked: boolean;
  /** When somebody last touched a page of this device; milliseconds, written every few seconds only. */
  touchedAt: number;
};

export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 8;
/** Wrong tries in a row after which the key is removed: enough for a slip of the finger, too few to guess one of 10,000. */
export const MOST_WRONG = 5;
/** What OWASP asks for PBKDF2-SHA-256; kept with each PIN, so that it can be raised. */
const ROUNDS = 600_000;

export function isPin(text: string): boolean {
  return new RegExp(`^[0-9]{${SHORTEST_PIN},${LONGEST_PIN}}$`).test(text);
}

/** Whoever finds a tablet tries these first: one digit repeated, or digits in a row up or down. */
export function isTooSimple(pin: string): boolean {
  const steps = new Set(Array.from(pin.slice(1), (digit, i) => Number(digit) - Number(pin[i])));
  const [step] = steps;
  return steps.size === 1 && step !== undefined && Math.abs(step) <= 1;
}

/** `rounds`: fewer only in tests. */
export async function makePin(pin: string, now: number, rounds = ROUNDS): Promise<Pin> {
  const salt = randomBytes(16);
  return { salt, rounds, hash: await derive(pin, salt, rounds), wrong: 0, locked: false, touchedAt: now };
}

/** The same work for every PIN, right or wrong. */
export async function isRight(kept: Pin, pin: string): Promise<boolean> {
  const hash = await derive(pin, kept.salt, kept.rounds);
  let differs = hash.length ^ kept.hash.length;
  for (const [i, byte] of hash.entries()) differs |= byte ^ (kept.hash[i] ?? 0);
  return differs === 0;
}

export function triesLeft(kept: Pick<Pin, "wrong">): number {
  return Math.max(0, MOST_WRONG - kept.wrong);
}

/**
 * Nobody has touched the device for so long. A clock that was set back counts the same: nobody knows how long it has been.
 * All in milliseconds.
 */
export function isIdle(touchedAt: number, now: number, limit: number): boolean {
  return Math.abs(now - touchedAt) >= limit;
}

async function derive(pin: string, salt: Bytes, rounds: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, key, 256));
}
