// Halls of other sizes and moments than the fixture's, for the pages that only watch.

import type { AttendanceView, BallotState, BallotView, PublishedResult, ResultView, SeatsView } from "@dienhong/web-shared/wire.ts";
import { MAJORITY, QUORUM, type Fixture } from "./fixtures.ts";
import { seeded } from "./harness/random.ts";
import type { World } from "./harness/server.ts";

export interface Split {
  yes: number;
  no: number;
  abstain: number;
  notVoted: number;
  absent: number;
}

/** The fixture's council, but with so many seats; `excused` of the absent have a reason. */
export function resize(fixture: Fixture, seats: number, present: number, excused: number): AttendanceView {
  const needed = Math.ceil((2 * seats) / 3);
  const attendance: AttendanceView = {
    seats,
    in_office: seats,
    present,
    excused,
    absent: seats - present - excused,
    quorum: { rule: QUORUM, base_count: seats, needed, count: present },
    quorate: present >= needed,
  };
  fixture.live.attendance = attendance;
  fixture.seats = { ballot: null, marks: shuffled({ p: present, e: excused, ".": attendance.absent }, 29), arranged: "by_seat" };
  return attendance;
}

export interface HallBallot {
  item?: string;
  state: BallotState;
  split: Split;
  /** Milliseconds left; null for a ballot without a limit. */
  left?: number | null;
  received?: number;
  arranged?: SeatsView["arranged"];
  round?: number;
  reason?: string | null;
}

/** Puts a ballot with these figures on the item's question, on a hall of as many seats as the figures add up to. */
export function ballotIn(fixture: Fixture, now: number, options: HallBallot): BallotView {
  const { item: itemId = "i9", state, split, left = 23_000, arranged = "by_seat", round = 1, reason = null } = options;
  const seats = split.yes + split.no + split.abstain + split.notVoted + split.absent;
  const present = seats - split.absent;
  resize(fixture, seats, present, 0);
  const item = fixture.council.agenda.find((one) => one.id === itemId)!;
  const question = item.questions[0]!;
  const over = state !== "open" && state !== "on_hold";
  const result = over && state !== "voided" ? resultOf(split, state, now - 31_000) : null;
  const received = options.received ?? split.yes + split.no + split.abstain;
  const id = `b${item.number}${round > 1 ? `r${round}` : ""}`;
  const ballot: BallotView = {
    id,
    question: question.id,
    item: item.id,
    round,
    form: "electronic",
    state,
    document_sha256: question.document_sha256,
    opened_at: now - 37_000,
    closes_at: state === "open" && left !== null ? now + left : null,
    remaining_ms: state === "on_hold" ? left : null,
    length_ms: left === null ? null : 60_000,
    hold_cause: state === "on_hold" ? "chair" : null,
    received,
    present,
    split: null,
    result,
    reason,
  };
  question.ballots = [{ id, round, form: "electronic", state, result, reason }];
  const at = fixture.council.agenda.indexOf(item);
  fixture.council.agenda.forEach((one, i) => (one.state = i < at ? "done" : i === at ? "current" : "upcoming"));
  fixture.live.item = item.id;
  fixture.live.ballot = ballot;
  fixture.live.wall = { mode: over ? "result" : "voting", card: null, since: now };
  const counts: Record<string, number> = over
    ? { y: split.yes, n: split.no, a: split.abstain, p: split.notVoted, ".": split.absent }
    : { r: received, p: present - received, ".": split.absent };
  fixture.seats = {
    ballot: id,
    marks: arranged === "by_answer" ? sorted(counts) : shuffled(counts, 11),
    arranged,
  };
  return ballot;
}

export function resultOf(split: Split, state: BallotState, closedAt: number): ResultView {
  const tookPart = split.yes + split.no + split.abstain;
  const inOffice = tookPart + split.notVoted + split.absent;
  const needed = Math.floor(inOffice / 2) + 1;
  const sealed = state === "confirmed" || state === "announced" || state === "annulled";
  return {
    counts: [
      { answer: "yes", count: split.yes },
      { answer: "no", count: split.no },
      { answer: "abstain", count: split.abstain },
    ],
    took_part: tookPart,
    present: inOffice - split.absent,
    not_voted: split.notVoted,
    absent: split.absent,
    in_office: inOffice,
    seats: inOffice,
    threshold: { rule: MAJORITY, base_count: inOffice, needed, count: split.yes },
    verdict: sealed ? (split.yes >= needed ? "adopted" : "rejected") : null,
    casting: null,
    chosen: [],
    recorded_by: null,
    papers: null,
    closed_at: closedAt,
    closed_by: "chair",
    confirmed_at: sealed ? closedAt + 9_000 : null,
    announced_at: state === "announced" || state === "annulled" ? closedAt + 15_000 : null,
  };
}

/** What `GET api/results` answers: items 2, 6, 7 and 8, the last one newest. */
export function publish(world: World, now: number, options: { names: boolean; annulled?: boolean }): PublishedResult[] {
  const figures: [string, Split][] = [
    ["i2", { yes: 90, no: 0, abstain: 1, notVoted: 0, absent: 4 }],
    ["i6", { yes: 44, no: 41, abstain: 5, notVoted: 1, absent: 4 }],
    ["i7", { yes: 85, no: 2, abstain: 4, notVoted: 0, absent: 4 }],
    ["i8", { yes: 84, no: 4, abstain: 2, notVoted: 1, absent: 4 }],
  ];
  const results = figures.map(([id, split], i): PublishedResult => {
    const item = world.fixture.council.agenda.find((one) => one.id === id)!;
    const question = item.questions[0]!;
    const state: BallotState = options.annulled && id === "i7" ? "annulled" : "announced";
    const reason = state === "annulled" ? "Hai máy ở dãy C gửi phiếu cho cùng một đại biểu" : null;
    const ballot = { id: `b${item.number}`, round: 1, form: "electronic" as const, state, result: resultOf(split, state, now - (figures.length - i) * 900_000), reason };
    question.ballots = [ballot];
    const counts = { y: split.yes, n: split.no, a: split.abstain, p: split.notVoted, ".": split.absent };
    const marks = options.names ? shuffled(counts, 5 + i) : sorted(counts);
    return {
      item,
      question: question.id,
      ballot,
      seats: { ballot: ballot.id, marks, arranged: options.names ? "by_seat" : "by_answer" },
      names: options.names ? namesOf(world.fixture, marks) : null,
    };
  });
  world.fixture.council.names_public = options.names;
  world.json.set(`/c/${world.council}/api/results`, { results });
  return results;
}

function namesOf(fixture: Fixture, marks: string): PublishedResult["names"] {
  const answers: Record<string, string | null> = { y: "yes", n: "no", a: "abstain" };
  return fixture.roll.people
    .filter((person) => person.seat !== null)
    .map((person, i) => ({
      person: person.id,
      name: person.name,
      group: person.group,
      answer: answers[marks.charAt(i)] ?? null,
      more: [],
      present: marks.charAt(i) !== ".",
    }));
}

function sorted(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([mark, count]) => mark.repeat(count))
    .join("");
}

function shuffled(counts: Record<string, number>, seed: number): string {
  const random = seeded(seed);
  const marks = [...sorted(counts)];
  for (let i = marks.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [marks[i], marks[j]] = [marks[j]!, marks[i]!];
  }
  return marks.join("");
}
