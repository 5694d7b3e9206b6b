// The administration through its own door: codes, revoking, the roster's check before its import, founding a council.

import { createHash } from "node:crypto";
import { parseNote } from "@dienhong/web-shared/record/note.ts";
import { parseStatement } from "@dienhong/web-shared/record/statement.ts";
import type { RosterRequest, RulesProfile } from "@dienhong/web-shared/wire.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMINISTRATOR, CHAIR, personOf, SECRETARY } from "./fixtures.ts";
import { launch, openPage } from "./harness/browser.ts";
import { World } from "./harness/server.ts";
import { violations } from "./harness/usable.ts";
import { adminStates, CODE, equipping, founded, logged, PROBLEMS, rehearsed, revokedDevice, rosterAnswers, troubles } from "./states/admin.ts";

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
      expect(await page.locator(".onecode [role=timer]").textContent()).toMatch(/\b[89]:\d\d/);
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

describe("devices, further", () => {
  const row = (page: Page, id: string) => page.locator("tr", { has: page.locator(`[data-act="more-${id}"]`) });

  it("says how each line does, and tells a revoked device from none", () =>
    withPage(
      async (page) => {
        await row(page, "d035").getByText("Mất máy, báo lúc 08:05").waitFor();
        expect(await row(page, "d035").innerText()).toContain("Đã thu hồi máy");
        expect(await row(page, "d094").innerText()).toContain("Chưa nhận máy");
        expect(await row(page, "d001").innerText()).toContain("mạng tốt, trễ 4 ms");
        expect(await row(page, "d002").innerText()).toContain("mạng rất chậm, trễ 730 ms");
        expect(await row(page, "d090").innerText()).toMatch(/thấy lần cuối \d\d:\d\d:\d\d/);
      },
      {},
      revokedDevice,
    ), LIMIT);

  it("ends a mandate only for an administrator, with a reason", async () => {
    await withPage(async (page, world) => {
      await act(page, "more-d007").click();
      await act(page, "end-mandate").click({ force: true });
      expect(await page.locator("dialog[open] textarea").count()).toBe(0);
      expect(world.orders).toEqual([]);
    });
    await withPage(
      async (page, world) => {
        await act(page, "more-d007").click();
        await act(page, "end-mandate").click();
        await act(page, "end-mandate-do").click();
        expect(world.orders).toEqual([]);
        await page.locator("dialog[open] textarea").fill("Thôi nhiệm vụ");
        await act(page, "end-mandate-do").click();
        await page.locator(".toast").waitFor();
        expect(world.orders.map(({ order, args }) => [order.order, order.target, args])).toEqual([["end_mandate", "d007", { reason: "Thôi nhiệm vụ" }]]);
      },
      { person: ADMINISTRATOR, suffix: "#devices" },
    );
  }, LIMIT);
});

describe("preparation", () => {
  const now = (page: Page) => page.locator("[aria-current=step] h2").innerText();

  it("is where an administrator of a new council begins, and it knows what is done", () =>
    withPage(
      async (page, world) => {
        await page.locator("[aria-current=step]").waitFor();
        expect(await now(page)).toBe("Quy tắc");
        await act(page, "keep-rules").click();
        expect(await now(page)).toBe("Danh sách đại biểu");
        await page.reload();
        await page.locator("[aria-current=step]").waitFor();
        expect(await now(page)).toBe("Danh sách đại biểu");
        const secretary = { id: "s9", name: "Lê An", seat: null, group: "", offices: ["secretary" as const] };
        const seats = ["1", "2"].map((seat, n) => ({ id: `x${n}`, name: `Trần ${n}`, seat, group: "", offices: n === 0 ? ["chair" as const] : [] }));
        world.fixture.roll.people = [...world.fixture.roll.people, ...seats, secretary];
        world.publish();
        await page.getByText("0/2 máy đã nhận").waitFor();
        expect(await now(page)).toBe("Thiết bị");
      },
      { person: ADMINISTRATOR },
      founded,
    ), LIMIT);

  it("leads nobody who has daily work, and can be left and come back to", () =>
    withPage(async (page) => {
      await page.getByRole("heading", { name: "Thiết bị của đại biểu" }).waitFor();
      await page.locator(".sidenav a[href='#start']").focus();
      await page.keyboard.press("Enter");
      await page.locator(".prep").waitFor();
      await page.goBack();
      await page.locator(".grid").waitFor();
    }), LIMIT);

  it("counts devices", () =>
    withPage(async (page) => page.getByText("12/95 máy đã nhận").waitFor(), { person: ADMINISTRATOR }, equipping), LIMIT);
});

