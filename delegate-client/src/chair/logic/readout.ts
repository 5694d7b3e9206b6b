// What the chair reads aloud after a vote: the figures, then the conclusion.

import { percent } from "@dienhong/web-shared/format.ts";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { ResultView, Verdict } from "@dienhong/web-shared/wire.ts";
import { t } from "../words.ts";
import { countOf } from "./working.ts";

/** `verdict` is `null` while a tie waits for the chair's own vote. `**…**` marks what is set in bold. */
export function readout(result: ResultView, title: string, verdict: Verdict | null, tie: boolean): string {
  const share = (n: number) => percent(n, result.in_office, lang.current);
  const [yes, no, abstain] = [countOf(result, "yes"), countOf(result, "no"), countOf(result, "abstain")];
  const counts = t("read_counts", {
    took: result.took_part,
    took_share: share(result.took_part),
    yes,
    yes_share: share(yes),
    no,
    no_share: share(no),
    abstain,
    abstain_share: share(abstain),
  });
  return [counts, conclusion(title, verdict, tie)].filter(Boolean).join(" ");
}

export function conclusion(title: string, verdict: Verdict | null, tie: boolean): string {
  if (verdict === null) return tie ? t("read_tie") : "";
  const said = { body: t("read_body"), title: adoptable(title) };
  return verdict === "adopted" ? t("read_adopted", said) : t("read_rejected", said);
}

/** Titles in either language that say the verb which the conclusion says already. */
const VERB = /^(?:(?:biểu quyết )?thông qua|adopt|adopting|adoption of) +(?=\S)/i;

/** The thing that is adopted: "Thông qua chương trình kỳ họp" is read as "… đã thông qua chương trình kỳ họp". */
function adoptable(title: string): string {
  return title.normalize("NFC").trim().replace(VERB, "").replace(/[.;]$/, "");
}
