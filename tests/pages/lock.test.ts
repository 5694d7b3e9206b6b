// The lock of a page that signs: what it hides, what it lets through, and what a wrong PIN costs.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { CHAIR, ME, personOf, withBallot } from "./fixtures.ts";
import { launch, openPage, type OpenOptions } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { sideways, speak, violations } from "./harness/usable.ts";
import { OFFICES } from "./states/index.ts";
import { asked, lock, menu, OTHER, PIN, setPin, type, typeWrong } from "./states/lock.ts";

/** PBKDF2 takes its time on a busy machine, and some tests try many PINs. */
const LIMIT = 180_000;
const MINUTE = 60_000;

let browser: Browser;
let world: World;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => void (world = await World.start()));
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await world.stop();
});

const screen = (page: Page) => page.locator(".lockscreen");
const hall = (page: Page) => page.locator(".home");
const unlocked = (page: Page): Promise<void> => screen(page).waitFor({ state: "detached" });

async function open(options: Partial<OpenOptions> = {}): Promise<Page> {
  const page = await openPage(browser, world, { path: "delegate", person: ME, ...options });
  await page.locator("[data-act=person], .pinpad, .people").first().waitFor();
  return page;
}

async function openLocked(): Promise<Page> {
  const page = await open();
  await setPin(page);
  await lock(page);
  return page;
}

/** A ballot opens, and every page has heard of it. */
function openBallot(): void {
  withBallot(world.fixture, "open", Date.now());
  world.publish();
}

/** Sets the wall clock on; the line to the server goes by another one. */
async function pass(page: Page, ms: number): Promise<void> {
  await page.evaluate((ms) => {
    const before = Date.now;
    Date.now = () => before() + ms;
  }, ms);
}

it("hides the hall, says whose device it is, holds over a reload and without the server", async () => {
  const page = await openLocked();
  expect(await hall(page).isVisible()).toBe(false);
  expect(await page.evaluate(() => document.body.innerText)).not.toContain("Quy hoạch");
  expect(await page.title()).toBe("Máy đang khóa");
  expect(await screen(page).innerText()).toContain(personOf(world.fixture.roll, ME).name);
  expect(await screen(page).innerText()).toContain(world.fixture.council.name);

  await page.reload();
  await screen(page).waitFor();
  expect(await hall(page).isVisible()).toBe(false);
  world.reachable = false;
  world.cut();
  await type(page, PIN);
  await unlocked(page);
  await page.locator("[data-act=person]").waitFor();
}, LIMIT);

it("is no dialog that Esc closes, however often", async () => {
  const page = await openLocked();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
  expect(await screen(page).isVisible()).toBe(true);
  await type(page, PIN);
  await unlocked(page);
}, LIMIT);

it("takes a thumb on the pad, and says what is too short", async () => {
  const page = await openLocked();
  const pad = screen(page);
  for (const digit of "137") await pad.getByRole("button", { name: digit, exact: true }).click();
  await pad.getByRole("button", { name: "Mở khóa" }).click();
  await pad.getByText("Mã PIN có từ 4 đến 8 chữ số.").waitFor();
  await pad.getByRole("button", { name: "8", exact: true }).click();
  await pad.getByRole("button", { name: "Xóa một chữ số" }).click();
  await pad.getByRole("button", { name: "9", exact: true }).click();
  await pad.getByRole("button", { name: "Mở khóa" }).click();
  await unlocked(page);
}, LIMIT);

it("takes nothing too simple, and both entries alike", async () => {
  const page = await open();
  await menu(page, "pin-set");
  await type(page, "1234");
  await page.getByText("Mã này dễ đoán.").waitFor();
  await type(page, PIN);
  await asked(page, "Nhập lại");
  await type(page, "4826");
  await page.getByText("Hai lần nhập khác nhau.").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".pinpad").waitFor({ state: "detached" });
  await page.locator("[data-act=person]").click();
  expect(await page.locator("[data-act=pin-set]").isVisible()).toBe(true);
}, LIMIT);