describe("rules", () => {
  const field = (page: Page, id: string) => page.locator(`[id="${id}"]`);
  const rules = { person: ADMINISTRATOR, suffix: "#rules" };

  it("are said in words with an example that follows the fields", () =>
    withPage(async (page) => {
      const said = page.locator("#said-majority_of_all");
      expect(await said.innerText()).toMatch(/Quá nửa tổng số đại biểu\s+trên 95 đại biểu → cần ít nhất 48/);
      await page.locator("[data-rule=majority_of_all] [data-edit]").click();
      await field(page, "majorities.0.numerator").fill("3");
      await field(page, "majorities.0.denominator").fill("4");
      await field(page, "majorities.0.base").selectOption("present");
      expect(await said.innerText()).toMatch(/Trên 3\/4 số đại biểu có mặt\s+khi 95 đại biểu có mặt → cần ít nhất 72/);
      await field(page, "majorities.0.denominator").fill("");
      expect(await said.innerText()).toContain("Điền đủ các ô");
    }, rules), LIMIT);

  it("show what will change, and are then signed whole", () =>
    withPage(async (page, world) => {
      await act(page, "rules-send").click({ force: true });
      expect(world.orders).toEqual([]);
      await field(page, "ballot_seconds").fill("90");
      await act(page, "rule-add").click();
      await field(page, "majorities.3.base").selectOption("took_part");
      await act(page, "remove-majority_of_present").click();
      const changes = await page.locator(".changes").innerText();
      expect(changes).toContain("Thêm quy tắc");
      expect(changes).toContain("Bỏ quy tắc");
      expect(changes).toMatch(/60 giây[\s\S]*90 giây/);
      await act(page, "rules-send").click();
      await page.locator(".toast").waitFor();
      const [sent] = world.orders;
      const { rules } = sent?.args as { rules: RulesProfile };
      expect([sent?.order.order, sent?.order.target]).toEqual(["set_rules", "-"]);
      expect(rules).toMatchObject({ preset: "province", seats: 95, names: "restricted", ballot_seconds: 90, quorum_enforced: true });
      expect(rules.majorities.map(({ name, rule }) => [name, rule.base])).toEqual([
        ["majority_of_all", "in_office"],
        ["two_thirds_of_all", "in_office"],
        ["rule-4", "took_part"],
      ]);
    }, rules), LIMIT);

  it("are not sent with a mistake in them, and lead to it", () =>
    withPage(async (page, world) => {
      await field(page, "speaking.speak").fill("4");
      await act(page, "rules-send").click({ force: true });
      expect(world.orders).toEqual([]);
      await act(page, "rules-wrong").click();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("speaking.speak");
      await act(page, "rules-reset").click();
      expect(await field(page, "speaking.speak").inputValue()).toBe("420");
    }, rules), LIMIT);

  it("changed elsewhere are told to whoever edits, who loses nothing unasked", () =>
    withPage(async (page, world) => {
      await field(page, "ballot_seconds").fill("90");
      world.fixture.council = { ...world.fixture.council, rules: { ...world.fixture.council.rules, show_split: true, ballot_seconds: 45 } };
      world.publish();
      await act(page, "rules-stale").waitFor();
      expect(await field(page, "ballot_seconds").inputValue()).toBe("90");
      await act(page, "rules-stale").click();
      expect(await field(page, "ballot_seconds").inputValue()).toBe("45");
    }, rules), LIMIT);

  it("are moved by keyboard, the focus going along", () =>
    withPage(async (page) => {
      await page.locator("[data-rule=two_thirds_of_all] [data-move='-1']").focus();
      await page.keyboard.press("Enter");
      await page.locator("[data-rule]").first().and(page.locator("[data-rule=two_thirds_of_all]")).waitFor();
      expect(await page.evaluate(() => document.activeElement?.closest("[data-rule]")?.getAttribute("data-rule"))).toBe("two_thirds_of_all");
    }, rules), LIMIT);

  it("are read, not changed, by the chair", () =>
    withPage(
      async (page) => {
        await page.locator("#said-majority_of_all").waitFor();
        expect(await page.locator("[data-edit], [data-act=rules-send], [data-act=rule-add]").count()).toBe(0);
        expect(await page.locator(".rules input:enabled").count()).toBe(0);
      },
      { person: CHAIR, suffix: "#rules" },
    ), LIMIT);
});

