// What kind of item a line of an agenda is: by the word in a table's column, or guessed from its title.

import type { OrderItemKind } from "@dienhong/web-shared/wire.ts";
import { plain } from "./find.ts";

export const KINDS: readonly OrderItemKind[] = ["ceremony", "report", "discussion", "interpellation", "vote", "election"];

const KIND_WORDS: Record<string, OrderItemKind> = {
  ceremony: "ceremony", "nghi thuc": "ceremony", "khai mac": "ceremony", "be mac": "ceremony",
  report: "report", "bao cao": "report", "to trinh": "report", "bao cao to trinh": "report",
  discussion: "discussion", "thao luan": "discussion",
  interpellation: "interpellation", questions: "interpellation", "chat van": "interpellation",
  vote: "vote", "bieu quyet": "vote", "nghi quyet": "vote",
  election: "election", bau: "election", "bau cu": "election", "nhan su": "election",
};

/** Named in a column of its own; `null` for a word nobody knows. */
export function kindNamed(word: string): OrderItemKind | null {
  return KIND_WORDS[plain(word)] ?? null;
}

/** Words of titles, without marks. Where a title has several, the first one in it says what is done; the rest, about what. */
const TITLE_WORDS: readonly [OrderItemKind, RegExp][] = [
  ["interpellation", /\b(chat van|interpellations?)\b/],
  ["election", /\b(bau|mien nhiem|bai nhiem|nhan su|phieu tin nhiem|elect|elections?|dismissal)\b/],
  ["vote", /\b(bieu quyet|nghi quyet|thong qua|vote|voting|resolutions?|adopt|adoption)\b/],
  ["discussion", /\b(thao luan|tranh luan|discussion|debate)\b/],
  ["report", /\b(to trinh|bao cao|tham tra|reports?|submissions?)\b/],
  ["ceremony", /\b(khai mac|be mac|chao co|quoc ca|ly do|gioi thieu dai bieu|giai lao|opening|closing|flag salute|recess)\b/],
];

/** `null` where the title says nothing of it. */
export function kindGuessed(title: string): OrderItemKind | null {
  const words = plain(title);
  let best: { kind: OrderItemKind; at: number } | null = null;
  for (const [kind, pattern] of TITLE_WORDS) {
    const at = words.search(pattern);
    if (at >= 0 && (best === null || at < best.at)) best = { kind, at };
  }
  return best?.kind ?? null;
}
