// The console through its own door: what an officer sees and can do in each state, and what is sent.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHAIR, SECRETARY, withBallot } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { violations } from "./harness/usable.ts";
import { chairStates, closed, noAgenda, nothingYet, open, ready } from "./states/chair.ts";

const LIMIT = 60_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, LIMIT);
afterAll(() => browser.close());

interface Opened {
  world: World;
  page: Page;
  /** What the browser complained about: broken policy, script errors. */
  complaints: string[];
}

async function withPage(before: (world: World) => void, use: (opened: Opened) => Promise<void>, options: { person?: string | null; lang?: "vi" | "en"; width?: number; height?: number } = {}): Promise<void> {
  const world = await World.start();
  const complaints: string[] = [];
  try {
    before(world);
    const page = await openPage(browser, world, { path: "chair", person: CHAIR, width: 1440, height: 900, complaints, ...options });
    await use({ world, page, complaints });
    await page.context().close();
  } finally {
    await world.stop();
  }
}

const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`);
const sent = (world: World) => world.orders.map(({ order, args }) => [order.order, order.target, args]);

describe("a vote from opening to the next item", () => {
  it("opens with the chosen seconds", () =>
    withPage(ready, async ({ world, page }) => {
      await page.getByRole("button", { name: "90 giây" }).click();
      await act(page, "open").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["open_ballot", "q8", { seconds: 90 }]]);
    }), LIMIT);

  it("asks before closing early, with waiting first, and closes then", () =>
    withPage(open, async ({ world, page }) => {
      await act(page, "close").click();
      expect(await page.locator(".ask h2").textContent()).toContain("Còn 7 đại biểu chưa biểu quyết");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-act"))).toBe("wait");
      await act(page, "wait").click();
      expect(world.orders).toEqual([]);
      await act(page, "close").click();
      await act(page, "close-now").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["close_ballot", "b8", {}]]);
    }), LIMIT);

  it("closes at one tap when nobody is missing", () =>
    withPage((world) => void withBallot(world.fixture, "open", Date.now(), { received: 90 }), async ({ world, page }) => {
      await act(page, "close").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["close_ballot", "b8", {}]]);
    }), LIMIT);

  it("confirms, and announcing waits for it", () =>
    withPage(closed, async ({ world, page }) => {
      expect(await act(page, "announce").getAttribute("aria-disabled")).toBe("true");
      await act(page, "announce").click({ force: true });
      await act(page, "confirm").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["confirm_ballot", "b8", {}]]);
    }), LIMIT);

  it("voids only with a reason, which is sent as written", () =>
    withPage(open, async ({ world, page }) => {
      await act(page, "void").click();
      await act(page, "reason-do").click();
      expect(world.orders).toEqual([]);
      await page.locator("dialog[open] textarea").fill("  Sự cố mạng  ");
      await act(page, "reason-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["void_ballot", "b8", { reason: "Sự cố mạng" }]]);
    }), LIMIT);

  it("votes again: the round is voided, then the next one opened", () =>
    withPage(closed, async ({ world, page }) => {
      await act(page, "again").click();
      await page.locator("dialog[open] textarea").fill("Máy chủ gián đoạn");
      await act(page, "reason-do").click();
      await page.locator(".toast").waitFor();
      expect(world.orders.map(({ order }) => order.order)).toEqual(["void_ballot", "open_ballot"]);
    }), LIMIT);

  it("goes to the next item at one tap once it was announced", () =>
    withPage((world) => void withBallot(world.fixture, "announced", Date.now()), async ({ world, page }) => {
      await act(page, "next").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["start_item", "i9", {}]]);
    }), LIMIT);

  it("leaves a tie to the chair's casting vote", () =>
    withPage(
      (world) => {
        withBallot(world.fixture, "closed", Date.now(), { counts: [44, 44, 1] });
        Object.assign(world.fixture.console, { tie: true, proposed: null });
      },
      async ({ world, page }) => {
        expect(await act(page, "confirm").count()).toBe(0);
        await act(page, "cast_rejected").click();
        await page.locator(".toast").waitFor();
        expect(sent(world)).toEqual([["confirm_ballot", "b8", { casting: "rejected" }]]);
      },
    ), LIMIT);
});

describe("what is not so", () => {
  it("a refusal stands beside its act and nothing is shown as done", () =>
    withPage(
      (world) => {
        ready(world);
        world.onOrder = () => ({ refuse: "not_quorate" });
      },
      async ({ page }) => {
        await act(page, "open").click();
        await page.locator(".ballot .refusal p").waitFor();
        expect(await page.locator(".toast").count()).toBe(0);
        expect(await act(page, "open").getAttribute("aria-disabled")).toBeNull();
      },
    ), LIMIT);

  it("without an answer the button stays busy and takes no second tap", () =>
    withPage(
      (world) => {
        ready(world);
        world.onOrder = () => "ignore";
      },
      async ({ page }) => {
        await act(page, "open").click();
        await page.locator("[data-act=open].is-busy").waitFor();
        expect(await page.locator(".toast").count()).toBe(0);
        expect(await page.locator(".is-busy").count()).toBe(1);
      },
    ), LIMIT);

  it("when the line is down every button is off, with the time it was true", () =>
    withPage(open, async ({ world, page }) => {
      await page.locator(".chip--ok").waitFor();
      world.reachable = false;
      world.cut();
      await page.locator(".banner").waitFor();
      for (const name of ["close", "hold", "extend", "void", "next"]) expect(await act(page, name).getAttribute("aria-disabled")).toBe("true");
    }), LIMIT);
});

describe("keys", () => {
  it("act where their button is on, never while typing, never to destroy", () =>
    withPage(open, async ({ world, page }) => {
      await act(page, "close").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("hkbv");
      expect(await page.locator(".pane--side input").inputValue()).toBe("hkbv");
      await page.locator(".pane--side input").blur();
      for (const key of ["v", "x", "c", "b", "n"]) await page.keyboard.press(key);
      await page.keyboard.press("h");
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(1);
      expect(sent(world)).toEqual([["hold_ballot", "b8", {}]]);
      await page.keyboard.press("?");
      await page.locator("dialog[open] kbd").first().waitFor();
      await page.keyboard.press("h");
      expect(world.orders.length).toBe(1);
    }), LIMIT);
});

describe("officers", () => {
  it("the secretary records attendance with a reason and steers the wall, and has no presiding buttons", () =>
    withPage(
      open,
      async ({ world, page }) => {
        await act(page, "wall-agenda").click();
        await page.locator(".toast").waitFor();
        for (const name of ["close", "hold", "void"]) expect(await act(page, name).count()).toBe(0);
        await page.locator(".pane--side input").fill("94");
        await page.locator(".pane--side .row--tap").click();
        await page.getByRole("button", { name: "Ghi có mặt…" }).click();
        await page.locator("dialog[open] textarea").fill("Máy hết pin");
        await act(page, "reason-do").click();
        await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(2);
        expect(sent(world)).toEqual([
          ["show_on_wall", "-", { mode: "agenda" }],
          ["check_in", "d094", { reason: "Máy hết pin" }],
        ]);
      },
      { person: SECRETARY },
    ), LIMIT);

  it("a chair takes the free gavel", () =>
    withPage(
      (world) => {
        ready(world);
        world.fixture.live.gavel = null;
      },
      async ({ world, page }) => {
        await act(page, "take").click();
        await page.locator(".toast").waitFor();
        expect(sent(world)).toEqual([["take_gavel", "-", {}]]);
      },
    ), LIMIT);

  it("a delegate is shown the way to the right page", () =>
    withPage(
      open,
      async ({ page }) => {
        expect(await page.locator("main a").getAttribute("href")).toBe("/c/hanoi/delegate");
      },
      { person: "d042" },
    ), LIMIT);
});

describe("setting up", () => {
  it("creates the session", () =>
    withPage(nothingYet, async ({ world, page }) => {
      await page.locator("input[maxlength]").nth(0).fill("Kỳ họp thứ 30");
      await page.locator("input[maxlength]").nth(1).fill("Khóa XVI");
      await act(page, "setup-do").click();
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(1);
      expect(sent(world)).toEqual([["create_session", "-", { title: "Kỳ họp thứ 30", term: "Khóa XVI" }]]);
    }), LIMIT);

  it("reads a pasted agenda, shows what it understood, and imports it only without problems", () =>
    withPage(noAgenda, async ({ world, page }) => {
      await page.locator("textarea").fill("1,nghi thức,Khai mạc,10,\n2,biểu quết,Chương trình,,");
      expect(await page.locator(".problems").textContent()).toContain("Dòng 2");
      await act(page, "agenda-do").click({ force: true });
      expect(world.orders).toEqual([]);
      await page.locator("textarea").fill("1,nghi thức,Khai mạc,10,\n2,biểu quyết,Chương trình,,");
      await act(page, "agenda-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([
        ["add_items", "-", { items: [
          { number: "1", kind: "ceremony", title: "Khai mạc", short_title: null, minutes: 10, rule: null },
          { number: "2", kind: "vote", title: "Chương trình", short_title: null, minutes: null, rule: null },
        ] }],
      ]);
    }), LIMIT);
});

describe("everybody can use it", () => {
  const STATES = ["no-session", "no-agenda", "item", "ready", "open", "close-asked", "hold", "void-asked", "closed", "announced", "lost", "keys", "secretary-roll", "enrol"];

  it.each(STATES.flatMap((name) => [[name, "vi"], [name, "en"]] as const))("%s, %s: axe finds nothing, the policy holds", async (name, lang) => {
    const state = chairStates[name];
    if (!state) throw new Error(`no state ${name}`);
    await withPage(
      (world) => void state.before?.(world),
      async ({ world, page, complaints }) => {
        await page.locator("h1").first().waitFor({ state: "attached" });
        await state.after?.(page, world);
        expect(await violations(page)).toEqual([]);
        expect(complaints.filter((text) => !text.includes("404") && !text.includes("ERR_"))).toEqual([]);
      },
      { person: state.person ?? null, lang },
    );
  }, LIMIT);

  it.each([[640, 400], [720, 450], [1280, 800], [1440, 900]])("nothing is cut at %d × %d", async (width, height) => {
    for (const name of ["ready", "open", "hold", "closed", "no-agenda"]) {
      const state = chairStates[name];
      await withPage(
        (world) => void state?.before?.(world),
        async ({ world, page }) => {
          await page.locator("h1").first().waitFor({ state: "attached" });
          await state?.after?.(page, world);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          const outside = await page.evaluate(() =>
            [...document.querySelectorAll<HTMLElement>(".ballot .btn, .pane__foot .btn, .wallbtns .btn")]
              .filter((button) => {
                const box = button.getBoundingClientRect();
                const room = button.closest(".card, .pane, .wallstrip")?.getBoundingClientRect();
                return room && (box.right > room.right + 1 || box.left < room.left - 1 || box.bottom > room.bottom + 1);
              })
              .map((button) => button.textContent.trim()),
          );
          expect([name, outside]).toEqual([name, []]);
        },
        { width, height },
      );
    }
  }, 2 * LIMIT);
});
