// Every page in every state: usable by everybody, in both languages, at every size, under the production policy.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, openPage } from "./harness/browser.ts";
import { sideways, speak, violations } from "./harness/usable.ts";
import { STATES, worldFor } from "./states/index.ts";

const TABLET = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** The tablet at 200 % zoom. */
const ZOOMED = { width: 640, height: 400 };
/** Nothing scrolls sideways in either language at any size; axe looks at each language and at each layout once. */
const LOOKS = [
  { language: "vi", size: TABLET, axe: true },
  { language: "vi", size: PHONE, axe: false },
  { language: "vi", size: ZOOMED, axe: true },
  { language: "en", size: ZOOMED, axe: false },
  { language: "en", size: TABLET, axe: false },
  { language: "en", size: PHONE, axe: true },
] as const;

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

for (const [path, states] of Object.entries(STATES)) {
  describe(path, () => {
    it.each(Object.entries(states))("%s", async (_, state) => {
      const world = await worldFor(state);
      const complaints: string[] = [];
      try {
        await state.before?.(world);
        const page = await openPage(browser, world, {
          path: path + (state.suffix ?? ""),
          person: state.person ?? null,
          others: state.others ?? [],
          pinAsked: state.pinAsked ?? false,
          complaints,
        });
        await state.after?.(page, world);
        for (const { language, size, axe } of LOOKS) {
          await speak(page, language);
          await page.setViewportSize(size);
          const look = `${language} ${size.width}×${size.height}`;
          await expect.poll(() => sideways(page), { message: `${look}: scrolls sideways` }).toEqual([]);
          if (axe) expect(await violations(page), look).toEqual([]);
        }
        expect(complaints.filter((c) => !/status of 40[0-9]/.test(c))).toEqual([]);
        await page.context().close();
      } finally {
        await world.stop();
      }
    });
  });
}
