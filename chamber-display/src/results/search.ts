// Searching without marks or case: "khu do thi" finds "Khu đô thị".

import type { PublishedResult } from "@dienhong/web-shared/wire.ts";

export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

/** Results whose item or question holds every word of the query. An empty query finds all. */
export function found(results: readonly PublishedResult[], query: string): PublishedResult[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return results.filter((result) => {
    const text = folded([result.item.number, result.item.title, result.item.short_title, titleOf(result)].join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** What was put to the vote: the question's own title, or the item's where it is not there. */
export function titleOf(result: PublishedResult): string {
  return result.item.questions.find((question) => question.id === result.question)?.title ?? result.item.title;
}
