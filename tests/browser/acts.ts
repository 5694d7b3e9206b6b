// What people do on the pages, each act waiting until the page shows that it was done. In Vietnamese, as the pages open.

import type { Locator, Page } from "playwright-core";
import { codeIn, type Hall } from "./hall.ts";
import { press, see } from "./room.ts";

export type Answer = "yes" | "no" | "abstain";

const ANSWERS = { yes: /^Tán thành/, no: /^Không tán thành/, abstain: /^Không biểu quyết/ } as const;

/** Takes the device on: the page was opened with a one-time address. */
export async function confirmName(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Đúng, tôi là ${name}` }).click();
  // An office's page asks for a PIN before it opens.
  if (!new URL(page.url()).pathname.endsWith("/delegate")) await press(page, "Để sau");
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
  // A numbered list is understood, a table is read: either way what it came to is shown before anything is sent.
  await see(page, new RegExp(`^Đã (hiểu|đọc bảng:) ${items} nội dung`));
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

/** From the beginning of the agenda to this item, one after the other. */
export async function goToItem(page: Page, number: number): Promise<void> {
  for (let at = 1; at <= number; at++) await next(page, at);
}

/** The one tap to the item that comes next, which has this number. */
export async function next(page: Page, number: number | string): Promise<void> {
  await press(page, new RegExp(`^(Bắt đầu|Sang) nội dung ${number}(?!\\d)`));
  await isOn(page, number);
}

/** On the console: this item is the one under way. */
export async function isOn(page: Page, number: number | string): Promise<void> {
  await page.locator("[data-item][aria-current=true]").filter({ hasText: new RegExp(`^\\s*${number}(?!\\d)`) }).waitFor();
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

/** On the console: until it knows that all have voted, ending the ballot asks first. */
export async function allVoted(page: Page): Promise<void> {
  await see(page, "Mọi đại biểu có mặt đã biểu quyết.");
}

/** Ends a ballot in which votes are missing: the console asks first. */
export async function closeEarly(page: Page): Promise<void> {
  await press(page, /^Kết thúc( biểu quyết)?\b/);
  await see(page, /Còn \d+ đại biểu chưa biểu quyết/);
  await press(page, /^Kết thúc ngay/);
  await see(page, "Đọc lời công bố");
}

/** Ends a ballot, also where the console asks first, and announces it. */
export async function endBallot(page: Page): Promise<void> {
  await press(page, /^Kết thúc biểu quyết/);
  const asked = page.getByRole("button", { name: /^Kết thúc ngay/ });
  const closed = page.getByText("Đọc lời công bố");
  await asked.or(closed).first().waitFor();
  if (await asked.isVisible()) await asked.click();
  await announce(page);
}

/** On a wall that shows a running ballot: waits until so large a part of the votes is in. */
export async function received(wall: Page, part: number): Promise<void> {
  await wall.waitForFunction((wanted) => {
    const figure = document.querySelector(".chamber__figure .num, .ballotpaper__received .num")?.textContent ?? "";
    const [votes, present] = figure.split("/").map(Number);
    return votes !== undefined && present !== undefined && present > 0 && votes >= wanted * present;
  }, part);
}

/** One tap confirms the figures and shows them to everybody. */
export async function announce(page: Page): Promise<void> {
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

/** Waits until the open dialog, if any, is gone: what it asked for was done. */
export async function dialogClosed(page: Page): Promise<void> {
  await page.locator("dialog[open]").waitFor({ state: "hidden" });
}

/** A ballot from its opening to its announcement, once nearly all of the hall has voted. */
export async function ballot(chair: Page, wall: Page): Promise<void> {
  await press(chair, /^Bắt đầu biểu quyết/);
  await received(wall, NEARLY_ALL);
  await endBallot(chair);
}

/** Of simulated delegates one or another looks elsewhere. */
export const NEARLY_ALL = 0.9;

export async function recess(page: Page, minutes: number): Promise<void> {
  await page.locator("[data-act=sitting]").click();
  await press(page.getByRole("dialog"), `${minutes} phút`);
  await see(page, /^Giải lao đến \d\d:\d\d/);
  await dialogClosed(page);
}

/** A third-column tab of the console. */
export async function sideTab(page: Page, name: "Phát biểu" | "Điểm danh" | "Kết quả"): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).first().click();
}

/** Calls whoever waits under this name, wherever in the queue. */
export async function call(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Mời ${name}` }).first().click();
  await page.locator(".floor__who").getByText(name).waitFor();
}

