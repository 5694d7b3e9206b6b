// The console through its own door: what an officer sees and can do in each state, and what is sent.

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHAIR, SECRETARY, withBallot } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { sideways, speak, violations } from "./harness/usable.ts";
import { announced, chairStates, closed, noAgenda, noSitting, nothingYet, open, PASTED, planned, ready } from "./states/chair.ts";

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

async function withPage(before: (world: World) => void, use: (opened: Opened) => Promise<void>, options: { person?: string | null; lang?: "vi" | "en"; width?: number; height?: number; rehearsal?: boolean } = {}): Promise<void> {
  const world = await (options.rehearsal ? World.rehearsal() : World.start());
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

  it("announces at one tap, and confirms alone where that is wanted", () =>
    withPage(closed, async ({ world, page }) => {
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
        expect(await act(page, "announce").getAttribute("aria-disabled")).toBe("true");
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
      await page.locator(".pane--side input:focus").waitFor();
      await page.keyboard.type("hkbv");
      await expect.poll(() => page.locator(".pane--side input").inputValue(), { timeout: 5_000 }).toBe("hkbv");
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
        await act(page, "tab-presence").click();
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

  it("reads a pasted agenda, lets every line be corrected, and imports it only without problems", () =>
    withPage(noAgenda, async ({ world, page }) => {
      await page.locator("textarea").first().fill("1,nghi thức,Khai mạc,10,\n2,biểu quết,Chương trình,,");
      expect(await page.locator(".rows .is-wrong").textContent()).toContain("Dòng 2");
      await act(page, "agenda-do").click({ force: true });
      expect(world.orders).toEqual([]);
      await page.locator(".rows .is-wrong select").selectOption("vote");
      await page.locator(".rows .rows__title textarea").nth(1).fill("Chương trình kỳ họp");
      await act(page, "agenda-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([
        ["add_items", "-", { items: [{ number: "1", kind: "ceremony", title: "Khai mạc", minutes: 10 }, { number: "2", kind: "vote", title: "Chương trình kỳ họp" }] }],
      ]);
    }), LIMIT);

  it("shows which items are behind closed doors, and takes no other word for public", () =>
    withPage(noAgenda, async ({ world, page }) => {
      await page.locator("textarea").first().fill("Số,Loại,Tên,Họp kín\n1,báo cáo,Công tác nhân sự,có\n2,báo cáo,Quốc phòng,x\n3,báo cáo,Ngân sách,");
      expect(await page.locator(".rows .closedmark").count()).toBe(1);
      expect(await page.locator(".rows .is-wrong").textContent()).toContain("Dòng 3");
      await act(page, "agenda-do").click({ force: true });
      expect(world.orders).toEqual([]);
      await page.locator(".rows .is-wrong .rows__doors select").selectOption("có");
      await act(page, "agenda-do").click();
      await page.locator(".toast").waitFor();
      const { items } = world.orders[0]!.args as { items: { closed?: boolean }[] };
      expect(items.map((item) => item.closed ?? false)).toEqual([true, true, false]);
    }), LIMIT);

  it("understands a numbered list as a tree with its times", () =>
    withPage(noAgenda, async ({ world, page }) => {
      await page.locator("textarea").first().fill(PASTED);
      await page.locator('input[type="date"]').fill("2026-12-08");
      await act(page, "agenda-do").click();
      await page.locator(".toast").waitFor();
      const { items } = world.orders[0]!.args as { items: { number: string; kind: string; level?: number; planned_at?: number; minutes?: number }[] };
      expect(items.map(({ number, kind, level }) => [level ?? 0, number, kind])).toEqual([
        [0, "I", "ceremony"],
        [1, "1", "ceremony"],
        [1, "2", "vote"],
        [0, "II", "report"],
        [1, "II.1", "report"],
        [2, "II.1.a", "report"],
        [2, "II.1.b", "discussion"],
        [1, "II.2", "interpellation"],
        [1, "3", "vote"],
        [0, "III", "ceremony"],
      ]);
      // 13:30 in Việt Nam, where the page is opened.
      expect(items[7]).toMatchObject({ planned_at: Date.UTC(2026, 11, 8, 6, 30), minutes: 90 });
    }), LIMIT);

  it("opens a prepared sitting, or prepares another one", () =>
    withPage(noSitting, async ({ world, page }) => {
      await act(page, "prepare-sitting").click();
      await page.locator("dialog[open] input").first().fill("Phiên bế mạc");
      await page.locator('dialog[open] input[type="checkbox"]').check();
      await page.locator("dialog[open] [data-act=setup-do]").click();
      await page.locator(".toast").waitFor();
      await act(page, "open-sit1").click();
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(2);
      expect(sent(world)).toEqual([
        ["prepare_sitting", "-", { title: "Phiên bế mạc", closed_doors: true }],
        ["open_sitting", "sit1", {}],
      ]);
    }), LIMIT);
});

/** What the chair does most, with its taps (docs/taps.md). */
describe("taps", () => {
  type Step = [state: (world: World) => void, taps: string[], order: string, target: string, what: unknown];
  const recess = (world: World): void => {
    ready(world);
    world.fixture.live.sitting!.suspension = { cause: "recess", reason: null, since: Date.now(), until: null };
  };
  const TAPS: Record<string, Step> = {
    "open the ballot": [ready, ["open"], "open_ballot", "q8", { seconds: 60 }],
    "close the ballot": [(world) => void withBallot(world.fixture, "open", Date.now(), { received: 90 }), ["close"], "close_ballot", "b8", {}],
    "close it while votes are missing": [open, ["close", "close-now"], "close_ballot", "b8", {}],
    "announce the result": [closed, ["announce"], "announce_ballot", "b8", {}],
    "open the next vote of the block": [announced, ["next-question"], "open_ballot", "q9", {}],
    "go to the next item": [announced, ["next"], "start_item", "i9", {}],
    "call the next speaker": [planned, ["call-first"], "call_speaker", "r1", {}],
    "hold the ballot": [open, ["hold"], "hold_ballot", "b8", {}],
    "resume the ballot": [(world) => void withBallot(world.fixture, "on_hold", Date.now()), ["resume"], "resume_ballot", "b8", {}],
    "thirty seconds more": [open, ["extend"], "extend_ballot", "b8", { seconds: 30 }],
    "remind those who have not voted": [open, ["nudge"], "nudge", "b8", {}],
    "resume the sitting": [recess, ["resume"], "resume_sitting", "-", {}],
    "put a ready title card on the wall": [
      ready,
      ["wall-title", "card_flag"],
      "show_on_wall",
      "-",
      { mode: "title", card: { title: "Chào cờ", text: "Kỳ họp thứ 29", until: null } },
    ],
    "take up an ad-hoc item": [
      planned,
      ["adhoc", "item-do"],
      "add_items",
      "-",
      { items: [{ number: "12", kind: "vote", title: "Biểu quyết phát sinh 12" }], before: "i5", start: true },
    ],
  };

  it.each(Object.entries(TAPS))("%s", (_, [state, taps, order, target, what]) =>
    withPage(state, async ({ world, page }) => {
      expect(taps.length).toBeLessThanOrEqual(2);
      if (order === "nudge") world.onOrder = (statement, args) => (world.orders.push({ order: statement, args }), { reply: { reply: "nudged", people: 7 } });
      for (const tap of taps) await act(page, tap).click();
      await page.locator(".toast, .ballot").first().waitFor();
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(1);
      expect(sent(world)).toEqual([[order, target, what]]);
    }), LIMIT);

  it("a recess of fifteen minutes", () =>
    withPage(ready, async ({ world, page }) => {
      for (const tap of ["sitting", "recess-15"]) await act(page, tap).click();
      await page.locator(".toast").waitFor();
      const { order, args } = world.orders[0]!;
      expect([order.order, (args as { cause: string }).cause]).toEqual(["suspend_sitting", "recess"]);
      const minutes = ((args as { until: number }).until - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(14);
      expect(minutes).toBeLessThanOrEqual(15.1);
    }), LIMIT);

  it("the table names each of them, none above two", () => {
    const rows = [...readFileSync(new URL("../../docs/taps.md", import.meta.url), "utf8").matchAll(/^\| .+ \| (\d) \|.*$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(rows.filter(([, taps]) => Number(taps) > 2)).toEqual([]);
  });
});

describe("the agenda", () => {
  it("moves by keyboard, says so, and keeps the keyboard on the item", () =>
    withPage(planned, async ({ world, page }) => {
      const agenda = world.fixture.council.agenda;
      world.onOrder = ({ order, target }) => {
        const at = agenda.findIndex((item) => item.id === target);
        if (order === "move_item") agenda.splice(at - 1, 0, ...agenda.splice(at, 1));
        return "take";
      };
      await page.locator('[data-item="i9"] [data-more]').focus();
      await page.keyboard.press("Alt+ArrowUp");
      await expect.poll(() => page.locator(".pane--agenda [role=status]").first().textContent(), { timeout: 10_000 }).toContain("trước nội dung 8");
      expect(sent(world)).toEqual([["move_item", "i9", { before: "i8" }]]);
      await expect.poll(() => page.evaluate(() => document.activeElement?.closest("[data-item]")?.getAttribute("data-item")), { timeout: 5_000 }).toBe("i9");
    }), LIMIT);

  it("moves by dragging the number: between two items, or into one", () =>
    withPage(planned, async ({ world, page }) => {
      const number = (id: string) => page.locator(`[data-item="${id}"] .num`);
      await number("i8").dragTo(page.locator('[data-item="i6"]'), { targetPosition: { x: 100, y: 4 } });
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(1);
      await expect.poll(() => page.locator(".pane--agenda [role=status]").first().textContent(), { timeout: 10_000 }).toContain("nội dung 6");
      const box = (await page.locator('[data-item="i7"]').boundingBox())!;
      await number("i8").dragTo(page.locator('[data-item="i7"]'), { targetPosition: { x: 100, y: box.height / 2 } });
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(2);
      expect(sent(world)).toEqual([
        ["move_item", "i8", { before: "i6" }],
        ["move_item", "i8", { parent: "i7" }],
      ]);
    // High enough for the whole list, so that nothing scrolls under the pointer.
    }, { height: 1400 }), LIMIT);

  it("collapses, and marks what is closed to the public", () =>
    withPage(planned, async ({ page }) => {
      expect(await page.locator('[data-item="i5.2"]').textContent()).toContain("Họp kín");
      await page.locator('[data-item="i5"] .fold').click();
      expect(await page.locator('[data-item="i5.2"]').count()).toBe(0);
    }), LIMIT);

  it("says what removing does before it removes", () =>
    withPage(planned, async ({ world, page }) => {
      await page.locator('[data-item="i5"] [data-more]').click();
      await act(page, "item-remove").click();
      expect(await page.locator("dialog[open]").textContent()).toContain("Bỏ cả 2 mục bên trong");
      expect(world.orders).toEqual([]);
      await act(page, "confirm-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["remove_item", "i5", {}]]);
    }), LIMIT);

  it("changes an item, and adds one under it", () =>
    withPage(planned, async ({ world, page }) => {
      await page.locator('[data-item="i6"] [data-more]').click();
      await act(page, "item-change").click();
      await page.getByLabel("Tên nội dung").fill("Nghị quyết về nhà ở");
      await page.getByLabel("Phút").fill("15");
      await act(page, "item-do").click();
      await page.locator(".toast").waitFor();
      await page.locator('[data-item="i5"] [data-more]').click();
      await act(page, "item-under").click();
      await page.getByLabel("Tên nội dung").fill("Chất vấn bổ sung");
      await page.getByRole("button", { name: "Chất vấn", exact: true }).click();
      await act(page, "item-do").click();
      await expect.poll(() => world.orders.length, { timeout: 10_000 }).toBe(2);
      const [changed, added] = sent(world);
      expect(changed).toMatchObject(["change_item", "i6", { to: { number: "6", kind: "vote", title: "Nghị quyết về nhà ở", minutes: 15, rule: "majority_of_all" } }]);
      expect(added).toEqual(["add_items", "-", { items: [{ number: "5.3", kind: "interpellation", title: "Chất vấn bổ sung" }], parent: "i5" }]);
    }), LIMIT);
});

describe("questions", () => {
  it("are put to some groups only, in words and figures, and shown live only where names are public", () =>
    withPage(ready, async ({ world, page }) => {
      await act(page, "question-edit").click();
      expect(await page.getByText("Hiện lựa chọn của từng đại biểu").count()).toBe(0);
      for (const group of ["Tổ 10", "Tổ 2", "Tổ 1"]) await page.locator(`[data-group="${group}"]`).click();
      await page.locator('[data-group="Tổ 2"]').click();
      expect(await page.locator("dialog[open]").textContent()).toContain("Chỉ 16 đại biểu");
      expect(await page.locator("dialog[open]").textContent()).toContain("trên 16 đại biểu → cần ít nhất 9");
      await page.getByRole("button", { name: "Bầu", exact: true }).click();
      for (const n of [1, 2]) await page.getByLabel(`Người ứng cử: ${n}`).fill(`Người ${n}`);
      await page.getByLabel("Số cần bầu").fill("2");
      await page.getByLabel("Chọn ít nhất").fill("3");
      await act(page, "question-do").click();
      expect(await page.locator("dialog[open] [role=alert]").first().textContent()).toContain("Số chọn ít nhất");
      await page.getByLabel("Chọn ít nhất").fill("2");
      await act(page, "question-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toMatchObject([["prepare_question", "i8", { groups: ["Tổ 1", "Tổ 10"], min_choices: 2, form: { election: { places: 2 } } }]]);
      expect(world.orders[0]!.args).not.toHaveProperty("live_names");
    }), LIMIT);

  it("are worded with a rule that is shown in words and worked out", () =>
    withPage(ready, async ({ world, page }) => {
      await act(page, "question-edit").click();
      await page.getByLabel("Quy tắc").selectOption("two_thirds_of_all");
      expect(await page.locator("dialog[open]").textContent()).toContain("trên 95 đại biểu → cần ít nhất 64");
      await page.getByRole("button", { name: "Bầu", exact: true }).click();
      await page.getByLabel("Người ứng cử: 1").fill("Người thứ nhất");
      await act(page, "question-do").click();
      expect(await page.locator("dialog[open] [role=alert]").first().textContent()).toContain("Có dòng còn trống");
      await page.getByLabel("Người ứng cử: 2").fill("Người thứ hai");
      await act(page, "question-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toMatchObject([
        ["prepare_question", "i8", {
          rule: "two_thirds_of_all",
          replaces: "q8",
          form: { election: { places: 1 } },
          answers: [{ key: "c1", meaning: "Người thứ nhất" }, { key: "c2", meaning: "Người thứ hai" }],
        }],
      ]);
    }), LIMIT);

  it("several are put together and then voted on at once", () =>
    withPage(ready, async ({ world, page }) => {
      await act(page, "menu").click();
      await act(page, "bloc").click();
      for (const n of [0, 1]) await page.locator("dialog[open] .tick input").nth(n).check();
      await act(page, "bloc-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["prepare_bloc", "i8", { title: "Thông qua các nội dung từ 8 đến 9", questions: ["q8", "q9"] }]]);
    }), LIMIT);

  it("a paper count is checked as it is typed", () =>
    withPage(
      ready,
      async ({ world, page }) => {
        await act(page, "count").click();
        await page.getByRole("button", { name: "Phiếu giấy" }).click();
        const inputs = page.locator("dialog[open] input");
        for (const [n, value] of ["90", "89", "88", "1", "80", "6", "3"].entries()) await inputs.nth(n).fill(value);
        expect(await page.locator(".sums").textContent()).toContain("phải bằng số phiếu hợp lệ");
        await act(page, "count-do").click({ force: true });
        expect(world.orders).toEqual([]);
        await inputs.nth(6).fill("2");
        await act(page, "count-do").click();
        await page.locator(".toast").waitFor();
        expect(sent(world)).toEqual([
          ["record_count", "q8", {
            form: "paper",
            counts: [{ answer: "yes", count: 80 }, { answer: "no", count: 6 }, { answer: "abstain", count: 2 }],
            papers: { issued: 90, returned: 89, valid: 88, invalid: 1 },
          }],
        ]);
      },
      { person: SECRETARY },
    ), LIMIT);
});

describe("the day", () => {
  it("says how late it runs, and when the quorum is lost nothing can be opened", () =>
    withPage(planned, async ({ world, page }) => {
      expect(await act(page, "sitting").textContent()).toContain("Chậm 16 phút");
      ready(world);
      world.fixture.live.attendance = { ...world.fixture.live.attendance, present: 52, absent: 40, quorate: false };
      world.publish();
      await page.locator(".banner--quorum").waitFor();
      expect(await act(page, "open").getAttribute("aria-disabled")).toBe("true");
    }), LIMIT);

  it("a failure is recorded with its reason", () =>
    withPage(open, async ({ world, page }) => {
      await act(page, "sitting").click();
      await act(page, "failure").click();
      expect(await page.locator("dialog[open]").textContent()).toContain("phiếu đã nhận vẫn còn");
      await page.locator("dialog[open] textarea").fill("Mất điện");
      await act(page, "reason-do").click();
      await page.locator(".toast").waitFor();
      expect(sent(world)).toEqual([["suspend_sitting", "-", { cause: "failure", reason: "Mất điện" }]]);
    }), LIMIT);

  it("a rehearsal leads to its own console", () =>
    withPage(ready, async ({ world, page }) => {
      world.onOrder = () => ({ reply: { reply: "rehearsal_started", id: "hanoi.rehearsal" } });
      for (const tap of ["menu", "rehearsal-start", "rehearsal-do"]) await act(page, tap).click();
      expect(await act(page, "rehearsal-go").getAttribute("href")).toBe("/c/hanoi.rehearsal/chair");
    }), LIMIT);

  it("a rehearsal's console is marked once, and after its end leads back to the council's", () =>
    withPage(ready, async ({ world, page }) => {
      await act(page, "open").waitFor();
      expect(await page.locator(".rehearsal").allTextContents()).toEqual([expect.stringContaining("Diễn tập")]);
      world.cut(4008);
      await page.getByRole("heading", { name: "Diễn tập đã kết thúc" }).waitFor();
      expect(await act(page, "open").count()).toBe(0);
      expect(await page.locator(".notice .actions a").getAttribute("href")).toBe("/c/hanoi/chair");
    }, { rehearsal: true }), LIMIT);
});

describe("everybody can use it", () => {
  const STATES = [
    "no-session", "no-agenda", "agenda-wrong", "no-sitting", "item", "planned", "item-menu", "item-form", "adhoc", "sitting", "recess", "failure", "closed-doors", "rehearsal", "rehearsal-over", "menu",
    "question", "question-groups", "groups-ready", "groups-open", "bloc", "count", "counted", "election-ready", "election-open", "election-closed", "inquorate", "ready", "open", "close-asked", "hold", "void-asked", "closed", "announced", "lost", "keys", "secretary-roll", "enrol"];

  it.each(STATES)("%s: axe finds nothing in either language, the policy holds", async (name) => {
    const state = chairStates[name];
    if (!state) throw new Error(`no state ${name}`);
    await withPage(
      (world) => void state.before?.(world),
      async ({ world, page, complaints }) => {
        await page.locator("h1").first().waitFor({ state: "attached" });
        await state.after?.(page, world);
        for (const lang of ["vi", "en"] as const) {
          await speak(page, lang);
          expect(await violations(page), lang).toEqual([]);
        }
        expect(complaints.filter((text) => !text.includes("404") && !text.includes("ERR_"))).toEqual([]);
      },
      { person: state.person ?? null, rehearsal: state.rehearsal ?? false },
    );
  }, LIMIT);

  it.each(["ready", "planned", "open", "hold", "closed", "announced", "no-agenda", "election-closed"])("%s: nothing is cut at any size", async (name) => {
    const state = chairStates[name];
    await withPage(
      (world) => void state?.before?.(world),
      async ({ world, page }) => {
        await page.locator("h1").first().waitFor({ state: "attached" });
        await state?.after?.(page, world);
        for (const [width, height] of [[1440, 900], [1280, 800], [1024, 768], [720, 450], [640, 400]] as const) {
          await page.setViewportSize({ width, height });
          await expect.poll(() => sideways(page), { message: `${width} × ${height}` }).toEqual([]);
          expect(await cutButtons(page), `${width} × ${height}`).toEqual([]);
        }
      },
    );
  }, LIMIT);
});

/** Words of the buttons that stick out of their card or pane. */
function cutButtons(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".ballot .btn, .pane__foot .btn, .wallbtns .btn")]
      .filter((button) => {
        const box = button.getBoundingClientRect();
        const room = button.closest(".card, .pane, .wallbar")?.getBoundingClientRect();
        return room && (box.right > room.right + 1 || box.left < room.left - 1 || box.bottom > room.bottom + 1);
      })
      .map((button) => button.textContent.trim()),
  );
}
