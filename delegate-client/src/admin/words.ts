// Every word of the administration, in both languages.

import { catalogue } from "@dienhong/web-shared/i18n.svelte.ts";
import { audit } from "./words/audit.ts";
import { desk } from "./words/desk.ts";
import { rehearsal } from "./words/rehearsal.ts";
import { rules } from "./words/rules.ts";
import { start } from "./words/start.ts";

export const t = catalogue({
  vi: { ...desk.vi, ...start.vi, ...rules.vi, ...rehearsal.vi, ...audit.vi },
  en: { ...desk.en, ...start.en, ...rules.en, ...rehearsal.en, ...audit.en },
});
