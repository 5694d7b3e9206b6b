// The pages that only watch: wall, results, verify, and the two front doors.

import type { Page } from "playwright-core";
import { interpellates, planned, promises, speaks } from "../debate.ts";
import { blocIn, choiceIn, countedIn, electionIn, publishForms } from "../forms.ts";
import { putTo } from "../entitled.ts";
import { ballotIn, publish, resize, type HallBallot, type Split } from "../halls.ts";
import { questionOf } from "../fixtures.ts";
import { asFile, castVote, grow } from "../receipts.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

const HALL: Split = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };
const LARGE: Split = { yes: 212, no: 251, abstain: 14, notVoted: 5, absent: 18 };
const COMMUNE: Split = { yes: 22, no: 1, abstain: 1, notVoted: 0, absent: 3 };

/** Markup, a right-to-left override and a word without an end: all of it must stay text inside its box. */
export const HOSTILE = `<img src=x onerror=alert(1)> \u202Eevil\u202C ${"Ố".repeat(90)} ${"dài ".repeat(200)}`;

const mode = (wall: World["fixture"]["live"]["wall"]["mode"]) => (world: World) => {
  world.fixture.live.wall = { mode: wall, card: null, since: Date.now() };
};
const card = (wall: "title" | "countdown", title: string, text: string | null, seconds: number | null = null): State => ({
  before({ fixture }) {
    const until = seconds === null ? null : Date.now() + seconds * 1000;
    fixture.live.wall = { mode: wall, card: { title, text, until }, since: Date.now() };
  },
});
/** The same state with something more. */
const also = (state: State, more: (world: World) => void): State => ({
  ...state,
  async before(world) {
    await state.before?.(world);
    more(world);
  },
});
const ticker = ({ fixture }: World) =>
  void (fixture.live.ticker = "Các đại biểu Tổ 3 họp lúc 11 giờ 45 tại phòng 204. Tài liệu bổ sung của nội dung 9 đã phát ở bàn thư ký.");
const rehearsal = ({ fixture }: World) => void (fixture.council.rehearsal = true);
const suspend = (cause: "recess" | "failure", reason: string | null) => ({ fixture }: World) => {
  const since = Date.now() - 240_000;
  fixture.live.sitting!.suspension = { cause, reason, since, until: since + 1_200_000 };
};
/** As the public and unsigned walls are told. */
export const closeDoors = ({ fixture }: World): void => {
  const { live } = fixture;
  live.sitting = { ...live.sitting!, title: "", closed_doors: true };
  Object.assign(live, { gavel: null, item: null, ballot: null, walls: [], ticker: null, closed_doors: true });
  live.wall = { mode: "blank", card: null, since: live.wall.since };
  live.attendance = { ...live.attendance, present: 0, excused: 0, absent: 0, quorate: false, quorum: { ...live.attendance.quorum, base_count: 0, needed: 1, count: 0 } };
  fixture.seats = { ballot: null, marks: "", arranged: "by_seat" };
  Object.assign(fixture.speaking, { list_open: false, queue: [], speech: null, round: null, budgets: [] });
};
const ballot = (options: HallBallot): State => ({ before: (world) => void ballotIn(world.fixture, Date.now(), options) });

/** The line goes down after the page has painted; a ballot's last figures stay, grey. */
async function goDown(page: Page, world: World): Promise<void> {
  await page.locator(".wall:not([data-scene=connecting])").waitFor();
  world.reachable = false;
  world.cut();
  await page.locator(".wall--stale").waitFor();
}

