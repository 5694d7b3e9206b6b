// A browser with what it keeps: keys, language, clipboard. Several people may have tabs in it, each acting for one of them.

import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type LaunchOptions, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

export type Lang = "vi" | "en";

export const TABLET = { width: 1280, height: 800 };
export const CONSOLE = { width: 1440, height: 900 };
export const WALL = { width: 1920, height: 1080 };

/** Longest wait for anything to appear, in milliseconds: what takes a moment on a desk takes many on a shared machine. */
export const WAIT_MS = 45_000;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(more: LaunchOptions = {}): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell";
  return chromium.launch({ ...more, executablePath, args: [...FLAGS, ...(more.args ?? [])] });
}

/** Where the pages are: a council of one's own, or the demonstration's. */
export interface Place {
  url: string;
  page(path: string): string;
}

export class Room {
  readonly #context: BrowserContext;
  readonly #place: Place;
  readonly #complaints: string[] = [];

  static async enter(browser: Browser, place: Place, lang: Lang = "vi"): Promise<Room> {
    const context = await browser.newContext({ viewport: TABLET, reducedMotion: "reduce", timezoneId: "Asia/Ho_Chi_Minh" });
    context.setDefaultTimeout(WAIT_MS);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: place.url });
    await context.addInitScript((chosen) => {
      if (localStorage.getItem("dienhong.lang") === null) localStorage.setItem("dienhong.lang", chosen);
    }, lang);
    return new Room(context, place);
  }

  private constructor(context: BrowserContext, place: Place) {
    this.#context = context;
    this.#place = place;
  }

  /** A new tab: a page of the council, or a whole address. */
  async open(path: string, size = TABLET): Promise<Page> {
    const page = await this.#context.newPage();
    await page.setViewportSize(size);
    const name = path.split("#")[0]!;
    page.on("pageerror", (error) => this.#complaints.push(`${name}: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.#complaints.push(`${name}: ${message.text()} ${message.location().url}`);
    });
    await page.goto(path.startsWith("http") ? path : this.#place.page(path));
    return page;
  }

  /**
   * Nothing was complained of on any page: no error, no breach of the pages' policy. `but`: what the test brought about
   * itself, such as a refusal's status, which the browser always notes.
   */
  expectQuiet(but?: RegExp): void {
    expect(this.#complaints.filter((text) => !but?.test(text))).toEqual([]);
  }

  /** Closes all tabs; what they showed is kept as pictures where a test failed. */
  async leave(failed: string | null): Promise<void> {
    if (failed !== null) await this.#photograph(failed);
    await this.#context.close();
  }

  async #photograph(test: string): Promise<void> {
    const folder = join(tmpdir(), "dienhong-browser-failed", test.replace(/[^\p{L}\d]+/gu, "-").slice(0, 80));
    await mkdir(folder, { recursive: true });
    for (const [n, page] of this.#context.pages().entries()) {
      const path = join(folder, `${n}-${new URL(page.url()).pathname.split("/").at(-1)}.png`);
      await page.screenshot({ path, timeout: 10_000 }).catch(() => undefined);
    }
    console.error(`What the pages showed: ${folder}`);
    if (this.#complaints.length > 0) console.error(this.#complaints.join("\n"));
  }
}

/** Waits until a text stands on the page, and gives it. */
export async function see(page: Page | Locator, text: string | RegExp): Promise<Locator> {
  const found = page.getByText(text).filter({ visible: true }).first();
  await found.waitFor();
  return found;
}

/** Waits until a text is gone from the page. */
export async function gone(page: Page | Locator, text: string | RegExp): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor({ state: "hidden" });
}

/** Presses the button whose name begins so; behind that it may say why, or what it changes. */
export async function press(page: Page | Locator, name: string | RegExp): Promise<void> {
  const start = typeof name === "string" ? new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`) : name;
  await page.getByRole("button", { name: start }).filter({ visible: true }).first().click();
}
