// Lengths of time in words, as they are said in the hall.

import type { Lang } from "@dienhong/web-shared/i18n.svelte.ts";

/** `7 phút`, `1 phút 30 giây`, `45 giây`; `7 min`, `1 min 30 s`, `45 s`. Whole seconds that have passed. */
export function lengthWords(ms: number, lang: Lang): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const [minute, second] = lang === "vi" ? ["phút", "giây"] : ["min", "s"];
  if (minutes === 0) return `${rest} ${second}`;
  return rest === 0 ? `${minutes} ${minute}` : `${minutes} ${minute} ${rest} ${second}`;
}

/** The same for a limit, where 0 means that there is none. */
export function limitWords(seconds: number, lang: Lang): string {
  if (seconds === 0) return lang === "vi" ? "không giới hạn" : "no limit";
  return lengthWords(seconds * 1000, lang);
}
