// Where the sitting stands, derived from the views alone: every control of the console is decided from this one value.

import type {
  BallotView,
  ConsoleView,
  CouncilView,
  ItemView,
  LiveView,
  PersonView,
  QuestionView,
  SuspensionView,
  Verdict,
} from "@dienhong/web-shared/wire.ts";

/** What there is to work on, from nothing at all to a sitting under way. */
export type Stage = "no_session" | "no_agenda" | "no_sitting" | "no_item" | "item";

/** The ballot's place on its path. `none`: the item has nothing to vote on. */
export type BallotStep = "none" | "secret" | "draft" | "open" | "on_hold" | "closed" | "confirmed" | "announced";

export interface Situation {
  stage: Stage;
  item: ItemView | null;
  /** The item that "go to the next" would start. */
  next: ItemView | null;
  done: number;
  total: number;
  /** The question the ballot card is about. */
  question: QuestionView | null;
  /** All questions of the item that can still be, or were, voted on. */
  questions: QuestionView[];
  /** The question that is voted on next without retyping anything: the item's own, else the next item's. */
  upcoming: { question: QuestionView; item: ItemView } | null;
  step: BallotStep;
  /** The running ballot, or the last one that was neither voided nor annulled; `null` in draft. */
  ballot: BallotView | null;
  /** Round on screen: the running one's, or the next one's in draft. */
  round: number;
  /** Why the round before this one does not count, with its number. */
  previous: { round: number; reason: string; annulled: boolean } | null;
  proposed: Verdict | null;
  tie: boolean;
  quorate: boolean;
  /** A ballot is open or on hold. */
  running: boolean;
  suspension: SuspensionView | null;
  /** A ballot cannot be opened without a quorum here. */
  quorumEnforced: boolean;
}

export function situation(
  council: CouncilView | null,
  live: LiveView | null,
  console_: ConsoleView | null,
  chosenQuestion: string | null = null,
): Situation {
  const agenda = council?.agenda ?? [];
  const item = agenda.find((candidate) => candidate.id === live?.item) ?? null;
  const questions = item?.questions ?? [];
  const shown = live?.ballot ?? null;
  const running = shown !== null && (shown.state === "open" || shown.state === "on_hold");
  const question = pickQuestion(questions, shown, chosenQuestion);
  const own = shown !== null && question !== null && shown.question === question.id ? shown : briefAsView(question);
  const counts = own !== null && own.state !== "voided" && own.state !== "annulled";
  const last = question?.ballots.at(-1) ?? null;
  const dead = last !== null && (last.state === "voided" || last.state === "annulled") ? last : null;
  return {
    stage: stageOf(council, live, item),
    item,
    next: nextItem(agenda, item),
    done: agenda.filter((candidate) => candidate.state === "done").length,
    total: agenda.length,
    question,
    questions,
    upcoming: upcomingQuestion(agenda, item, question),
    step: stepOf(item, question, counts ? own : null),
    ballot: counts ? own : null,
    round: counts && own ? own.round : (last?.round ?? 0) + 1,
    previous: dead ? { round: dead.round, reason: dead.reason ?? "", annulled: dead.state === "annulled" } : null,
    proposed: console_?.proposed ?? null,
    tie: console_?.tie ?? false,
    quorate: live?.attendance.quorate ?? false,
    running,
    suspension: live?.sitting?.suspension ?? null,
    quorumEnforced: council?.rules.quorum_enforced ?? true,
  };
}

/** The first item after the current one that was not dealt with; the very first when none is current. */
export function nextItem(agenda: ItemView[], current: ItemView | null): ItemView | null {
  const from = current ? agenda.findIndex((candidate) => candidate.id === current.id) + 1 : 0;
  return agenda.slice(from).find((candidate) => candidate.state === "upcoming") ?? null;
}

/** True when the item's last word is a ballot that is closed but was not announced: leaving it would leave it unsaid. */
export function unfinished(step: BallotStep): boolean {
  return step === "open" || step === "on_hold" || step === "closed" || step === "confirmed";
}

/** One line for a delegate who is missing from the tally. */
export interface MissingPerson {
  person: PersonView;
  connected: boolean;
}

