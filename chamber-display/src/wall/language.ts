import { lang, type Lang } from "@dienhong/web-shared/i18n.svelte.ts";

/** A hall's screen speaks Vietnamese, whatever this browser's other pages were switched to; `?lang=en` for English. */
export function wallLanguage(search: string): Lang {
  return new URLSearchParams(search).get("lang") === "en" ? "en" : "vi";
}

/** Switches without leaving the choice behind for the browser's other pages. */
export function setLanguageOfThisPageOnly(wanted: Lang): void {
  const kept = new Map(Object.entries(localStorage));
  lang.current = wanted;
  for (const key of Object.keys(localStorage)) {
    const before = kept.get(key);
    if (before === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, String(before));
  }
}
