import { describe, expect, it } from "vitest";
import { expectAccessible, expectInside, kit, PATIENCE_MS } from "./display-kit.ts";
import { speaks } from "./debate.ts";
import { electionIn } from "./forms.ts";
import { ballotIn } from "./halls.ts";
import { closeDoors, HOSTILE, wall } from "./states/display.ts";

const t = kit();
const HALL = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };
const HD = { width: 1920, height: 1080 };
const SHAPES = [HD, { width: 1280, height: 1024 }, { width: 2560, height: 1080 }];

describe("every scene", { timeout: 4 * PATIENCE_MS }, () => {
  it.each(Object.keys(wall))("%s fits 16:9, 5:4 and 21:9, keeps its bands apart, is legible and passes axe", async (name) => {
    const page = await t.state("wall", wall[name]!, HD);
    await page.locator(".wall:not([data-scene=connecting])").waitFor();
    for (const shape of SHAPES) {
      await page.setViewportSize(shape);
      // The screen is laid out anew, and long texts are fitted after that.
      await expect.poll(() => overlaps(page), { message: `${shape.width}×${shape.height}` }).toEqual([]);
      await expectInside(page);
      await expect.poll(() => tooSmall(page), { message: `${shape.width}×${shape.height}` }).toEqual([]);
    }
    // What is stale is greyed on purpose, and says so at full strength in its foot.
    if (!name.startsWith("disconnected")) await expectAccessible(page);
    expect(t.faults()).toEqual([]);
  });

  it("speaks English when asked, whatever the browser's pages speak", async () => {
    ballotIn(t.world.fixture, Date.now(), { state: "confirmed", split: HALL });
    const page = await t.open("wall?lang=en", HD);
    await expect.poll(() => page.locator(".plinth__verdict").textContent()).toBe("Adopted");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    const vietnamese = await t.open("wall", { ...HD, lang: "en" });
    await expect.poll(() => vietnamese.locator(".plinth__verdict").textContent()).toBe("Được thông qua");
    expect(await vietnamese.evaluate(() => localStorage.getItem("dienhong.lang"))).toBe("en");
  });
});

