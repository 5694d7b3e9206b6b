// The day as planned and as it goes: the agenda as a tree, what comes next, and how late the day runs.

import type { ItemView, QuestionView, SittingBrief, Verdict } from "@dienhong/web-shared/wire.ts";

export type AgendaNode = { item: ItemView; under: AgendaNode[] };

/** The items in their order, each holding those under it. An item whose parent is not shown stands at the top. */
export function agendaTree(agenda: readonly ItemView[]): AgendaNode[] {
  const nodes = new Map(agenda.map((item) => [item.id, { item, under: [] } as AgendaNode]));
  const top: AgendaNode[] = [];
  for (const node of nodes.values()) {
    const above = node.item.parent === null ? undefined : nodes.get(node.item.parent);
    (above ? above.under : top).push(node);
  }
  return top;
}

/** What is taken up after the current item. A heading over other items is not itself taken up. */
export function nextItem(agenda: readonly ItemView[]): ItemView | null {
  const headings = new Set(agenda.map((item) => item.parent));
  const upcoming = agenda.filter((item) => item.state === "upcoming");
  const at = agenda.findIndex((item) => item.state === "current");
  const after = upcoming.filter((item) => agenda.indexOf(item) > at);
  return (after.length > 0 ? after : upcoming).find((item) => !headings.has(item.id)) ?? upcoming[0] ?? null;
}

/** Less is a hall's ordinary give and take. */
const NOTEWORTHY_MIN = 5;
const MINUTE_MS = 60_000;

/**
 * Minutes the day runs behind its plan; 0 while it is about on time or nothing was planned. The current item tells it by when
 * it began, and the next one by the time it should have begun.
 */
export function minutesLate(agenda: readonly ItemView[], now: number): number {
  const current = agenda.find((item) => item.state === "current");
  const next = nextItem(agenda);
  const began = current && current.planned_at !== null && current.started_at !== null ? current.started_at - current.planned_at : 0;
  const due = current && next && next.planned_at !== null ? now - next.planned_at : 0;
  const minutes = Math.floor(Math.max(began, due) / MINUTE_MS);
  return minutes >= NOTEWORTHY_MIN ? minutes : 0;
}

/** The sitting that is meant to be opened next. */
export function nextSitting(sittings: readonly SittingBrief[]): SittingBrief | null {
  return sittings.find((sitting) => sitting.opened_at === null) ?? null;
}

/** How the questions of an item were decided, by the newest round of each; a part of a bloc as its bloc was. */
export function decided(item: Pick<ItemView, "questions">): { adopted: number; rejected: number; total: number } {
  const parts = item.questions.filter((question) => question.bloc.length === 0);
  const questions = parts.length > 0 ? parts : item.questions;
  const verdicts = questions.map((question) => verdictOf(question) ?? verdictOf(item.questions.find((bloc) => bloc.id === question.in_bloc)));
  const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  return { adopted: count("adopted"), rejected: count("rejected"), total: questions.length };
}

function verdictOf(question: QuestionView | undefined): Verdict | null {
  const round = question?.ballots.at(-1);
  return round && round.state !== "annulled" ? (round.result?.verdict ?? null) : null;
}