describe("the audit log", () => {
  const log = (suffix = "#audit") => ({ suffix });
  const lines = (page: Page) => page.locator("[data-entry]");
  const numbers = (page: Page) => lines(page).evaluateAll((all) => all.map((line) => Number(line.getAttribute("data-entry"))));

  it("is read newest first, a page at a time", () =>
    withPage(
      async (page) => {
        await lines(page).first().waitFor();
        expect(await numbers(page)).toEqual(Array.from({ length: 20 }, (_, n) => 419 - n));
        await act(page, "audit-more").click();
        await page.locator("[data-entry='380']").waitFor();
        expect(await numbers(page)).toEqual(Array.from({ length: 40 }, (_, n) => 419 - n));
        expect(await act(page, "audit-more").count()).toBe(0);
      },
      log(),
      logged,
    ), LIMIT);

  it("is filtered by subject and by a person found by name", () =>
    withPage(
      async (page, world) => {
        await lines(page).first().waitFor();
        await act(page, "audit-subject").selectOption("attendance");
        await page.locator("[data-entry='406']").waitFor();
        expect((await numbers(page))[0]).toBe(406);
        await page.locator(".personfilter input").fill(personOf(world.fixture.roll, "d007").name);
        await page.locator("[data-person=d007]").click();
        await page.locator("[data-act=clear-person]").waitFor();
        await expect.poll(() => numbers(page)).toEqual([388]);
        expect(new URL(page.url()).hash).toBe("#audit/of/d007");
        await act(page, "clear-person").click();
        await expect.poll(async () => (await numbers(page)).length).toBe(20);
      },
      log(),
      logged,
    ), LIMIT);

  it("leads from a line to the entry and from there to its cause, and back", () =>
    withPage(
      async (page) => {
        await page.locator("[data-entry='414']").focus();
        await page.keyboard.press("Enter");
        await page.locator("[data-cause]").waitFor();
        const facts = await page.locator(".entry .facts").innerText();
        expect(facts).toMatch(/[0-9a-f]{64}/);
        await act(page, "entry-raw").click();
        expect(JSON.parse(await page.locator("[data-line]").innerText())).toMatchObject({ seq: 414, kind: "ballot_closed" });
        await page.locator("[data-cause]").click();
        await page.getByRole("heading", { name: "Dòng số 409" }).waitFor();
        await page.goBack();
        await page.getByRole("heading", { name: "Dòng số 414" }).waitFor();
        await page.keyboard.press("Escape");
        await page.locator("dialog[open]").waitFor({ state: "detached" });
        expect(await lines(page).count()).toBe(20);
      },
      log(),
      logged,
    ), LIMIT);

  it("opens an entry that is not in the list by its address, and says where there is none", async () => {
    await withPage(async (page) => page.locator(".entry [data-line]").waitFor(), log("#audit/381"), logged);
    await withPage(async (page) => page.getByText("Hồ sơ không có dòng số 9000.").waitFor(), log("#audit/9000"), logged);
  }, LIMIT);

  it("tells of a restricted vote only that it was received", () =>
    withPage(
      async (page) => {
        await page.locator(".entry .facts").waitFor();
        expect(await page.locator(".entry__said").innerText()).toBe("Nhận một phiếu cho “Thông qua chương trình kỳ họp thứ 29”");
        expect(await page.locator("[data-line]").count()).toBe(0);
      },
      log("#audit/411"),
      logged,
    ), LIMIT);

  it("says what failed, and tries again", () =>
    withPage(
      async (page, world) => {
        await act(page, "audit-again").waitFor();
        logged(world);
        await act(page, "audit-again").click();
        await lines(page).first().waitFor();
      },
      log(),
      (world) => {
        troubles(world);
        world.onQuery = () => ({ refuse: "store_unavailable" });
      },
    ), LIMIT);
});

