// A council of 95 seats with a day's agenda, made by a seeded generator: every person in it is invented.

import { questionHash } from "@dienhong/web-shared/record/question.ts";
import type {
  AttendanceView,
  BallotState,
  BallotView,
  ConsoleView,
  CouncilView,
  ItemKind,
  ItemView,
  LiveView,
  PersonView,
  QuestionView,
  ResultView,
  RollView,
  RuleView,
  SeatsView,
  SpeakingView,
  RulesView,
} from "@dienhong/web-shared/wire.ts";
import { pick, seeded } from "./harness/random.ts";

export const SEATS = 95;
/** The delegate most pages are opened as. */
export const ME = "d042";
export const CHAIR = "d001";
export const SECRETARY = "s001";
export const ADMINISTRATOR = "a001";

export const MAJORITY: RuleView = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" };
export const QUORUM: RuleView = { numerator: 2, denominator: 3, base: "all_seats", constant: 0, strict: false, tie: "fails" };

const FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn"];
const MIDDLE = ["Minh", "Quốc", "Thị Lan", "Đức", "Ngọc", "Thanh", "Văn", "Thị Thu", "Hữu", "Xuân", "Thị Kim", "Hải", "Gia", "Bảo"];
const GIVEN = [
  "Hạnh",
  "Bảo",
  "Chi",
  "Thắng",
  "Diệp",
  "Tùng",
  "Khôi",
  "Mai",
  "Sơn",
  "Yến",
  "Phúc",
  "Trâm",
  "Vinh",
  "Ánh",
  "Đạt",
  "Oanh",
  "Kiên",
  "Hương",
];

type AgendaLine = [number: string, kind: ItemKind, title: string, short: string, minutes: number | null];

const AGENDA: AgendaLine[] = [
  ["1", "ceremony", "Chào cờ, tuyên bố lý do, giới thiệu đại biểu", "Khai mạc", 15],
  ["2", "vote", "Thông qua chương trình kỳ họp thứ 29, Hội đồng nhân dân Thành phố khóa XVI", "Thông qua chương trình kỳ họp", 10],
  ["3", "report", "Báo cáo của Ủy ban nhân dân Thành phố về các nội dung trình kỳ họp", "Báo cáo của UBND Thành phố", 30],
  [
    "4",
    "discussion",
    "Thảo luận: Dự án Trục đại lộ cảnh quan sông Hồng và Quy hoạch phân khu đô thị thể thao Olympic",
    "Thảo luận: sông Hồng, khu đô thị Olympic",
    60,
  ],
  ["5", "interpellation", "Chất vấn về tiến độ giải phóng mặt bằng các dự án trọng điểm", "Chất vấn: giải phóng mặt bằng", 60],
  [
    "6",
    "vote",
    "Nghị quyết quy định nội dung, hồ sơ, điều kiện, tiêu chí, trình tự, thủ tục thực hiện lựa chọn nhà thầu, nhà đầu tư trong trường hợp đặc biệt đối với các dự án lớn, quan trọng trên địa bàn Thủ đô",
    "Lựa chọn nhà thầu, nhà đầu tư trường hợp đặc biệt",
    10,
  ],
  [
    "7",
    "vote",
    "Nghị quyết quy định trình tự, thủ tục quyết định chủ trương đầu tư, chấp thuận chủ trương đầu tư và điều chỉnh chủ trương đầu tư đối với các dự án lớn, quan trọng",
    "Thủ tục quyết định chủ trương đầu tư",
    10,
  ],
  [
    "8",
    "vote",
    "Nghị quyết về chủ trương đầu tư Dự án đầu tư xây dựng khu đô thị thể thao Olympic",
    "Chủ trương đầu tư khu đô thị thể thao Olympic",
    10,
  ],
  [
    "9",
    "vote",
    "Nghị quyết thông qua Quy hoạch phân khu đô thị thể thao Olympic, tỷ lệ 1/2000",
    "Quy hoạch khu đô thị thể thao Olympic, 1/2000",
    10,
  ],
  ["10", "vote", "Nghị quyết thông qua chủ trương đầu tư Dự án Trục đại lộ cảnh quan sông Hồng", "Trục đại lộ cảnh quan sông Hồng", 10],
  ["11", "ceremony", "Bế mạc kỳ họp", "Bế mạc", 10],
];

