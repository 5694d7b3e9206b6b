// What the seat map and the threshold bar draw, from the views alone. Pure.

import type { AttendanceView, BallotView, ResultView, SeatsView } from "@dienhong/web-shared/wire.ts";

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
  const entitled = ballot.entitled || inOffice;
  return (
    marksOf(seats, ballot) ??
    fromCounts([
      ["r", ballot.received],
      ["p", present - ballot.received],
      [".", entitled - present],
      ["-", inOffice - entitled],
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
    // So that the hall keeps its size until the marks follow.
    ["-", (marks?.marks.length ?? 0) - result.in_office],
  ]);
}

function marksOf(seats: SeatsView | null, ballot: BallotView): Marks | null {
  if (!seats || seats.ballot !== ballot.id || seats.marks.length === 0) return null;
  return { marks: seats.marks, arranged: seats.arranged };
}

function fromCounts(counts: readonly (readonly [mark: string, count: number])[]): Marks {
  return { marks: counts.map(([mark, count]) => mark.repeat(Math.max(0, count))).join(""), arranged: "by_answer" };
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
