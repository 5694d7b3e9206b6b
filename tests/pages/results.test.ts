import { describe, expect, it } from "vitest";
import { announcements } from "../../chamber-display/src/results/announcements.ts";
import { folded, found, titleOf } from "../../chamber-display/src/results/search.ts";
import { expectAccessible, expectInside, kit, PATIENCE_MS } from "./display-kit.ts";
import { publishForms } from "./forms.ts";
import { publish } from "./halls.ts";
import { HOSTILE, results } from "./states/display.ts";

const t = kit();
const PHONE = { width: 390, height: 844 };

describe("the smallest window", { timeout: PATIENCE_MS }, () => {
  it("of 320 pixels, a phone's at 200 %, shows everything in one column", async () => {
    const page = await t.state("results", results["named"]!, { width: 320, height: 640 });
    await page.locator(".result").first().waitFor();
    await expectInside(page);
    await expectAccessible(page);
  });
});

describe("one result", { timeout: PATIENCE_MS }, () => {
  it("tells the verdict before the numbers, and the numbers before the names", async () => {
    const page = await t.state("results", results["named"]!);
    await page.locator(".names").waitFor();
    const order = await page.evaluate(() => [".verdict", ".answers", ".names"].map((one) => document.querySelector(one)!.getBoundingClientRect().top));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(await page.locator(".verdict").textContent()).toContain("Thông qua");
    expect(await page.locator(".answer .n").first().textContent()).toBe("8488,42\u00a0% của 95");
    expect(await page.locator(".result").textContent()).toContain("quá nửa tổng số đại biểu, tức ít nhất 48 trên 95");
    expect(await page.locator(".result .seat--no").count()).toBe(4);
  });

  it("says whose vote it was, where it was not everybody's", async () => {
    const page = await t.state("results", results["groups"]!);
    await page.locator(".result").waitFor();
    const said = (await page.locator(".result").textContent())?.replaceAll("\u00a0", " ");
    expect(said).toContain("Biểu quyết của Tổ 1, Tổ 2, Tổ 10");
    expect(said).toContain("quá nửa tổng số đại biểu Tổ 1, Tổ 2, Tổ 10, tức ít nhất 13 trên 24");
    expect(said).toContain("71 đại biểu khác");
  });

  it("lists names only where the council publishes them, in Vietnamese order", async () => {
    const page = await t.state("results", results["restricted"]!);
    await page.locator(".result").waitFor();
    expect(await page.locator(".names").count()).toBe(0);
    expect(await page.locator("body").textContent()).toContain("Sắp theo kết quả, không theo chỗ ngồi");
    const named = await t.state("results", results["named"]!);
    await named.getByRole("button", { name: "Hiện đủ 95 đại biểu" }).click();
    const names = await named.locator(".names__who").allTextContents();
    expect(names).toHaveLength(95);
    const given = names.map((name) => name.split(" ").at(-1)!);
    expect(given).toEqual([...given].sort(new Intl.Collator("vi").compare));
  });

  it("is found by its address, and another one by a tap", async () => {
    const page = await t.state("results", results["rejected"]!);
    await expect.poll(() => page.locator(".verdict").textContent()).toContain("Không thông qua");
    await page.locator(".resultlist .row").last().click();
    await expect.poll(() => page.locator(".result .eyebrow").textContent()).toContain("Nội dung 2");
    expect(new URL(page.url()).hash).toBe("#b2");
  });

  it("that was annulled stays readable, with the reason", async () => {
    const page = await t.state("results", results["annulled"]!);
    await page.locator(".is-annulled").waitFor();
    const text = (await page.locator(".result").textContent())!;
    expect(text).toContain("Đã hủy kết quả");
    expect(text).toContain("Hai máy ở dãy C");
    expect(text).toContain("85");
  });
});