const MEANINGS = [
  { key: "yes", meaning: "Đồng ý thông qua toàn văn dự thảo nghị quyết." },
  { key: "no", meaning: "Không đồng ý thông qua dự thảo nghị quyết." },
  { key: "abstain", meaning: "Có tham gia biểu quyết, không chọn bên nào." },
];

/** The rules of a city council, as its founding lays them down. */
export const RULES: RulesView = {
  preset: "province",
  seats: SEATS,
  quorum: QUORUM,
  quorum_enforced: true,
  majorities: [
    { name: "majority_of_all", rule: MAJORITY },
    { name: "two_thirds_of_all", rule: { ...MAJORITY, numerator: 2, denominator: 3, strict: false } },
    { name: "majority_of_present", rule: { ...MAJORITY, base: "present" } },
  ],
  answers: MEANINGS,
  ballot_seconds: 60,
  change_allowed: true,
  show_split: false,
  names_public: false,
  speaking: { speak: 420, interpellate: 60, answer: 180, rebut: 120, explain: 180, point_of_order: 60, askers_a_round: 3 },
};

export const NOBODY_SPEAKS: SpeakingView = {
  list_open: false,
  queue: [],
  speech: null,
  round: null,
  budgets: [],
  people: [],
  groups: [],
  promises: [],
};

export type Fixture = {
  speaking: SpeakingView;
  council: CouncilView;
  roll: RollView;
  live: LiveView;
  seats: SeatsView;
  console: ConsoleView;
};

/** A sitting that has been open for a while; item 4 is on, nothing is being voted on. */
export async function makeFixture(now: number, vkey: string, origin: string): Promise<Fixture> {
  const roll = makeRoll(29);
  const agenda = await Promise.all(AGENDA.map((line) => makeItem(line, now)));
  const attendance = makeAttendance(95, 90, 3);
  const second = agenda[1]!.questions[0]!;
  second.ballots = [
    { id: "b1", round: 1, form: "electronic", state: "announced", result: makeResult([90, 0, 0], 90, now - 5_400_000, "announced"), reason: null },
  ];
  return {
    council: {
      id: "hanoi",
      origin,
      name: "Hội đồng nhân dân Thành phố Hà Nội",
      short_name: "HĐND Thành phố Hà Nội",
      vkey,
      names_public: false,
      rehearsal: false,
      rehearsing: null,
      rules: RULES,
      session: { id: "ses1", title: "Kỳ họp thứ 29", term: "Khóa XVI", kind: "regular" },
      sittings: [
        { id: "sit1", title: "Phiên toàn thể buổi sáng", closed_doors: false, planned_at: now - 6_300_000, opened_at: now - 6_000_000, closed_at: null },
        { id: "sit2", title: "Phiên toàn thể buổi chiều", closed_doors: false, planned_at: now + 12_000_000, opened_at: null, closed_at: null },
      ],
      agenda,
    },
    roll,
    live: {
      sitting: { id: "sit1", title: "Phiên toàn thể buổi sáng", opened_at: now - 6_000_000, closed_doors: false, suspension: null },
      gavel: { id: CHAIR, name: personOf(roll, CHAIR).name },
      attendance,
      item: "i4",
      ballot: null,
      wall: { mode: "item", card: null, since: now - 1_200_000 },
      walls: [],
      ticker: null,
      closed_doors: false,
    },
    speaking: { ...NOBODY_SPEAKS },
    seats: { ballot: null, marks: makeMarks(attendance), arranged: "by_seat" },
    console: {
      people: roll.people.map((p, i) => ({
        id: p.id,
        presence: i < 90 || p.seat === null ? "present" : i < 93 ? "excused" : "absent",
        reason: i >= 90 && i < 93 ? "Đi công tác" : null,
        device: i < 93 ? { id: `dev-${p.id}`, bound_at: now - 86_400_000, connected: i < 89, delay_ms: i < 89 ? 4 + (i % 9) : null, last_seen: i < 89 ? now - 800 : now - 240_000 } : null,
        revoked: null,
        code_until: null,
      })),
      missing: [],
      proposed: null,
      tie: false,
      chosen: [],
      watching: { walls: 2, public: 118 },
    },
  };
}

