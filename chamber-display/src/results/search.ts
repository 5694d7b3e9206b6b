// Searching without marks or case: "khu do thi" finds "Khu đô thị".

import type { PublishedResult, QuestionView } from "@dienhong/web-shared/wire.ts";

export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

/** Results whose item or question holds every word of the query. An empty query finds all. */
export function found(results: readonly PublishedResult[], query: string): PublishedResult[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return results.filter((result) => {
    // Of a bloc also what it decided; of an election also who stood.
    const question = questionOf(result);
    const stood = question && question.form !== "motion" ? question.answers.map((answer) => answer.meaning) : [];
    const told = [...(question?.bloc ?? []).map((part) => part.title), ...stood];
    const text = folded([result.item.number, result.item.title, result.item.short_title, titleOf(result), ...told].join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** The question that was put to the vote. */
export function questionOf(result: PublishedResult): QuestionView | null {
  return result.item.questions.find((question) => question.id === result.question) ?? null;
}

/** The same, short where it is the item's own question. */
export function shortTitleOf(result: PublishedResult): string {
  return titleOf(result) === result.item.title ? result.item.short_title : titleOf(result);
}

/** What was put to the vote: the question's own title, or the item's where it is not there. */
export function titleOf(result: PublishedResult): string {
  return questionOf(result)?.title ?? result.item.title;
}
