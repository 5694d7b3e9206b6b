// Answers in words: those of a motion are the same everywhere, options and candidates are the question's own.

import type { CouncilView, ItemView, QuestionView } from "@dienhong/web-shared/wire.ts";
import { common } from "@dienhong/web-shared/words/common.ts";

const EVERYWHERE = ["yes", "no", "abstain"];

export function answerText(question: Pick<QuestionView, "answers"> | null, key: string): string {
  if (EVERYWHERE.includes(key)) return common.maybe(key) ?? key;
  return question?.answers.find((answer) => answer.key === key)?.meaning ?? key;
}

/** Everything a vote names, in words. */
export function voteText(question: Pick<QuestionView, "answers"> | null, vote: { answer: string; more?: readonly string[] }): string {
  return [vote.answer, ...(vote.more ?? [])].map((key) => answerText(question, key)).join(", ");
}

/** The question a ballot was or is on. */
export function questionOf(council: CouncilView | null, ballot: string): QuestionView | null {
  const questions = council?.agenda.flatMap((item) => item.questions) ?? [];
  return questions.find((question) => question.ballots.some((round) => round.id === ballot)) ?? null;
}

export function findQuestion(council: CouncilView | null, id: string): { item: ItemView; question: QuestionView } | null {
  for (const item of council?.agenda ?? []) {
    const question = item.questions.find((one) => one.id === id);
    if (question) return { item, question };
  }
  return null;
}
