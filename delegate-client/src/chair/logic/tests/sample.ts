// A small hall for the tests: views as the server would send them, changed where a test needs it.

import type {
  BallotState,
  BallotView,
  ConsoleView,
  CouncilView,
  ItemView,
  LiveView,
  QuestionView,
  ResultView,
  RuleView,
} from "@dienhong/web-shared/wire.ts";

export const HALF: RuleView = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" };

export function result(yes: number, no: number, abstain: number, change: Partial<ResultView> = {}): ResultView {
  const took = yes + no + abstain;
  return {
    counts: [
      { answer: "yes", count: yes },
      { answer: "no", count: no },
      { answer: "abstain", count: abstain },
    ],
    took_part: took,
    present: 91,
    not_voted: 91 - took,
    absent: 4,
    in_office: 95,
    seats: 95,
    threshold: { rule: HALF, base_count: 95, needed: 48, count: yes },
    verdict: null,
    casting: null,
    chosen: [],
    recorded_by: null,
    papers: null,
    closed_at: 1000,
    closed_by: "time",
    confirmed_at: null,
    announced_at: null,
    ...change,
  };
}

export function question(change: Partial<QuestionView> = {}): QuestionView {
  return {
    id: "q8",
    item: "i8",
    title: "Chủ trương đầu tư",
    text: "",
    answers: ["yes", "no", "abstain"].map((key) => ({ key, meaning: key })),
    rule: HALF,
    form: "motion",
    choices: 1,
    bloc: [],
    in_bloc: null,
    document_sha256: "a".repeat(64),
    seconds: 60,
    change_allowed: true,
    show_split: false,
    ballots: [],
    ...change,
  };
}

export function item(number: string, change: Partial<ItemView> = {}): ItemView {
  return {
    id: `i${number}`,
    number,
    kind: "vote",
    title: `Nội dung ${number}`,
    short_title: `Nội dung ${number}`,
    minutes: null,
    parent: null,
    planned_at: null,
    presenter: null,
    closed: false,
    rule: null,
    state: "upcoming",
    started_at: null,
    finished_at: null,
    questions: [],
    ...change,
  };
}

export function ballot(state: BallotState, change: Partial<BallotView> = {}): BallotView {
  return {
    id: "b1",
    question: "q8",
    item: "i8",
    round: 1,
    form: "electronic",
    state,
    document_sha256: "a".repeat(64),
    opened_at: 0,
    closes_at: state === "open" ? 60_000 : null,
    remaining_ms: state === "on_hold" ? 23_000 : null,
    length_ms: 60_000,
    hold_cause: state === "on_hold" ? "chair" : null,
    received: 84,
    present: 91,
    split: null,
    result: state === "open" || state === "on_hold" || state === "voided" ? null : result(84, 4, 2),
    reason: state === "voided" || state === "annulled" ? "Sự cố" : null,
    ...change,
  };
}

/** Item 7 is done, item 8 is on with its question, item 9 comes next. */
export function council(ballots: QuestionView["ballots"] = [], change: Partial<CouncilView> = {}): CouncilView {
  return {
    id: "demo",
    origin: "demo.example/2025",
    name: "Hội đồng nhân dân mẫu",
    short_name: "HĐND mẫu",
    vkey: "",
    names_public: false,
    rehearsal: false,
    rehearsing: null,
    rules: {
      preset: "province",
      seats: 95,
      quorum: HALF,
      quorum_enforced: true,
      majorities: [{ name: "majority_of_all", rule: HALF }],
      answers: [],
      ballot_seconds: 60,
      change_allowed: true,
      show_split: false,
      names_public: false,
      speaking: { speak: 420, interpellate: 60, answer: 180, rebut: 120, explain: 180, point_of_order: 60, askers_a_round: 3 },
    },
    session: { id: "s29", title: "Kỳ họp thứ 29", term: "2021–2026", kind: "regular" },
    sittings: [],
    agenda: [
      item("7", { state: "done" }),
      item("8", { state: "current", questions: [question({ ballots })] }),
      item("9"),
    ],
    ...change,
  };
}

export function live(shown: BallotView | null, change: Partial<LiveView> = {}): LiveView {
  return {
    sitting: { id: "t1", title: "Phiên sáng", opened_at: 0, closed_doors: false, suspension: null },
    gavel: { id: "chair", name: "Đoàn Thị Lan Chi" },
    attendance: {
      seats: 95,
      in_office: 95,
      present: 91,
      excused: 2,
      absent: 2,
      quorum: { rule: { ...HALF, numerator: 2, denominator: 3, base: "all_seats", strict: false }, base_count: 95, needed: 64, count: 91 },
      quorate: true,
    },
    item: "i8",
    ballot: shown,
    wall: { mode: "item", card: null, since: 0 },
    walls: [],
    ticker: null,
    closed_doors: false,
    ...change,
  };
}

export function consoleView(change: Partial<ConsoleView> = {}): ConsoleView {
  return { people: [], missing: [], proposed: null, tie: false, chosen: [], watching: { walls: 1, public: 0 }, ...change };
}

export function brief(state: BallotState, round = 1): QuestionView["ballots"][number] {
  const view = ballot(state);
  return { id: `b${round}`, round, form: "electronic", state, result: view.result, reason: view.reason };
}
