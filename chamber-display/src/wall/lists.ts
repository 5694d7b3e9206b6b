// A ranking, a list of options and what a bloc decides, as far as a wall has room for them. Pure.

import type { CouncilView, QuestionView } from "@dienhong/web-shared/wire.ts";

/** Lines that stand between a title of two lines and the plinth. */
const LINES = 6;
/** So few that each may take two lines. */
const FEW = 3;

export interface Fitting<T> {
  shown: readonly T[];
  /** How many are left out; the last place says so. */
  more: number;
  columns: "few" | "one" | "two";
  /** Lines of the longer column. */
  rows: number;
}

/** What a list has room for. */
export function fitting<T>(all: readonly T[], lines = LINES): Fitting<T> {
  if (all.length <= lines) return { shown: all, more: 0, columns: all.length <= FEW ? "few" : "one", rows: all.length };
  const room = 2 * lines;
  const shown = all.length <= room ? all : all.slice(0, room - 1);
  return { shown, more: all.length - shown.length, columns: "two", rows: Math.ceil(Math.min(all.length, room) / 2) };
}

export interface Decided {
  key: string;
  number: string;
  title: string;
}

/** What a bloc decides, by the numbers and short titles the hall has in its papers. */
export function decidedBy(bloc: QuestionView, council: CouncilView): Decided[] {
  return bloc.bloc.map((part) => {
    const item = council.agenda.find((one) => one.questions.some((question) => question.id === part.question));
    // An item with several questions: its title would name them all alike.
    const alone = item && item.questions.filter((question) => question.bloc.length === 0).length === 1;
    return { key: part.question, number: item?.number ?? "", title: alone ? item.short_title : part.title };
  });
}
