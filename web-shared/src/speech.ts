// The clock of whoever speaks, computed from the server's times, so that every screen shows the same.

import { countdown, elapsed } from "./format.ts";
import type { SpeechView } from "./wire.ts";

/** Time spent by `now` (server time), pauses left out, in milliseconds. */
export function spentMs(speech: SpeechView, now: number): number {
  return speech.spent_ms + (speech.running_since === null ? 0 : Math.max(0, now - speech.running_since));
}

/** Time left, negative once it has run over; `null` without a limit. */
export function leftMs(speech: SpeechView, now: number): number | null {
  return speech.allotted_ms === 0 ? null : speech.allotted_ms - spentMs(speech, now);
}

/** `3:12` down to 0:00 at the very end of the time, then `+0:00` up; without a limit, the time spent. */
export function speechDigits(left: number | null, spent: number): string {
  if (left === null) return elapsed(spent);
  return left < 0 ? `+${elapsed(-left)}` : countdown(left);
}
