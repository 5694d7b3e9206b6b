// The council's rules while they are edited, and the checks the server will make (src/chamber/decide/council.rs).

import type { BaseView, RulesProfile, RulesView, RuleView, SpeakingRulesView, TieView } from "@dienhong/web-shared/wire.ts";

/** A field for a figure that is empty, or holds something else, gives `null` or `undefined`. */
export type Figure = number | null | undefined;

export interface RuleDraft {
  numerator: Figure;
  denominator: Figure;
  base: BaseView;
  constant: Figure;
  strict: boolean;
  tie: TieView;
}

export type SpeakingField = keyof SpeakingRulesView;

export interface RulesDraft {
  quorum: RuleDraft;
  quorum_enforced: boolean;
  majorities: { name: string; rule: RuleDraft }[];
  answers: { key: string; meaning: string }[];
  ballot_seconds: Figure;
  change_allowed: boolean;
  show_split: boolean;
  speaking: Record<SpeakingField, Figure>;
}

export const SPEECH_FIELDS = ["speak", "interpellate", "answer", "rebut", "explain", "point_of_order"] as const satisfies SpeakingField[];
export const QUORUM_BASES: BaseView[] = ["all_seats", "in_office"];
export const BASES: BaseView[] = ["all_seats", "in_office", "present", "took_part", "yes_and_no"];

/** src/chamber/limits.rs says why. */
export const MAX_RULES = 20;
const MAX_NUMBER = 10_000;
const MAX_ASKERS = 20;
const MAX_MEANING = 200;
const BALLOT = { min: 5, max: 3_600 };
const SPEECH = { min: 10, max: 3_600 };

export type RulesProblem = "number" | "share" | "denominator" | "ballot_seconds" | "speech_seconds" | "askers" | "empty" | "too_long" | "quorum_base";

/** Problems by the field's path, such as `majorities.2.numerator`. */
export type RulesProblems = Record<string, RulesProblem>;

export function draftOf(rules: RulesView): RulesDraft {
  const { quorum, quorum_enforced, majorities, answers, ballot_seconds, change_allowed, show_split, speaking } = rules;
  return structuredClone({ quorum, quorum_enforced, majorities, answers, ballot_seconds, change_allowed, show_split, speaking });
}

/** What is sent: all of the profile, with what cannot change as it is. Only for a draft without problems. */
export function profileOf(draft: RulesDraft, rules: RulesView): RulesProfile {
  const speaking = { ...rules.speaking };
  for (const field of Object.keys(speaking) as SpeakingField[]) speaking[field] = whole(draft.speaking[field]);
  return {
    preset: rules.preset,
    seats: rules.seats,
    quorum: ruleOf(draft.quorum),
    quorum_enforced: draft.quorum_enforced,
    majorities: draft.majorities.map(({ name, rule }) => ({ name, rule: ruleOf(rule) })),
    answers: draft.answers.map(({ key, meaning }) => ({ key, meaning: meaning.trim().normalize("NFC") })),
    ballot_seconds: whole(draft.ballot_seconds),
    change_allowed: draft.change_allowed,
    show_split: draft.show_split,
    names: rules.names_public ? "public" : "restricted",
    speaking,
  };
}

export function ruleOf(draft: RuleDraft): RuleView {
  return { ...draft, numerator: whole(draft.numerator), denominator: whole(draft.denominator), constant: whole(draft.constant) };
}

export function checkRules(draft: RulesDraft): RulesProblems {
  const problems: RulesProblems = {};
  Object.assign(problems, checkRule(draft.quorum, "quorum"));
  if (!QUORUM_BASES.includes(draft.quorum.base)) problems["quorum.base"] = "quorum_base";
  draft.majorities.forEach(({ rule }, n) => Object.assign(problems, checkRule(rule, `majorities.${n}`)));
  for (const { key, meaning } of draft.answers) {
    const text = meaning.trim().normalize("NFC");
    if (text === "") problems[`answers.${key}`] = "empty";
    else if ([...text].length > MAX_MEANING) problems[`answers.${key}`] = "too_long";
  }
  if (!isNoneOr(draft.ballot_seconds, BALLOT)) problems["ballot_seconds"] = "ballot_seconds";
  for (const field of SPEECH_FIELDS) if (!isNoneOr(draft.speaking[field], SPEECH)) problems[`speaking.${field}`] = "speech_seconds";
  if (!isBetween(draft.speaking.askers_a_round, 1, MAX_ASKERS)) problems["speaking.askers_a_round"] = "askers";
  return problems;
}

export function checkRule(rule: RuleDraft, path: string): RulesProblems {
  const problems: RulesProblems = {};
  if (!isBetween(rule.denominator, 1, MAX_NUMBER)) problems[`${path}.denominator`] = "denominator";
  if (!isBetween(rule.numerator, 0, MAX_NUMBER)) problems[`${path}.numerator`] = "number";
  else if (!problems[`${path}.denominator`] && whole(rule.numerator) > whole(rule.denominator)) problems[`${path}.numerator`] = "share";
  if (!isBetween(rule.constant, -MAX_NUMBER, MAX_NUMBER)) problems[`${path}.constant`] = "number";
  return problems;
}

/** A rule is named once and for ever; agenda items refer to the name. People read the rule itself. */
export function newRuleName(taken: readonly string[]): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`rule-${n}`)) return `rule-${n}`;
}

/** The list with one entry moved by `by` places; the same list where it cannot go. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const out = [...list];
  const to = from + by;
  const entry = out[from];
  if (entry === undefined || to < 0 || to >= out.length) return out;
  out.splice(from, 1);
  out.splice(to, 0, entry);
  return out;
}

function whole(figure: Figure): number {
  return figure ?? 0;
}

function isBetween(figure: Figure, min: number, max: number): boolean {
  return typeof figure === "number" && Number.isInteger(figure) && figure >= min && figure <= max;
}

function isNoneOr(figure: Figure, { min, max }: { min: number; max: number }): boolean {
  return figure === 0 || isBetween(figure, min, max);
}
