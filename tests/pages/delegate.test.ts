// What a delegate can rely on: nothing is shown as recorded that is not, and nothing that was tapped is lost.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { interpellates, OFFICIAL, speaks } from "./debate.ts";
import { ME, withBallot } from "./fixtures.ts";
import { putTo } from "./entitled.ts";
import { choiceIn, counted, electionIn } from "./forms.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { join, queueUp, rehash } from "./states/delegate-day.ts";

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
const button = (page: Page, name: string): ReturnType<Page["getByRole"]> => page.getByRole("button", { name });
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
  // The page tries by itself too, and may be back first.
  await page.locator(".banner .btn").dispatchEvent("click", undefined, { timeout: 1_000 }).catch(() => undefined);
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

// ── ballots of other forms ──

it("casts one of several options by one tap and changes it by another", async () => {
  await rehash(world, choiceIn(world.fixture, Date.now(), "open"));
  const page = await open();
  await page.locator("[data-answer=a2]").click();
  await page.locator("[data-answer=a2].is-chosen").waitFor();
  await page.locator("[data-answer=abstain]").click();
  await page.locator("[data-answer=abstain].is-chosen").waitFor();
  expect(world.votes.map((v) => v.choice)).toEqual(["a2", "abstain"]);
});

it("sends the names picked in an election as one vote, in the question's order, and shows them as recorded", async () => {
  await rehash(world, electionIn(world.fixture, Date.now(), "open"));
  const page = await open();
  expect(await page.locator(".send").isDisabled()).toBe(true);
  for (const key of ["c4", "c1", "c2"]) await page.locator(`[data-answer=${key}]`).click();
  await page.locator("[data-answer=c5]").click();
  expect(await page.locator(".strip--warn").textContent()).toContain("Đã chọn đủ 3 người");
  await page.locator("[data-answer=c2]").click();
  expect(await page.locator(".strip--warn").textContent()).toContain("Lá phiếu chưa gửi");
  expect(world.votes).toEqual([]);
  await page.locator(".send").click();
  await strip(page, "ok");
  expect(world.votes.map((v) => [v.choice, v.more])).toEqual([["c1", ["c4"]]]);
  const names = await page.locator(".option.is-chosen .word").allTextContents();
  expect(await page.locator(".strip--ok").textContent()).toContain(names.join(", "));
  expect(names.length).toBe(2);
  await page.locator("[data-answer=abstain]").click();
  await page.locator("[data-answer=abstain].is-chosen").waitFor();
  expect(await page.locator(".option.is-chosen").count()).toBe(0);
});

it("asks for as many names as the question does, and says how many are missing", async () => {
  electionIn(world.fixture, Date.now(), "open");
  await putTo(world.fixture, { min_choices: 2 });
  const page = await open();
  expect(await page.locator(".voting__top").textContent()).toContain("chọn từ 2 đến 3 người");
  expect(await page.locator(".send").textContent()).toContain("Còn thiếu 2 người");
  await page.locator("[data-answer=c4]").click();
  expect(await page.locator(".send").textContent()).toContain("Còn thiếu 1 người");
  expect(await page.locator(".send").isDisabled()).toBe(true);
  expect(await page.locator(".strip--warn").textContent()).toContain("Còn thiếu 1 người");
  await page.locator("[data-answer=c2]").click();
  await page.locator(".send").click();
  await strip(page, "ok");
  expect(world.votes.map((v) => [v.choice, v.more])).toEqual([["c2", ["c4"]]]);
});

it("tells a delegate of another group whose vote it is, shows the figures, and offers nothing to tap", async () => {
  withBallot(world.fixture, "open", Date.now());
  await putTo(world.fixture, { groups: ["Tổ 2", "Tổ 1"] });
  const page = await open();
  await page.locator(".voting__watch").waitFor();
  expect(await page.locator(".voting__watch").textContent()).toContain("Chỉ Tổ 1, Tổ 2 biểu quyết nội dung này");
  expect(await page.locator(".received").textContent()).toMatch(/\/16 phiếu/);
  expect(await page.locator(".vote, .strip--warn").count()).toBe(0);
  await putTo(world.fixture, { groups: ["Tổ 6"] });
  world.publish();
  await page.locator(".vote--yes").click();
  await strip(page, "ok");
  expect(world.votes.map((v) => v.choice)).toEqual(["yes"]);
});

it("keeps the recorded ballot of an election over a reload", async () => {
  await rehash(world, electionIn(world.fixture, Date.now(), "open"));
  const page = await open();
  for (const key of ["c1", "c3"]) await page.locator(`[data-answer=${key}]`).click();
  await page.locator(".send").click();
  await strip(page, "ok");
  await page.reload();
  await page.locator("[data-answer=c3].is-chosen").waitFor();
  expect(await page.locator(".option.is-chosen").count()).toBe(2);
});