export const wall: Record<string, State> = {
  welcome: {
    before(world) {
      resize(world.fixture, 95, 88, 0);
      mode("welcome")(world);
    },
  },
  "welcome-commune": {
    before(world) {
      resize(world.fixture, 27, 21, 2);
      world.fixture.live.sitting = null;
      mode("welcome")(world);
    },
  },
  "roll-call": {
    before(world) {
      resize(world.fixture, 95, 92, 2);
      mode("roll_call")(world);
    },
  },
  "roll-call-inquorate": {
    before(world) {
      resize(world.fixture, 125, 71, 6);
      mode("roll_call")(world);
    },
  },
  agenda: { before: mode("agenda") },
  item: { before: mode("item") },
  blank: { before: mode("blank") },
  voting: ballot({ state: "open", split: HALL, received: 83 }),
  "voting-split": {
    before(world) {
      const open = ballotIn(world.fixture, Date.now(), { state: "open", split: HALL, received: 83, left: 8_000 });
      open.split = [
        { answer: "yes", count: 77 },
        { answer: "no", count: 4 },
        { answer: "abstain", count: 2 },
      ];
    },
  },
  "voting-groups": {
    async before({ fixture }) {
      ballotIn(fixture, Date.now(), { state: "open", split: HALL, received: 83 });
      await putTo(fixture, { groups: ["Tổ 1", "Tổ 2", "Tổ 10"] });
    },
  },
  "voting-live-names": {
    async before({ fixture }) {
      ballotIn(fixture, Date.now(), { state: "open", split: HALL, received: 83 });
      await putTo(fixture, { live_names: true });
    },
  },
  "result-groups": {
    async before({ fixture }) {
      ballotIn(fixture, Date.now(), { state: "announced", split: HALL });
      await putTo(fixture, { groups: ["Tổ 1", "Tổ 2", "Tổ 10"] });
    },
  },
  "election-least": {
    async before({ fixture }) {
      electionIn(fixture, Date.now(), "open");
      await putTo(fixture, { min_choices: 2 });
    },
  },
  "voting-unlimited": ballot({ state: "open", split: COMMUNE, received: 19, left: null }),
  "voting-500": ballot({ state: "open", split: LARGE, received: 401, left: 95_000, item: "i6" }),
  held: ballot({ state: "on_hold", split: HALL, received: 83 }),
  provisional: ballot({ state: "closed", split: HALL }),
  result: ballot({ state: "announced", split: HALL }),
  "result-by-answer": ballot({ state: "confirmed", split: HALL, arranged: "by_answer" }),
  "result-500": ballot({ state: "confirmed", split: LARGE, item: "i6" }),
  "result-commune": ballot({ state: "confirmed", split: COMMUNE, item: "i2" }),
  "result-commune-by-answer": ballot({ state: "confirmed", split: COMMUNE, item: "i2", arranged: "by_answer" }),
  "result-15": ballot({ state: "confirmed", split: { yes: 7, no: 6, abstain: 1, notVoted: 0, absent: 1 }, item: "i2", round: 2 }),
  voided: ballot({ state: "voided", split: HALL, reason: "Ba máy của Tổ 7 mất kết nối trong khi biểu quyết" }),
  annulled: ballot({ state: "annulled", split: HALL, reason: "Hai máy ở dãy C gửi phiếu cho cùng một đại biểu" }),
  disconnected: { ...ballot({ state: "open", split: HALL, received: 83 }), after: goDown },
  "disconnected-result": { ...ballot({ state: "confirmed", split: HALL }), after: goDown },
  "disconnected-agenda": { before: mode("agenda"), after: goDown },
  "disconnected-welcome": {
    before(world) {
      resize(world.fixture, 95, 88, 0);
      mode("welcome")(world);
    },
    after: goDown,
  },
  "agenda-late": {
    before(world) {
      mode("agenda")(world);
      planned(world.fixture, Date.now(), 17);
    },
  },
  "item-presented": {
    before(world) {
      mode("item")(world);
      const item = world.fixture.council.agenda.find((one) => one.id === "i3")!;
      world.fixture.live.item = "i3";
      item.state = "current";
      planned(world.fixture, Date.now(), 0);
    },
  },
  speaker: { before: ({ fixture }) => void speaks(fixture, Date.now()) },
  "speaker-over": { before: ({ fixture }) => void speaks(fixture, Date.now(), { spent: 461_000 }) },
  "speaker-paused": { before: ({ fixture }) => void speaks(fixture, Date.now(), { paused: true, kind: "rebut", allotted: 120_000, spent: 44_000 }) },
  "speaker-unlimited": {
    before: ({ fixture }) => void speaks(fixture, Date.now(), { allotted: 0, spent: 754_000, kind: "explain", topic: "Về nguồn vốn và tiến độ giải ngân của dự án trong ba năm tới" }),
  },
  "speaker-none": {
    before({ fixture }) {
      speaks(fixture, Date.now());
      fixture.speaking.speech = null;
    },
  },
  "interpellation-asking": { before: ({ fixture }) => void interpellates(fixture, Date.now(), 2, false) },
  "interpellation-answer": { before: ({ fixture }) => void interpellates(fixture, Date.now(), 3, true) },
  "interpellation-starts": {
    before({ fixture }) {
      interpellates(fixture, Date.now(), 0, true);
      fixture.speaking.speech = null;
    },
  },
  choice: { before: ({ fixture }) => void choiceIn(fixture, Date.now(), "open") },
  election: { before: ({ fixture }) => void electionIn(fixture, Date.now(), "open") },
  "election-nine": { before: ({ fixture }) => void electionIn(fixture, Date.now(), "open", 9) },
  bloc: { before: ({ fixture }) => void blocIn(fixture, Date.now(), "open") },
  "result-choice": { before: ({ fixture }) => void choiceIn(fixture, Date.now(), "announced") },
  "result-choice-provisional": { before: ({ fixture }) => void choiceIn(fixture, Date.now(), "closed") },
  "result-election": { before: ({ fixture }) => void electionIn(fixture, Date.now(), "announced") },
  "result-election-twelve": { before: ({ fixture }) => void electionIn(fixture, Date.now(), "confirmed", 12) },
  "result-election-many": { before: ({ fixture }) => void electionIn(fixture, Date.now(), "confirmed", 23) },
  "result-election-none": { before: ({ fixture }) => void electionIn(fixture, Date.now(), "confirmed", 4, 0) },
  "result-bloc": { before: ({ fixture }) => void blocIn(fixture, Date.now(), "announced") },
  "result-hands": { before: ({ fixture }) => void countedIn(fixture, Date.now(), "show_of_hands") },
  "result-paper": { before: ({ fixture }) => void countedIn(fixture, Date.now(), "paper") },
  title: card("title", "Chào cờ", "Xin mời toàn thể đại biểu và khách mời đứng dậy"),
  "title-long": card("title", "Lễ trao Huân chương Lao động hạng Nhất cho tập thể và cá nhân có thành tích xuất sắc", null),
  countdown: card("countdown", "Giải lao", "Hội đồng họp tiếp tại hội trường lớn", 734),
  "countdown-over": card("countdown", "Giải lao", "Hội đồng họp tiếp tại hội trường lớn", -5),
  suspended: { before: suspend("recess", null) },
  "suspended-failure": { before: suspend("failure", "Mất điện ở dãy ghế bên trái, đang chuyển sang nguồn dự phòng") },
  "closed-doors": { before: closeDoors },
  "unknown-wall": { suffix: "?wall=w9" },
  "own-wall": {
    suffix: "?wall=w2",
    before({ fixture }) {
      fixture.live.walls = [{ id: "w2", name: "Sảnh đón khách", own: { mode: "agenda", card: null, since: Date.now() } }];
    },
  },
  "own-wall-welcome": {
    suffix: "?wall=w2",
    before(world) {
      resize(world.fixture, 95, 88, 0);
      world.fixture.live.walls = [{ id: "w2", name: "Sảnh đón khách", own: { mode: "welcome", card: null, since: Date.now() } }];
    },
  },
  "ticker-result": also(ballot({ state: "announced", split: HALL }), ticker),
  "ticker-voting": also(ballot({ state: "open", split: HALL, received: 83 }), ticker),
  "ticker-agenda": also({ before: mode("agenda") }, ticker),
  "ticker-speaker": { before: (world) => (ticker(world), void speaks(world.fixture, Date.now())) },
  "ticker-item": also({ before: mode("item") }, ticker),
  "ticker-election": { before: (world) => (ticker(world), void electionIn(world.fixture, Date.now(), "announced")) },
  "ticker-paper": { before: (world) => (ticker(world), void countedIn(world.fixture, Date.now(), "paper")) },
  "ticker-welcome": {
    before(world) {
      resize(world.fixture, 95, 88, 0);
      mode("welcome")(world);
      ticker(world);
    },
  },
  "rehearsal-result": also(ballot({ state: "announced", split: HALL }), rehearsal),
  "rehearsal-blank": also({ before: mode("blank") }, rehearsal),
  "rehearsal-title": also(card("title", "Chào cờ", null), rehearsal),
  "disconnected-speaker": { before: ({ fixture }) => void speaks(fixture, Date.now()), after: goDown },
  "disconnected-countdown": { ...card("countdown", "Giải lao", "Hội đồng họp tiếp tại hội trường lớn", 734), after: goDown },
  "disconnected-suspended": { before: suspend("recess", null), after: goDown },
  hostile: {
    before(world) {
      ballotIn(world.fixture, Date.now(), { state: "confirmed", split: HALL });
      const item = world.fixture.council.agenda.find((one) => one.id === "i9")!;
      item.number = HOSTILE.slice(0, 60);
      item.questions[0]!.title = HOSTILE;
      world.fixture.council.session!.title = HOSTILE;
    },
  },
  "hostile-item": {
    before(world) {
      const item = world.fixture.council.agenda.find((one) => one.id === "i4")!;
      item.number = "IV.2.b";
      item.title = HOSTILE;
      world.fixture.council.agenda.find((one) => one.id === "i5")!.title = HOSTILE;
      mode("item")(world);
    },
  },
};

