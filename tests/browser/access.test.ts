// The live pages in their main states, in both languages, put to axe.

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { Looks } from "./looks.ts";
import { CONSOLE, launch, press, Room, see, WALL } from "./room.ts";
import { convene } from "./sitting.ts";

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

it("axe has nothing to say about the live pages, in either language", async () => {
  const looks = new Looks();
  const walls = [await room.open("wall", WALL), await room.open("wall?lang=en", WALL)];
  const enrolling = await room.open("delegate");
  await enrolling.getByLabel("Mã một lần").waitFor();
  await looks.at("enrolling", enrolling);
  await enrolling.close();
  const results = await room.open("results");
  await see(results, "Chưa có kết quả nào được công bố.");
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  const admin = await room.open(await hall.enrolLink("admin"), CONSOLE);
  await act.confirmName(admin, "Lý Gia Mẫn");
  await see(admin, "Thiết bị của đại biểu");
  await looks.at("devices", admin);
  await press(admin, `Cấp mã: ${hall.nameOf("d5")}`);
  await see(admin, "Dùng được một lần, trên một máy.");
  await looks.atWall("code", admin);
  await press(admin, "Xong");
  await looks.at("at rest", delegate, results);
  await looks.atWall("at rest", ...walls);

  await act.goToItem(chair, 2);
  await looks.at("draft", chair);
  await act.openBallot(chair);
  // Time for axe to look at what is only there while voting is open.
  for (let i = 0; i < 4; i++) await press(chair, "+30 giây");
  await looks.at("open", delegate, chair);
  await looks.atWall("open", ...walls);
  await act.vote(delegate, "yes");
  await looks.at("voted", delegate, results);
  await press(chair, "Tạm dừng");
  await see(delegate, "Tạm dừng");
  await looks.at("on hold", chair, delegate);
  await press(chair, "Tiếp tục");
  await act.allVoted(chair);
  await press(chair, "Kết thúc biểu quyết");
  await see(chair, "Đọc lời công bố");
  await looks.at("closed", chair, delegate);
  await looks.atWall("closed", ...walls);
  await act.announce(chair);
  await see(results.getByRole("article"), "Không thông qua");
  await looks.at("announced", chair, delegate, results);
  await looks.atWall("announced", ...walls);
  const receipt = await act.copyReceipt(delegate);
  await looks.at("receipt", delegate);
  const verify = await room.open("verify");
  await looks.at("before", verify);
  await act.verifyReceipt(verify, receipt);
  await looks.at("verified", verify);

  expect(looks.found).toEqual([]);
  room.expectQuiet();
});
