// How far apart the clocks of several pages are: each page notes by itself when its digits change, on the machine's own clock.

import type { Page } from "playwright-core";
import { seconds } from "./acts.ts";

export interface Watched {
  page: Page;
  /** Selector of the element with the digits. */
  digits: string;
}

export interface Comparison {
  /** Of each moment at which the digits stepped on all pages: from the first page that showed it to the last, in milliseconds. */
  spreads: number[];
  /** The longest that any of the pages could not run at all: by so much a change may be noted late. */
  stalled: number;
}

interface Noted {
  steps: [number, number][];
  stalled: number;
}

/** Watches for so long; steps that one of the pages has not made by the end are left out. */
export async function compareClocks(pages: readonly Watched[], ms: number): Promise<Comparison> {
  const noted = await Promise.all(pages.map(({ page, digits }) => note(page, digits, ms)));
  const [first, ...others] = noted.map(({ steps }) => new Map(steps.map(([at, digits]) => [digits, at])));
  const spreads: number[] = [];
  for (const [digits, at] of first ?? []) {
    const times = [at, ...others.map((steps) => steps.get(digits))];
    if (times.every((time) => time !== undefined)) spreads.push(Math.max(...times) - Math.min(...times));
  }
  return { spreads, stalled: Math.max(...noted.map((one) => one.stalled)) };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function note(page: Page, selector: string, ms: number): Promise<Noted> {
  const { texts, stalled } = await page.evaluate(
    async ([selector, ms]) => {
      const PROBE_MS = 10;
      const now = (): number => performance.timeOrigin + performance.now();
      const texts: [number, string][] = [];
      let stalled = 0;
      let before = document.querySelector(selector)?.textContent ?? "";
      const look = new MutationObserver(() => {
        const text = document.querySelector(selector)?.textContent ?? "";
        if (text !== before) texts.push([now(), text]);
        before = text;
      });
      look.observe(document.body, { subtree: true, childList: true, characterData: true });
      let probed = performance.now();
      const probe = setInterval(() => {
        stalled = Math.max(stalled, performance.now() - probed - PROBE_MS);
        probed = performance.now();
      }, PROBE_MS);
      await new Promise((over) => setTimeout(over, ms));
      clearInterval(probe);
      look.disconnect();
      return { texts, stalled };
    },
    [selector, ms] as const,
  );
  return { steps: texts.map(([at, text]) => [at, seconds(text)]), stalled };
}
