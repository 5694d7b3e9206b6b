// What the wall shows, decided from the views alone. Pure, so that every case is tested without a browser.
//
// The server names a mode; the ballot's own state has the last word inside it, so that a closed ballot never looks open
// and a voided one never looks like a result.

import type { AttendanceView, BallotView, CouncilView, ItemView, LiveView, QuestionView, ResultView, SeatsView } from "@dienhong/web-shared/wire.ts";

export type Scene =
  | { kind: "connecting" }
  | { kind: "blank" }
  | { kind: "welcome" }
  | { kind: "roll_call" }
  | { kind: "agenda" }
  | { kind: "item"; item: ItemView; next: ItemView | null }
  | { kind: "voting"; item: ItemView | null; question: QuestionView | null; ballot: BallotView }
  | { kind: "result"; item: ItemView | null; question: QuestionView | null; ballot: BallotView }
  /** Voided before it counted, or annulled after it was announced. */
  | { kind: "struck"; item: ItemView | null; question: QuestionView | null; ballot: BallotView };

export function sceneOf(council: CouncilView | null, live: LiveView | null): Scene {
  if (!council || !live) return { kind: "connecting" };
  switch (live.wall.mode) {
    case "blank":
    case "welcome":
    case "roll_call":
    case "agenda":
      return { kind: live.wall.mode };
    case "item":
      return itemScene(council, live);
    case "voting":
    case "result":
      return live.ballot ? ballotScene(council, live.ballot) : itemScene(council, live);
  }
}

/** Two scenes with the same key are one picture that changes; another key is another picture, which fades in. */
export function sceneKey(scene: Scene): string {
  switch (scene.kind) {
    case "item":
      return `item ${scene.item.id}`;
    case "voting":
    case "result":
    case "struck":
      return `${scene.kind} ${scene.ballot.id}`;
    default:
      return scene.kind;
  }
}

function itemScene(council: CouncilView, live: LiveView): Scene {
  const at = council.agenda.findIndex((item) => item.id === live.item);
  const item = council.agenda[at];
  if (!item) return { kind: "agenda" };
  const next = council.agenda.slice(at + 1).find((later) => later.state === "upcoming") ?? null;
  return { kind: "item", item, next };
}

function ballotScene(council: CouncilView, ballot: BallotView): Scene {
  const item = council.agenda.find((one) => one.id === ballot.item) ?? null;
  const question = item?.questions.find((one) => one.id === ballot.question) ?? null;
  return { kind: ballotKind(ballot), item, question, ballot };
}

function ballotKind(ballot: BallotView): "voting" | "result" | "struck" {
  switch (ballot.state) {
    case "open":
    case "on_hold":
      return "voting";
    case "closed":
    case "confirmed":
    case "announced":
      return ballot.result ? "result" : "voting";
    case "voided":
    case "annulled":
      return "struck";
  }
}

/** Marks to draw, and whether they stand on people's own seats. */
export interface Marks {
  marks: string;
  arranged: SeatsView["arranged"];
}

/**
 * Who is in the hall. Marks of a ballot speak of another moment, so then the map is drawn from the counts alone, and says
 * that it is not by seat.
 */
export function attendanceMarks(seats: SeatsView | null, attendance: AttendanceView): Marks {
  if (seats && seats.ballot === null) return { marks: seats.marks, arranged: seats.arranged };
  return fromCounts([
    ["p", attendance.present],
    ["e", attendance.excused],
    [".", attendance.absent],
  ]);
}

/** While votes come in. Another ballot's marks are never drawn: then the map is drawn from the counts. */
export function votingMarks(seats: SeatsView | null, ballot: BallotView, inOffice: number): Marks {
  const present = Math.max(ballot.present, ballot.received);
  return (
    marksOf(seats, ballot) ??
    fromCounts([
      ["r", ballot.received],
      ["p", present - ballot.received],
      [".", inOffice - present],
    ])
  );
}

export function resultMarks(seats: SeatsView | null, ballot: BallotView, result: ResultView): Marks {
  const marks = marksOf(seats, ballot);
  // Marks of the open ballot may still be here for a moment after the result came.
  if (marks && !marks.marks.includes("r")) return marks;
  const count = (answer: string) => result.counts.find((one) => one.answer === answer)?.count ?? 0;
  return fromCounts([
    ["y", count("yes")],
    ["a", count("abstain")],
    ["n", count("no")],
    ["p", result.not_voted],
    [".", result.absent],
  ]);
}

function marksOf(seats: SeatsView | null, ballot: BallotView): Marks | null {
  if (!seats || seats.ballot !== ballot.id || seats.marks.length === 0) return null;
  return { marks: seats.marks, arranged: seats.arranged };
}

function fromCounts(counts: readonly (readonly [mark: string, count: number])[]): Marks {
  return { marks: counts.map(([mark, count]) => mark.repeat(Math.max(0, count))).join(""), arranged: "by_answer" };
}

export interface AgendaRow {
  item: ItemView;
  state: "done" | "now" | "next" | "later";
}

export interface AgendaPage {
  rows: AgendaRow[];
  done: number;
  total: number;
  /** Items after the last row shown. */
  further: number;
}

/** The part of the agenda that fits: what was just done, what is on, what comes. */
export function agendaPage(agenda: readonly ItemView[], current: string | null, room: number): AgendaPage {
  const at = agenda.findIndex((item) => item.id === current);
  const firstUpcoming = agenda.findIndex((item, i) => item.state === "upcoming" && i > at);
  const focus = at >= 0 ? at : firstUpcoming >= 0 ? firstUpcoming : agenda.length - 1;
  const start = Math.max(0, Math.min(focus - 1, agenda.length - room));
  const rows = agenda.slice(start, start + room).map((item, i): AgendaRow => {
    const index = start + i;
    if (index === at) return { item, state: "now" };
    if (item.state === "done") return { item, state: "done" };
    return { item, state: index === firstUpcoming ? "next" : "later" };
  });
  return {
    rows,
    done: agenda.filter((item) => item.state === "done").length,
    total: agenda.length,
    further: Math.max(0, agenda.length - start - rows.length),
  };
}

export interface ThresholdBar {
  /** Width of the whole bar, in votes. */
  whole: number;
  parts: { answer: string; x: number; width: number }[];
  /** Where those who did not take part begin. */
  rest: number;
  needed: number;
}

/** The rule at work, on the scale of all delegates. The parts are divided by gaps of a few thousandths of the bar. */
export function thresholdBar(result: ResultView): ThresholdBar {
  const whole = Math.max(1, result.in_office, result.took_part, result.threshold.needed);
  const gap = whole / 400;
  let x = 0;
  const parts = result.counts.map(({ answer, count }) => {
    const part = { answer, x, width: Math.max(0, count - gap) };
    x += count;
    return part;
  });
  return { whole, parts, rest: x, needed: result.threshold.needed };
}
