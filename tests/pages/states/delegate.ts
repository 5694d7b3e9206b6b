import type { Page } from "playwright-core";
import { putTo } from "../entitled.ts";
import { ME, withBallot } from "../fixtures.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

const open = (world: World): void => void withBallot(world.fixture, "open", Date.now());
const visible = (page: Page, selector: string): Promise<void> => page.locator(selector).first().waitFor();
const tap = (page: Page, answer: string): Promise<void> => page.locator(`.vote--${answer}`).click();

async function recorded(page: Page): Promise<void> {
  await tap(page, "yes");
  await visible(page, ".strip--ok");
}

async function over(page: Page, world: World, state: Parameters<typeof withBallot>[1]): Promise<void> {
  await recorded(page);
  withBallot(world.fixture, state, Date.now());
  world.publish();
  await visible(page, ".outcome-page .verdict");
}

export const delegate: Record<string, State> = {
  enrol: { after: (page) => page.locator(".codefield input").fill("7KQM-2") },
  "enrol-wrong": {
    before: (world) => void (world.onLook = () => ({ refuse: "bad_code" })),
    suffix: "#enrol=7KQM-2F9Z",
    after: (page) => visible(page, ".is-wrong"),
  },
  "enrol-name": { suffix: "#enrol=7KQM-2F9Z", after: (page) => visible(page, ".person .name") },
  "enrol-done": {
    suffix: "#enrol=7KQM-2F9Z",
    after: async (page) => {
      await page.locator(".btn--primary").click();
      await visible(page, ".handed");
    },
  },
  "enrol-second": {
    person: ME,
    before: (world) => void (world.onLook = () => ({ person: "d007" })),
    after: async (page) => {
      await visible(page, ".home");
      await page.evaluate(() => (location.hash = "#enrol=7KQM-2F9Z"));
      await visible(page, ".person .name");
    },
  },
  "switch-person": {
    person: ME,
    others: ["d007", "s001"],
    after: async (page) => {
      await page.locator(".people .row--button").first().click();
      await page.locator("[data-act=person]").click();
      await visible(page, ".me__menu");
    },
  },
  choose: { person: ME, others: ["d007", "s001"], after: (page) => visible(page, ".people") },
  home: { person: ME, after: (page) => visible(page, ".home") },
  "home-absent": {
    person: ME,
    before: (world) => world.setMe(ME, { presence: "absent", present_since: null }),
    after: (page) => visible(page, ".home"),
  },
  "home-before": {
    person: ME,
    before: (world) => {
      world.fixture.live.sitting = null;
      world.fixture.live.item = null;
      world.fixture.live.gavel = null;
    },
    after: (page) => visible(page, ".home"),
  },
  "home-offline": {
    person: ME,
    after: async (page, world) => {
      await visible(page, ".home");
      world.reachable = false;
      world.cut();
      await visible(page, ".banner");
    },
  },
  voting: { person: ME, before: open, after: (page) => visible(page, ".vote--yes") },
  "voting-groups": {
    person: ME,
    before: async (world) => {
      open(world);
      await putTo(world.fixture, { groups: ["Tổ 10", "Tổ 6"] });
    },
    after: (page) => visible(page, ".vote--yes"),
  },
  "voting-apart": {
    person: ME,
    before: async (world) => {
      open(world);
      await putTo(world.fixture, { groups: ["Tổ 1", "Tổ 2"] });
    },
    after: (page) => visible(page, ".voting__watch"),
  },
  "voting-live-names": {
    person: ME,
    before: async (world) => {
      world.fixture.council.names_public = true;
      open(world);
      await putTo(world.fixture, { live_names: true });
    },
    after: (page) => visible(page, ".shownlive"),
  },
  "result-apart": {
    person: ME,
    before: async (world) => {
      open(world);
      await putTo(world.fixture, { groups: ["Tổ 1", "Tổ 2"] });
    },
    after: async (page, world) => {
      await visible(page, ".voting__watch");
      withBallot(world.fixture, "announced", Date.now());
      await putTo(world.fixture, { groups: ["Tổ 1", "Tổ 2"] });
      world.publish();
      await visible(page, ".outcome-page .verdict");
    },
  },
  "voting-long": {
    person: ME,
    before: (world) => {
      const ballot = withBallot(world.fixture, "open", Date.now());
      const long = world.fixture.council.agenda.find((i) => i.id === "i6")!.questions[0]!;
      Object.assign(ballot, { question: long.id, item: "i6", document_sha256: long.document_sha256 });
    },
    after: (page) => visible(page, ".vote--yes"),
  },
  low: {
    person: ME,
    before: (world) => void withBallot(world.fixture, "open", Date.now(), { left: 9_000 }),
    after: (page) => visible(page, ".timer--low"),
  },
  sending: {
    person: ME,
    before: (world) => {
      open(world);
      world.onVote = () => "ignore";
    },
    after: async (page) => {
      await tap(page, "yes");
      await visible(page, ".is-sending");
    },
  },
  late: {
    person: ME,
    before: (world) => {
      open(world);
      world.onVote = () => "ignore";
    },
    after: async (page) => {
      await tap(page, "yes");
      await visible(page, ".strip--warn");
    },
  },
  recorded: { person: ME, before: open, after: recorded },
  changing: {
    person: ME,
    before: open,
    after: async (page, world) => {
      await recorded(page);
      world.onVote = () => "ignore";
      await tap(page, "no");
      await visible(page, ".is-sending");
    },
  },
  refused: {
    person: ME,
    before: open,
    after: async (page, world) => {
      await recorded(page);
      world.onVote = () => ({ refuse: "ballot_not_open" });
      await tap(page, "no");
      await visible(page, ".strip--danger");
    },
  },
  "voting-absent": {
    person: ME,
    before: (world) => {
      open(world);
      world.setMe(ME, { presence: "absent", present_since: null });
    },
    after: (page) => visible(page, ".strip--warn"),
  },
  mismatch: {
    person: ME,
    before: (world) => {
      withBallot(world.fixture, "open", Date.now()).document_sha256 = "0".repeat(64);
    },
    after: (page) => visible(page, ".strip--danger"),
  },
  held: {
    person: ME,
    before: open,
    after: async (page, world) => {
      await recorded(page);
      withBallot(world.fixture, "on_hold", Date.now());
      world.publish();
      await visible(page, ".timer--held");
    },
  },
  offline: {
    person: ME,
    before: open,
    after: async (page, world) => {
      await recorded(page);
      world.reachable = false;
      world.cut();
      await visible(page, ".banner");
    },
  },
  "offline-none": {
    person: ME,
    before: open,
    after: async (page, world) => {
      await visible(page, ".vote--yes");
      world.reachable = false;
      world.cut();
      await visible(page, ".strip--danger");
    },
  },
  closed: { person: ME, before: open, after: (page, world) => over(page, world, "closed") },
  announced: { person: ME, before: open, after: (page, world) => over(page, world, "announced") },
  voided: { person: ME, before: open, after: (page, world) => over(page, world, "voided") },
  receipts: {
    person: ME,
    before: open,
    after: async (page, world) => {
      await over(page, world, "announced");
      await page.locator(".outcome-foot > .btn").click();
      await page.locator("#tab-receipts").click();
      await visible(page, "#panel .row--button");
    },
  },
  receipt: {
    person: ME,
    before: open,
    after: async (page) => {
      await recorded(page);
      await tap(page, "no");
      await visible(page, ".vote--no.is-chosen");
      await page.locator(".strip .btn--quiet").dispatchEvent("click");
      await page.locator(".checks li").nth(4).locator(".ok-text").waitFor();
    },
  },
  replaced: {
    person: ME,
    after: async (page, world) => {
      await visible(page, ".home");
      world.cut(4001);
      await visible(page, ".notice .actions");
    },
  },
  revoked: {
    person: ME,
    after: async (page, world) => {
      await visible(page, ".home");
      world.cut(4002);
      await visible(page, ".notice .actions");
    },
  },
};