export type BallotOptions = {
  /** Milliseconds left. */
  left?: number;
  length?: number;
  received?: number;
  counts?: [yes: number, no: number, abstain: number];
  present?: number;
  round?: number;
  showSplit?: boolean;
};

/** Puts a ballot on item 8's question into the views, in the given state. */
export function withBallot(fixture: Fixture, state: BallotState, now: number, options: BallotOptions = {}): BallotView {
  const item = fixture.council.agenda.find((i) => i.id === "i8")!;
  const question = item.questions[0]!;
  const { left = 23_000, length = 60_000, counts = [84, 3, 2], present = 90, round = 1 } = options;
  const over = state !== "open" && state !== "on_hold";
  const result = over && state !== "voided" ? makeResult(counts, present, now - 20_000, state) : null;
  const reason = state === "voided" || state === "annulled" ? "Ba máy của Tổ 7 mất kết nối trong khi biểu quyết" : null;
  const ballot: BallotView = {
    id: `b${7 + round}`,
    question: question.id,
    item: item.id,
    round,
    form: "electronic",
    state,
    document_sha256: question.document_sha256,
    opened_at: now - (length - left),
    closes_at: state === "open" ? now + left : null,
    remaining_ms: state === "on_hold" ? left : null,
    length_ms: length,
    hold_cause: state === "on_hold" ? "chair" : null,
    received: over ? counts[0] + counts[1] + counts[2] : (options.received ?? 83),
    present,
    split: options.showSplit ? [] : null,
    result,
    reason,
  };
  question.ballots = [{ id: ballot.id, round, form: "electronic", state, result, reason }];
  for (const i of fixture.council.agenda) i.state = Number(i.number) < 8 ? "done" : i.id === "i8" ? "current" : "upcoming";
  fixture.live.item = item.id;
  fixture.live.ballot = ballot;
  fixture.live.wall = { mode: over ? "result" : "voting", card: null, since: now - 37_000 };
  fixture.seats = over
    ? { ballot: ballot.id, marks: answerMarks(result), arranged: "by_answer" }
    : { ballot: ballot.id, marks: votingMarks(ballot.received, present), arranged: "by_seat" };
  fixture.console.missing = over ? [] : fixture.roll.people.slice(ballot.received, present).map((p) => p.id);
  fixture.console.proposed = state === "closed" ? "adopted" : null;
  return ballot;
}

/** Item 8 is an open election of two out of three, in the given state; `null` before its first round. */
export function withElection(fixture: Fixture, state: BallotState | null, now: number): void {
  const ballot = withBallot(fixture, state ?? "open", now);
  const question = questionOf(fixture);
  const names = [11, 23, 47].map((n) => fixture.roll.people[n]!.name);
  const places = 2;
  const answers = [...names.map((meaning, n) => ({ key: `c${n + 1}`, meaning })), MEANINGS[2]!];
  Object.assign(question, { title: "Bầu bổ sung hai Ủy viên Ủy ban nhân dân Thành phố", form: "election", choices: places, answers });
  fixture.council.agenda.find((item) => item.id === "i8")!.short_title = "Bầu bổ sung hai Ủy viên UBND";
  if (state === null) {
    question.ballots = [];
    fixture.live.ballot = null;
    fixture.live.wall.mode = "item";
    fixture.console.missing = [];
    return;
  }
  if (!ballot.result) return;
  const counts = [71, 38, 62].map((count, n) => ({ answer: `c${n + 1}`, count }));
  Object.assign(ballot.result, {
    counts: [...counts, { answer: "abstain", count: 3 }],
    took_part: 88,
    not_voted: 2,
    threshold: { rule: MAJORITY, base_count: SEATS, needed: 48, count: 71 },
    chosen: ["c1", "c3"],
  });
}

export function makeResult(counts: [number, number, number], present: number, closedAt: number, state: BallotState): ResultView {
  const [yes, no, abstain] = counts;
  const tookPart = yes + no + abstain;
  const sealed = state === "confirmed" || state === "announced" || state === "annulled";
  return {
    counts: [
      { answer: "yes", count: yes },
      { answer: "no", count: no },
      { answer: "abstain", count: abstain },
    ],
    took_part: tookPart,
    present,
    not_voted: present - tookPart,
    absent: SEATS - present,
    in_office: SEATS,
    seats: SEATS,
    threshold: { rule: MAJORITY, base_count: SEATS, needed: 48, count: yes },
    verdict: sealed ? (yes >= 48 ? "adopted" : "rejected") : null,
    casting: null,
    chosen: [],
    recorded_by: null,
    papers: null,
    closed_at: closedAt,
    closed_by: "chair",
    confirmed_at: sealed ? closedAt + 8_000 : null,
    announced_at: state === "announced" || state === "annulled" ? closedAt + 15_000 : null,
  };
}

