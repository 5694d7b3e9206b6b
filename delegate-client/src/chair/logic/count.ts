// A count taken by show of hands or on paper, checked as it is typed: sums that do not fit are found before they are read out.

import type { OrderAnswerCount, OrderPapers, QuestionView } from "@dienhong/web-shared/wire.ts";

export type CountForm = "show_of_hands" | "paper";
export const PAPER_FIELDS = ["issued", "returned", "valid", "invalid"] as const;
export type PaperField = (typeof PAPER_FIELDS)[number];

export interface CountDraft {
  form: CountForm;
  /** By answer key, as typed. */
  counts: Record<string, string>;
  papers: Record<PaperField, string>;
}

export type CountProblem =
  | "c_numbers"
  | "c_over_present"
  | "c_issued"
  | "c_returned"
  | "c_valid"
  | "c_sum_valid"
  | "c_one_over"
  | "c_places";

type Asked = Pick<QuestionView, "form" | "choices" | "answers">;

export function newCount(question: Asked): CountDraft {
  return {
    form: "show_of_hands",
    counts: Object.fromEntries(question.answers.map(({ key }) => [key, ""])),
    papers: { issued: "", returned: "", valid: "", invalid: "" },
  };
}

export interface CountCheck {
  /** Everything filled in so far, added up. */
  sum: number;
  problems: CountProblem[];
  /** Nothing is missing and nothing is wrong. */
  ready: boolean;
}

/** Problems are told as soon as what they are about is filled in; what is still empty is only missing. */
export function check(draft: CountDraft, question: Asked, present: number): CountCheck {
  const counts = question.answers.map(({ key }) => number(draft.counts[key]));
  const papers = Object.fromEntries(PAPER_FIELDS.map((field) => [field, number(draft.papers[field])])) as Record<PaperField, number | null | undefined>;
  const wanted = [...counts, ...(draft.form === "paper" ? Object.values(papers) : [])];
  const problems: CountProblem[] = [];
  const say = (wrong: boolean, problem: CountProblem): void => void (wrong && problems.push(problem));
  const sum = counts.reduce<number>((all, n) => all + (n ?? 0), 0);
  const full = counts.every((n) => typeof n === "number");
  say(wanted.includes(undefined), "c_numbers");
  const { issued, returned, valid, invalid } = papers;
  const voters = draft.form === "paper" ? (valid ?? present) : present;
  if (draft.form === "paper") {
    say(known(issued) && issued > present, "c_issued");
    say(known(issued) && known(returned) && returned > issued, "c_returned");
    say(known(returned) && known(valid) && known(invalid) && valid + invalid !== returned, "c_valid");
  }
  if (question.form === "election") {
    say(counts.some((n) => known(n) && n > voters), "c_one_over");
    say(sum > voters * question.choices, "c_places");
  } else if (draft.form === "paper") say(full && known(valid) && sum !== valid, "c_sum_valid");
  else say(sum > present, "c_over_present");
  return { sum, problems, ready: problems.length === 0 && wanted.every((n) => typeof n === "number") };
}

export function countsOf(draft: CountDraft, question: Asked): OrderAnswerCount[] {
  return question.answers.map(({ key }) => ({ answer: key, count: Number(draft.counts[key]) }));
}

export function papersOf(draft: CountDraft): OrderPapers | null {
  if (draft.form !== "paper") return null;
  const { issued, returned, valid, invalid } = draft.papers;
  return { issued: Number(issued), returned: Number(returned), valid: Number(valid), invalid: Number(invalid) };
}

/** `null` while empty, `undefined` when it is not a number. */
function number(text: string | undefined): number | null | undefined {
  const typed = text?.trim() ?? "";
  if (typed === "") return null;
  return /^\d{1,4}$/.test(typed) ? Number(typed) : undefined;
}

function known(n: number | null | undefined): n is number {
  return typeof n === "number";
}