describe("every form", { timeout: PATIENCE_MS }, () => {
  it("ranks candidates with votes and shares of all, and marks the elected by word", async () => {
    const page = await t.state("results", results["election"]!);
    await expect.poll(() => page.locator(".verdict").textContent()).toContain("Trúng cử 3/3");
    expect(await page.locator(".answer .n").first().textContent()).toBe("8185,26\u00a0% của 95");
    expect(await page.locator(".ranked--chosen .chip").allTextContents()).toEqual(["Trúng cử", "Trúng cử", "Trúng cử"]);
    expect(await page.locator(".seat").count()).toBe(0);
  });

  it("names the option that prevailed", async () => {
    const page = await t.state("results", results["choice"]!);
    await expect.poll(() => page.locator(".ranked--chosen").textContent()).toContain("Giảm một nửa từ năm 2026");
  });

  it("marks what people counted, with the papers and who recorded it", async () => {
    const page = await t.state("results", results["paper"]!);
    await expect.poll(() => page.locator(".result .eyebrow").textContent()).toContain("Phiếu giấy");
    expect(await page.locator(".result .told dd").allTextContents()).toEqual(["92", "91", "89", "2"]);
    expect(await page.locator(".result").textContent()).toContain("ghi vào hồ sơ lúc");
    expect(await page.locator(".seat").count()).toBe(0);
  });

  it("lists what a bloc decided, and finds each by its title", async () => {
    const page = await t.state("results", results["bloc"]!);
    await expect.poll(() => page.locator(".bloc li").count()).toBe(4);
    const list = publishForms(t.world, Date.now());
    expect(found(list, "nha thau trong truong hop dac biet").map((one) => one.ballot.id)).toEqual(["b6", "b10"]);
  });
});

describe("the list", { timeout: PATIENCE_MS }, () => {
  it("grows by itself when the live view tells of an announcement", async () => {
    t.world.json.set(`/c/${t.world.council}/api/results`, { results: [] });
    const page = await t.open("results");
    await page.getByText("Chưa có kết quả nào").waitFor();
    publish(t.world, Date.now(), { names: false });
    t.world.publish();
    await page.locator(".result").waitFor();
  });

  it("survives a failing server and tries again", async () => {
    const page = await t.state("results", results["failed"]!);
    await page.locator(".strip--warn").waitFor();
    publish(t.world, Date.now(), { names: false });
    await page.getByRole("button", { name: "Thử lại" }).click();
    await page.locator(".result").waitFor();
    expect(await page.locator(".strip--warn").count()).toBe(0);
  });

  it("leads to the table as CSV", async () => {
    const page = await t.state("results", results["restricted"]!);
    const link = page.getByRole("link", { name: "Tải bảng CSV" });
    expect(await link.getAttribute("href")).toBe("/c/hanoi/api/results.csv");
  });

  it("keeps hostile titles as text", async () => {
    const published = publish(t.world, Date.now(), { names: true });
    for (const one of published) {
      one.item.number = HOSTILE.slice(0, 40);
      one.item.title = one.item.short_title = one.item.questions[0]!.title = HOSTILE;
      one.names![0]!.name = HOSTILE;
    }
    const page = await t.open("results", PHONE);
    await page.locator(".result").waitFor();
    expect(await page.locator("img").count()).toBe(0);
    await expectInside(page);
  });
});

describe("searching", () => {
  it("needs neither marks nor case", () => {
    expect(folded("  Khu Đô thị ")).toBe("khu do thi");
    const list = publish(t.world, Date.now(), { names: false });
    const numbers = (query: string) => found(list, query).map((one) => one.item.number);
    expect(numbers("olympic")).toEqual(["8"]);
    expect(numbers("CHU TRUONG dau tu")).toEqual(["7", "8"]);
    expect(numbers("")).toHaveLength(4);
    expect(numbers("không có")).toEqual([]);
    expect(titleOf({ ...list[0]!, question: "gone" })).toBe(list[0]!.item.title);
  });

  it("notices announcements and annulments, and nothing else", () => {
    const { council } = t.world.fixture;
    publish(t.world, Date.now(), { names: false });
    const before = announcements(council);
    council.agenda[8]!.questions[0]!.ballots = [{ id: "b9", round: 1, form: "electronic", state: "confirmed", result: null, reason: null }];
    expect(announcements(council)).toBe(before);
    council.agenda[8]!.questions[0]!.ballots[0]!.state = "announced";
    const announced = announcements(council);
    expect(announced).not.toBe(before);
    council.agenda[8]!.questions[0]!.ballots[0]!.state = "annulled";
    expect(announcements(council)).not.toBe(announced);
    expect(announcements(null)).toBe("");
  });
});
