// Every word of the console, in both languages.

import { catalogue } from "@dienhong/web-shared/i18n.svelte.ts";
import { agenda } from "./words/agenda.ts";
import { ballot } from "./words/ballot.ts";
import { console } from "./words/console.ts";
import { presence } from "./words/presence.ts";
import { result } from "./words/result.ts";
import { setup } from "./words/setup.ts";
import { wall } from "./words/wall.ts";

export const t = catalogue({
  vi: { ...console.vi, ...agenda.vi, ...ballot.vi, ...result.vi, ...setup.vi, ...presence.vi, ...wall.vi },
  en: { ...console.en, ...agenda.en, ...ballot.en, ...result.en, ...setup.en, ...presence.en, ...wall.en },
});
