import { describe, expect, it } from "vitest";
import { expectAccessible, expectInside, kit, PATIENCE_MS } from "./display-kit.ts";
import { council, HOSTILE } from "./states/display.ts";

const t = kit();
const SIZES = [{ width: 1280, height: 800 }, { width: 390, height: 844 }, { width: 320, height: 640 }];

describe("the front door of the platform", { timeout: 2 * PATIENCE_MS }, () => {
  for (const lang of ["vi", "en"] as const)
    it(`lists the councils and passes axe (${lang})`, async () => {
      const page = await t.open("/", { lang });
      const row = page.locator(".councils .row");
      await row.waitFor();
      expect(await row.getAttribute("href")).toBe("/c/hanoi/");
      expect(await row.textContent()).toContain(lang === "vi" ? "Đang họp" : "Sitting now");
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await expectInside(page);
        await expectAccessible(page);
      }
      expect(t.faults()).toEqual([]);
    });

  it("puts councils that sit first, and finds one among many without marks", async () => {
    const names = ["Xã Yên Bài", "Phường Cửa Nam", "Xã Đông Anh", "Xã Ba Vì", "Phường Hồng Hà", "Xã Phúc Thọ", "Xã Sóc Sơn", "Phường Ô Chợ Dừa", HOSTILE];
    const list = names.map((name, i) => ({ id: `c${i}`, name, short_name: name, origin: `chamber.example/c${i}`, sitting: name === "Xã Sóc Sơn" }));
    t.world.json.set("/api/councils", list);
    const page = await t.open("/");
    await expect.poll(() => page.locator(".councils .row b").first().textContent()).toBe("Xã Sóc Sơn");
    await expectInside(page);
    await page.getByRole("searchbox").fill("o cho dua");
    await expect.poll(() => page.locator(".councils .row").count()).toBe(1);
    await page.getByRole("searchbox").fill("zzz");
    await page.locator(".councils .empty").waitFor();
  });

  it("says when there is no council yet", async () => {
    t.world.json.set("/api/councils", []);
    const page = await t.open("/");
    await page.getByText("chưa có hội đồng nào").waitFor();
  });
});

describe("the front door of a council", { timeout: 2 * PATIENCE_MS }, () => {
  it("leads to every page", async () => {
    const page = await t.state("", council["sitting"]!);
    const links = await page.locator(".tile").evaluateAll((nodes) => nodes.map((node) => node.getAttribute("href")));
    expect(links).toEqual(["results", "verify", "wall", "delegate", "chair", "admin"].map((one) => `/c/hanoi/${one}`));
    expect(await page.locator(".nowline").textContent()).toContain("Đang biểu quyết");
  });

  it("shows who speaks, the sittings with their times and the agenda as a tree", async () => {
    const page = await t.state("", council["speaking"]!);
    const speaker = t.world.fixture.speaking.speech!;
    await expect.poll(() => page.locator(".nowline").textContent()).toContain(speaker.person.name);
    expect(await page.locator(".nowline [role=timer]").textContent()).toMatch(/^\d:\d\d$/);
    expect(await page.locator("[aria-labelledby=sittings] .row").count()).toBe(2);
    expect(await page.locator("[aria-labelledby=agenda]").textContent()).toContain("Chậm 17 phút");
    expect(await page.locator(".tree .tree .row").count()).toBe(5);
  });

  it("names whom an interpellation asks, and what was promised until when", async () => {
    const page = await t.state("", council["interpellation"]!);
    await expect.poll(() => page.locator(".nowline").textContent()).toContain("Chất vấn Đoàn Quốc Khôi");
    expect(await page.locator("[aria-labelledby=promises]").count()).toBe(0);
    const later = await t.state("", council["promises"]!);
    await expect.poll(() => later.locator(".promise").count()).toBe(3);
    expect(await later.locator(".promise").nth(1).textContent()).toContain("đến 31/03/2026");
    expect(await later.locator(".promise").last().textContent()).toContain("Kỳ họp thứ 28");
  });

  it("says of a closed sitting that there is one, and nothing else", async () => {
    const page = await t.state("", council["closed-doors"]!);
    await expect.poll(() => page.locator(".nowline b").textContent()).toBe("Đang họp kín");
    expect(await page.locator(".nowline .figure, .nowline .isolate").count()).toBe(0);
    expect(await page.locator("[aria-labelledby=sittings]").textContent()).not.toContain("buổi sáng");
  });

  it("marks a rehearsal on every page of it", async () => {
    t.world.fixture.council.rehearsal = true;
    for (const path of ["", "results", "verify"]) {
      const page = await t.open(path);
      await expect.poll(() => page.locator(".rehearsalbar").textContent()).toContain("Diễn tập");
    }
  });
});
