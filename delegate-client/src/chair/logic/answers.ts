// An answer by its name: for, against and abstain in the page's words, options and candidates in the question's own.

import type { QuestionView, ResultView } from "@dienhong/web-shared/wire.ts";
import { common } from "@dienhong/web-shared/words/common.ts";

type Asked = Pick<QuestionView, "form" | "answers">;

export function answerName(question: Asked, key: string): string {
  const own = question.answers.find((answer) => answer.key === key)?.meaning;
  if (question.form === "motion" || key === "abstain") return common.maybe(key) ?? own ?? key;
  return own ?? key;
}

export interface Ranked {
  key: string;
  name: string;
  count: number;
  /** From 1; equal counts share a place. */
  place: number;
  chosen: boolean;
}

/** Options or candidates, the most votes first; `abstain` is not one of them. */
export function ranking(question: Asked, result: ResultView): Ranked[] {
  const rows = result.counts
    .filter(({ answer }) => answer !== "abstain")
    .map(({ answer, count }) => ({ key: answer, name: answerName(question, answer), count, chosen: result.chosen.includes(answer) }))
    .sort((a, b) => b.count - a.count);
  return rows.map((row) => ({ ...row, place: rows.findIndex(({ count }) => count === row.count) + 1 }));
}
