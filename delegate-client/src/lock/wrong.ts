import { t } from "./words.ts";

/** A wrong PIN, and what the next ones cost. */
export function wrongText(triesLeft: number): string {
  return triesLeft === 1 ? t("wrong_last") : t("wrong", { n: triesLeft });
}
