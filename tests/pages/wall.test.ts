import { describe, expect, it } from "vitest";
import { expectAccessible, expectInside, kit, PATIENCE_MS } from "./display-kit.ts";
import { ballotIn } from "./halls.ts";
import { HOSTILE, wall } from "./states/display.ts";

const t = kit();
const HALL = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };
const HD = { width: 1920, height: 1080 };
const SHAPES = [HD, { width: 1280, height: 1024 }, { width: 2560, height: 1080 }];

describe("every scene", { timeout: 4 * PATIENCE_MS }, () => {
  it.each(Object.keys(wall))("%s fits 16:9, 5:4 and 21:9, keeps its bands apart and passes axe", async (name) => {
    const page = await t.state("wall", wall[name]!, HD);
    await page.locator(".wall:not([data-scene=connecting])").waitFor();
    for (const shape of SHAPES) {
      await page.setViewportSize(shape);
      // The screen is laid out anew, and long texts are fitted after that.
      await expect.poll(() => overlaps(page), { message: `${shape.width}×${shape.height}` }).toEqual([]);
      await expectInside(page);
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
    const bands = [".mast", ".title", ".hall", ".outcome", ".countdown", ".present", ".item__title", ".item__facts", ".agenda", ".struck__reason", ".welcome__term", ".facts", ".foot", ".plinth"];
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