export const results: Record<string, State> = {
  named: {
    before(world) {
      ballotIn(world.fixture, Date.now(), { state: "open", split: HALL, received: 57 });
      publish(world, Date.now(), { names: true });
    },
  },
  groups: {
    suffix: "#b9",
    async before({ fixture, json, council }) {
      const ballot = ballotIn(fixture, Date.now(), { state: "announced", split: HALL });
      const question = await putTo(fixture, { groups: ["Tổ 1", "Tổ 2", "Tổ 10"] });
      const item = fixture.council.agenda.find((one) => one.id === question.item)!;
      json.set(`/c/${council}/api/results`, { results: [{ item, question: question.id, ballot: { ...question.ballots[0]!, result: ballot.result }, seats: fixture.seats, names: null }] });
    },
  },
  restricted: {
    before: (world) => void publish(world, Date.now(), { names: false }),
  },
  annulled: {
    suffix: "#b7",
    before: (world) => void publish(world, Date.now(), { names: false, annulled: true }),
  },
  rejected: {
    suffix: "#b6",
    before: (world) => void publish(world, Date.now(), { names: true }),
  },
  choice: { suffix: "#b9", before: (world) => void publishForms(world, Date.now()) },
  election: { suffix: "#b8", before: (world) => void publishForms(world, Date.now()) },
  paper: { suffix: "#b7", before: (world) => void publishForms(world, Date.now()) },
  bloc: { suffix: "#b10", before: (world) => void publishForms(world, Date.now()) },
  empty: {
    before(world) {
      world.json.set(`/c/${world.council}/api/results`, { results: [] });
    },
  },
  failed: {},
  unknown: {
    suffix: "#b99",
    before: (world) => void publish(world, Date.now(), { names: false }),
  },
  disconnected: {
    before: (world) => void publish(world, Date.now(), { names: false }),
    async after(page, world) {
      await page.locator(".result").waitFor();
      world.reachable = false;
      world.cut();
      await page.locator(".strip--warn").waitFor();
    },
  },
};