/** Those present who have not voted, by seat, with whether their tablet can still bring a vote in. */
export function missingPeople(people: PersonView[], console_: ConsoleView | null): MissingPerson[] {
  if (!console_) return [];
  const connected = new Map(console_.people.map((entry) => [entry.id, entry.device?.connected ?? false]));
  const missing = new Set(console_.missing);
  return people
    .filter((person) => missing.has(person.id))
    .sort(bySeat)
    .map((person) => ({ person, connected: connected.get(person.id) ?? false }));
}

export function bySeat(a: PersonView, b: PersonView): number {
  return (a.seat ?? "\uffff").localeCompare(b.seat ?? "\uffff", "vi", { numeric: true });
}

/** Present delegates, and how many of them have a tablet on the line. */
export function devices(people: PersonView[], console_: ConsoleView | null): { connected: number; present: number } {
  const delegates = new Set(people.filter((person) => person.seat !== null).map((person) => person.id));
  const present = (console_?.people ?? []).filter((entry) => entry.presence === "present" && delegates.has(entry.id));
  return { connected: present.filter((entry) => entry.device?.connected).length, present: present.length };
}

function stageOf(council: CouncilView | null, live: LiveView | null, item: ItemView | null): Stage {
  if (!council?.session) return "no_session";
  if (council.agenda.length === 0) return "no_agenda";
  if (!live?.sitting) return "no_sitting";
  return item ? "item" : "no_item";
}

/**
 * The running ballot's question, else the one chosen by hand, else the first not yet decided, a bloc before the questions in
 * it, else the last.
 */
function pickQuestion(questions: QuestionView[], shown: BallotView | null, chosen: string | null): QuestionView | null {
  const running = shown && (shown.state === "open" || shown.state === "on_hold") ? shown.question : null;
  const byId = (id: string | null) => (id === null ? undefined : questions.find((question) => question.id === id));
  const last = shown ? byId(shown.question) : undefined;
  return byId(running) ?? byId(chosen) ?? firstLeft(questions) ?? last ?? questions.at(-1) ?? null;
}

/** Nothing is left to be voted on: it was announced, or decided in a bloc. */
export function settled(question: QuestionView): boolean {
  return question.in_bloc !== null || question.ballots.at(-1)?.state === "announced";
}

/** What the block goes on with: only what is ready, in this item or directly in the next. */
function upcomingQuestion(agenda: ItemView[], item: ItemView | null, now: QuestionView | null): Situation["upcoming"] {
  if (!item) return null;
  const own = firstLeft(item.questions.filter((question) => question.id !== now?.id));
  if (own) return { question: own, item };
  const next = nextItem(agenda, item);
  const ready = next && firstLeft(next.questions);
  return next && ready ? { question: ready, item: next } : null;
}

/** The first that is still to be decided, a bloc before the questions in it. */
function firstLeft(questions: readonly QuestionView[]): QuestionView | undefined {
  const left = questions.filter((question) => !settled(question));
  return left.find((question) => question.bloc.length > 0) ?? left[0];
}

/** `live` shows one ballot only; an earlier question's result is read from the agenda. */
function briefAsView(question: QuestionView | null): BallotView | null {
  const brief = question?.ballots.at(-1);
  if (!question || !brief?.result) return null;
  return {
    id: brief.id,
    question: question.id,
    item: question.item,
    round: brief.round,
    form: brief.form,
    state: brief.state,
    document_sha256: question.document_sha256,
    opened_at: brief.result.closed_at,
    closes_at: null,
    remaining_ms: null,
    length_ms: null,
    hold_cause: null,
    received: brief.result.took_part,
    present: brief.result.present,
    split: null,
    result: brief.result,
    reason: brief.reason,
  };
}

/** Its vote is secret by its rule. */
export function isSecret(item: ItemView | null): boolean {
  return item?.rule?.startsWith("secret_") ?? false;
}

function stepOf(item: ItemView | null, question: QuestionView | null, ballot: BallotView | null): BallotStep {
  if (!question) return isSecret(item) ? "secret" : "none";
  if (!ballot) return "draft";
  return ballot.state === "voided" || ballot.state === "annulled" ? "draft" : ballot.state;
}
