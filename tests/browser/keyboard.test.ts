// One vote and one request to speak, on the console and on the delegate's page, with no other device than a keyboard; and the
// voting page as it is read out.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { launch, Room, see } from "./room.ts";
import { convene } from "./sitting.ts";

/** No page here has so many places for the keyboard to stop. */
const MOST_STOPS = 150;

let browser: Browser;
let hall: Hall;
let room: Room;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  hall = await Hall.open({ preset: "generic" });
  room = await Room.enter(browser, hall);
});
afterEach(async ({ task }) => {
  await room.leave(task.result?.state === "fail" ? task.name : null);
  await hall.remove();
});

it("a vote and a request to speak need no pointer, and the voting page reads in order", async () => {
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  // The console's keys: N goes on, B opens, K closes, C announces.
  await chair.keyboard.press("n");
  await act.isOn(chair, 1);
  await chair.keyboard.press("n");
  await act.isOn(chair, 2);
  await tabTo(chair, /^90 giây/);
  await chair.keyboard.press("Enter");
  await chair.keyboard.press("b");
  await see(chair, "Đã nhận phiếu");

  await delegate.getByRole("button", { name: /^Tán thành/ }).waitFor();
  const read = await delegate.getByRole("main").ariaSnapshot();
  expectInOrder(read, [/heading "Nghị quyết về dự toán ngân sách xã"/, /timer/, /button "Tán thành/, /button "Không tán thành/, /button "Không biểu quyết/, /status/]);
  await tabTo(delegate, /^Tán thành/);
  await delegate.keyboard.press("Space");
  await see(delegate.getByRole("status"), /Đã ghi nhận/);
  await act.allVoted(chair);
  await chair.keyboard.press("k");
  await see(chair, "Đọc lời công bố");
  await chair.keyboard.press("c");
  await see(chair, /Đã công bố lúc/);
  await see(delegate, /Phiếu của tôi: Tán thành/);

  await chair.keyboard.press("n");
  await act.isOn(chair, 3);
  await tabTo(delegate, /^Đăng ký phát biểu/);
  await delegate.keyboard.press("Enter");
  await see(delegate, /^Ông\/bà đứng thứ 1/);
  await chair.getByRole("button", { name: `Mời ${hall.nameOf("d2")}` }).first().waitFor();
  await chair.keyboard.press("m");
  await see(delegate, "Mời ông/bà phát biểu");
  await tabTo(delegate, /^Kết thúc phát biểu/);
  await delegate.keyboard.press("Enter");
  await see(chair, "Chưa có ai phát biểu.");
  room.expectQuiet();
});

/** Moves on with Tab until what has the focus is called so; wherever it stops, the focus can be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    if ((await focused.count()) === 0) continue;
    const called = (await focused.getAttribute("aria-label")) ?? (await focused.innerText());
    if (!name.test(called.trim())) continue;
    expect(await focused.evaluate((node) => getComputedStyle(node).outlineStyle)).not.toBe("none");
    return;
  }
  throw new Error(`the keyboard never comes to ${name}`);
}

/** Each of these stands in the text after the one before it. */
function expectInOrder(text: string, parts: readonly RegExp[]): void {
  let from = 0;
  for (const part of parts) {
    const at = text.slice(from).search(part);
    expect(at, `${part} in\n${text}`).toBeGreaterThanOrEqual(0);
    from += at + 1;
  }
}
