// Time spoken, by group and by person, with what is being spoken at this moment.

import { spentMs } from "@dienhong/web-shared/speech.ts";
import type { BudgetView, PersonView, SpeakingView, SpeechView, SpokenView } from "@dienhong/web-shared/wire.ts";

export interface BudgetLine {
  group: string;
  budgetMs: number;
  spentMs: number;
  /** Negative once it is over. */
  leftMs: number;
  /** Of the budget, 0 to 1. */
  share: number;
}

/** The current item's budgets, the least left first; a speech under way counts as far as it has come. */
export function budgetLines(budgets: readonly BudgetView[], speech: SpeechView | null, now: number): BudgetLine[] {
  return budgets
    .map((budget) => {
      const running = speech?.group === budget.group ? spentMs(speech, now) : 0;
      const spent = budget.spent_ms + running;
      const whole = budget.seconds * 1000;
      return { group: budget.group, budgetMs: whole, spentMs: spent, leftMs: whole - spent, share: whole === 0 ? 1 : Math.min(1, spent / whole) };
    })
    .sort((a, b) => a.leftMs - b.leftMs || a.group.localeCompare(b.group, "vi", { numeric: true }));
}

/** What was spoken in the session, the longest first, with the speech under way added to its person or group. */
export function spokenLines(view: SpeakingView, by: "people" | "groups", now: number): SpokenView[] {
  const lines = view[by].map((line) => ({ ...line }));
  const { speech } = view;
  if (speech) {
    const id = by === "people" ? speech.person.id : speech.group;
    let line = lines.find((candidate) => candidate.id === id);
    if (!line) {
      line = { id, name: by === "people" ? speech.person.name : speech.group, speeches: 0, spent_ms: 0 };
      lines.push(line);
    }
    line.speeches += 1;
    line.spent_ms += spentMs(speech, now);
  }
  return lines.sort((a, b) => b.spent_ms - a.spent_ms || a.name.localeCompare(b.name, "vi", { numeric: true }));
}

/** The groups that delegates sit in, in natural order: whose time can be budgeted. */
export function delegateGroups(people: readonly PersonView[]): string[] {
  const groups = new Set(people.filter((person) => person.seat !== null && person.group !== "").map((person) => person.group));
  return [...groups].sort((a, b) => a.localeCompare(b, "vi", { numeric: true }));
}

/** Whole minutes typed for a group as seconds; `null` for what is no number of minutes within a day. */
export function budgetSeconds(typed: string): number | null {
  const text = typed.trim();
  if (text === "") return 0;
  const minutes = Number(text);
  return Number.isInteger(minutes) && minutes >= 0 && minutes <= 1_440 ? minutes * 60 : null;
}
