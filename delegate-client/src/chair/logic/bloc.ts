// Which questions can be decided by one ballot: motions by the same rule, put to the same delegates, that were not put to the vote yet.

import { groupsOf } from "@dienhong/web-shared/entitled.ts";
import type { ItemView, QuestionView } from "@dienhong/web-shared/wire.ts";

export interface BlocChoice {
  item: ItemView;
  question: QuestionView;
}

/** In the agenda's order. */
export function blocChoices(agenda: readonly ItemView[]): BlocChoice[] {
  return agenda.flatMap((item) => item.questions.filter(undecided).map((question) => ({ item, question })));
}

/** With the first one chosen, only those by its rule and for its groups go with it. */
export function fitsBloc(question: QuestionView, chosen: readonly QuestionView[]): boolean {
  const first = chosen[0];
  return !first || (sameRule(first, question) && sameGroups(first, question));
}

function undecided(question: QuestionView): boolean {
  return question.form === "motion" && question.bloc.length === 0 && question.in_bloc === null && question.ballots.length === 0;
}

function sameRule(a: QuestionView, b: QuestionView): boolean {
  const one = Object.entries(a.rule).sort();
  return JSON.stringify(one) === JSON.stringify(Object.entries(b.rule).sort());
}

function sameGroups(a: QuestionView, b: QuestionView): boolean {
  return groupsOf(a).join("\n") === groupsOf(b).join("\n");
}
