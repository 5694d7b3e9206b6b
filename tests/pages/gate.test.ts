// Whose page it is: one browser with several people's keys, each tab acting for one of them.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { ADMINISTRATOR, CHAIR, ME, personOf, SECRETARY } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";

const OTHER = "d007";

let browser: Browser;
let world: World;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => void (world = await World.start()));
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await world.stop();
});

const nameOf = (person: string): string => personOf(world.fixture.roll, person).name;
const hall = (page: Page): Promise<void> => page.locator(".home").waitFor();
const actingName = (page: Page): Promise<string> => page.locator(".me__name b").innerText();

it("a link opened in a tab that acts for somebody offers the new person and changes nobody unasked", async () => {
  world.onLook = () => ({ person: OTHER });
  const page = await openPage(browser, world, { path: "delegate", person: ME });
  await hall(page);
  // The same document: only the fragment changes, and nothing is loaded anew.
  await page.evaluate(() => (location.hash = "#enrol=7KQM-2F9Z"));
  await page.locator(".person .name").waitFor();
  expect(await page.locator(".person .name").innerText()).toBe(nameOf(OTHER));
  expect(new URL(page.url()).hash).toBe("");

  await page.getByRole("button", { name: `Vẫn là ${nameOf(ME)}` }).click();
  await hall(page);
  expect(await actingName(page)).toBe(nameOf(ME));

  await page.evaluate(() => (location.hash = "#enrol=7KQM-2F9Z"));
  await page.getByRole("button", { name: `Đúng, tôi là ${nameOf(OTHER)}` }).click();
  await page.getByRole("button", { name: "Điểm danh và vào phiên họp" }).click();
  await hall(page);
  expect(await actingName(page)).toBe(nameOf(OTHER));

  await page.reload();
  await hall(page);
  expect(await actingName(page)).toBe(nameOf(OTHER));
});

it("an administrator without a seat goes on to the administration", async () => {
  world.onLook = () => ({ person: ADMINISTRATOR });
  const page = await openPage(browser, world, { path: "delegate#enrol=7KQM-2F9X" });
  await page.getByRole("button", { name: `Đúng, tôi là ${nameOf(ADMINISTRATOR)}` }).click();
  await page.getByRole("button", { name: "Vào trang quản trị" }).click();
  await page.waitForURL(/\/admin(#.*)?$/);
  await page.getByRole("button", { name: "Để sau" }).click();
  await expect.poll(() => actingName(page)).toBe(nameOf(ADMINISTRATOR));
});

it("the console's menu leads to what a rehearsal is", async () => {
  const page = await openPage(browser, world, { path: "chair", person: CHAIR });
  await page.locator("[data-act=menu]").click();
  expect(await page.getByRole("link", { name: "Trang diễn tập" }).getAttribute("href")).toBe("/c/hanoi/admin#rehearsal");
});

it("switches between the people of this browser at the person's name", async () => {
  const page = await openPage(browser, world, { path: "delegate", person: ME, others: [OTHER] });
  await page.locator(".people").getByRole("button", { name: nameOf(ME) }).click();
  await hall(page);
  await page.locator("[data-act=person]").click();
  await page.locator(".me__menu").getByRole("button", { name: nameOf(OTHER) }).click();
  await expect.poll(() => actingName(page)).toBe(nameOf(OTHER));
  await hall(page);
});

it.each(["chair", "admin"])("%s: the same menu, and the way back from enrolment", async (path) => {
  const page = await openPage(browser, world, { path, person: SECRETARY });
  await page.locator("[data-act=person]").click();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".me__menu").isVisible()).toBe(false);
  await page.locator("[data-act=person]").click();
  await page.locator("[data-act=enrol-other]").click();
  await page.locator(".codefield").waitFor();
  await page.getByRole("button", { name: `Vẫn là ${nameOf(SECRETARY)}` }).click();
  await page.locator("[data-act=person]").waitFor();
});

it("whatever stands in the address as a code leaves it at once", async () => {
  const page = await openPage(browser, world, { path: "delegate#enrol=7KQ" });
  await page.locator(".codefield input").waitFor();
  expect(new URL(page.url()).hash).toBe("");
  expect(await page.locator(".codefield input").inputValue()).toBe("7KQ");
});

it("a chair with a seat votes in a tab of their own, as the same person", async () => {
  const page = await openPage(browser, world, { path: "chair", person: CHAIR, others: [OTHER] });
  await page.getByRole("button", { name: nameOf(CHAIR) }).first().click();
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Biểu quyết của tôi" }).click();
  const seat = await opened;
  await hall(seat);
  expect(await actingName(seat)).toBe(nameOf(CHAIR));
  expect(new URL(seat.url()).hash).toBe("");
});

it("leads into the rehearsal that runs beside the council, and only while no sitting is open", async () => {
  world.fixture.council.rehearsing = "hanoi.rehearsal";
  const page = await openPage(browser, world, { path: "delegate", person: ME });
  await hall(page);
  expect(await page.getByRole("link", { name: "Vào diễn tập" }).count()).toBe(0);
  Object.assign(world.fixture.live, { sitting: null, item: null, gavel: null });
  world.publish();
  const link = page.getByRole("link", { name: "Vào diễn tập" });
  expect(await link.getAttribute("href")).toBe("/c/hanoi.rehearsal/delegate");
});

it.each(["delegate", "chair", "admin"])("%s: a rehearsal is marked in words, and is the same person's as before", async (path) => {
  const rehearsal = await World.rehearsal();
  try {
    const page = await openPage(browser, rehearsal, { path, person: SECRETARY });
    await page.locator("[data-act=person]").waitFor();
    expect(await page.locator(".rehearsal").innerText()).toContain("Diễn tập");
    expect(await actingName(page)).toBe(personOf(rehearsal.fixture.roll, SECRETARY).name);
  } finally {
    await rehearsal.stop();
  }
});
