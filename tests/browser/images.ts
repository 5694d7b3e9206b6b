// The pictures in docs/images: the demonstration's hall with its 95 seats, photographed during one vote and after it.
// Runs the program's `demo`, so everything shown happened.

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import * as act from "./acts.ts";
import built from "./built.ts";
import { Demo } from "./demo.ts";
import { CONSOLE, gone, launch, press, see, TABLET, WAIT_MS, WALL } from "./room.ts";

const OUT = join(import.meta.dirname, "../../docs/images");
/** A page that is read on a telephone must not wait for a picture. */
const MOST_BYTES = 250_000;
/** The votes that come before the one to be photographed, and that one. */
const BEFORE = [2, 6, 7];
const SHOWN = 8;
/** Of a hundred votes, how many are in when the open ballot is photographed. */
const PART_RECEIVED = 0.6;

await main();

async function main(): Promise<void> {
  built();
  await mkdir(OUT, { recursive: true });
  const demo = await Demo.start();
  const browser = await launch();
  try {
    await photograph(browser, demo);
  } finally {
    await browser.close();
    await demo.stop();
  }
}

async function photograph(browser: Browser, demo: Demo): Promise<void> {
  // Large screens are drawn at their full size and photographed smaller.
  const open = async (link: string, size: typeof TABLET, scale = 1): Promise<Page> => {
    const options = { viewport: size, deviceScaleFactor: scale, timezoneId: "Asia/Ho_Chi_Minh", reducedMotion: "reduce" } as const;
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(link);
    return page;
  };

  const wall = await open(demo.link("Wall"), WALL, 2 / 3);
  const chair = await open(demo.link("Chair"), CONSOLE, 8 / 9);
  await press(chair, /^Đúng, tôi là/);
  await press(chair, "Để sau");
  await act.takeGavel(chair);
  const tablet = await open(demo.link("Delegate"), TABLET);
  await press(tablet, /^Đúng, tôi là/);
  await press(tablet, "Điểm danh và vào phiên họp");
  await see(tablet, /^Có mặt từ/);

  for (let item = 1; item <= SHOWN; item++) {
    await act.next(chair, item);
    if (!BEFORE.includes(item)) continue;
    // The simulated delegates arrive one after the other, a few of them late.
    await see(chair, /^Đủ điều kiện: (8|9)\d có mặt/);
    await press(chair, /^Bắt đầu biểu quyết/);
    await act.vote(tablet, "yes");
    await act.received(wall, 0.95);
    await act.endBallot(chair);
    await press(tablet, "Về chương trình");
  }
  await chair.getByText(/^Đủ điều kiện: (89|9\d) có mặt/).waitFor({ timeout: 4 * WAIT_MS });
  await press(chair, "60 giây");
  await press(chair, /^Bắt đầu biểu quyết, 60 giây/);
  await act.vote(tablet, "yes");
  await act.received(wall, PART_RECEIVED);
  await Promise.all([save(wall, "wall-voting"), save(tablet, "tablet-voting")]);
  // Its note that voting was opened covers a corner for a while.
  await gone(chair, "Đã bắt đầu biểu quyết");
  await save(chair, "console");
  await act.received(wall, 0.97);
  await act.endBallot(chair);
  await see(wall, "Được thông qua");
  await save(wall, "wall-result");
  const results = await open(demo.link("Public results"), TABLET);
  await see(results.getByRole("article"), "Thông qua");
  await save(results, "public");
}

async function save(page: Page, name: string): Promise<void> {
  const path = join(OUT, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled" });
  const { size } = await stat(path);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES / 1000} kB`);
}
