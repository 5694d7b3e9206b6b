// The lock and its PIN in their states, on the page of a delegate and of an office.

import type { Page } from "playwright-core";
import { ME, withBallot } from "../fixtures.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

export const PIN = "1379";
export const WRONG = "2468";
export const OTHER = "d007";

const visible = (page: Page, selector: string): Promise<void> => page.locator(selector).first().waitFor();

/** Types digits and what sends them, without a pointer. */
export async function type(page: Page, pin: string): Promise<void> {
  await page.locator(".pinpad").waitFor();
  await page.keyboard.type(pin);
  await page.keyboard.press("Enter");
}

/** The same, and waits until it was found wrong. */
export async function typeWrong(page: Page): Promise<void> {
  await type(page, WRONG);
  await page.locator(".pinpad__wrong .icon").waitFor();
}

export async function menu(page: Page, act: string): Promise<void> {
  await page.locator("[data-act=person]").click();
  await page.locator(`[data-act=${act}]`).click();
}

export async function setPin(page: Page): Promise<void> {
  await menu(page, "pin-set");
  await asked(page, "PIN mới, 4");
  await type(page, PIN);
  await asked(page, "Nhập lại");
  await type(page, PIN);
  await page.locator(".pinpad").waitFor({ state: "detached" });
}

export async function lock(page: Page): Promise<void> {
  await menu(page, "lock");
  await visible(page, ".lockscreen .pinpad");
}

export const asked = (page: Page, label: string): Promise<void> => page.locator(".pinpad__label", { hasText: label }).waitFor();

async function locked(page: Page): Promise<void> {
  await visible(page, ".home");
  await setPin(page);
  await lock(page);
}

/** A ballot opens while the page is locked. */
async function ballotOpens(page: Page, world: World): Promise<void> {
  await locked(page);
  withBallot(world.fixture, "open", Date.now());
  world.publish();
  await visible(page, ".lockparts__vote");
}

export const delegateLock: Record<string, State> = {
  "pin-set": {
    person: ME,
    after: async (page) => {
      await visible(page, ".home");
      await menu(page, "pin-set");
      await visible(page, "dialog .pinpad");
    },
  },
  locked: { person: ME, after: locked },
  "locked-wrong": {
    person: ME,
    after: async (page) => {
      await locked(page);
      await typeWrong(page);
    },
  },
  "locked-last": {
    person: ME,
    after: async (page) => {
      await locked(page);
      for (let n = 0; n < 4; n++) await typeWrong(page);
    },
  },
  "locked-forgot": {
    person: ME,
    after: async (page) => {
      await locked(page);
      await page.getByRole("button", { name: "Quên mã PIN?" }).click();
    },
  },
  "locked-vote": { person: ME, after: ballotOpens },
  "locked-rehearsal": { person: ME, rehearsal: true, after: locked },
  gone: {
    person: ME,
    after: async (page) => {
      await locked(page);
      for (let n = 0; n < 4; n++) await typeWrong(page);
      await type(page, WRONG);
      await visible(page, ".notice .actions");
    },
  },
};

/** On an office's page: asked at its opening. */
export const pinAsked: State = { pinAsked: true, after: (page) => visible(page, ".gate .pinpad") };
