// The administration through its own door: codes, revoking, the roster's check before its import, founding a council.

import { createHash } from "node:crypto";
import { parseNote } from "@dienhong/web-shared/record/note.ts";
import { parseStatement } from "@dienhong/web-shared/record/statement.ts";
import type { RosterRequest } from "@dienhong/web-shared/wire.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMINISTRATOR, SECRETARY } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { violations } from "./harness/usable.ts";
import { adminStates, CODE, PROBLEMS, rosterAnswers, troubles } from "./states/admin.ts";

const LIMIT = 60_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, LIMIT);
afterAll(() => browser.close());

interface Options {
  person?: string | null;
  lang?: "vi" | "en";
  suffix?: string;
  width?: number;
  height?: number;
}

async function withPage(use: (page: Page, world: World) => Promise<void>, options: Options = {}, before: (world: World) => unknown = troubles): Promise<void> {
  const world = await World.start();
  try {
    before(world);
    const { suffix = "", ...rest } = options;
    const page = await openPage(browser, world, { path: `admin${suffix}`, person: SECRETARY, ...rest });
    await use(page, world);
    await page.context().close();
  } finally {
    await world.stop();
  }
}

const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`);

describe("devices", () => {
  it("puts those who need an act first, and issues a code to scan, type or copy", () =>
    withPage(async (page, world) => {
      await act(page, "code-d035").click();
      expect(await page.locator("[data-code]").textContent()).toBe(CODE);
      expect(await page.locator(".onecode .address").textContent()).toContain("/c/hanoi/delegate");
      expect(await page.locator(".onecode [role=timer]").textContent()).toMatch(/0[89]:\d\d/);
      await act(page, "cancel-code").click();
      await page.locator(".toast").waitFor();
      expect(world.fixture.console.people.find((person) => person.id === "d035")?.code_until).toBeNull();
    }), LIMIT);

  it("does not pretend to know a code issued elsewhere", () =>
    withPage(async (page) => {
      await act(page, "code-d040").click();
      await page.locator("dialog[open]").waitFor();
      expect(await page.locator("[data-code]").count()).toBe(0);
    }), LIMIT);

  it("revokes only with a reason", () =>
    withPage(async (page, world) => {
      await act(page, "more-d007").click();
      await act(page, "revoke").click();
      await act(page, "revoke-do").click();
      expect(world.orders).toEqual([]);
      await page.locator("dialog[open] textarea").fill("Mất máy");
      await act(page, "revoke-do").click();
      await page.locator(".toast").waitFor();
      expect(world.orders.map(({ order, args }) => [order.order, order.target, args])).toEqual([["revoke_device", "d007", { reason: "Mất máy" }]]);
    }), LIMIT);
});

describe("the roster", () => {
  const CSV = "id,name,seat,group,offices\nd001,Ngô Bảo,1,Tổ 1,chair\n";

  it("is checked, shown and only then imported, under an order that names the file's hash", () =>
    withPage(
      async (page, world) => {
        const sent = (await rosterAnswers(page, world)) as RosterRequest[];
        await page.locator("textarea").fill(CSV);
        expect(await act(page, "roster-import").count()).toBe(0);
        await act(page, "roster-check").click();
        await act(page, "roster-import").click();
        await page.locator(".toast").waitFor();
        expect(sent.length).toBe(2);
        for (const [n, request] of sent.entries()) {
          expect(request.csv).toBe(CSV);
          expect(JSON.parse(request.arguments)).toEqual({ sha256: createHash("sha256").update(CSV).digest("hex") });
          const order = parseStatement(parseNote(request.statement).text);
          expect(order).toMatchObject({ kind: "order", order: n === 0 ? "check_roster" : "import_roster", target: "-", person: ADMINISTRATOR });
        }
      },
      { suffix: "#roster", person: ADMINISTRATOR },
    ), LIMIT);

  it("names what is wrong by line and column", () =>
    withPage(
      async (page, world) => {
        await rosterAnswers(page, world, PROBLEMS);
        await page.locator("textarea").fill(CSV);
        await act(page, "roster-check").click();
        const text = await page.locator(".problems").innerText();
        expect(text).toContain("Dòng 3");
        expect(text).toContain("cột seat: ghế “14” đã có người");
        expect(await act(page, "roster-import").count()).toBe(0);
      },
      { suffix: "#roster", person: ADMINISTRATOR },
    ), LIMIT);
});

describe("councils", () => {
  it("are founded by an administrator, with the first administrator's code shown", () =>
    withPage(
      async (page) => {
        await page.route("**/c/hanoi/api/councils", (route) =>
          route.fulfill({
            json: {
              council: { id: "dan-phuong", name: "Hội đồng nhân dân xã Đan Phượng", short_name: "Đan Phượng", origin: "hanoi.example/dan-phuong", sitting: false },
              code: { person: "a1", code: CODE, link: `/c/dan-phuong/delegate#enrol=${CODE}`, expires_at: Date.now() + 600_000 },
            },
          }),
        );
        const fill = (n: number, text: string) => page.locator(".foundform input").nth(n).fill(text);
        await fill(0, "Hội đồng nhân dân xã Đan Phượng");
        await fill(1, "Đan Phượng");
        await fill(2, "Sai tên");
        await fill(3, "Lê An");
        await fill(4, "25");
        await act(page, "found").click();
        expect(await page.locator(".foundform .danger-text").count()).toBe(1);
        await fill(2, "hanoi.example/dan-phuong");
        await act(page, "found").click();
        expect(await page.locator("[data-code]").textContent()).toBe(CODE);
      },
      { suffix: "#councils", person: ADMINISTRATOR },
    ), LIMIT);

  it("cannot be founded by a secretary", () =>
    withPage(
      async (page) => {
        await page.locator(".two").waitFor();
        expect(await act(page, "found").count()).toBe(0);
      },
      { suffix: "#councils" },
    ), LIMIT);
});

describe("everybody can use it", () => {
  const NAMES = ["devices", "code", "revoke", "roster-checked", "roster-problems", "councils-wrong"];

  it.each(NAMES.flatMap((name) => [[name, "vi"], [name, "en"]] as const))("%s, %s: axe finds nothing", async (name, lang) => {
    const state = adminStates[name];
    if (!state) throw new Error(`no state ${name}`);
    await withPage(
      async (page, world) => {
        await page.locator("h1").waitFor();
        await state.after?.(page, world);
        expect(await violations(page)).toEqual([]);
      },
      { person: state.person ?? null, lang, suffix: state.suffix ?? "" },
      (world) => state.before?.(world),
    );
  }, LIMIT);

  it.each([[390, 844], [640, 400], [720, 450]])("nothing is wider than %d × %d", async (width, height) => {
    for (const name of ["devices", "roster-checked", "councils"]) {
      const state = adminStates[name];
      await withPage(
        async (page, world) => {
          await page.locator("h1").waitFor();
          await state?.after?.(page, world);
          expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
        },
        { person: state?.person ?? null, suffix: state?.suffix ?? "", width, height },
        (world) => state?.before?.(world),
      );
    }
  }, 2 * LIMIT);
});
