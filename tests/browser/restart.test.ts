// The server dies in the middle of a ballot and comes back: nothing recorded is lost, nothing is counted twice.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { CHAIR } from "./people.ts";
import { launch, press, Room, see, WALL } from "./room.ts";
import { convene } from "./sitting.ts";

/** What the browser itself notes while nobody listens on the port. */
const CUT_OFF = /WebSocket connection|ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE/;

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

it("keeps every recorded vote over a power cut in the middle of a ballot", async () => {
  const wall = await room.open("wall", WALL);
  const { chair, delegates } = await convene(hall, room, ["d2", "d3", CHAIR]);
  const [second, third, first] = delegates as [Page, Page, Page];
  await act.goToItem(chair, 2);
  await act.openBallot(chair);
  await act.vote(second, "yes");
  const receipt = await act.copyReceipt(second);
  await press(second, "Quay lại");
  await see(wall, "1/3");

  await hall.kill();
  await see(wall, "Không phải số liệu hiện tại, đang kết nối lại");
  await see(chair, "Mất kết nối với máy chủ");
  expect(await chair.getByRole("button", { name: /^Kết thúc biểu quyết/ }).getAttribute("aria-disabled")).toBe("true");
  await see(second, /^Phiếu của đại biểu vẫn được giữ: Tán thành/);
  await see(third, "Chưa có phiếu nào được ghi nhận");
  for (const page of [second, third]) expect(await act.isLocked(page, "no")).toBe(true);

  await hall.serve();
  await see(chair, "Hồ sơ không ghi được một lúc nên lượt biểu quyết tự tạm dừng.");
  await see(wall, "Máy chủ chưa ghi được vào hồ sơ. Phiếu đã ghi nhận vẫn giữ nguyên");
  await see(second, "Tán thành. Tạm dừng: hồ sơ chưa ghi được.");
  await see(third, "Tạm dừng: hồ sơ chưa ghi được");
  for (const page of [second, third]) expect(await act.isLocked(page, "no")).toBe(true);

  await press(chair, "Tiếp tục");
  await press(chair, "+30 giây");
  await act.vote(third, "yes");
  await act.vote(first, "no");
  await see(wall, "3/3");
  // All have voted: nothing is asked.
  await act.allVoted(chair);
  await press(chair, "Kết thúc biểu quyết");
  await act.announce(chair);
  await see(wall, "Không thông qua");
  expect(await act.wallFigures(wall)).toEqual([2, 1, 0, 0, 2]);
  await see(second, /Phiếu của tôi: Tán thành/);

  const verify = await room.open("verify");
  expect(new Set(Object.values(await act.verifyReceipt(verify, receipt)))).toEqual(new Set(["Khớp"]));
  room.expectQuiet(CUT_OFF);
});
