// A revoked device in the administration: told from no device, and when, by whom and why it was revoked.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { lookUp, makeLog } from "./audit-log.ts";
import { personOf, SECRETARY } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { speak } from "./harness/usable.ts";
import { revokedDevice } from "./states/admin.ts";

const REVOKED = "d035";

let browser: Browser;
let world: World;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  world = await World.start();
  revokedDevice(world);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await world.stop();
});

async function manage(): Promise<Page> {
  const page = await openPage(browser, world, { path: "admin#devices", person: SECRETARY });
  const row = page.locator("tr", { has: page.locator(`[data-act="more-${REVOKED}"]`) });
  await row.getByText("đã thu hồi", { exact: true }).waitFor();
  await page.locator(`[data-act="more-${REVOKED}"]`).click();
  return page;
}

it("says when and by whom, as the record has it", async () => {
  world.onQuery = lookUp(makeLog(world.fixture, Date.now()));
  const page = await manage();
  const said = page.locator("dialog .danger-text");
  await expect.poll(() => said.first().innerText()).toContain(personOf(world.fixture.roll, SECRETARY).name);
  expect(await said.first().innerText()).toMatch(/Đã thu hồi máy lúc \d\d:\d\d, .*: Mất máy, báo lúc 08:05/);
  await speak(page, "en");
  expect(await said.first().innerText()).toMatch(/Device revoked at \d\d:\d\d, .* by .*: Mất máy, báo lúc 08:05/);
});

it("says at least why where the record's log cannot be read", async () => {
  world.onQuery = () => ({ refuse: "not_allowed" });
  const page = await manage();
  await page.locator("dialog").getByText("Đã thu hồi máy: Mất máy, báo lúc 08:05").waitFor();
});
