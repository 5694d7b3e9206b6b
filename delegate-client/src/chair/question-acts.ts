// Questions: worded, put together in a bloc, counted by people.

import type { OrderAnswer, OrderAnswerCount, OrderBallotForm, OrderPapers, OrderQuestionForm, QuestionView } from "@dienhong/web-shared/wire.ts";
import type { Desk } from "./desk.svelte.ts";
import { t } from "./words.ts";

export interface Wording {
  title: string;
  text: string;
  rule: string;
  form: OrderQuestionForm;
  answers: OrderAnswer[];
  seconds: number;
  change_allowed: boolean;
  show_split: boolean;
  groups?: string[];
  min_choices?: number;
  live_names?: boolean;
}

export class QuestionActs {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** A new question for the item, or another wording of one that was not put to the vote yet. */
  async prepare(item: string, wording: Wording, replaces: string | null): Promise<boolean> {
    const { form, answers, ...rest } = wording;
    const order = {
      order: "prepare_question",
      target: item,
      ...rest,
      replaces,
      form: form === "motion" ? null : form,
      answers: form === "motion" ? null : answers,
    } as const;
    return this.#desk.acts.run("question", "question", order, t("toast_question"));
  }

  /** One question over several, put to the vote in the item under way if it is about it, else in the first item to come. */
  async bloc(title: string, questions: readonly QuestionView[], live: boolean): Promise<boolean> {
    const now = this.#desk.situation.item;
    if (!now) return false;
    const own = questions.some((question) => question.item === now.id);
    const first = own ? undefined : questions.find((question) => this.#desk.agenda.item(question.item)?.state === "upcoming");
    const order = { order: "prepare_bloc", target: first?.item ?? now.id, title, questions: questions.map((question) => question.id), ...(live ? { live_names: true } : {}) } as const;
    const taken = await this.#desk.acts.run("question", "bloc", order, t("toast_bloc", { n: questions.length }));
    // The bloc comes before the questions in it wherever nothing else was chosen.
    if (taken) this.#desk.chosenQuestion = null;
    return taken;
  }

  async count(question: string, form: OrderBallotForm, counts: OrderAnswerCount[], papers: OrderPapers | null): Promise<boolean> {
    return this.#desk.acts.run("question", "count", { order: "record_count", target: question, form, counts, papers }, t("toast_counted"));
  }
}
