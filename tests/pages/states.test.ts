// Every page in every state: usable by everybody, in both languages, at every size, under the production policy.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch, openPage } from "./harness/browser.ts";
import { sideways, speak, violations } from "./harness/usable.ts";
import { STATES, worldFor } from "./states/index.ts";

/** A tablet, a phone, and the tablet at 200 % zoom. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
  { width: 640, height: 400 },
];

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
          complaints,
        });
        await state.after?.(page, world);
        for (const language of ["vi", "en"] as const) {
          await speak(page, language);
          for (const size of SIZES) {
            await page.setViewportSize(size);
            await expect.poll(() => sideways(page), { message: `${language} ${size.width}×${size.height}: scrolls sideways` }).toEqual([]);
            expect(await violations(page), `${language} ${size.width}×${size.height}`).toEqual([]);
          }
        }
        expect(complaints.filter((c) => !/status of 40[0-9]/.test(c))).toEqual([]);
        await page.context().close();
      } finally {
        await world.stop();
      }
    });
  });
}
