// The live pages in their main states, in both languages, put to axe.

import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { CONSOLE, launch, press, Room, see, WALL } from "./room.ts";
import { convene } from "./sitting.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser: Browser;
let hall: Hall;
let room: Room;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  hall = await Hall.open({ preset: "generic" });
  room = await Room.enter(browser, hall);
});
afterEach(async ({ task }) => {
  await room.leave(task.result?.state === "fail" ? task.name : null);
  await hall.remove();
});

it("axe has nothing to say about the live pages, in either language", async () => {
  const found: string[] = [];
  /** Looks at pages with a language switch in both languages, and leaves them in Vietnamese. */
  const look = async (state: string, ...pages: Page[]): Promise<void> => {
    for (const page of pages) {
      for (const language of ["en", "vi"]) {
        await page.locator(`.lang button[lang=${language}]`).click();
        found.push(...(await violations(page)).map((one) => `${state}, ${language}: ${one}`));
      }
    }
  };
  const walls = [await room.open("wall", WALL), await room.open("wall?lang=en", WALL)];
  const lookAtWalls = async (state: string): Promise<void> => {
    for (const wall of walls) found.push(...(await violations(wall)).map((one) => `wall, ${state}: ${one}`));
  };

  const enrolling = await room.open("delegate");
  await enrolling.getByLabel("Mã một lần").waitFor();
  await look("enrolling", enrolling);
  await enrolling.close();
  const results = await room.open("results");
  await see(results, "Chưa có kết quả nào được công bố.");
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  const admin = await room.open(await hall.enrolLink("admin"), CONSOLE);
  await act.confirmName(admin, "Lý Gia Mẫn");
  await see(admin, "Thiết bị của đại biểu");
  await look("devices", admin);
  await press(admin, `Cấp mã: ${hall.nameOf("d5")}`);
  await see(admin, "Dùng được một lần, trên một máy.");
  found.push(...(await violations(admin)).map((one) => `code: ${one}`));
  await press(admin, "Xong");
  await look("at rest", delegate, results);
  await lookAtWalls("at rest");

  await act.goToItem(chair, 2);
  await look("draft", chair);
  await act.openBallot(chair);
  // Time for axe to look at what is only there while voting is open.
  for (let i = 0; i < 4; i++) await press(chair, "+30 giây");
  await look("open", delegate, chair);
  await lookAtWalls("open");
  await act.vote(delegate, "yes");
  await look("voted", delegate, results);
  await press(chair, "Tạm dừng");
  await see(delegate, "Tạm dừng");
  await look("on hold", chair, delegate);
  await press(chair, "Tiếp tục");
  await press(chair, "Kết thúc biểu quyết");
  await see(chair, "Đọc lời công bố");
  await look("closed", chair, delegate);
  await lookAtWalls("closed");
  await act.announce(chair);
  await see(results.getByRole("article"), "Không thông qua");
  await look("announced", chair, delegate, results);
  await lookAtWalls("announced");
  const receipt = await act.copyReceipt(delegate);
  await look("receipt", delegate);
  const verify = await room.open("verify");
  await look("before", verify);
  await act.verifyReceipt(verify, receipt);
  await look("verified", verify);

  expect(found).toEqual([]);
  room.expectQuiet();
});

/** What axe finds, with where. */
async function violations(page: Page): Promise<string[]> {
  // Evaluated rather than added as a script element, which the pages' policy rightly forbids.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${axe.source};0`);
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { runOnly });
    return violations.map((one) => `${location.pathname} ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
  }, RULES);
}