export const council: Record<string, State> = {
  sitting: {
    before: (world) => void ballotIn(world.fixture, Date.now(), { state: "open", split: HALL, received: 57 }),
  },
  closed: {
    before(world) {
      world.fixture.live.sitting = null;
      world.fixture.live.item = null;
    },
  },
  "closed-doors": {
    before(world) {
      closeDoors(world);
      world.fixture.council.sittings[0] = { ...world.fixture.council.sittings[0]!, title: "", closed_doors: true };
    },
  },
  speaking: {
    before({ fixture }) {
      speaks(fixture, Date.now());
      planned(fixture, Date.now(), 17);
    },
  },
  interpellation: { before: ({ fixture }) => void interpellates(fixture, Date.now(), 2, false) },
  promises: { before: ({ fixture }) => void promises(fixture, Date.now()) },
  suspended: { before: suspend("recess", "Nghỉ giữa giờ") },
  rehearsal: { before: rehearsal },
};

/** A receipt of the mock record, brought in by its link; `spoil` changes it first. */
const verified = (spoil: (text: string) => string = (text) => text): State => ({
  before: (world) => void publish(world, Date.now(), { names: false }),
  async after(page, world) {
    const cast = await castVote(world.record, "d042", "yes", {}, questionOf(world.fixture).document_sha256);
    await grow(world, 37);
    await page.locator("#receipt").fill(spoil(await asFile(world.record, "d042", cast)));
    await page.locator(".btn--primary").click();
    await page.locator(".check").first().waitFor();
  },
});

export const verify: Record<string, State> = {
  empty: {},
  good: verified(),
  election: {
    before: ({ fixture }) => void electionIn(fixture, Date.now(), "announced", 5, 3, "i8"),
    async after(page, world) {
      const cast = await castVote(world.record, "d042", "c2");
      await grow(world, 37);
      await page.locator("#receipt").fill(await asFile(world.record, "d042", cast));
      await page.locator(".btn--primary").click();
      await page.locator(".check").first().waitFor();
    },
  },
  forged: verified((text) => text.replace('\\"answer\\":\\"yes\\"', '\\"answer\\":\\"no\\"')),
  "not-a-receipt": {
    async after(page) {
      await page.locator("#receipt").fill("A7F3");
      await page.locator(".btn--primary").click();
      await page.locator(".danger-text").waitFor();
    },
  },
};