/** On the console: the time the one who has the floor has left, as it stands there. */
export function floorClock(page: Page): Locator {
  return page.getByTestId("speech-clock").getByRole("timer");
}

/** Seconds in `1:05`, `+0:20` or `2:00:00`. */
export function seconds(digits: string): number {
  return digits.replace("+", "").trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

export async function startRound(page: Page, official: string): Promise<void> {
  await press(page, /^(Bắt đầu lượt|Lượt mới)…/);
  const dialog = page.getByRole("dialog");
  await press(dialog, new RegExp(official));
  await press(dialog, `Bắt đầu lượt của ${official}`);
  await dialogClosed(page);
}

/** On a delegate's page: asks to interpellate this official about something. */
export async function askToInterpellate(page: Page, official: string, topic: string): Promise<void> {
  await press(page, "Đăng ký chất vấn");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: new RegExp(official) }).check();
  await dialog.getByLabel("Về việc gì?").fill(topic);
  await press(dialog, "Gửi đăng ký");
  await dialogClosed(page);
  await see(page, /^Ông\/bà đứng thứ \d+/);
}

/** On the console, in the column of speakers. */
export async function logPromise(page: Page, text: string): Promise<void> {
  await page.getByRole("tab", { name: /^Lời hứa/ }).click();
  await press(page, "Ghi lời hứa…");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Hứa việc gì").fill(text);
  await press(dialog, "3 tháng");
  await press(dialog, "Ghi vào sổ lời hứa");
  await dialogClosed(page);
}

/** On the console: the questions of these items are put into one. */
export async function prepareBloc(page: Page, items: readonly number[]): Promise<void> {
  await page.locator("[data-act=menu]").click();
  const dialog = page.getByRole("dialog");
  await press(dialog, "Biểu quyết theo khối…");
  for (const item of items) await dialog.getByRole("checkbox", { name: new RegExp(`^${item}\\. `) }).check();
  await press(dialog, `Gộp ${items.length} câu hỏi`);
  await dialogClosed(page);
}

export interface ItemWords {
  number: string;
  title: string;
  kind: "Biểu quyết" | "Nhân sự" | "Thảo luận";
  closedDoors?: boolean;
}

/** On the console: an item put after another one, by the other's menu. */
export async function addAfter(page: Page, after: string, item: ItemWords): Promise<void> {
  await press(page, new RegExp(`^Nội dung ${after}: chọn thao tác`));
  const dialog = page.getByRole("dialog");
  await press(dialog, "Thêm phía sau…");
  await dialog.getByLabel("Số", { exact: true }).fill(item.number);
  await dialog.getByLabel("Tên nội dung").fill(item.title);
  await press(dialog, item.kind);
  if (item.closedDoors) await dialog.getByRole("checkbox", { name: /^Họp kín/ }).check();
  await press(dialog, "Thêm vào chương trình");
  await dialogClosed(page);
  await see(page.getByRole("navigation", { name: "Chương trình" }), item.title);
}

/** On the console: an election's question for an item, by the item's menu. */
export async function prepareElection(page: Page, item: string, wording: string, candidates: readonly string[], places: number): Promise<void> {
  await press(page, new RegExp(`^Nội dung ${item}: chọn thao tác`));
  const dialog = page.getByRole("dialog");
  await press(dialog, "Thêm câu hỏi biểu quyết…");
  await dialog.getByLabel("Lời văn đưa ra biểu quyết").fill(wording);
  await press(dialog, /^Bầu$/);
  for (const [n, name] of candidates.entries()) {
    const line = dialog.getByLabel(`Người ứng cử: ${n + 1}`);
    if ((await line.count()) === 0) await press(dialog, "Thêm dòng");
    await line.fill(name);
  }
  await dialog.getByLabel("Số cần bầu").fill(String(places));
  await press(dialog, /^Thêm câu hỏi$/);
  await dialogClosed(page);
}

/** Two taps: a new item with a question of its own, begun at once. */
export async function adhoc(page: Page): Promise<void> {
  await press(page, "Nội dung phát sinh");
  await press(page.getByRole("dialog"), "Thêm và bắt đầu");
  await dialogClosed(page);
}

export async function closeSitting(page: Page): Promise<void> {
  await page.locator("[data-act=sitting]").click();
  await press(page.getByRole("dialog"), "Bế mạc phiên họp…");
  await press(page.getByRole("dialog"), /^Bế mạc/);
  await dialogClosed(page);
}
