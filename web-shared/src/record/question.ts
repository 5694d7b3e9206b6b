// The question document: what a vote's hash covers. A page builds it from the very fields it shows, so a text that differs
// from what the ballot was opened on cannot be voted on unnoticed.

import type { QuestionView } from "../wire.ts";
import { hex, sha256, utf8 } from "./bytes.ts";

export type QuestionDocument = Pick<
  QuestionView,
  "title" | "text" | "answers" | "rule" | "form" | "choices" | "min_choices" | "groups" | "live_names" | "bloc" | "change_allowed"
>;

export function questionDocument(q: QuestionDocument): string {
  const lines = ["chamber-question/v1", `title ${q.title}`];
  if (q.text !== "") lines.push(...q.text.split("\n").map((line) => `text ${line}`));
  for (const answer of q.answers) lines.push(`answer ${answer.key} ${answer.meaning}`);
  const { numerator, denominator, base, strict, constant, tie } = q.rule;
  lines.push(`rule ${numerator}/${denominator} ${base} ${strict ? "over" : "at_least"} ${constant} ${tie}`);
  if (q.form === "choice") lines.push("form choice");
  if (q.form === "election") lines.push(`form election ${q.choices}`);
  for (const part of q.bloc) lines.push(`part ${part.document_sha256} ${part.title}`);
  if (q.min_choices) lines.push(`least ${q.min_choices}`);
  for (const group of q.groups ?? []) lines.push(`group ${group}`);
  if (q.live_names) lines.push("names live");
  lines.push(`change ${q.change_allowed ? "allowed" : "final"}`);
  return lines
    .map((line) => `${line}\n`)
    .join("")
    .normalize("NFC");
}

/** SHA-256 of the document, hex. */
export async function questionHash(q: QuestionDocument): Promise<string> {
  return hex(await sha256(utf8(questionDocument(q))));
}
