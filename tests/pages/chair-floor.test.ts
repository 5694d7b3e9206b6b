// The floor, the walls and the roll on the console through its own door: what is seen, what is sent, and by whom.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHAIR, SECRETARY, withBallot } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { sideways, speak, violations } from "./harness/usable.ts";
import { beforeSitting, chairFloorStates, discussing, floorTab, interpellating, manyWalls, pane, rollCall, speech, troubled } from "./states/chair-floor.ts";

const LIMIT = 90_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
}, LIMIT);
afterAll(() => browser.close());

interface Opened {
  world: World;
  page: Page;
  complaints: string[];
}

type Options = { person?: string | null; lang?: "vi" | "en"; width?: number; height?: number; side?: "speaking" | "presence" | null; rehearsal?: boolean };

async function withPage(before: (world: World) => void | Promise<void>, use: (opened: Opened) => Promise<void>, options: Options = {}): Promise<void> {
  const { side = "speaking", rehearsal = false, ...rest } = options;
  const world = await (rehearsal ? World.rehearsal() : World.start());
  const complaints: string[] = [];
  try {
    await before(world);
    const page = await openPage(browser, world, { path: "chair", person: CHAIR, width: 1440, height: 900, complaints, ...rest });
    if (side) await pane(page, side);
    await use({ world, page, complaints });
    await page.context().close();
  } finally {
    await world.stop();
  }
}

