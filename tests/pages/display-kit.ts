// What the tests of the watching pages share: one browser, one world a test, and the accessibility check.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launch, openPage, type OpenOptions } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { sideways, violations } from "./harness/usable.ts";
import type { State } from "./states/index.ts";

/** Long enough for a slow machine; a page that needs it is broken anyway. */
export const PATIENCE_MS = 60_000;

export interface Kit {
  world: World;
  /** What the browser complained about: a broken policy, an error on the page. */
  complaints: string[];
  /** The complaints that tell of a fault: not the answers 40x nor the dead line that a test asked for. */
  faults(): string[];
  open(path: string, options?: Partial<OpenOptions>): Promise<Page>;
  /** Opens a page in one of its states. */
  state(path: string, state: State, options?: Partial<OpenOptions>): Promise<Page>;
}

/** A browser for the file and a fresh world for each test. */
export function kit(): Kit {
  let browser: Browser;
  const self = { complaints: [] as string[] } as Kit;
  beforeAll(async () => {
    browser = await launch();
  }, PATIENCE_MS);
  afterAll(() => browser.close());
  beforeEach(async () => {
    self.world = await World.start();
    self.complaints.length = 0;
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await self.world.stop();
  });
  self.faults = () => self.complaints.filter((one) => !/status of 40[0-9]|net::ERR_/.test(one));
  self.open = (path, options = {}) => openPage(browser, self.world, { path, complaints: self.complaints, ...options });
  self.state = async (path, state, options = {}) => {
    await state.before?.(self.world);
    const page = await self.open(path + (state.suffix ?? ""), options);
    await state.after?.(page, self.world);
    return page;
  };
  return self;
}

/** WCAG 2.2 AA by axe. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
}

/** Nothing of the page sticks out sideways, and no text is cut without an ellipsis or a scroll of its own. */
export async function expectInside(page: Page): Promise<void> {
  await expect.poll(() => sideways(page)).toEqual([]);
}
