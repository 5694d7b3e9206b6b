// `make screens`: every page in every state, in both languages, into docs/screens. Each picture by itself stays out of the
// repository; what is committed is one sheet a page and language with all of them in small.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launch, openPage } from "./harness/browser.ts";
import { speak } from "./harness/usable.ts";
import built from "./harness/built.ts";
import { OFFICES, SCREENS, STATES, worldFor, type State } from "./states/index.ts";

const OUT = join(import.meta.dirname, "../../docs/screens");
const LANGS = ["vi", "en"] as const;
type Lang = (typeof LANGS)[number];

const TABLET = { width: 1280, height: 800 };
/** What each page is mostly looked at on. */
const SIZES: Record<string, { width: number; height: number }> = {
  chair: { width: 1440, height: 900 },
  admin: { width: 1440, height: 900 },
  wall: { width: 1920, height: 1080 },
};
/** Of the pictures by themselves, and of the sheets, which are many times as large. */
const QUALITY = 85;
const SHEET_QUALITY = 45;
const SHEET_WIDTH = 1400;
const COLUMNS = 4;

built();
/** `npm run screens -- chair wall`: only these pages, the others' pictures stay. `chair/ready`: one picture by itself, no sheet. */
const wanted = process.argv.slice(2).map((words) => words.split("/", 2));
mkdirSync(join(OUT, "full"), { recursive: true });
const browser = await launch();
try {
  for (const [path, states] of Object.entries({ ...STATES, ...OFFICES, ...SCREENS })) {
    const page = path === "" ? "council" : path;
    const only = wanted.filter(([name]) => name === page).map(([, state]) => state);
    if (wanted.length > 0 && only.length === 0) continue;
    const whole = only.every((state) => state === undefined);
    if (whole) for (const old of readdirSync(join(OUT, "full"))) if (old.startsWith(`${page}-`)) rmSync(join(OUT, "full", old));
    const file = (name: string, lang: Lang) => `${page}-${name}-${lang}.jpg`;
    const taken: string[] = [];
    for (const [name, state] of Object.entries(states)) {
      if (!whole && !only.includes(name)) continue;
      try {
        await photograph(browser, path, state, (lang) => join(OUT, "full", file(name, lang)));
        taken.push(name);
      } catch (error) {
        // The others are still worth having; the run as a whole has failed.
        console.error(page, name, error);
        process.exitCode = 1;
      }
    }
    if (whole) for (const lang of LANGS) await lay(browser, page, lang, taken.map((name) => file(name, lang)));
    console.log(`${page}: ${taken.length} of ${Object.keys(states).length} states`);
  }
} finally {
  await browser.close();
}

/** One state in both languages: of one page, or of two with a world each where there is no switch (a wall whose line was cut opens no more). */
async function photograph(browser: Browser, path: string, state: State, file: (lang: Lang) => string): Promise<void> {
  if (path !== "wall")
    return shown(browser, path, state, state.suffix ?? "", async (page) => {
      await page.locator("h1").first().waitFor({ state: "attached" });
      for (const lang of LANGS) {
        await speak(page, lang);
        await shoot(page, file(lang));
      }
    });
  for (const lang of LANGS) {
    const suffix = lang === "vi" ? (state.suffix ?? "") : `?lang=en${state.suffix?.replace("?", "&") ?? ""}`;
    await shown(browser, path, state, suffix, async (page) => {
      // A wall says by its scene that it has begun.
      await page.locator(".wall:not([data-scene=connecting])").waitFor();
      await shoot(page, file(lang));
    });
  }
}

/** Opens one state in a world of its own while `look` runs. */
async function shown(browser: Browser, path: string, state: State, suffix: string, look: (page: Page) => Promise<void>): Promise<void> {
  const world = await worldFor(state);
  try {
    await state.before?.(world);
    const options = { person: state.person ?? null, others: state.others ?? [], pinAsked: state.pinAsked ?? false, ...(SIZES[path] ?? TABLET) };
    const page = await openPage(browser, world, { path: path + suffix, ...options });
    await state.after?.(page, world);
    await look(page);
  } finally {
    for (const context of browser.contexts()) await context.close();
    await world.stop();
  }
}

async function shoot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, type: "jpeg", quality: QUALITY, animations: "disabled" });
}

/** All states of a page on one sheet. */
async function lay(browser: Browser, page: string, lang: Lang, files: readonly string[]): Promise<void> {
  const figures = files.map((file) => {
    const name = file.slice(page.length + 1, -`-${lang}.jpg`.length);
    return `<figure><img src="${file}" alt=""><figcaption>${name}</figcaption></figure>`;
  });
  const style = `body{margin:16px;font:600 18px system-ui;background:#fff;color:#111}main{display:grid;gap:16px;grid-template-columns:repeat(${COLUMNS},1fr)}
figure{margin:0}img{width:100%;border:1px solid #bbb}figcaption{padding:4px 0}`;
  const sheet = join(OUT, "full", `${page}-${lang}.html`);
  writeFileSync(sheet, `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${figures.join("")}</main>`);
  const view = await browser.newPage({ viewport: { width: SHEET_WIDTH, height: 1000 } });
  await view.goto(pathToFileURL(sheet).href);
  await view.screenshot({ path: join(OUT, `${page}-${lang}.jpg`), type: "jpeg", quality: SHEET_QUALITY, fullPage: true });
  await view.close();
  rmSync(sheet);
}
