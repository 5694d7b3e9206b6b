// An item while it is being written, and what is wrong with it; the same limits as for one that is imported.

import type { ItemView, NewItem, OrderItemKind } from "@dienhong/web-shared/wire.ts";
import { clockTime } from "@dienhong/web-shared/format.ts";
import { blankRow, itemsOf, problemsOf, type AgendaRow, type RowProblem } from "./agenda-row.ts";

export interface ItemDraft extends AgendaRow {
  kind: OrderItemKind;
  /** At most 60 characters; made from the title when left empty. */
  short: string;
}

export function newDraft(number: string, title = "", kind: OrderItemKind = "vote"): ItemDraft {
  return { ...blankRow(1), number, title, kind, short: "" };
}

export function draftOf(item: ItemView): ItemDraft {
  return {
    ...blankRow(1),
    number: item.number,
    kind: item.kind,
    title: item.title,
    // One that was made from the title follows it again.
    short: item.title.startsWith(item.short_title.replace(/…$/, "")) ? "" : item.short_title,
    minutes: item.minutes === null ? "" : String(item.minutes),
    planned: item.planned_at === null ? "" : clockTime(item.planned_at),
    presenter: item.presenter ?? "",
    rule: item.rule ?? "",
    doors: item.closed ? "có" : "",
  };
}

/** `taken`: the numbers of the other items. */
export function wrongWith(draft: ItemDraft, rules: readonly string[], taken: readonly string[]): RowProblem[] {
  const row = cleaned(draft);
  const wrong = problemsOf([row], rules)[0] ?? [];
  return taken.includes(row.number) ? [...wrong, { code: "duplicate_number", value: row.number }] : wrong;
}

export function itemOf(draft: ItemDraft, day: number): NewItem | null {
  const item = itemsOf([cleaned(draft)], day)[0];
  const short = line(draft.short);
  return item ? { ...item, ...(short !== "" ? { short_title: short } : {}) } : null;
}

/** A rule belongs to what is voted on; one that was chosen before the kind was changed is let go. */
function cleaned(draft: ItemDraft): ItemDraft {
  const votes = draft.kind === "vote" || draft.kind === "election";
  return {
    ...draft,
    number: line(draft.number),
    title: line(draft.title),
    presenter: line(draft.presenter),
    minutes: draft.minutes.trim(),
    rule: votes ? draft.rule : "",
  };
}

function line(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