it("shows who recorded a show of hands and asks nobody for a vote in it", async () => {
  counted(world.fixture, withBallot(world.fixture, "announced", Date.now()), "show_of_hands");
  const page = await open();
  await button(page, "Xem kết quả biểu quyết").click();
  const text = await page.locator(".outcome-page").textContent();
  expect(text).toContain("Giơ tay");
  expect(text).toContain(`ghi bởi ${world.fixture.live.ballot!.result!.recorded_by!.name}`);
  expect(text).toContain("không biểu quyết trên máy");
});

// ── coming in, being reminded ──

it("lets a delegate who comes in during a ballot vote at once", async () => {
  world.setMe(ME, { presence: "absent", present_since: null });
  const page = await open();
  await page.locator(".vote--yes:disabled").waitFor();
  await button(page, "Điểm danh").click();
  await tap(page, "yes");
  await chosen(page, "yes");
  expect(world.orders.map((o) => o.order.order)).toEqual(["check_in"]);
});

/** Counts what the page sounds and shakes. */
async function listen(page: Page): Promise<() => Promise<{ notes: number; shakes: number }>> {
  await page.evaluate(() => {
    const heard = { notes: 0, shakes: 0 };
    Object.assign(window, { heard });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
      heard.notes++;
      start.call(this, when);
    };
    navigator.vibrate = () => Boolean(++heard.shakes);
  });
  return () => page.evaluate(() => (window as unknown as { heard: { notes: number; shakes: number } }).heard);
}

it("brings a reminder before a delegate who has not voted, with sound and shake, wherever they are on the page", async () => {
  const page = await open();
  const heard = await listen(page);
  await page.locator(".question h1").click();
  world.setMe(ME, { nudged_at: Date.now() });
  world.publish();
  await strip(page, "warn");
  expect(await page.locator(".strip--warn").textContent()).toContain("nhắc");
  await expect.poll(heard).toEqual({ notes: 3, shakes: 1 });
  await tap(page, "yes");
  await chosen(page, "yes");
  expect(await page.locator(".strip--warn").count()).toBe(0);
});

it("sounds when a ballot opens, unless its person has switched the tone off here", async () => {
  const ballot = world.fixture.live.ballot;
  world.fixture.live.ballot = null;
  const page = await open();
  const heard = await listen(page);
  await page.locator("[data-act=person]").click();
  await page.locator("[data-act=tone]").click();
  world.fixture.live.ballot = ballot;
  world.publish();
  await page.locator(".vote--yes").waitFor();
  expect(await heard()).toEqual({ notes: 0, shakes: 1 });
  await page.reload();
  await page.locator("[data-act=person]").click();
  expect(await page.locator("[data-act=tone]").getAttribute("aria-checked")).toBe("false");
});

// ── asking to speak and speaking ──

function atRest(): void {
  world.fixture.live.ballot = null;
  world.fixture.live.item = "i4";
  world.fixture.council.agenda.forEach((item) => (item.state = Number(item.number) < 4 ? "done" : item.id === "i4" ? "current" : "upcoming"));
  world.fixture.speaking = { ...world.fixture.speaking, list_open: true };
}

it("asks to speak by one tap, tells the place in the queue, and takes the request back", async () => {
  atRest();
  queueUp(world, "d007");
  world.onOrder = (order) => {
    if (order.order === "ask_to_speak") queueUp(world, ME);
    if (order.order === "withdraw_request") world.fixture.speaking.queue.pop();
    return "take";
  };
  const page = await open();
  await button(page, "Đăng ký phát biểu").click();
  await page.getByText("Ông/bà đứng thứ 2").waitFor();
  expect(world.orders[0]).toMatchObject({ order: { order: "ask_to_speak", target: ME }, args: { kind: "speak" } });
  await button(page, "Rút đăng ký").click();
  await button(page, "Đăng ký phát biểu").waitFor();
  expect(world.orders[1]!.order).toMatchObject({ order: "withdraw_request", target: `rq-${ME}` });
});

it("interpellates an official about a topic", async () => {
  atRest();
  interpellates(world.fixture, Date.now(), 1, false);
  world.fixture.speaking.list_open = true;
  const page = await open();
  await button(page, "Đăng ký chất vấn").click();
  await page.getByRole("textbox", { name: "Về việc gì?" }).fill("Tái định cư");
  await button(page, "Gửi đăng ký").click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  expect(world.orders.map((o) => o.args)).toEqual([{ kind: "interpellate", topic: "Tái định cư", to: OFFICIAL }]);
});