export function personOf(roll: RollView, id: string): PersonView {
  const person = roll.people.find((p) => p.id === id);
  if (!person) throw new Error(`nobody is called ${id}`);
  return person;
}

export function questionOf(fixture: Fixture, item = "i8"): QuestionView {
  return fixture.council.agenda.find((i) => i.id === item)!.questions[0]!;
}

function makeRoll(seed: number): RollView {
  const random = seeded(seed);
  const used = new Set<string>();
  const name = (): string => {
    for (;;) {
      const made = `${pick(random, FAMILY)} ${pick(random, MIDDLE)} ${pick(random, GIVEN)}`;
      if (!used.has(made)) {
        used.add(made);
        return made;
      }
    }
  };
  const people: PersonView[] = Array.from({ length: SEATS }, (_, i) => ({
    id: `d${String(i + 1).padStart(3, "0")}`,
    name: name(),
    seat: String(i + 1),
    group: `Tổ ${1 + Math.floor(i / 8)}`,
    offices: i === 0 ? ["chair"] : [],
  }));
  people.push({ id: SECRETARY, name: name(), seat: null, group: "Văn phòng", offices: ["secretary"] });
  people.push({ id: ADMINISTRATOR, name: name(), seat: null, group: "Văn phòng", offices: ["administrator"] });
  return { seats: SEATS, people };
}

async function makeItem([number, kind, title, short_title, minutes]: AgendaLine, now: number): Promise<ItemView> {
  const n = Number(number);
  const state = n < 4 ? "done" : n === 4 ? "current" : "upcoming";
  const questions: QuestionView[] = [];
  if (kind === "vote") {
    const fields = { title, text: "", answers: MEANINGS, rule: MAJORITY, change_allowed: true, form: "motion" as const, choices: 1, bloc: [] };
    questions.push({
      id: `q${number}`,
      item: `i${number}`,
      ...fields,
      in_bloc: null,
      document_sha256: await questionHash(fields),
      seconds: 60,
      show_split: false,
      ballots: [],
    });
  }
  return {
    id: `i${number}`,
    number,
    kind,
    title,
    short_title,
    minutes,
    parent: null,
    planned_at: null,
    presenter: kind === "report" ? "Ủy ban nhân dân Thành phố" : null,
    closed: false,
    rule: kind === "vote" ? "majority_of_all" : null,
    finished_at: state === "done" ? now - (4 - n) * 1_200_000 : null,
    state,
    started_at: state === "upcoming" ? null : now - (5 - n) * 1_200_000,
    questions,
  };
}

function makeAttendance(seats: number, present: number, excused: number): AttendanceView {
  return {
    seats,
    in_office: seats,
    present,
    excused,
    absent: seats - present - excused,
    quorum: { rule: QUORUM, base_count: seats, needed: Math.ceil((2 * seats) / 3), count: present },
    quorate: present >= Math.ceil((2 * seats) / 3),
  };
}

const makeMarks = (a: AttendanceView): string => "p".repeat(a.present) + "e".repeat(a.excused) + ".".repeat(a.absent);

function votingMarks(received: number, present: number): string {
  const random = seeded(received);
  const marks: string[] = Array.from({ length: SEATS }, (_, i) => (i < present ? "p" : "."));
  let left = received;
  while (left > 0) {
    const i = Math.floor(random() * present);
    if (marks[i] === "p") {
      marks[i] = "r";
      left--;
    }
  }
  return marks.join("");
}

function answerMarks(result: ResultView | null): string {
  if (!result) return makeMarks(makeAttendance(SEATS, 90, 3));
  const [yes = 0, no = 0, abstain = 0] = result.counts.map((c) => c.count);
  return "y".repeat(yes) + "n".repeat(no) + "a".repeat(abstain) + "p".repeat(result.not_voted) + ".".repeat(result.absent);
}
