// Screens side by side: their clocks, their numbers while clients come and go, and what each role is not shown.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as act from "./acts.ts";
import { compareClocks, median } from "./clocks.ts";
import { Demo, type Part } from "./demo.ts";
import { Hall } from "./hall.ts";
import { CONSOLE, launch, press, Room, see, WALL } from "./room.ts";
import { convene, type Sitting } from "./sitting.ts";

/** What two clocks may differ by. */
const APART_MS = 100;
const WATCHED_MS = 8_000;

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

describe("with a few devices", () => {
  let hall: Hall;
  let room: Room;
  let street: Room;
  let wall: Page;
  let sitting: Sitting;
  beforeEach(async () => {
    hall = await Hall.open({ preset: "generic" });
    room = await Room.enter(browser, hall);
    street = await Room.enter(browser, hall);
    wall = await street.open("wall", WALL);
    sitting = await convene(hall, room, ["d2", "d3", "d4"]);
  });
  afterEach(async ({ task }) => {
    const failed = task.result?.state === "fail" ? task.name : null;
    await room.leave(failed);
    await street.leave(failed && `${failed} public`);
    await hall.remove();
  });

  it("clocks of different screens step together", async () => {
    const { chair, delegates } = sitting;
    const delegate = delegates[0]!;
    await act.goToItem(chair, 2);
    await act.openBallot(chair);
    await delegate.locator(".voting__side .digits").waitFor();
    await expectTogether([
      { page: wall, digits: ".countdown__time" },
      { page: delegate, digits: ".voting__side .digits" },
      { page: chair, digits: ".meters .meter:first-child .figure" },
    ]);
    await act.closeEarly(chair);
    await act.announce(chair);

    await act.next(chair, 3);
    await press(delegate, "Đăng ký phát biểu");
    await act.call(chair, hall.nameOf("d2"));
    const clocks = [
      { page: wall, digits: ".speechclock .countdown__time" },
      { page: delegate, digits: ".ownfloor .digits" },
      { page: chair, digits: ".floor .digits" },
    ];
    const running = (): Promise<unknown> => Promise.all(clocks.map(({ page, digits }) => page.locator(digits).first().waitFor()));
    await running();
    await expectTogether(clocks);
  });

  it("numbers only grow during a ballot and agree once all is quiet", async () => {
    const { chair, delegates } = sitting;
    const [second, third, fourth] = delegates as [Page, Page, Page];
    const results = await street.open("results");
    await act.goToItem(chair, 2);
    await act.openBallot(chair);
    const screens = {
      wall: { page: wall, figure: ".chamber__figure .num" },
      chair: { page: chair, figure: ".meters .meter:nth-child(2) .figure" },
      delegate: { page: second, figure: ".voting__side .received" },
      public: { page: results, figure: ".nowline .figure" },
    };
    for (const { page, figure } of Object.values(screens)) await watchFigure(page, figure);
    await act.vote(second, "yes");
    // A tablet drops and comes back before it votes; another one votes and drops at once; a wall and a public page come late.
    await third.reload();
    await act.vote(third, "no");
    await fourth.getByRole("button", { name: /^Tán thành/ }).click();
    await fourth.close();
    const late = { page: await street.open("wall", WALL), figure: ".chamber__figure .num" };
    const all = [...Object.values(screens), late];
    // The last vote was tapped: it is in, or the tablet was closed before it was sent; whichever it is, all screens say the same.
    await expect
      .poll(async () => new Set(await Promise.all(all.map(({ page, figure }) => lastFigure(page, figure)))).size, { timeout: 20_000 })
      .toBe(1);
    expect(await lastFigure(wall, screens.wall.figure)).toMatch(/^[23]\/3$/);
    for (const [name, { page }] of Object.entries(screens)) {
      const seen = await page.evaluate(() => (window as unknown as { figures: string[] }).figures);
      const received = seen.map((figure) => Number(/\d+/.exec(figure)?.[0]));
      expect(received, name).toEqual([...received].sort((a, b) => a - b));
      expect(received.at(-1), name).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("each role", () => {
  let demo: Demo;
  let hall: Room;
  beforeEach(async () => {
    demo = await Demo.start("--seats", "8");
    hall = await Room.enter(browser, demo);
  });
  afterEach(async ({ task }) => {
    await hall.leave(task.result?.state === "fail" ? task.name : null);
    await demo.stop();
  });

  it("is offered what docs/roles.md gives it and nothing else", async () => {
    const open = async (part: Part, enter: string | null): Promise<Page> => {
      const page = await hall.open(demo.link(part), CONSOLE);
      await act.confirmName(page, demo.nameOf(part));
      if (enter) await press(page, enter);
      return page;
    };
    const chair = await open("Chair", null);
    await act.takeGavel(chair);
    await act.goToItem(chair, 2);
    const secretary = await open("Secretary", null);
    const scrutineer = await open("Scrutineer", null);
    const delegate = await open("Delegate", "Điểm danh và vào phiên họp");
    const official = await open("Official", "Vào phiên họp");
    const guest = await open("Guest", "Vào phiên họp");
    const journalist = await open("Press", "Vào phiên họp");
    await see(secretary, "Chỉ chủ tọa đang điều hành mở, kết thúc và công bố biểu quyết.");
    await see(scrutineer, "Chỉ chủ tọa đang điều hành mở, kết thúc và công bố biểu quyết.");

    const moves = [/^Sang nội dung \d+\s*(?!.*chỉ chủ tọa)/, /^Bắt đầu biểu quyết/];
    await offered(chair, [...moves, /^Nội dung phát sinh/], [/^Ghi kết quả đếm/, /^Nhận thay/]);
    await offered(secretary, [/^Ghi kết quả đếm/, /^Nhập chương trình/], [...moves, /^Nhận/, /^Nội dung phát sinh/]);
    await offered(scrutineer, [/^Ghi kết quả đếm/], [...moves, /^Nhận/, /^Nhập chương trình/, /^Nội dung phát sinh/, /chọn thao tác$/]);
    await press(chair, /^Bắt đầu biểu quyết/);
    const votes = [/^Tán thành/, /^Không tán thành/, /^Không biểu quyết/];
    await offered(delegate, votes, [/^Kết thúc/]);
    for (const page of [official, guest, journalist]) {
      await see(page, "Chỉ đại biểu biểu quyết");
      await offered(page, [], [...votes, /^Điểm danh/, /^Kết thúc/]);
    }
    await act.endBallot(chair);
    await act.next(chair, 3);
    await see(guest, "Trang theo dõi phiên họp dành cho khách mời và báo chí.");
    await see(journalist, "Trang theo dõi phiên họp dành cho khách mời và báo chí.");
    await see(official, "Người trả lời chất vấn không điểm danh và không biểu quyết.");
    for (const page of [guest, journalist]) await offered(page, [], [/^Đăng ký/, /^Xin /, /^Điểm danh/, /^Rời/]);
    await offered(official, [/^Xin /], [/^Điểm danh/, /^Đăng ký chất vấn/]);

    // Somebody without an office who opens the console is shown the way to their own page.
    await guest.goto(demo.page("chair"));
    await press(guest, "Để sau");
    await see(guest, /^Trang này dành cho chủ tọa và thư ký/);
  });
});

/** Buttons of these names can be pressed on the page, and of those there are none. */
async function offered(page: Page, those: readonly RegExp[], not: readonly RegExp[]): Promise<void> {
  for (const name of those) await page.getByRole("button", { name, disabled: false }).first().waitFor();
  for (const name of not) expect(await page.getByRole("button", { name, disabled: false }).allInnerTexts(), String(name)).toEqual([]);
}

/**
 * The pages step within 100 ms of each other in the median. No single step may be further apart either, except by what a page
 * could not run at all while it was watched: a page that the machine gives no time shows nothing, whatever its clock says.
 */
async function expectTogether(pages: Parameters<typeof compareClocks>[0]): Promise<void> {
  const { spreads, stalled } = await compareClocks(pages, WATCHED_MS);
  expect(spreads.length).toBeGreaterThanOrEqual(4);
  expect(median(spreads)).toBeLessThanOrEqual(APART_MS);
  expect(Math.max(...spreads)).toBeLessThanOrEqual(APART_MS + stalled);
}

/** Notes every text this element has from now on. */
async function watchFigure(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  await page.evaluate((selector) => {
    const figures: string[] = [];
    (window as unknown as { figures: string[] }).figures = figures;
    const look = (): void => {
      const text = document.querySelector(selector)?.textContent?.trim();
      if (text !== undefined && text !== figures.at(-1)) figures.push(text);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, selector);
}

/** `received/present`, however the page writes it. */
async function lastFigure(page: Page, selector: string): Promise<string> {
  const [received, present] = (await page.locator(selector).first().innerText()).match(/\d+/g) ?? [];
  return `${received}/${present}`;
}
