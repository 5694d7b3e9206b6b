// What a delegate can rely on: nothing is shown as recorded that is not, and nothing that was tapped is lost.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { ME, withBallot } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";

let browser: Browser;
let world: World;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  world = await World.start();
  withBallot(world.fixture, "open", Date.now(), { left: 120_000, length: 120_000 });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await world.stop();
});

const open = (): Promise<Page> => openPage(browser, world, { path: "delegate", person: ME });
const tap = (page: Page, answer: string): Promise<void> => page.locator(`.vote--${answer}`).click();
const chosen = (page: Page, answer: string): Promise<void> => page.locator(`.vote--${answer}.is-chosen`).waitFor();
const strip = (page: Page, tone: string): Promise<void> => page.locator(`.strip--${tone}`).waitFor();

it("records a vote by one tap and shows its time and short code", async () => {
  const page = await open();
  await tap(page, "yes");
  await chosen(page, "yes");
  expect(world.votes.map((v) => [v.choice, v.turn])).toEqual([["yes", 1]]);
  const { short } = world.me(ME).vote!;
  expect(await page.locator(".strip .body b").textContent()).toContain(`#${short}`);
});

it("changes a vote, keeping the old one until the new one is recorded", async () => {
  const page = await open();
  await tap(page, "yes");
  await chosen(page, "yes");
  world.onVote = () => "ignore";
  await tap(page, "no");
  await page.locator(".vote--no.is-sending").waitFor();
  expect(await page.locator(".vote--yes.is-chosen").count()).toBe(1);
  world.onVote = () => "take";
  await chosen(page, "no");
  expect(await page.locator(".vote--yes.is-chosen").count()).toBe(0);
  expect(world.votes.map((v) => [v.choice, v.turn])).toEqual([
    ["yes", 1],
    ["no", 2],
  ]);
});

it("lets the newest of several quick taps win", async () => {
  const page = await open();
  world.onVote = () => "ignore";
  await tap(page, "yes");
  await tap(page, "no");
  await tap(page, "abstain");
  world.onVote = () => "take";
  await chosen(page, "abstain");
  expect(world.votes.at(-1)!.choice).toBe("abstain");
  expect(world.votes.map((v) => v.turn)).toEqual(world.votes.map((_, i) => i + 1));
});

it("sends an unanswered vote again by the same statement, over a broken line, and counts it once", async () => {
  const page = await open();
  const seen: string[] = [];
  world.onVote = (vote) => {
    seen.push(vote.nonce);
    return "ignore";
  };
  await tap(page, "yes");
  await strip(page, "warn");
  world.cut();
  world.onVote = (vote) => {
    seen.push(vote.nonce);
    return "take";
  };
  await chosen(page, "yes");
  expect(new Set(seen).size).toBe(1);
  expect(seen.length).toBeGreaterThan(1);
  expect(world.votes.length).toBe(1);
});

it("asks again after a reload about a vote that was signed and not answered", async () => {
  const page = await open();
  world.onVote = () => "ignore";
  await tap(page, "no");
  await strip(page, "warn");
  world.onVote = () => "take";
  await page.reload();
  await chosen(page, "no");
  expect(world.votes.map((v) => v.choice)).toEqual(["no"]);
});

it("keeps the receipt over a reload and verifies it again", async () => {
  const page = await open();
  await tap(page, "yes");
  await chosen(page, "yes");
  await page.reload();
  await chosen(page, "yes");
  await page.locator(".strip .btn--quiet").click();
  await page.locator(".checks .ok-text").nth(4).waitFor();
  expect(await page.locator(".checks .danger-text").count()).toBe(0);
});

it("waits through a busy server", async () => {
  const page = await open();
  let times = 0;
  world.onVote = () => (++times < 3 ? { refuse: "busy", retry: true } : "take");
  await tap(page, "yes");
  await chosen(page, "yes");
  expect(world.votes.length).toBe(1);
});

it("says why a vote was refused and that the earlier one stands", async () => {
  const page = await open();
  await tap(page, "yes");
  await chosen(page, "yes");
  world.onVote = () => ({ refuse: "ballot_not_open" });
  await tap(page, "no");
  await strip(page, "danger");
  const text = await page.locator(".strip").textContent();
  expect(text).toContain("Không được ghi nhận");
  expect(text).toContain("Phiếu trước vẫn giữ: Tán thành");
  expect(await page.locator(".vote--yes.is-chosen").count()).toBe(1);
});

it("does not take a forged receipt for a recorded vote", async () => {
  world.forgeReceipts = true;
  const page = await open();
  await tap(page, "yes");
  await strip(page, "danger");
  await page.locator(".banner").waitFor();
  expect(await page.locator(".is-chosen").count()).toBe(0);
});

it("sends nothing when the text shown is not what was put to the vote", async () => {
  world.fixture.council.agenda.find((i) => i.id === "i8")!.questions[0]!.title += " (bản sửa)";
  const page = await open();
  await strip(page, "danger");
  expect(await page.locator(".vote--yes").isDisabled()).toBe(true);
  expect(world.votes).toEqual([]);
});

it("locks within a second when the line breaks, and comes back without a reload", async () => {
  const page = await open();
  await tap(page, "yes");
  await chosen(page, "yes");
  world.reachable = false;
  world.cut();
  await page.locator(".banner").waitFor({ timeout: 1_000 });
  expect(await page.locator(".vote--no").isDisabled()).toBe(true);
  expect(await page.locator(".strip--ok").textContent()).toContain("vẫn được giữ");
  withBallot(world.fixture, "closed", Date.now());
  world.reachable = true;
  await page.locator(".banner .btn").click();
  await page.locator(".outcome-page").waitFor();
});

it("never shows an older state, and says so when the record runs backwards", async () => {
  const page = await open();
  await page.locator(".vote--yes").waitFor();
  world.sizeOffset = -100;
  withBallot(world.fixture, "closed", Date.now());
  await expect
    .poll(
      async () => {
        world.publish();
        return page.locator(".banner").count();
      },
      { timeout: 15_000 },
    )
    .toBe(1);
  expect(await page.locator(".outcome-page").count()).toBe(0);
});

it("takes the one-time code out of the address at once and enrols", async () => {
  const page = await openPage(browser, world, { path: "delegate#enrol=7kqm2f9z" });
  await page.locator(".person .name").waitFor();
  expect(new URL(page.url()).hash).toBe("");
  await page.locator(".btn--primary").click();
  await page.locator(".handed").waitFor();
  world.setMe(ME, { presence: "absent", present_since: null });
  await page.locator(".btn--primary").click();
  await expect.poll(() => world.orders.map((o) => o.order.order)).toEqual(["check_in"]);
});

it("can be used by keyboard alone", async () => {
  const page = await open();
  await page.locator(".vote--yes").waitFor();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.classList.contains("vote--no"))) break;
  }
  await page.keyboard.press("Enter");
  await chosen(page, "no");
});

it("asks first where a vote cannot be changed", async () => {
  const question = world.fixture.council.agenda.find((i) => i.id === "i8")!.questions[0]!;
  question.change_allowed = false;
  const { questionHash } = await import("@dienhong/web-shared/record/question.ts");
  world.fixture.live.ballot!.document_sha256 = question.document_sha256 = await questionHash(question);
  const page = await open();
  await tap(page, "no");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  expect(world.votes).toEqual([]);
  await tap(page, "no");
  await page.locator("dialog .btn--primary").click();
  await page.locator(".vote--no.was-chosen").waitFor();
  expect(await page.locator(".vote--yes").isDisabled()).toBe(true);
});