it("counts wrong ones over a reload, and removes the key after five", async () => {
  const page = await openLocked();
  for (const left of [4, 3]) {
    await typeWrong(page);
    await screen(page).getByText(`Còn ${left} lần thử`).waitFor();
  }
  await page.reload();
  await screen(page).getByText("Còn 3 lần thử").waitFor();
  await typeWrong(page);
  await screen(page).getByText("Còn 2 lần thử").waitFor();
  await typeWrong(page);
  await screen(page).getByText("Chỉ còn 1 lần thử").waitFor();
  await type(page, "2468");
  await page.getByRole("heading", { name: "Khóa ký đã bị xóa khỏi máy này" }).waitFor();
  await page.getByText("Xin thư ký kỳ họp hoặc quản trị").waitFor();
  await page.getByRole("button", { name: "Nhập mã một lần" }).click();
  await page.locator(".codefield").waitFor();
  await page.reload();
  await page.locator(".codefield").waitFor();
}, LIMIT);

it("changes and removes the PIN only behind the old one", async () => {
  const page = await open();
  await setPin(page);
  await menu(page, "pin-change");
  await typeWrong(page);
  await type(page, PIN);
  await asked(page, "PIN mới, 4");
  await type(page, "4826");
  await asked(page, "Nhập lại");
  await type(page, "4826");
  await page.locator(".pinpad").waitFor({ state: "detached" });
  await lock(page);
  await type(page, "4826");
  await unlocked(page);
  await menu(page, "pin-remove");
  await type(page, "4826");
  await page.locator(".pinpad").waitFor({ state: "detached" });
  await page.locator("[data-act=person]").click();
  await page.locator("[data-act=pin-set]").waitFor();
}, LIMIT);

it("locks by itself after ten minutes, but not while a vote is owed", async () => {
  const page = await open();
  await setPin(page);
  openBallot();
  await page.locator(".vote--yes").waitFor();
  await pass(page, 11 * MINUTE);
  // A touch on a page that is due to lock never reaches it: this one does.
  await page.locator(".vote--yes").click();
  await page.locator(".strip--ok").waitFor();
  expect(await screen(page).count()).toBe(0);
  // Now nothing is owed.
  await pass(page, 11 * MINUTE);
  await screen(page).waitFor();
}, LIMIT);

it("a ballot that opens meanwhile is said, and not behind closed doors; it takes no vote until it is unlocked", async () => {
  const page = await openLocked();
  openBallot();
  await screen(page).getByText("Đang biểu quyết. Mở khóa để biểu quyết.").waitFor();
  world.fixture.live.closed_doors = true;
  world.publish();
  await screen(page).getByText("Đang biểu quyết").waitFor({ state: "detached" });
  // As somebody would who gets past the cover.
  await page.locator(".vote--yes").dispatchEvent("click");
  await type(page, PIN);
  await unlocked(page);
  await page.getByText("Máy đang khóa nên chưa gửi gì").first().waitFor();
  expect(world.votes).toEqual([]);
  await page.locator(".vote--yes").click();
  await page.locator(".strip--ok").waitFor();
  expect(world.votes.map(({ choice }) => choice)).toEqual(["yes"]);
}, LIMIT);

it("lets the receipt of a vote sent before arrive", async () => {
  const page = await open();
  await setPin(page);
  let answering = false;
  world.onVote = () => (answering ? "take" : "ignore");
  openBallot();
  await page.locator(".vote--yes").click();
  await page.locator(".is-sending").waitFor();
  await lock(page);
  answering = true;
  await expect.poll(() => world.votes.length, { timeout: LIMIT }).toBe(1);
  await type(page, PIN);
  await unlocked(page);
  await page.locator(".strip--ok").waitFor();
}, LIMIT);