it("takes a point of order also while the list is closed", async () => {
  atRest();
  world.fixture.speaking.list_open = false;
  const page = await open();
  await button(page, "Xin nêu ý kiến về điều hành").click();
  await expect.poll(() => world.orders.map((o) => o.args)).toEqual([{ kind: "point_of_order" }]);
  expect(await button(page, "Đăng ký phát biểu").count()).toBe(0);
});

it("gives whoever is called their own clock over the page, and lets them end", async () => {
  atRest();
  const page = await open();
  await page.locator(".home").waitFor();
  const speech = speaks(world.fixture, Date.now(), { person: ME });
  world.publish();
  await page.locator(".ownfloor").getByTestId("speech-clock").waitFor();
  await button(page, "Kết thúc phát biểu").click();
  await expect.poll(() => world.orders.map((o) => [o.order.order, o.order.target])).toEqual([["end_speech", speech.id]]);
  world.fixture.speaking = { ...world.fixture.speaking, speech: null };
  world.publish();
  await page.locator(".ownfloor").waitFor({ state: "detached" });
});

// ── others on this page ──

it("an official sees the round and may ask to answer or explain, and is asked for no vote and no check-in", async () => {
  atRest();
  interpellates(world.fixture, Date.now(), 2, false);
  world.fixture.speaking.list_open = true;
  const page = await openPage(browser, world, { path: "delegate", person: OFFICIAL });
  await page.locator(".round").waitFor();
  const offered = await page.locator(".mine button").allInnerTexts();
  expect(offered.map((text) => text.split("\n")[0])).toEqual(["Xin trả lời", "Xin giải trình", "Xin nêu ý kiến về điều hành"]);
  expect(world.orders).toEqual([]);
});

it.each(["guest", "press"] as const)("the %s has nothing to press, at rest or while others vote", async (office) => {
  const ballot = world.fixture.live.ballot;
  atRest();
  join(world, "x001", office, "");
  const page = await openPage(browser, world, { path: "delegate", person: "x001" });
  await page.locator(".home").waitFor();
  expect(await page.locator(".mine button").count()).toBe(0);
  world.fixture.live.ballot = ballot;
  world.publish();
  await page.locator(".voting").waitFor();
  expect(await page.locator("main button").count()).toBe(0);
});

// ── rehearsals ──

it("takes part in a rehearsal with the council's key, signs for the rehearsal's log alone, and keeps nothing of it", async () => {
  const rehearsal = await World.rehearsal();
  try {
    withBallot(rehearsal.fixture, "open", Date.now(), { left: 120_000, length: 120_000 });
    const page = await openPage(browser, rehearsal, { path: "delegate", person: ME });
    await tap(page, "yes");
    await chosen(page, "yes");
    expect(rehearsal.votes.map((v) => [v.log, v.person])).toEqual([[`${rehearsal.home.origin}/rehearsal`, ME]]);
    await page.locator(".rehearsal").waitFor();
    expect(await page.locator(".banner").count()).toBe(0);
    const kept = await page.evaluate(
      () =>
        new Promise((done) => {
          const request = indexedDB.open("dienhong", 1);
          request.onsuccess = () => {
            const all = request.result.transaction("receipts").objectStore("receipts").getAll();
            all.onsuccess = () => done(all.result);
          };
        }),
    );
    expect(kept).toEqual([]);
    rehearsal.cut(4008);
    await page.getByRole("link", { name: "Về trang của kỳ họp" }).waitFor();
    expect(await page.getByRole("link", { name: "Về trang của kỳ họp" }).getAttribute("href")).toBe("/c/hanoi/delegate");
  } finally {
    await rehearsal.stop();
  }
});

it("does not act in a rehearsal that names the council's own log", async () => {
  const rehearsal = await World.rehearsal();
  try {
    rehearsal.fixture.council.origin = rehearsal.home.origin;
    const page = await openPage(browser, rehearsal, { path: "delegate", person: ME });
    await button(page, "Thử lại").waitFor();
    expect(await page.locator(".home").count()).toBe(0);
  } finally {
    await rehearsal.stop();
  }
});

it("counts down a recess and goes on by itself", async () => {
  atRest();
  const now = Date.now();
  world.fixture.live.sitting!.suspension = { cause: "recess", reason: "Giải lao", since: now, until: now + 600_000 };
  const page = await open();
  expect(await page.locator(".suspended").getByRole("timer").innerText()).toMatch(/^(9:5\d|10:00)$/);
  world.fixture.live.sitting!.suspension = null;
  world.publish();
  await page.locator(".suspended").waitFor({ state: "detached" });
});
