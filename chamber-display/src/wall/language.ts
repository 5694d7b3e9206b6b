import { lang, type Lang } from "@dienhong/web-shared/i18n.svelte.ts";

/** A hall's screen speaks Vietnamese, whatever this browser's other pages were switched to; `?lang=en` for English. */
export function wallLanguage(search: string): Lang {
  return new URLSearchParams(search).get("lang") === "en" ? "en" : "vi";
}

/** Switches without leaving the choice behind for the browser's other pages. */
export function setLanguageOfThisPageOnly(wanted: Lang): void {
  const kept = stored();
  lang.current = wanted;
  restore(kept);
}

/** What the browser keeps for this origin; `null` where storage is switched off, and then nothing is left behind either. */
function stored(): Map<string, string> | null {
  try {
    return new Map(Object.entries(localStorage).map(([key, value]) => [key, String(value)]));
  } catch {
    return null;
  }
}

function restore(kept: Map<string, string> | null): void {
  if (kept === null) return;
  try {
    for (const key of Object.keys(localStorage)) if (!kept.has(key)) localStorage.removeItem(key);
    for (const [key, value] of kept) if (localStorage.getItem(key) !== value) localStorage.setItem(key, value);
  } catch {
    // A full or forbidden storage: the other pages then speak what they last spoke.
  }
}