describe("a ballot", { timeout: PATIENCE_MS }, () => {
  it("shows what came in, the time and the rule, and no split", async () => {
    const page = await t.state("wall", wall["voting"]!, HD);
    await page.locator(".countdown__time").waitFor();
    expect(await page.locator(".chamber__figure .num").textContent()).toBe("83/92");
    expect(await page.locator(".foot").textContent()).toContain("quá nửa tổng số đại biểu (48/95)");
    expect(await page.locator(".seat").count()).toBe(95);
    expect(await page.locator(".seat--received").count()).toBe(83);
    expect(await page.locator(".seat--yes, .seat--no, .seat--abstain, .tally").count()).toBe(0);
  });

  it("of some groups is theirs alone: the other seats are faint, the rule counts only them", async () => {
    const page = await t.state("wall", wall["voting-groups"]!, HD);
    await page.locator(".countdown__time").waitFor();
    expect((await page.locator(".mast__mode").textContent())?.replaceAll("\u00a0", " ")).toContain("Biểu quyết của Tổ 1, Tổ 2, Tổ 10");
    expect((await page.locator(".foot").textContent())?.replaceAll("\u00a0", " ")).toContain("tổng số đại biểu Tổ 1, Tổ 2, Tổ 10 (13/24)");
    expect(await page.locator(".seat").count()).toBe(95);
    expect(await page.locator(".seat--apart").count()).toBe(71);
    const result = await t.state("wall", wall["result-groups"]!, HD);
    await result.locator(".plinth--yes").waitFor();
    expect(await result.locator(".seat--apart").count()).toBe(71);
    expect(await result.locator(".tally__base").textContent()).toBe("trên tổng số 24 đại biểu");
  });

  it("with live names shows each answer on its seat, and their sums", async () => {
    const page = await t.state("wall", wall["voting-live-names"]!, HD);
    await page.locator(".countdown__time").waitFor();
    const [yes, no, abstain] = await Promise.all(["yes", "no", "abstain"].map((answer) => page.locator(`.seat--${answer}`).count()));
    expect(yes! + no! + abstain!).toBe(83);
    expect(await page.locator(".foot__split > span").evaluateAll((all) => all.map((one) => Number(one.textContent?.replace(/\D/g, ""))))).toEqual([yes, no, abstain]);
  });

  it("goes from voting to provisional to a verdict without a reload", async () => {
    const { fixture } = t.world;
    ballotIn(fixture, Date.now(), { state: "open", split: HALL, received: 83 });
    const page = await t.open("wall", HD);
    await page.locator("[data-scene=voting]").waitFor();
    ballotIn(fixture, Date.now(), { state: "closed", split: HALL });
    t.world.publish();
    await page.locator(".plinth--waiting").waitFor();
    expect(await page.locator(".plinth--yes, .plinth--no").count()).toBe(0);
    expect(await page.locator(".seat--yes").count()).toBe(84);
    ballotIn(fixture, Date.now(), { state: "confirmed", split: HALL });
    t.world.publish();
    await page.locator(".plinth--yes").waitFor();
    expect(await page.locator(".plinth__rule").textContent()).toBe("Cần quá nửa tổng số đại biểu (48/95), được 84");
    expect(await page.locator(".tally__base").textContent()).toBe("trên tổng số 95 đại biểu");
    expect(await page.locator(".tally .share").allTextContents()).toEqual(["88,42\u00a0%", "4,21\u00a0%", "3,16\u00a0%", "1,05\u00a0%", "3,16\u00a0%"]);
  });

  it("on hold says so, with the cause, and stops the clock", async () => {
    const page = await t.state("wall", wall["held"]!, HD);
    await page.locator(".plinth--held").waitFor();
    expect(await page.locator(".plinth__verdict").textContent()).toBe("Tạm dừng");
    expect(await page.locator(".countdown__time").textContent()).toBe("0:23");
  });

  it("that was voided or annulled never has a solid plinth", async () => {
    for (const name of ["voided", "annulled"]) {
      const page = await t.state("wall", wall[name]!, HD);
      await page.locator("[data-scene=struck]").waitFor();
      expect(await page.locator(".plinth--yes, .plinth--no").count()).toBe(0);
      expect(await page.locator(".plinth--danger").count()).toBe(1);
    }
  });

  it("sorted by answer says that the map is not by seat", async () => {
    const page = await t.state("wall", wall["result-by-answer"]!, HD);
    await page.locator(".hall__note").waitFor();
    expect(await page.locator(".hall__note").textContent()).toBe("Sắp theo kết quả, không theo chỗ ngồi");
    const bySeat = await t.state("wall", wall["result"]!, HD);
    await bySeat.locator(".plinth--yes").waitFor();
    expect(await bySeat.locator(".hall__note").count()).toBe(0);
  });
});

describe("options and candidates", { timeout: PATIENCE_MS }, () => {
  it("are named in the question's order while they are voted on, and ranked with marks and shares of all once announced", async () => {
    const { fixture } = t.world;
    electionIn(fixture, Date.now(), "open");
    const page = await t.open("wall", HD);
    await page.locator("[data-scene=voting]").waitFor();
    expect(await page.locator(".options__row").count()).toBe(5);
    expect(await page.locator(".seat, .options__row .num").count()).toBe(0);
    expect(await page.locator(".foot").textContent()).toContain("Chọn tối đa 3 người");
    electionIn(fixture, Date.now(), "closed");
    t.world.publish();
    await page.locator(".plinth--waiting").waitFor();
    expect(await page.locator(".ranking__row--chosen").count()).toBe(0);
    electionIn(fixture, Date.now(), "announced");
    t.world.publish();
    await page.locator(".plinth--yes").waitFor();
    expect(await page.locator(".plinth__verdict").textContent()).toBe("Trúng cử 3/3");
    expect(await page.locator(".ranking__row--chosen .num").allTextContents()).toEqual(["81", "72", "63"]);
    expect(await page.locator(".ranking__row .share").first().textContent()).toBe("85,26\u00a0%");
    expect(await page.locator(".ranking__base").textContent()).toBe("trên tổng số 95 đại biểu");
  });
});

