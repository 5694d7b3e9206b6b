// A rehearsal: everything works as on the day, every screen says what it is, and the council's record knows nothing of it.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { gone, launch, press, Room, see, WALL } from "./room.ts";
import { convene } from "./sitting.ts";

const MARK = "Diễn tập: không ghi vào hồ sơ của Hội đồng.";

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

it("looks the same, is marked on every screen and leaves nothing in the record", async () => {
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  await act.closeSitting(chair);
  await see(delegate, "Phiên họp chưa khai mạc");
  const before = await recordSize();

  await chair.locator("[data-act=menu]").click();
  await press(chair.getByRole("dialog"), "Bắt đầu diễn tập…");
  await press(chair.getByRole("dialog"), "Bắt đầu diễn tập");
  await chair.getByRole("link", { name: "Đến bàn điều hành diễn tập" }).click();
  await see(chair, MARK);
  const rehearsal = new URL(chair.url()).pathname.split("/")[2]!;
  expect(rehearsal).toBe(`${hall.council}.rehearsal`);

  await delegate.getByRole("link", { name: "Vào diễn tập" }).click();
  await see(delegate, MARK);
  const wall = await room.open(`${hall.url}/c/${rehearsal}/wall`, WALL);
  const results = await room.open(`${hall.url}/c/${rehearsal}/results`);
  await see(wall, "Diễn tập");
  await see(results, "Diễn tập");

  await chair.getByLabel("Tên phiên họp").fill("Phiên diễn tập");
  await press(chair, "Khai mạc phiên họp");
  await act.takeGavel(chair);
  await act.checkIn(delegate);
  await act.goToItem(chair, 2);
  await act.openBallot(chair);
  await act.vote(delegate, "yes");
  await act.endBallot(chair);
  await see(wall, "Không thông qua");
  await see(results.getByRole("article"), "Không thông qua");
  for (const page of [chair, delegate, wall, results]) await see(page, "Diễn tập");

  await chair.locator("[data-act=menu]").click();
  await press(chair.getByRole("dialog"), "Kết thúc diễn tập…");
  await press(chair.getByRole("dialog"), "Kết thúc diễn tập");
  for (const page of [chair, delegate]) await see(page, "Diễn tập đã kết thúc");
  await delegate.getByRole("link", { name: "Về trang của kỳ họp" }).click();
  await see(delegate, "Phiên họp chưa khai mạc");
  await gone(delegate, MARK);
  // The agenda of the council itself was not touched, and neither was its record.
  expect(await recordSize()).toBe(before);
  expect((await fetch(`${hall.url}/c/${rehearsal}/api/view/council`)).status).toBe(404);
  await expectNothingVoted(delegate);

  room.expectQuiet(/status of 404|WebSocket connection/);
});

/** Entries of the council's record, from its newest checkpoint: the line below its origin. */
async function recordSize(): Promise<number> {
  const checkpoint = await (await fetch(hall.page("record/checkpoint"))).text();
  const size = Number(checkpoint.split("\n")[1]);
  expect(size).toBeGreaterThan(0);
  return size;
}

async function expectNothingVoted(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Biên nhận" }).click();
  await see(page, "Máy này chưa giữ biên nhận nào.");
}
