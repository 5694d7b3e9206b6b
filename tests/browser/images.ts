// The pictures in docs/images: the demonstration's hall with its 95 seats, photographed during one vote and after it.
// Runs the program's `demo`, so everything shown happened.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import * as act from "./acts.ts";
import built, { BINARY } from "./built.ts";
import { CONSOLE, gone, launch, press, see, TABLET, WAIT_MS, WALL } from "./room.ts";

const OUT = join(import.meta.dirname, "../../docs/images");
/** A page that is read on a telephone must not wait for a picture. */
const MOST_BYTES = 250_000;
/** The votes that come before the one to be photographed, and that one. */
const BEFORE = [2, 6, 7];
const SHOWN = 8;
/** Of a hundred votes, how many are in when the open ballot is photographed. */
const PART_RECEIVED = 0.6;

/** What the demonstration prints: addresses by page, in its order. */
interface Demo {
  process: ChildProcess;
  links: string[];
}

await main();

async function main(): Promise<void> {
  built();
  await mkdir(OUT, { recursive: true });
  const demo = await startDemo();
  const browser = await launch();
  try {
    await photograph(browser, demo);
  } finally {
    await browser.close();
    const gone = once(demo.process, "exit");
    demo.process.kill("SIGTERM");
    await gone;
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
  const of = (page: string): string => demo.links.find((link) => new URL(link).pathname.endsWith(`/${page}`))!;

  const wall = await open(of("wall"), WALL, 2 / 3);
  const chair = await open(of("chair"), CONSOLE, 8 / 9);
  await press(chair, /^Đúng, tôi là/);
  await act.takeGavel(chair);
  const tablet = await open(of("delegate"), TABLET);
  await press(tablet, /^Đúng, tôi là/);
  await press(tablet, "Điểm danh và vào phiên họp");
  await see(tablet, /^Có mặt từ/);

  for (let item = 1; item <= SHOWN; item++) {
    await press(chair, item === 1 ? /^Bắt đầu nội dung 1/ : new RegExp(`^Sang nội dung ${item}`));
    if (!BEFORE.includes(item)) continue;
    // The simulated delegates arrive one after the other, a few of them late.
    await see(chair, /^Đủ điều kiện họp: (8|9)\d có mặt/);
    await press(chair, /^Bắt đầu biểu quyết/);
    await act.vote(tablet, "yes");
    await received(wall, 0.95);
    await end(chair);
    await press(tablet, "Về chương trình");
  }
  await chair.getByText(/^Đủ điều kiện họp: (89|9\d) có mặt/).waitFor({ timeout: 4 * WAIT_MS });
  await press(chair, "60 giây");
  await press(chair, /^Bắt đầu biểu quyết, 60 giây/);
  await act.vote(tablet, "yes");
  await received(wall, PART_RECEIVED);
  await Promise.all([save(wall, "wall-voting"), save(tablet, "tablet-voting")]);
  // Its note that voting was opened covers a corner for a while.
  await gone(chair, "Đã bắt đầu biểu quyết");
  await save(chair, "console");
  await received(wall, 0.97);
  await end(chair);
  await see(wall, "Được thông qua");
  await save(wall, "wall-result");
  const results = await open(of("results"), TABLET);
  await see(results.getByRole("article"), "Thông qua");
  await save(results, "public");
}

/** Closes, confirms and announces. */
async function end(chair: Page): Promise<void> {
  await press(chair, /^Kết thúc( biểu quyết)?\b/);
  const asked = chair.getByRole("button", { name: /^Kết thúc ngay/ });
  const closed = chair.getByText("Xác nhận số liệu");
  await asked.or(closed).first().waitFor();
  if (await asked.isVisible()) await asked.click();
  await act.confirmAndAnnounce(chair);
}

/** Waits until so large a part of the votes is in. */
async function received(wall: Page, part: number): Promise<void> {
  await wall.waitForFunction((wanted) => {
    const [votes, present] = (document.querySelector(".chamber__figure .num")?.textContent ?? "").split("/").map(Number);
    return votes !== undefined && present !== undefined && present > 0 && votes >= wanted * present;
  }, part);
}

async function save(page: Page, name: string): Promise<void> {
  const path = join(OUT, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled" });
  const { size } = await stat(path);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES / 1000} kB`);
}

async function startDemo(): Promise<Demo> {
  const process = spawn(BINARY, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  // Reads on for as long as it writes: a program that nobody listens to would stand still.
  await new Promise<void>((ready, failed) => {
    process.once("exit", () => failed(new Error(`the demonstration ended: ${said}`)));
    process.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("Stop: Ctrl-C.")) ready();
    });
  });
  return { process, links: [...said.matchAll(/http:\/\/\S+/g)].map(([link]) => link) };
}