describe("a count taken by people", { timeout: PATIENCE_MS }, () => {
  it("is marked as such, says who recorded it and what became of the papers, and claims no seats", async () => {
    const page = await t.state("wall", wall["result-paper"]!, HD);
    await page.locator(".counted").waitFor();
    expect(await page.locator(".mast__mode").textContent()).toContain("Phiếu giấy");
    expect(await page.locator(".counted__papers .num").allTextContents()).toEqual(["92", "91", "89", "2"]);
    expect(await page.locator(".counted__by").textContent()).toMatch(/^Người ghi: \S+/);
    expect(await page.locator(".seat").count()).toBe(0);
  });
});

describe("the floor", { timeout: PATIENCE_MS }, () => {
  it("says by sign and word, not by colour alone, that the time is over", async () => {
    const page = await t.state("wall", wall["speaker-over"]!, HD);
    await page.locator(".speechclock--over").waitFor();
    expect(await page.locator(".countdown__time").textContent()).toMatch(/^\+0:4\d$/);
    expect(await page.locator(".countdown__label").textContent()).toBe("Quá thời gian");
  });

  it("takes the clock away without a connection", async () => {
    const page = await t.state("wall", wall["disconnected-speaker"]!, HD);
    expect(await page.locator(".countdown__time").textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(await page.locator(".bar").count()).toBe(0);
  });

  it("changes its digits in the same moment on the wall and on the council's page", async () => {
    speaks(t.world.fixture, Date.now());
    const pages = [await t.open("wall", HD), await t.open("")];
    const seen = await Promise.all(pages.map((page) => digitTimes(page, 6)));
    const [onWall, onPage] = seen as [Map<string, number>, Map<string, number>];
    const apart = [...onWall].flatMap(([digits, at]) => (onPage.has(digits) ? [Math.abs(at - onPage.get(digits)!)] : [])).sort((a, b) => a - b);
    expect(apart.length).toBeGreaterThan(2);
    expect(apart[Math.floor(apart.length / 2)]).toBeLessThan(100);
  });
});

describe("a countdown", { timeout: PATIENCE_MS }, () => {
  it("gives way to its words when its moment has come", async () => {
    t.world.fixture.live.wall = { mode: "countdown", card: { title: "Giải lao", text: "Họp tiếp", until: Date.now() + 2_500 }, since: Date.now() };
    const page = await t.open("wall", HD);
    await page.locator(".titlecard__digits").waitFor();
    await page.locator(".titlecard__digits").waitFor({ state: "detached" });
    expect(await page.locator("h1").textContent()).toBe("Giải lao");
    expect(await page.locator(".titlecard__text").textContent()).toBe("Họp tiếp");
  });
});

describe("a rehearsal", { timeout: PATIENCE_MS }, () => {
  it("is marked whatever the wall shows", async () => {
    t.world.fixture.council.rehearsal = true;
    const page = await t.open("wall", HD);
    for (const mode of ["welcome", "roll_call", "agenda", "item", "blank", "title", "countdown"] as const) {
      t.world.fixture.live.wall = { mode, card: { title: mode, text: null, until: Date.now() + 60_000 }, since: Date.now() };
      t.world.publish();
      await page.locator(`[data-scene=${mode}]`).waitFor();
      expect(await page.locator(".rehearsal").allTextContents()).toEqual(["Diễn tập"]);
    }
    closeDoors(t.world);
    t.world.publish();
    await page.locator("[data-scene=closed_doors] .rehearsal").waitFor();
  });
});

describe("several walls", { timeout: PATIENCE_MS }, () => {
  it("show their own, follow the main one without, and say where they hang", async () => {
    const page = await t.state("wall", wall["own-wall"]!, HD);
    await page.locator("[data-scene=agenda]").waitFor();
    expect(await page.locator(".mast__wall").textContent()).toBe("Sảnh đón khách");
    t.world.fixture.live.walls[0]!.own = null;
    t.world.publish();
    await page.locator("[data-scene=item]").waitFor();
    t.world.fixture.live.walls = [];
    t.world.publish();
    await page.locator("[data-scene=unknown_wall]").waitFor();
    expect(await page.locator("h1").textContent()).toContain("w2");
  });
});

describe("closed doors", { timeout: PATIENCE_MS }, () => {
  it("leave one card on a wall in nobody's name", async () => {
    const page = await t.open("wall", HD);
    await page.locator("[data-scene=item]").waitFor();
    t.world.fixture.live.ticker = "…";
    t.world.fixture.live.closed_doors = true;
    t.world.publish();
    await page.locator("[data-scene=closed_doors]").waitFor();
    expect((await page.locator("main").innerText()).trim()).toBe("Họp kín");
    expect(await page.locator(".mast, .ticker").count()).toBe(0);
  });

  it("are open to a screen of the hall, until its device is revoked", async () => {
    t.world.fixture.live.closed_doors = true;
    const page = await t.open("wall", { ...HD, person: "s001" });
    await page.locator("[data-scene=item]").waitFor();
    t.world.cut(4002);
    await page.locator("[data-scene=closed_doors]:not(.wall--stale)").waitFor();
  });

  it("do not open for a delegate's own tablet", async () => {
    t.world.fixture.live.closed_doors = true;
    const page = await t.open("wall", { ...HD, person: "d042" });
    await page.locator("[data-scene=closed_doors]").waitFor();
  });

  it("send a code that was opened here to the page that enrols this device", async () => {
    const page = await t.open("wall#enrol=ABCD-EFGH", HD);
    await page.waitForURL(/\/c\/hanoi\/delegate/);
  });
});

describe("the line along the foot", { timeout: PATIENCE_MS }, () => {
  it("stands still for those who want no motion, moves for others, and can be stopped", async () => {
    const page = await t.state("wall", wall["ticker-item"]!, HD);
    const line = page.locator(".ticker__line");
    await line.waitFor();
    expect(await line.textContent()).toMatch(/…$/);
    expect(await line.getAttribute("aria-label")).toContain("bàn thư ký");
    expect(await page.locator(".ticker__run").count()).toBe(0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await page.locator(".ticker__run--moves").waitFor();
    await page.mouse.move(200, 200);
    await page.getByRole("button", { name: "Dừng dòng chạy" }).click();
    await page.locator(".ticker__run--paused").waitFor();
  });
});

describe("the technician's", { timeout: PATIENCE_MS }, () => {
  it("tone is off until switched on here, and remembered; the hint says how to enrol this device", async () => {
    const page = await t.open("wall", HD);
    await page.locator("[data-scene=item]").waitFor();
    expect(await page.locator(".controls").isVisible()).toBe(false);
    await page.mouse.move(300, 300);
    await page.getByRole("button", { name: "Bật âm báo" }).click();
    expect(await page.locator(".controls__hint").textContent()).toContain("/c/hanoi/delegate#enrol=");
    await expectAccessible(page);
    await page.reload();
    await page.locator("[data-scene=item]").waitFor();
    await page.mouse.move(320, 320);
    expect(await page.locator(".controls__button").first().getAttribute("aria-pressed")).toBe("true");
  });

  it("browser may forbid storage: the wall shows what it shows", async () => {
    const page = await t.open("wall", HD);
    await page.addInitScript(() =>
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      }),
    );
    await page.reload();
    await page.locator("[data-scene=item]").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("vi");
    expect(t.faults()).toEqual([]);
  });
});

