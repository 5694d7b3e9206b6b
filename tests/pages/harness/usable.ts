// Whether everybody can use what an open page shows: axe's rules, and nothing beyond the window's edge.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** The small form: each page parses it anew, and the readable one takes three times as long. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong: the rule and the first places. */
export async function violations(page: Page): Promise<string[]> {
  // Once a document, and evaluated rather than added as a script element, which the pages' policy rightly forbids.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${AXE};0`);
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    // No style sheets are loaded again: only a rule outside these sets reads them. What passes is not written out.
    const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: { assets: ["media"] } });
    return violations.map(
      (v) =>
        `${v.id}: ${v.nodes
          .map((n) => n.target.join(" "))
          .slice(0, 3)
          .join(", ")}`,
    );
  }, RULES);
}

/** What sticks out of the window to the right. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return out.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`);
  });
}

/** Switches the open page. Not a click of the mouse: a dialog may stand before the bar. */
export async function speak(page: Page, language: "vi" | "en"): Promise<void> {
  await page.locator(`.lang button[lang=${language}]`).first().dispatchEvent("click");
  await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
}
