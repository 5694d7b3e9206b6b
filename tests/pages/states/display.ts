// The pages that only watch: wall, results, verify, and the two front doors.

import type { Page } from "playwright-core";
import { ballotIn, publish, resize, type HallBallot, type Split } from "../halls.ts";
import { asFile, castVote, grow } from "../receipts.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

const HALL: Split = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };
const LARGE: Split = { yes: 212, no: 251, abstain: 14, notVoted: 5, absent: 18 };
const COMMUNE: Split = { yes: 22, no: 1, abstain: 1, notVoted: 0, absent: 3 };

/** Markup, a right-to-left override and a word without an end: all of it must stay text inside its box. */
export const HOSTILE = `<img src=x onerror=alert(1)> \u202Eevil\u202C ${"Ố".repeat(90)} ${"dài ".repeat(200)}`;

const mode = (wall: World["fixture"]["live"]["wall"]["mode"]) => (world: World) => {
  world.fixture.live.wall = { mode: wall, since: Date.now() };
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
};

/** A receipt of the mock record, brought in by its link; `spoil` changes it first. */
const verified = (spoil: (text: string) => string = (text) => text): State => ({
  before: (world) => void publish(world, Date.now(), { names: false }),
  async after(page, world) {
    const cast = await castVote(world.record, "d042");
    await grow(world, 37);
    await page.locator("#receipt").fill(spoil(await asFile(world.record, "d042", cast)));
    await page.locator(".btn--primary").click();
    await page.locator(".check").first().waitFor();
  },
});

export const verify: Record<string, State> = {
  empty: {},
  good: verified(),
  forged: verified((text) => text.replace('\\"answer\\":\\"yes\\"', '\\"answer\\":\\"no\\"')),
  "not-a-receipt": {
    async after(page) {
      await page.locator("#receipt").fill("A7F3");
      await page.locator(".btn--primary").click();
      await page.locator(".danger-text").waitFor();
    },
  },
};
