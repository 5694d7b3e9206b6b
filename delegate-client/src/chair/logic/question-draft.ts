// A question while it is being worded, and what is wrong with it before it is sent.

import { groupsOf } from "@dienhong/web-shared/entitled.ts";
import type { NamedRuleView, QuestionView, RulesView } from "@dienhong/web-shared/wire.ts";
import type { Wording } from "../question-acts.ts";

export interface QuestionDraft {
  title: string;
  text: string;
  /** Name of a rule in the council's profile. */
  rule: string;
  form: "motion" | "choice" | "election";
  /** The options or the candidates. */
  options: string[];
  places: string;
  /** How many candidates a vote names at least. */
  least: string;
  /** The groups that vote on it; empty: everybody. */
  groups: string[];
  /** 0: no limit. */
  seconds: string;
  change: boolean;
  split: boolean;
  /** Each seat shows its answer while the ballot is open. */
  live: boolean;
}

export type QuestionProblem =
  | "q_title"
  | "q_options_few"
  | "q_options_many"
  | "q_option_empty"
  | "q_option_twice"
  | "q_places"
  | "q_least"
  | "q_seconds";

/** The chamber's limits (src/chamber/limits.rs): ten answers, of which one is always `abstain`. */
export const MAX_OPTIONS = 9;
const MIN_SECONDS = 5;
const MAX_SECONDS = 3600;

export function newQuestion(title: string, rules: RulesView, rule: string | null): QuestionDraft {
  return {
    title,
    text: "",
    rule: rules.majorities.some(({ name }) => name === rule) ? (rule ?? "") : (rules.majorities[0]?.name ?? ""),
    form: "motion",
    options: ["", ""],
    places: "1",
    least: "1",
    groups: [],
    seconds: String(rules.ballot_seconds),
    change: rules.change_allowed,
    split: rules.show_split,
    live: false,
  };
}

export function questionDraft(question: QuestionView, rules: RulesView): QuestionDraft {
  const options = question.form === "motion" ? [] : question.answers.filter(({ key }) => key !== "abstain").map(({ meaning }) => meaning);
  return {
    title: question.title,
    text: question.text,
    rule: nameOf(question, rules.majorities),
    form: question.form,
    options: options.length > 0 ? options : ["", ""],
    places: String(question.choices),
    least: String(question.min_choices || 1),
    groups: groupsOf(question),
    seconds: String(question.seconds),
    change: question.change_allowed,
    split: question.show_split,
    live: rules.names_public && question.live_names === true,
  };
}

/** A question carries its rule, not the rule's name: it is the first that says the same. */
function nameOf(question: QuestionView, majorities: readonly NamedRuleView[]): string {
  const same = JSON.stringify(question.rule, Object.keys(question.rule).sort());
  const found = majorities.find(({ rule }) => JSON.stringify(rule, Object.keys(rule).sort()) === same);
  return found?.name ?? majorities[0]?.name ?? "";
}

export function wrongWith(draft: QuestionDraft): QuestionProblem[] {
  const wrong: QuestionProblem[] = [];
  if (clean(draft.title) === "") wrong.push("q_title");
  if (draft.form !== "motion") {
    const options = draft.options.map(clean);
    if (options.some((option) => option === "")) wrong.push("q_option_empty");
    if (options.length < (draft.form === "choice" ? 2 : 1)) wrong.push("q_options_few");
    if (options.length > MAX_OPTIONS) wrong.push("q_options_many");
    if (new Set(options).size < options.length && !wrong.includes("q_option_empty")) wrong.push("q_option_twice");
  }
  if (draft.form === "election" && !between(draft.places, 1, draft.options.length)) wrong.push("q_places");
  else if (draft.form === "election" && !between(draft.least, 1, Number(draft.places))) wrong.push("q_least");
  if (draft.seconds.trim() !== "0" && !between(draft.seconds, MIN_SECONDS, MAX_SECONDS)) wrong.push("q_seconds");
  return wrong;
}

/** As the order carries it: options are `a1` …, candidates `c1` …; `abstain` is always there by itself. */
export function wordingOf(draft: QuestionDraft): Wording {
  const least = draft.form === "election" ? Number(draft.least) : 1;
  const letter = draft.form === "election" ? "c" : "a";
  return {
    title: clean(draft.title),
    text: draft.text.normalize("NFC").replace(/\r/g, "").trim(),
    rule: draft.rule,
    form: draft.form === "election" ? { election: { places: Number(draft.places) } } : draft.form,
    answers: draft.form === "motion" ? [] : draft.options.map((option, n) => ({ key: `${letter}${n + 1}`, meaning: clean(option) })),
    seconds: Number(draft.seconds),
    change_allowed: draft.change,
    show_split: draft.split,
    ...(draft.groups.length > 0 ? { groups: [...draft.groups] } : {}),
    ...(least > 1 ? { min_choices: least } : {}),
    ...(draft.live && draft.form === "motion" ? { live_names: true } : {}),
  };
}

function between(text: string, least: number, most: number): boolean {
  const n = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN;
  return n >= least && n <= most;
}

function clean(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
