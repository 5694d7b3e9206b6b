// What a ballot came to, as its form asks to be told. Pure.

import type { BallotForm, QuestionView, ResultView } from "@dienhong/web-shared/wire.ts";

/** How the figures of a ballot are told. */
export type Telling = "motion" | "counted" | "ranking" | "bloc";

export function tellingOf(question: QuestionView | null, form: BallotForm): Telling {
  if (question && question.form !== "motion") return "ranking";
  if (question && question.bloc.length > 0) return "bloc";
  return form === "electronic" ? "motion" : "counted";
}

export interface Ranked {
  key: string;
  meaning: string;
  count: number;
  /** The option that prevailed, a candidate who was elected; known from the confirmation on. */
  chosen: boolean;
}

/** Options or candidates, the most votes first; those that were chosen before others with as many. Abstentions are no rank. */
export function ranked(question: QuestionView, result: ResultView): Ranked[] {
  const chosen = result.verdict === null ? [] : result.chosen;
  return question.answers
    .filter(({ key }) => key !== "abstain")
    .map(({ key, meaning }) => ({ key, meaning, count: countOf(result, key), chosen: chosen.includes(key) }))
    .sort((a, b) => b.count - a.count || Number(b.chosen) - Number(a.chosen));
}

export function countOf(result: ResultView, answer: string): number {
  return result.counts.find((one) => one.answer === answer)?.count ?? 0;
}