describe("without a connection", { timeout: PATIENCE_MS }, () => {
  it("takes the countdown away, says as of when, and comes back by itself", async () => {
    const page = await t.state("wall", wall["disconnected"]!, HD);
    expect(await page.locator(".countdown__time").textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(await page.locator(".bar").count()).toBe(0);
    expect(await page.locator(".plinth__verdict").textContent()).toBe("Mất kết nối");
    t.world.reachable = true;
    await page.locator(".wall:not(.wall--stale)").waitFor();
    expect(await page.locator(".countdown__time").textContent()).toMatch(/^\d:\d\d$/);
  });

  it("turns a solid plinth dark", async () => {
    const page = await t.state("wall", wall["disconnected-result"]!, HD);
    expect(await page.locator(".plinth--yes, .plinth--no").count()).toBe(0);
    expect(await page.locator(".plinth__asof .num").textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
  });
});

describe("hostile text", { timeout: PATIENCE_MS }, () => {
  it("stays text, and stays whole for those who hear it", async () => {
    const page = await t.state("wall", wall["hostile"]!, HD);
    const title = page.locator(".title__text");
    await title.waitFor();
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
    expect(await title.getAttribute("aria-label")).toBe(HOSTILE);
    expect((await title.textContent())!.endsWith("…")).toBe(true);
    expect(await title.evaluate((node) => node.scrollHeight <= node.clientHeight + 1)).toBe(true);
  });
});

/** Pairs of bands that stand in each other. */
function overlaps(page: Awaited<ReturnType<typeof t.open>>): Promise<string[]> {
  return page.evaluate(() => {
    const bands = [".mast", ".title", ".hall", ".outcome", ".countdown", ".present", ".item__title", ".item__facts", ".agenda", ".struck__reason", ".welcome__term", ".facts", ".foot", ".plinth", ".person", ".ranking", ".decided", ".counted", ".ballotpaper", ".titlecard > *", ".pause__words", ".corner", ".ticker"];
    const boxes = bands.flatMap((name) => [...document.querySelectorAll(name)].map((node) => ({ name, box: node.getBoundingClientRect() })));
    const bad: string[] = [];
    for (const [i, a] of boxes.entries()) {
      if (a.box.bottom > innerHeight + 1 || a.box.right > innerWidth + 1 || a.box.left < -1 || a.box.top < -1) bad.push(`${a.name} leaves the screen`);
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (across > 1 && down > 1) bad.push(`${a.name} × ${b.name} by ${Math.round(down)}`);
      }
    }
    return bad;
  });
}

/** What the hall knows anyway, or reads from nearby: all that may be smaller than the smallest thing anybody must read. */
const ASIDE = ".sr, .mast__session, .hall__note, .corner__wall, .controls";

/** Words and figures below 4.5 hundredths of the picture's height, which nobody reads from the last row. */
function tooSmall(page: Awaited<ReturnType<typeof t.open>>): Promise<string[]> {
  return page.evaluate((aside) => {
    const unit = Math.min(innerHeight / 100, (innerWidth * 0.5625) / 100);
    const words = document.createTreeWalker(document.querySelector(".wall")!, NodeFilter.SHOW_TEXT);
    const small: string[] = [];
    while (words.nextNode()) {
      const parent = words.currentNode.parentElement!;
      const text = words.currentNode.textContent!.trim();
      if (text === "" || parent.closest(aside)) continue;
      if (Number.parseFloat(getComputedStyle(parent).fontSize) < 4.5 * unit - 0.1) small.push(`${parent.className}: ${text.slice(0, 30)}`);
    }
    return small;
  }, ASIDE);
}

/** When each of the first `count` digits of a speaker's clock appeared on the page. */
async function digitTimes(page: Awaited<ReturnType<typeof t.open>>, count: number): Promise<Map<string, number>> {
  await page.locator("[role=timer]").waitFor();
  const seen = await page.evaluate(
    (count) =>
      new Promise<[string, number][]>((done) => {
        const timer = document.querySelector("[role=timer]")!;
        const times: [string, number][] = [];
        const observer = new MutationObserver(() => {
          times.push([timer.textContent!, performance.timeOrigin + performance.now()]);
          if (times.length < count) return;
          observer.disconnect();
          done(times);
        });
        observer.observe(timer, { characterData: true, childList: true, subtree: true });
      }),
    count,
  );
  return new Map(seen);
}
