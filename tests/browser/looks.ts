// axe over live pages, in both languages, without disturbing what goes on.

import type { Page } from "playwright-core";
import { speak, violations } from "../pages/harness/usable.ts";

/** Everything axe found wrong so far: state, page, language, rule and place. */
export class Looks {
  readonly found: string[] = [];

  /** Looks at pages with a language switch in both languages, and leaves them in Vietnamese. */
  async at(state: string, ...pages: Page[]): Promise<void> {
    for (const page of pages) {
      for (const language of ["en", "vi"] as const) {
        await speak(page, language);
        await this.atWall(`${state}, ${language}`, page);
      }
    }
  }

  /** Looks at pages as they are: a wall has no switch. */
  async atWall(state: string, ...pages: Page[]): Promise<void> {
    for (const page of pages) {
      const path = new URL(page.url()).pathname;
      this.found.push(...(await violations(page)).map((one) => `${state}: ${path} ${one}`));
    }
  }
}
