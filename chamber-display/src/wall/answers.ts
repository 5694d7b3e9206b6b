import { t } from "./words.ts";

/** The three answers of the wire. Another key would be drawn like an abstention: it took part and took no side. */
export type AnswerMark = "yes" | "no" | "abstain";

export function answerMark(answer: string): AnswerMark {
  return answer === "yes" || answer === "no" ? answer : "abstain";
}

export function markWord(answer: string): string {
  return t(answerMark(answer));
}
