// What the chair reads aloud after a vote: how it was taken, the figures, then the conclusion. One text a form of question,
// in the words councils use; `**…**` marks what is set in bold.

import { groupsOf } from "@dienhong/web-shared/entitled.ts";
import { percent } from "@dienhong/web-shared/format.ts";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { BallotForm, QuestionView, ResultView, Verdict } from "@dienhong/web-shared/wire.ts";
import { t } from "../words.ts";
import { ranking } from "./answers.ts";
import { countOf } from "./working.ts";

export interface Spoken {
  result: ResultView;
  question: Pick<QuestionView, "title" | "form" | "answers" | "bloc" | "groups">;
  /** How the votes were taken. */
  form: BallotForm;
  /** `null` while a tie waits for the chair's own vote. */
  verdict: Verdict | null;
  tie: boolean;
}

export function readout(spoken: Spoken): string {
  return [taken(spoken), figures(spoken), casting(spoken.result), decided(spoken)].filter(Boolean).join(" ");
}

/** Votes on the tablets need no word; a count by people is named as such, papers with all their numbers. */
function taken({ form, result }: Spoken): string {
  if (form === "electronic") return "";
  if (form === "show_of_hands") return t("read_hands");
  return result.papers ? t("read_papers", result.papers) : t("read_paper");
}

function figures({ question, result }: Spoken): string {
  const share = (n: number) => percent(n, result.in_office, lang.current);
  const took = { took: result.took_part, took_share: share(result.took_part), all: everybody(question) };
  const abstain = countOf(result, "abstain");
  if (question.form === "motion") {
    const [yes, no] = [countOf(result, "yes"), countOf(result, "no")];
    return t("read_counts", { ...took, yes, yes_share: share(yes), no, no_share: share(no), abstain, abstain_share: share(abstain) });
  }
  const each = ranking(question, result)
    .map(({ name, count }) => t(question.form === "election" ? "read_candidate" : "read_option", { name, n: count, share: share(count) }))
    .join("; ");
  return t("read_list", { ...took, each, abstain, abstain_share: share(abstain) });
}

/** What every share is of. Read aloud, so every group is named. */
function everybody(question: Spoken["question"]): string {
  const groups = groupsOf(question);
  return groups.length === 0 ? t("read_all") : t("read_all_of", { groups: groups.join(", ") });
}

function casting(result: ResultView): string {
  return result.casting ? t("read_casting") : "";
}

function decided({ question, result, verdict, tie }: Spoken): string {
  if (verdict === null && tie) return t("read_tie");
  const body = t("read_body");
  const chosen = ranking(question, result).filter((row) => row.chosen).map(({ name }) => name);
  switch (question.form) {
    case "motion":
      if (verdict === "adopted" && question.bloc.length > 0) return t("read_bloc_adopted", { body, n: question.bloc.length, titles: titles(question) });
      if (verdict === "rejected" && question.bloc.length > 0) return t("read_bloc_rejected", { body, n: question.bloc.length, titles: titles(question) });
      return conclusion(question.title, verdict, tie);
    case "choice":
      if (verdict === null) return "";
      return verdict === "adopted" && chosen[0] ? t("read_chosen", { body, name: chosen[0] }) : t("read_not_chosen", { body });
    case "election":
      return chosen.length > 0 ? t("read_elected", { names: named(chosen) }) : t("read_not_elected");
  }
}

export function conclusion(title: string, verdict: Verdict | null, tie: boolean): string {
  if (verdict === null) return tie ? t("read_tie") : "";
  const said = { body: t("read_body"), title: adoptable(title) };
  return verdict === "adopted" ? t("read_adopted", said) : t("read_rejected", said);
}

/** `A, B và C`. */
function named(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${t("read_and")} ${last}`;
}

function titles({ bloc }: Spoken["question"]): string {
  return bloc.map(({ title }, n) => `${n + 1}) ${adoptable(title)}`).join("; ");
}

/** Titles in either language that say the verb which the conclusion says already. */
const VERB = /^(?:(?:biểu quyết )?thông qua|adopt|adopting|adoption of) +(?=\S)/i;

/** The thing that is adopted: "Thông qua chương trình kỳ họp" is read as "… đã thông qua chương trình kỳ họp". */
function adoptable(title: string): string {
  return title.normalize("NFC").trim().replace(VERB, "").replace(/[.;]$/, "");
}
