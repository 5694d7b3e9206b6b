import { describe, expect, it } from "vitest";
import { expectAccessible, expectInside, kit, PATIENCE_MS } from "./display-kit.ts";
import { asFile, castVote, fragment, grow } from "./receipts.ts";
import { verify } from "./states/display.ts";

const t = kit();

describe("the smallest window", { timeout: PATIENCE_MS }, () => {
  it("of 320 pixels, a phone's at 200 %, shows everything in one column", async () => {
    const page = await t.state("verify", verify["good"]!, { width: 320, height: 640 });
    await page.locator(".check").first().waitFor();
    await expectInside(page);
    await expectAccessible(page);
  });
});

describe("a receipt", { timeout: PATIENCE_MS }, () => {
  it("from an address is checked at once and leaves the address at once", async () => {
    const { receipt } = await castVote(t.world.record, "d042");
    await grow(t.world, 12);
    const page = await t.open(`verify${fragment(receipt)}`);
    await page.locator(".check").first().waitFor();
    expect(new URL(page.url()).hash).toBe("");
    const steps = await page.locator(".check").evaluateAll((nodes) => nodes.map((node) => [node.getAttribute("data-step"), node.getAttribute("data-outcome")]));
    expect(steps).toEqual([
      ["statement", "open"],
      ["inclusion", "ok"],
      ["checkpoint", "ok"],
      ["consistency", "ok"],
    ]);
    const told = (await page.locator(".told").first().textContent())!;
    for (const part of ["Phiếu biểu quyết", "Tán thành", "lần 2", "09:41:07", "14/12/2025"]) expect(told).toContain(part);
  });

  it("from a file is checked with the key the file names", async () => {
    const cast = await castVote(t.world.record, "d042");
    await grow(t.world, 3);
    const page = await t.open("verify");
    const buffer = Buffer.from(await asFile(t.world.record, "d042", cast));
    await page.locator("input[type=file]").setInputFiles({ name: "bien-nhan.json", mimeType: "application/json", buffer });
    await page.locator("[data-step=statement][data-outcome=ok]").waitFor();
    expect(await page.locator(".verdict").textContent()).toContain("Biên nhận khớp với hồ sơ");
  });

  it("for a candidate names the person and the form of the vote", async () => {
    const page = await t.state("verify", verify["election"]!);
    const told = (await page.locator(".told").first().textContent())!;
    const question = t.world.fixture.council.agenda.find((one) => one.id === "i8")!.questions[0]!;
    expect(told).toContain("Bầu tối đa 3 trong 5 người");
    expect(told).toContain(question.answers[1]!.meaning);
  });

  it("says whether it was for the wording that is on the agenda", async () => {
    const same = await t.state("verify", verify["good"]!);
    await same.getByText("Đúng văn bản đang hiện").waitFor();
    t.world.fixture.council.agenda.find((one) => one.id === "i8")!.questions[0]!.title += " (sửa đổi)";
    t.world.publish();
    await same.getByText("Khác văn bản đang hiện").waitFor();
  });

  it("that was changed is named false, with the step that shows it", async () => {
    const page = await t.state("verify", verify["forged"]!);
    expect(await page.locator(".verdict").textContent()).toContain("Biên nhận không khớp");
    expect(await page.locator("[data-step=inclusion]").getAttribute("data-outcome")).toBe("failed");
    expect(await page.locator("[data-step=statement]").getAttribute("data-outcome")).toBe("failed");
  });

  it("cannot be mistaken: an empty field and other texts are refused in words", async () => {
    const page = await t.open("verify");
    await page.locator(".btn--primary").click();
    await page.getByText("Xin dán hoặc mở một biên nhận trước.").waitFor();
    await page.locator("#receipt").fill("<img src=x onerror=alert(1)>");
    await page.locator(".btn--primary").click();
    await page.getByText("Đây không phải là biên nhận.").waitFor();
    expect(await page.locator("img, .check").count()).toBe(0);
  });
});

describe("what two people can compare", { timeout: PATIENCE_MS }, () => {
  it("is shown: size, root and key, and how to check without this page", async () => {
    const page = await t.open("verify");
    await page.locator(".told").waitFor();
    const text = (await page.locator("main").textContent())!;
    expect(text).toContain(t.world.record.vkey);
    expect(text).toContain("không tự chứng minh được mình");
    expect(await page.locator(".command").textContent()).toBe(`dienhong-verify ho-so.tar --key '${t.world.record.vkey}'`);
  });
});