const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`);
const isOff = async (page: Page, name: string) => (await act(page, name).first().getAttribute("aria-disabled")) === "true";
/** Each order once: a page that waits long for its answer rightly sends the same statement again. */
const orders = (world: World) => [...new Map(world.orders.map((taken) => [taken.order.nonce, taken])).values()];
const sent = (world: World) => orders(world).map(({ order, args }) => [order.order, order.target, args]);
const arrives = (world: World, n: number) => expect.poll(() => orders(world).length, { timeout: 15_000 }).toBe(n);
const names = (page: Page) => page.locator(".wait .main b").allTextContents();

describe("the floor", () => {
  it("gives it to the first at one tap, and to any other at one", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "call-first").click();
      await arrives(world, 1);
      await act(page, "call").nth(2).click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([["call_speaker", "r5", {}], ["call_speaker", "r1", {}]]);
    }), LIMIT);

  it("pauses, adds a minute and ends", () =>
    withPage(discussing, async ({ world, page }) => {
      for (const [at, name] of ["speech-pause", "speech-more", "speech-end"].entries()) {
        await act(page, name).click();
        await arrives(world, at + 1);
      }
      expect(sent(world)).toEqual([["pause_speech", "f1", {}], ["extend_speech", "f1", { seconds: 60 }], ["end_speech", "f1", {}]]);
      expect(await page.locator("[data-testid=speech-clock] .digits").textContent()).toMatch(/^[23]:\d\d$/);
    }), LIMIT);

  it("shows why some stand first: points of order, then rebuttals, who asked before the others", () =>
    withPage(interpellating, async ({ page }) => {
      expect(await page.locator(".wait").first().textContent()).toContain("đã chất vấn, xếp trước");
      expect(await page.locator(".wait").nth(1).textContent()).not.toContain("xếp trước");
    }), LIMIT);

  it("moves a request by keyboard, keeps the focus, and sends it with one tap on a reason", () =>
    withPage(discussing, async ({ world, page }) => {
      const before = await names(page);
      await page.locator(".grip").nth(3).focus();
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => names(page)).toEqual([before[0], before[1], before[3], before[2], before[4]]);
      expect(await page.evaluate(() => document.activeElement?.classList.contains("grip"))).toBe(true);
      await page.locator("[data-act=why]").first().click();
      await arrives(world, 1);
      expect(sent(world)).toEqual([["move_request", "r2", { before: "r1", reason: "Cùng vấn đề đang thảo luận" }]]);
    }), LIMIT);

  it("moves a request by dragging, and Esc leaves it where it was", () =>
    withPage(discussing, async ({ world, page }) => {
      const before = await names(page);
      const grip = page.locator(".grip").first();
      const from = (await grip.boundingBox())!;
      const to = (await page.locator(".wait").nth(1).boundingBox())!;
      await page.mouse.move(from.x + 10, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(from.x + 10, to.y + to.height - 2, { steps: 5 });
      await page.mouse.up();
      await expect.poll(() => names(page)).toEqual([before[1], before[0], ...before.slice(2)]);
      await page.locator(".why input").focus();
      await page.keyboard.press("Escape");
      await expect.poll(() => names(page)).toEqual(before);
      expect(world.orders).toEqual([]);
    }), LIMIT);

  it("withdraws a request only with a reason", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "more").nth(2).click();
      await act(page, "withdraw").click();
      await page.locator(".why input").fill("  Đại biểu   ốm ");
      await page.keyboard.press("Enter");
      await arrives(world, 1);
      expect(sent(world)).toEqual([["withdraw_request", "r1", { reason: "Đại biểu ốm" }]]);
    }), LIMIT);

  it("closes the list, and opens it again", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "list").click();
      await arrives(world, 1);
      world.fixture.speaking = { ...world.fixture.speaking, list_open: false };
      world.publish();
      await page.getByRole("button", { name: "Mở đăng ký" }).click();
      await arrives(world, 2);
      expect(sent(world).map(([order]) => order)).toEqual(["close_list", "open_list"]);
    }), LIMIT);

  it("goes to anybody without a request: officials stand first, found without marks", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "give").click();
      const rows = page.locator(".people__list .row");
      expect(await rows.first().textContent()).toContain("Sở Xây dựng");
      expect(await rows.nth(1).textContent()).toContain("Sở Tài chính");
      await page.locator("dialog[open] input[type=search]").fill("bao tran quoc");
      await page.locator("[data-person=o001]").click();
      await act(page, "give-do").click();
      await arrives(world, 1);
      expect(sent(world)).toEqual([["give_floor", "o001", { kind: "explain" }]]);
    }), LIMIT);

  it("waits for the end of the vote", () =>
    withPage(
      (world) => {
        discussing(world);
        const running = world.fixture.speaking;
        withBallot(world.fixture, "open", Date.now());
        world.fixture.speaking = { ...running, speech: speech(world, "d017", "speak", { spent_ms: 228_000, running_since: null }) };
      },
      async ({ world, page }) => {
        for (const name of ["call-first", "give", "speech-resume", "call"]) expect([name, await isOff(page, name)]).toEqual([name, true]);
        await act(page, "call-first").click({ force: true });
        expect(await page.locator(".floor").textContent()).toContain("Dừng khi đang biểu quyết");
        expect(world.orders).toEqual([]);
      },
    ), LIMIT);

  it("shows a refusal beside the acts, in words", () =>
    withPage(
      (world) => {
        discussing(world);
        world.onOrder = () => ({ refuse: "not_present" });
      },
      async ({ page }) => {
        await act(page, "call-first").click();
        await page.locator(".pane--floor .refusal p").waitFor();
        expect(await page.locator(".pane--floor .refusal p").textContent()).toContain("chưa điểm danh");
      },
    ), LIMIT);
});

describe("interpellation", () => {
  it("calls for the answers once as many have asked, and holds the next asker back", () =>
    withPage(
      (world) => {
        interpellating(world);
        world.fixture.speaking = { ...world.fixture.speaking, queue: world.fixture.speaking.queue.slice(1) };
      },
      async ({ world, page }) => {
        expect(await isOff(page, "call-first")).toBe(true);
        expect(await act(page, "call-first").textContent()).toContain("mời trả lời trước");
        expect(await page.locator(".asker").allTextContents()).toHaveLength(3);
        await act(page, "answer").click();
        await arrives(world, 1);
        expect(sent(world)).toEqual([["give_floor", "o001", { kind: "answer" }]]);
      },
    ), LIMIT);

  it("starts the next round with the official it asks", () =>
    withPage(interpellating, async ({ world, page }) => {
      await act(page, "round").click();
      await page.locator("[data-person=o002]").click();
      await act(page, "round-do").click();
      await arrives(world, 1);
      expect(sent(world)).toEqual([["start_round", "o002", {}]]);
    }), LIMIT);

  it("logs a promise with the official and the asker filled in, and strikes one with a reason", () =>
    withPage(interpellating, async ({ world, page }) => {
      await floorTab(page, 1).click();
      expect(await page.locator(".promise").first().textContent()).toContain("đến 31/12/2031");
      expect(await page.locator(".promise").nth(1).textContent()).toContain("quá hạn 30/06/2020");
      await act(page, "promise").click();
      await act(page, "promise-do").click();
      expect(world.orders).toEqual([]);
      await page.locator("dialog[open] textarea").fill("Bàn giao\nmặt bằng");
      await page.locator("dialog[open] input[type=date]").fill("2031-03-31");
      await act(page, "promise-do").click();
      await arrives(world, 1);
      await page.locator("dialog[open]").waitFor({ state: "detached" });
      await act(page, "strike").first().click();
      await page.locator("[data-act=why]").first().click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([
        ["log_promise", "o001", { text: "Bàn giao mặt bằng", until: "2031-03-31", to: "d063" }],
        ["strike_promise", "m3", { reason: "Ghi nhầm" }],
      ]);
    }), LIMIT);

  it("marks a promise as kept, with a note or without, and offers that no more", () =>
    withPage(interpellating, async ({ world, page }) => {
      await floorTab(page, 1).click();
      const promise = (text: string) => page.locator(".promise", { hasText: text });
      await promise("giải ngân từng quý").locator("[data-act=keep]").click();
      await act(page, "why-send").click();
      await arrives(world, 1);
      await promise("giải phóng mặt bằng").locator("[data-act=keep]").click();
      await page.locator(".why input").fill("Biên bản bàn giao số 4");
      await act(page, "why-send").click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([
        ["keep_promise", "m3", {}],
        ["keep_promise", "m1", { note: "Biên bản bàn giao số 4" }],
      ]);
      const kept = promise("các dự án chậm triển khai");
      expect(await kept.textContent()).toMatch(/Kỳ họp thứ 28.*Đã thực hiện ngày .*: Nghị quyết 12 ngày 15\/10/s);
      expect(await kept.locator("[data-act=keep]").count()).toBe(0);
      expect(await kept.locator("[data-act=strike]").count()).toBe(1);
    }), LIMIT);
});

describe("time", () => {
  it("says in words how much is left and who is over, and sends only the budgets that were changed", () =>
    withPage(discussing, async ({ world, page }) => {
      await floorTab(page, 2).click();
      const lines = await page.locator(".budgets li").allTextContents();
      expect(lines[0]).toContain("vượt 2 phút 32 giây");
      expect(lines[2]).toContain("còn 20 phút");
      await act(page, "budget").click();
      await page.getByLabel("Tổ 2", { exact: true }).fill("15");
      await page.getByLabel("Tổ 7", { exact: true }).fill("");
      await act(page, "budget-do").click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([["set_budget", "i4", { group: "Tổ 2", seconds: 900 }], ["set_budget", "i4", { group: "Tổ 7", seconds: 0 }]]);
    }), LIMIT);
});

describe("who may", () => {
  it("the secretary records requests and promises and does not steer", () =>
    withPage(
      interpellating,
      async ({ world, page }) => {
        for (const name of ["call-first", "give", "list", "speech-pause", "answer", "round"]) expect([name, await isOff(page, name)]).toEqual([name, true]);
        expect(await act(page, "more").count()).toBe(0);
        await act(page, "request").click();
        await page.locator("[data-person=d042]").click();
        await page.getByLabel("Vấn đề (không bắt buộc)").fill("Quỹ đất tái định cư");
        await act(page, "request-do").click();
        await arrives(world, 1);
        expect(sent(world)).toEqual([["ask_to_speak", "d042", { kind: "interpellate", topic: "Quỹ đất tái định cư" }]]);
        await floorTab(page, 1).click();
        expect(await isOff(page, "promise")).toBe(false);
      },
      { person: SECRETARY },
    ), LIMIT);

  it("the chair does not ask for others, and reads why", () =>
    withPage(discussing, async ({ page }) => {
      expect(await isOff(page, "request")).toBe(true);
      expect(await act(page, "request").textContent()).toContain("việc của thư ký");
    }), LIMIT);
});

describe("the walls", () => {
  it("shows agenda and blank at one tap, and what is rarer only after a look", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "wall-agenda").click();
      await arrives(world, 1);
      await act(page, "wall-roll_call").click();
      expect(await page.locator(".wallbar__next .mini").getAttribute("aria-label")).toContain("Điểm danh");
      expect(orders(world).length).toBe(1);
      await act(page, "wall-roll_call").click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([["show_on_wall", "-", { mode: "agenda" }], ["show_on_wall", "-", { mode: "roll_call" }]]);
    }), LIMIT);

  it("leaves a preview by Esc without showing it", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "wall-welcome").click();
      await page.locator(".mini--draft").waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".mini--draft").waitFor({ state: "detached" });
      expect(world.orders).toEqual([]);
    }), LIMIT);

  it("shows every wall, and acts on the one that was chosen", () =>
    withPage(manyWalls, async ({ world, page }) => {
      const labels = await page.locator(".minis .mini").evaluateAll((minis) => minis.map((mini) => mini.getAttribute("aria-label") ?? ""));
      expect(labels).toHaveLength(3);
      expect(labels[1]).toContain("Phạm Thị Lan Phúc");
      expect(labels[2]).toContain("Đếm ngược, Giải lao");
      expect(labels[0]).toContain("Dòng chữ: Đại biểu nhận tài liệu");
      await act(page, "aim-w3").click();
      await act(page, "wall-blank").click();
      await arrives(world, 1);
      await act(page, "follow").click();
      await arrives(world, 2);
      expect(sent(world)).toEqual([["show_on_wall", "w3", { mode: "blank" }], ["follow_main", "w3", {}]]);
    }), LIMIT);

  it("shows a ready-made card, and a countdown to a moment so many minutes on", () =>
    withPage(discussing, async ({ world, page }) => {
      await act(page, "wall-title").click();
      await act(page, "card_flag").click();
      await arrives(world, 1);
      await page.locator("dialog[open]").waitFor({ state: "detached" });
      await act(page, "wall-countdown").click();
      await page.getByLabel("Số phút").fill("10");
      const before = Date.now();
      await act(page, "card-do").click();
      await arrives(world, 2);
      const [card, countdown] = sent(world);
      expect(card).toEqual(["show_on_wall", "-", { mode: "title", card: { title: "Chào cờ", text: "Kỳ họp thứ 29", until: null } }]);
      const until = (countdown?.[2] as { card: { until: number } }).card.until;
      expect(Math.abs(until - before - 600_000)).toBeLessThan(20_000);
    }), LIMIT);

  it("adds and removes walls, sets and clears the ticker", () =>
    withPage(manyWalls, async ({ world, page }) => {
      await act(page, "wall-walls").click();
      await page.getByLabel("Tên màn hình mới").fill("Hành lang");
      expect(await isOff(page, "wall-add")).toBe(true);
      await page.getByLabel("Tên màn hình mới").fill("Phòng chờ");
      await act(page, "wall-add").click();
      await arrives(world, 1);
      await act(page, "wall-remove").first().click();
      await act(page, "wall-remove-do").click();
      await arrives(world, 2);
      await page.getByRole("button", { name: "Xong" }).click();
      await act(page, "wall-ticker").click();
      await act(page, "ticker-clear").click();
      await arrives(world, 3);
      expect(sent(world)).toEqual([["add_wall", "-", { name: "Phòng chờ" }], ["remove_wall", "w2", {}], ["set_ticker", "-", {}]]);
    }), LIMIT);
});

describe("the roll", () => {
  const roll = { person: SECRETARY, side: "presence" } as const;

  it("says how many are missing for a quorum, whose tablet is not ready, and finds them", () =>
    withPage(
      troubled,
      async ({ page }) => {
        expect(await page.locator(".quorum").textContent()).toContain("còn thiếu 11");
        expect(await page.locator(".ready__line").textContent()).toContain("51 / 53 máy sẵn sàng");
        await act(page, "not-ready").click();
        expect(await page.locator(".ready li").count()).toBe(2);
        for (const [filter, seat] of [["lost", "12"], ["slow", "5"]] as const) {
          await page.locator(`[data-filter=${filter}]`).click();
          expect([filter, await page.locator(".pane--roll .row .num").allTextContents()]).toEqual([filter, [seat]]);
        }
      },
      roll,
    ), LIMIT);

  it("warns when the quorum is lost, and tells who has just come", () =>
    withPage(
      () => undefined,
      async ({ world, page }) => {
        await page.locator(".quorum").waitFor();
        troubled(world);
        world.publish();
        await expect.poll(() => page.locator(".quorum[role=alert]").textContent(), { timeout: 15_000 }).toContain("Không còn đủ điều kiện họp");
        const somebody = world.fixture.console.people[60]!;
        somebody.presence = "present";
        world.publish();
        await expect.poll(() => page.locator(".news").textContent(), { timeout: 15_000 }).toContain("Vừa có mặt");
      },
      roll,
    ), LIMIT);

  it("takes excuses ahead of the sitting, with a reason", () =>
    withPage(
      beforeSitting,
      async ({ world, page }) => {
        await page.locator(".pane--roll input[type=search]").fill("7");
        await page.locator(".pane--roll .row--tap").click();
        expect(await page.locator(".pane--roll .row__acts .btn").allTextContents()).toEqual(["Ghi vắng có lý do…"]);
        await page.locator(".pane--roll .row__acts .btn").click();
        await page.locator("dialog[open] textarea").fill("Đi công tác");
        await act(page, "reason-do").click();
        await arrives(world, 1);
        expect(sent(world)).toEqual([["excuse", "d007", { reason: "Đi công tác" }]]);
      },
      roll,
    ), LIMIT);

  it("reports a sitting: who came and went, and who was here at each closing; on paper nothing else", () =>
    withPage(
      (world) => {
        world.onQuery = (query) => (query.query === "roll_call" && query.sitting === "sit1" ? { found: "roll_call", ...rollCall(world) } : { refuse: "unknown_sitting" });
      },
      async ({ page }) => {
        await act(page, "report").click();
        const rows = page.locator(".report .scroll tbody tr");
        await rows.first().waitFor();
        expect(await rows.count()).toBe(95);
        expect(await rows.nth(5).textContent()).toMatch(/trước đó còn 4 lượt;.*ra về \(Ra về, có lý do "gia đình"\).*đến.*70/);
        expect(await page.locator(".report__closings tbody tr").nth(1).textContent()).toMatch(/Olympic.*95.*91.*89/);
        await page.emulateMedia({ media: "print" });
        expect(await page.locator(".wallbar").isVisible()).toBe(false);
        expect(await rows.last().isVisible()).toBe(true);
        // More rows than one sheet holds: more sheets than one.
        const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page[^s]/g);
        expect(sheets?.length ?? 0).toBeGreaterThan(2);
      },
      roll,
    ), LIMIT);

  it("says why there is no report", () =>
    withPage(
      () => undefined,
      async ({ page }) => {
        await act(page, "report").click();
        await expect.poll(() => page.locator(".report [role=alert]").textContent(), { timeout: 15_000 }).toContain("Không có phiên họp này");
      },
      roll,
    ), LIMIT);
});

describe("everybody can use it", () => {
  it.each(Object.entries(chairFloorStates))("%s: axe finds nothing in either language, nothing is cut, the policy holds", async (_, state) => {
    await withPage(
      (world) => state.before?.(world),
      async ({ world, page, complaints }) => {
        await state.after?.(page, world);
        expect(await violations(page), "vi").toEqual([]);
        for (const [width, height] of [[1280, 800], [640, 400], [390, 844]] as const) {
          await page.setViewportSize({ width, height });
          await expect.poll(() => sideways(page), { message: `${width}×${height}` }).toEqual([]);
        }
        await speak(page, "en");
        expect(await violations(page), "en").toEqual([]);
        await expect.poll(() => sideways(page), { message: "en" }).toEqual([]);
        expect(complaints.filter((text) => !text.includes("404") && !text.includes("ERR_"))).toEqual([]);
      },
      { person: state.person ?? null, side: null, rehearsal: state.rehearsal ?? false },
    );
  }, LIMIT);
});
