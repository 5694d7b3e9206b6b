// A delegate locks the tablet, can vote with nothing but the PIN, and the record knows only the vote that came after it.

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { launch, press, Room, see } from "./room.ts";
import { convene } from "./sitting.ts";

const PIN = "1379";

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

it("votes only after the PIN, and the sitting goes on around a locked tablet", async () => {
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  const type = async (): Promise<void> => {
    await delegate.keyboard.type(PIN);
    await delegate.keyboard.press("Enter");
  };
  await delegate.locator("[data-act=person]").click();
  await press(delegate, "Đặt mã PIN…");
  await see(delegate, "Mã PIN mới, 4 đến 8 chữ số");
  await type();
  await see(delegate, "Nhập lại mã PIN mới");
  await type();
  await see(delegate, "Đã đặt mã PIN");
  await delegate.locator("[data-act=person]").click();
  await press(delegate, "Khóa máy");
  await see(delegate, "Máy đang khóa");

  await act.goToItem(chair, 2);
  await act.openBallot(chair);
  await see(delegate, "Đang biểu quyết. Mở khóa để biểu quyết.");
  // Past the cover, as a script in the page could: nothing is signed.
  await delegate.locator(".vote--yes").dispatchEvent("click");
  await delegate.getByText("Máy đang khóa nên chưa gửi gì").first().waitFor({ state: "attached" });
  await see(chair, "Đã nhận phiếu");
  expect(await chair.getByText("Mọi đại biểu có mặt đã biểu quyết.").count()).toBe(0);

  await type();
  await delegate.locator(".lockscreen").waitFor({ state: "detached" });
  await act.vote(delegate, "no");
  await act.allVoted(chair);
  await act.endBallot(chair);
  await see(delegate, /Phiếu của tôi: Không tán thành/);
  room.expectQuiet();
});