describe("a rehearsal", () => {
  it("is begun and ended, and leads to its own console", () =>
    withPage(
      async (page, world) => {
        const asked: string[] = [];
        world.onOrder = (order) => {
          asked.push(order.order);
          const begins = order.order === "start_rehearsal";
          world.fixture.council = { ...world.fixture.council, rehearsing: begins ? "hanoi.rehearsal" : null };
          return { reply: begins ? { reply: "rehearsal_started", id: "hanoi.rehearsal" } : { reply: "rehearsal_ended" } };
        };
        await act(page, "rehearsal-start").click();
        await act(page, "rehearsal-end").waitFor();
        expect(await page.locator("main a[href='/c/hanoi.rehearsal/chair']").count()).toBe(1);
        await act(page, "rehearsal-end").click();
        await act(page, "rehearsal-end-do").click();
        await act(page, "rehearsal-start").waitFor();
        expect(asked).toEqual(["start_rehearsal", "end_rehearsal"]);
      },
      { person: ADMINISTRATOR, suffix: "#rehearsal" },
    ), LIMIT);

  it("marks its own administration and issues no codes", () =>
    withPage(
      async (page, world) => {
        await page.locator(".rehearsalband").waitFor();
        let asked = 0;
        world.onOrder = () => {
          asked++;
          return "take";
        };
        await act(page, "code-d035").click({ force: true });
        await act(page, "more-d007").click();
        await act(page, "issue-new").click({ force: true });
        expect(asked).toBe(0);
        expect(await act(page, "code-d035").innerText()).toContain("không có trong diễn tập");
        expect(await page.locator(".sidenav a[href='#councils']").count()).toBe(0);
      },
      { person: ADMINISTRATOR, suffix: "#devices" },
      rehearsed,
    ), LIMIT);
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
  const NAMES = [
    ...["devices", "code", "revoke", "end-mandate", "roster-checked", "roster-problems", "councils-wrong"],
    ...["start", "start-devices", "start-done", "rules", "rules-edited", "rules-wrong", "rules-read"],
    ...["audit", "audit-find", "audit-person", "audit-entry", "audit-vote", "audit-empty", "audit-failed"],
    ...["rehearsal", "rehearsal-on", "rehearsal-inside"],
  ];
  const SHAPES = ["devices", "roster-checked", "councils", "start-devices", "rules-wrong", "audit", "audit-entry", "rehearsal-on", "rehearsal-inside"];

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

  it.each([[390, 844], [640, 400], [720, 450], [1024, 768]])("nothing is wider than %d × %d", async (width, height) => {
    for (const name of SHAPES) {
      const state = adminStates[name];
      await withPage(
        async (page, world) => {
          await page.locator("h1").waitFor();
          await state?.after?.(page, world);
          expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
          // Where the page has its own scrolling part, nothing lengthens the document beside it.
          if (width > 1000) expect([name, await page.evaluate(() => document.documentElement.scrollHeight)]).toEqual([name, height]);
        },
        { person: state?.person ?? null, suffix: state?.suffix ?? "", width, height },
        (world) => state?.before?.(world),
      );
    }
  }, 2 * LIMIT);
});
