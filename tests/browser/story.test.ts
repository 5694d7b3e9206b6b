// A whole vote, from the first code to a receipt that anybody can check.

import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Hall } from "./hall.ts";
import { CHAIR, SECRETARY } from "./people.ts";
import { CONSOLE, gone, launch, press, Room, see, WALL } from "./room.ts";
import { AGENDA, seatOfChair } from "./sitting.ts";

let browser: Browser;
let hall: Hall;
let room: Room;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  hall = await Hall.open();
  room = await Room.enter(browser, hall);
});
afterEach(async ({ task }) => {
  await room.leave(task.result?.state === "fail" ? task.name : null);
  await hall.remove();
});

it("goes from the first code to a receipt that anybody can check", async () => {
  const wall = await room.open("wall", WALL);
  const results = await room.open("results");
  await see(results, "Chưa có kết quả nào được công bố.");

  // The administrator has a code from the founding, the secretary one from the console; the delegates' come from the secretary.
  const administrator = await room.open(hall.adminLink, CONSOLE);
  await act.confirmName(administrator, "Lý Gia Mẫn");
  await see(administrator, "Chuẩn bị Hội đồng");
  const secretary = await room.open(await hall.enrolLink(SECRETARY), CONSOLE);
  await act.confirmName(secretary, hall.nameOf(SECRETARY));
  await see(secretary, "Tạo kỳ họp");
  await secretary.goto(hall.page("admin"));
  const links = [await act.issueCode(secretary, hall, "d2"), await act.issueCode(secretary, hall, "d3")];
  const [second, third] = [await room.open(links[0]!), await room.open(links[1]!)];
  await act.enrolDelegate(second, hall.nameOf("d2"));
  await act.enrolDelegate(third, hall.nameOf("d3"));
  await see(second, "Phiên họp chưa khai mạc");

  await secretary.getByRole("link", { name: "Bàn điều hành" }).click();
  await act.prepareSitting(secretary, AGENDA, 3);
  const chair = await room.open(await hall.enrolLink(CHAIR), CONSOLE);
  await act.confirmName(chair, hall.nameOf(CHAIR));
  await act.checkIn(second);
  await act.checkIn(third);
  const first = await seatOfChair(hall, room);
  await see(chair, "Chưa đủ");
  await act.recordPresent(secretary, hall.nameOf("d4"), "Máy của đại biểu hết pin");
  await see(chair, "Đủ");

  await act.takeGavel(chair);
  await act.goToItem(chair, 2);
  await see(wall, "Nghị quyết về dự toán ngân sách xã");
  await act.openBallot(chair);
  await see(wall, "0/4");
  await act.vote(second, "yes");
  await act.vote(third, "no");
  await act.vote(third, "yes");
  await see(wall, "2/4");
  await act.vote(first, "yes");
  // Nobody sees how the votes fall before it is over.
  await see(wall, "3/4");
  expect(await act.wallFigures(wall)).toEqual([]);

  await act.closeEarly(chair);
  await see(wall, "Kết quả tạm thời");
  await act.announce(chair);
  await see(wall, "Được thông qua");
  expect(await act.wallFigures(wall)).toEqual([3, 0, 0, 1, 1]);
  await see(results, "3 trên tổng số 5 đại biểu tán thành.");
  await see(results.getByRole("article"), "Thông qua");

  const receipt = await act.copyReceipt(third);
  await gone(third.locator(".checks"), "Không khớp");
  const [download] = await Promise.all([third.waitForEvent("download"), press(third, "Tải tệp")]);
  expect(await readFile(await download.path(), "utf8")).toBe(receipt);
  const verify = await room.open("verify");
  expect(await act.verifyReceipt(verify, receipt)).toEqual({
    "Chữ ký của người gửi": "Khớp",
    "Có trong hồ sơ": "Khớp",
    "Chữ ký của hội đồng": "Khớp",
    "Hồ sơ chỉ nối thêm": "Khớp",
  });
  await see(verify, "Biên nhận khớp với hồ sơ");

  // A vote for, told as a vote against: neither the sender's signature nor the record bears it.
  const outcome = await act.verifyReceipt(verify, receipt.replaceAll(/yes/g, "no"));
  expect(outcome["Chữ ký của người gửi"]).toBe("Không khớp");
  expect(outcome["Có trong hồ sơ"]).toBe("Không khớp");
  expect(outcome["Chữ ký của hội đồng"]).toBe("Khớp");
  await see(verify, "Biên nhận không khớp");
  // The way to the root in another order; then a root that the council never signed.
  const { receipt: told, ...file } = JSON.parse(receipt) as { receipt: { proof: string[]; checkpoint: string } };
  const forged = (part: object): string => JSON.stringify({ ...file, receipt: { ...told, ...part } });
  expect(await act.verifyReceipt(verify, forged({ proof: told.proof.toReversed() }))).toMatchObject({
    "Chữ ký của người gửi": "Khớp",
    "Có trong hồ sơ": "Không khớp",
  });
  const [origin, size, , ...rest] = told.checkpoint.split("\n");
  const checkpoint = [origin, size, Buffer.alloc(32).toString("base64"), ...rest].join("\n");
  expect((await act.verifyReceipt(verify, forged({ checkpoint })))["Chữ ký của hội đồng"]).toBe("Không khớp");

  room.expectQuiet();
});
