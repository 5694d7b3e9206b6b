// Every word of the delegate's page, in both languages.

import { catalogue } from "@dienhong/web-shared/i18n.svelte.ts";
import { receipt } from "./words/receipt.ts";
import { rest } from "./words/rest.ts";
import { result } from "./words/result.ts";
import { speaking } from "./words/speaking.ts";
import { voting } from "./words/voting.ts";

export const words = catalogue({
  vi: { ...rest.vi, ...speaking.vi, ...voting.vi, ...result.vi, ...receipt.vi },
  en: { ...rest.en, ...speaking.en, ...voting.en, ...result.en, ...receipt.en },
});