it("an office's page asks at each opening until a PIN is set, and once put off it does not ask again on a reload", async () => {
  const page = await open({ path: "chair", person: CHAIR, pinAsked: true });
  await page.getByRole("heading", { name: "Đặt mã PIN cho máy này" }).waitFor();
  await page.getByRole("button", { name: "Để sau" }).click();
  await page.locator("[data-act=menu]").waitFor();
  await page.reload();
  await page.locator("[data-act=menu]").waitFor();
  const next = await page.context().newPage();
  await next.goto(page.url());
  await type(next, PIN);
  await asked(next, "Nhập lại");
  await type(next, PIN);
  await next.locator("[data-act=menu]").waitFor();
  // The key of the console, and every tab of the device with it.
  await next.keyboard.press("l");
  await screen(next).waitFor();
  await screen(page).waitFor();
  await type(page, PIN);
  await unlocked(page);
  await unlocked(next);
}, LIMIT);

it("the console's keys rest while it is locked", async () => {
  const page = await open({ path: "chair", person: CHAIR });
  await page.locator("[data-act=menu]").waitFor();
  await setPin(page);
  await lock(page);
  for (const key of ["n", "b", "?", "m"]) await page.keyboard.press(key);
  await type(page, PIN);
  await unlocked(page);
  expect(await page.locator("dialog[open]").count()).toBe(0);
  expect(world.orders).toEqual([]);
}, LIMIT);

it("lets the other person of a shared device through to their own key, and warns of both by name", async () => {
  const page = await open({ others: [OTHER] });
  const [mine, other] = [ME, OTHER].map((id) => personOf(world.fixture.roll, id).name);
  const warning = page.locator(".shared");
  for (const name of [mine!, other!]) expect(await warning.innerText()).toContain(name);
  await page.locator(".people").getByRole("button", { name: mine! }).click();
  await setPin(page);
  await lock(page);
  await page.getByRole("button", { name: "Người khác dùng máy này" }).click();
  await page.locator(".people").getByRole("button", { name: other! }).click();
  await hall(page).waitFor();
  await menu(page, "pin-set");
  await page.keyboard.press("Escape");
  await page.locator("[data-act=person]").click();
  await page.locator(".me__menu").getByRole("button", { name: mine! }).click();
  await screen(page).waitFor();
}, LIMIT);

it.each(["delegate", "chair", "admin"])("%s: a page whose place a newer one took says so, and takes it back when asked", async (path) => {
  const page = await open({ path, person: CHAIR });
  await page.locator("[data-act=person]").waitFor();
  await page.getByText("Đã kết nối").first().waitFor({ state: "attached" });
  world.cut(4001);
  await page.getByRole("heading", { name: "Trang này đang được dùng ở cửa sổ khác" }).waitFor();
  await speak(page, "en");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Use here instead" }).click();
  await page.getByRole("heading", { name: "This page is in use in another window" }).waitFor({ state: "detached" });
  await page.getByText("Connected").first().waitFor({ state: "attached" });
}, LIMIT);

it.each(["chair", "admin"])("%s: can be used by everybody while it asks and while it is locked, at every size", async (path) => {
  const { person } = OFFICES[path]!["pin-asked"]!;
  const page = await open({ path, person: person!, pinAsked: true });
  const usable = async (): Promise<void> => {
    for (const [language, width, height] of [["vi", 1280, 800], ["en", 390, 844], ["vi", 640, 400]] as const) {
      await speak(page, language);
      await page.setViewportSize({ width, height });
      await expect.poll(() => sideways(page)).toEqual([]);
      expect(await violations(page), `${language} ${width}×${height}`).toEqual([]);
    }
  };
  await page.locator(".gate .pinpad").waitFor();
  await usable();
  await type(page, PIN);
  await asked(page, "Nhập lại");
  await type(page, PIN);
  await page.locator("[data-act=person]").waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await lock(page);
  await usable();
}, LIMIT);
