// What people do on the pages, each act waiting until the page shows that it was done. In Vietnamese, as the pages open.

import type { Page } from "playwright-core";
import { codeIn, type Hall } from "./hall.ts";
import { press, see } from "./room.ts";

export type Answer = "yes" | "no" | "abstain";

const ANSWERS = { yes: /^Tán thành/, no: /^Không tán thành/, abstain: /^Không biểu quyết/ } as const;

/** Takes the device on: the page was opened with a one-time address. */
export async function confirmName(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Đúng, tôi là ${name}` }).click();
}

/** A delegate's page, from the one-time address into the hall. */
export async function enrolDelegate(page: Page, name: string): Promise<void> {
  await confirmName(page, name);
  await see(page, "Từ bây giờ, đây là máy của đại biểu");
  await press(page, "Điểm danh và vào phiên họp");
  await see(page, "Trong hội trường");
}

/** On the administration page: a new one-time code for this person, as the address that is shown and copied there. */
export async function issueCode(page: Page, hall: Hall, person: string): Promise<string> {
  await press(page, `Cấp mã: ${hall.nameOf(person)}`);
  const shown = page.getByRole("dialog");
  await see(shown, "Dùng được một lần, trên một máy.");
  await press(shown, "Chép đường dẫn");
  await see(shown, "Đã chép đường dẫn");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const written = await shown.locator("[data-code]").innerText();
  if (codeIn(link) !== written) throw new Error(`the address copied has ${codeIn(link)}, the dialog shows ${written}`);
  await press(shown, "Xong");
  return link;
}

/** On the console, before there is anything: session, agenda from the clipboard, opening of the sitting. */
export async function prepareSitting(page: Page, agenda: string, items: number): Promise<void> {
  await page.getByLabel("Tên kỳ họp").fill("Kỳ họp thứ nhất");
  await page.getByLabel("Nhiệm kỳ").fill("2026–2031");
  await press(page, "Tạo kỳ họp");
  await page.getByLabel("Dán chương trình").fill(agenda);
  await see(page, `Đã hiểu ${items} nội dung`);
  await press(page, `Nhập ${items} nội dung`);
  await page.getByLabel("Tên phiên họp").fill("Phiên toàn thể");
  await press(page, "Khai mạc phiên họp");
  await see(page, "Chọn nội dung đầu tiên");
}

/** On the console, by the secretary: this delegate is here but cannot say so. */
export async function recordPresent(page: Page, name: string, reason: string): Promise<void> {
  const roll = page.getByRole("complementary", { name: "Điểm danh" });
  await press(roll, new RegExp(name));
  await press(roll, "Ghi có mặt…");
  await page.getByLabel("Lý do, ghi nguyên văn vào hồ sơ").fill(reason);
  await press(page.getByRole("dialog"), "Ghi có mặt");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

/** On a delegate's page in an open sitting. */
export async function checkIn(page: Page): Promise<void> {
  await press(page, "Điểm danh");
  await see(page, /^Có mặt từ/);
}

export async function takeGavel(page: Page): Promise<void> {
  await press(page, "Nhận quyền điều hành");
  await see(page, /\(tôi\)/);
}

/** From wherever the agenda stands to this item, one after the other. */
export async function goToItem(page: Page, number: number): Promise<void> {
  for (let at = 1; at <= number; at++) {
    await press(page, at === 1 ? /^Bắt đầu nội dung 1/ : new RegExp(`^Sang nội dung ${at}`));
    await page.locator(".row.is-now").filter({ hasText: new RegExp(`^\\s*${at}`) }).waitFor();
  }
}

/** Long enough that no slow machine runs out of time while votes are still coming in. */
export async function openBallot(page: Page): Promise<void> {
  await press(page, "90 giây");
  await press(page, /^Bắt đầu biểu quyết, 90 giây/);
  await see(page, "Đã nhận phiếu");
}

/** Taps an answer and waits until it is recorded. */
export async function vote(page: Page, answer: Answer): Promise<void> {
  await page.getByRole("button", { name: ANSWERS[answer] }).click();
  await page.getByRole("button", { name: ANSWERS[answer], pressed: true }).waitFor();
  await see(page.getByRole("status"), /Đã ghi nhận · \d\d:\d\d:\d\d · #/);
}

export async function isLocked(page: Page, answer: Answer): Promise<boolean> {
  return page.getByRole("button", { name: ANSWERS[answer] }).isDisabled();
}

/** Ends a ballot in which votes are missing: the console asks first. */
export async function closeEarly(page: Page): Promise<void> {
  await press(page, /^Kết thúc( biểu quyết)?\b/);
  await see(page, /Còn \d+ đại biểu chưa biểu quyết/);
  await press(page, /^Kết thúc ngay/);
  await see(page, "Xác nhận số liệu");
}

export async function confirmAndAnnounce(page: Page): Promise<void> {
  await press(page, "Xác nhận kết quả");
  await see(page, /Đã xác nhận lúc/);
  await press(page, /^Công bố lên màn hình lớn/);
  await see(page, /Đã công bố lúc/);
}

/** Figures of the wall's table: in favour, against, abstained, did not take part, absent. */
export async function wallFigures(wall: Page): Promise<number[]> {
  const cells = await wall.locator("dl.tally dd.num").allInnerTexts();
  return cells.map(Number);
}

/** On a delegate's page, with its vote in sight: the receipt's text, copied to the clipboard. */
export async function copyReceipt(page: Page): Promise<string> {
  await press(page, "Xem biên nhận");
  await press(page, "Sao chép");
  await see(page, "Đã sao chép biên nhận");
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Puts a receipt to the public verify page; the outcome of each step by its name on the page. */
export async function verifyReceipt(page: Page, receipt: string): Promise<Record<string, string>> {
  await page.getByLabel("Dán biên nhận vào đây").fill(receipt);
  await press(page, /^Kiểm tra( lại)?$/);
  await see(page, /Đã kiểm lúc/i);
  const steps = await page.locator("li.check").all();
  const texts = await Promise.all(steps.map((step) => Promise.all([step.locator("b").innerText(), step.locator(".out").innerText()])));
  return Object.fromEntries(texts);
}
