// The time of whoever has the floor, as the watching pages write it. Pure: the same server time gives the same digits on
// every screen, and every screen takes it from the one clock, which steps on the server's quarter seconds.

import { leftMs, speechDigits, spentMs } from "@dienhong/web-shared/speech.ts";
import type { SpeechView } from "@dienhong/web-shared/wire.ts";

export interface SpeechTime {
  /** `left` counts down, `over` up from the end of the time, `spent` up from the beginning where there is no limit. */
  counts: "left" | "over" | "spent";
  paused: boolean;
  /** `3:12`, `+0:41`. */
  digits: string;
  /** How much of the time is left, 0 to 100; `null` without a limit. */
  share: number | null;
}

/** A started second counts whole on the way down, and is gone on the way up: 0:00, then +0:00, then +0:01. */
export function speechTime(speech: SpeechView, now: number): SpeechTime {
  const paused = speech.running_since === null;
  const left = leftMs(speech, now);
  const digits = speechDigits(left, spentMs(speech, now));
  if (left === null) return { counts: "spent", paused, digits, share: null };
  if (left < 0) return { counts: "over", paused, digits, share: 0 };
  return { counts: "left", paused, digits, share: Math.min(100, (Math.ceil(left / 1000) * 100_000) / speech.allotted_ms) };
}
