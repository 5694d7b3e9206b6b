// A whole day from check-in to close: the sample council with thirty simulated delegates, and one real page for each role.
// Each act is seen on the pages of those it concerns, and on none of those it is hidden from.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as act from "./acts.ts";
import { Demo, type Part } from "./demo.ts";
import { Looks } from "./looks.ts";
import { CONSOLE, gone, launch, press, Room, see, WAIT_MS, WALL } from "./room.ts";

/** A quiet machine needs an eighth of it. */
const DAY_MS = 900_000;
const PROMISE = "Hoàn thành giải phóng mặt bằng đoạn qua phường trước cuối năm";
const SECRET = "Xem xét trách nhiệm một cán bộ";
const CANDIDATES = ["Phan Thị Lụa", "Hồ Văn Sáng", "Cao Minh Trí"];

let browser: Browser;
let demo: Demo;
/** Two browsers: the hall's devices with their keys, and the public's, which holds none. */
let hall: Room;
let street: Room;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());
beforeEach(async () => {
  demo = await Demo.start("--seats", "33");
  hall = await Room.enter(browser, demo);
  street = await Room.enter(browser, demo);
});
afterEach(async ({ task }) => {
  const failed = task.result?.state === "fail" ? task.name : null;
  await hall?.leave(failed);
  await street?.leave(failed && `${failed} public`);
  await demo?.stop();
});

it("carries a council through its day", async () => {
  const looks = new Looks();
  const wall = await street.open("wall", WALL);
  const results = await street.open("results");
  const front = await street.open("");
  const verify = await street.open("verify");
  const officer = async (part: Part): Promise<Page> => {
    const page = await hall.open(demo.link(part), CONSOLE);
    await act.confirmName(page, demo.nameOf(part));
    return page;
  };
  const member = async (part: Part): Promise<Page> => {
    const page = await hall.open(demo.link(part));
    await act.confirmName(page, demo.nameOf(part));
    await press(page, part === "Delegate" ? "Điểm danh và vào phiên họp" : "Vào phiên họp");
    return page;
  };
  const chair = await officer("Chair");
  const secretary = await officer("Secretary");
  const scrutineer = await officer("Scrutineer");
  const administrator = await officer("Administrator");
  const delegate = await member("Delegate");
  const official = await member("Official");
  const guest = await member("Guest");
  const press_ = await member("Press");
  const me = demo.nameOf("Delegate");
  const watchers = [guest, press_];

  // Check-in: the free delegate by their own page, the simulated ones by themselves, until there is a quorum.
  await see(delegate, /^Có mặt từ/);
  await see(secretary, "Đủ điều kiện họp");
  await see(administrator, "Thiết bị của đại biểu");
  await see(official, "Người trả lời chất vấn không điểm danh và không biểu quyết.");
  for (const page of watchers) await see(page, "Trang theo dõi phiên họp dành cho khách mời và báo chí.");
  await act.takeGavel(chair);
  await see(secretary, `Chủ tọa: ${demo.nameOf("Chair")}`);

  // Meanwhile the secretary prepares what comes later in the day.
  await act.next(chair, 1);
  await act.addAfter(secretary, "11", { number: "11a", title: "Bầu Ban kiểm phiếu", kind: "Nhân sự" });
  await act.prepareElection(secretary, "11a", "Bầu Ban kiểm phiếu", CANDIDATES, 2);
  await act.prepareBloc(secretary, [9, 10]);

  // A motion.
  await act.next(chair, 2);
  await see(wall, "Thông qua chương trình kỳ họp");
  await press(chair, /^Bắt đầu biểu quyết/);
  await act.vote(delegate, "yes");
  await act.received(wall, act.NEARLY_ALL);
  await act.endBallot(chair);
  await see(wall, "Được thông qua");
  await see(results.getByRole("article"), "Thông qua chương trình kỳ họp");
  await see(delegate, /Phiếu của tôi: Tán thành/);
  const receipt = await act.copyReceipt(delegate);
  await press(delegate, "Quay lại");
  await press(delegate, /^(Về chương trình|Quay lại)/);

  // A recess: a countdown on the wall and on the tablets.
  await act.recess(chair, 10);
  await see(wall, "Giải lao");
  await see(wall, /^Dự kiến họp tiếp lúc/);
  await countsDown(wall.getByRole("timer"));
  await see(delegate, "Phiên họp đang giải lao");
  await see(front, "Tạm nghỉ");
  await countsDown(delegate.locator(".suspended").getByRole("timer"));
  await looks.at("in recess", delegate, chair, front, guest);
  await looks.atWall("in recess", wall);
  await press(chair, "Tiếp tục phiên họp");
  await gone(delegate, "Phiên họp đang giải lao");

  // A discussion: simulated delegates ask by themselves, the chair calls one, and then the delegate of this page.
  await act.next(chair, 3);
  await act.next(chair, 4);
  await listIsOpen(chair);
  const queued = chair.getByRole("button", { name: /^Mời (?!phát biểu)/ });
  await queued.first().waitFor();
  await press(chair, /^Mời (?!phát biểu)/);
  const speaker = await chair.locator(".floor__who b").innerText();
  await see(wall, speaker);
  await see(results, speaker);
  await looks.at("a speech", chair, secretary, delegate, results);
  await looks.atWall("a speech", wall);
  await press(chair.locator(".floor__acts"), "Tạm dừng");
  await chair.locator(".floor__acts").getByRole("button", { name: "Tiếp tục" }).waitFor();
  const paused = act.seconds(await act.floorClock(chair).innerText());
  await press(chair.locator(".floor__acts"), "+1 phút");
  await expect.poll(async () => act.seconds(await act.floorClock(chair).innerText()), { timeout: WAIT_MS }).toBe(paused + 60);
  await press(chair.locator(".floor__acts"), "Tiếp tục");
  await press(delegate, "Đăng ký phát biểu");
  await see(delegate, /^Ông\/bà đứng thứ \d+/);
  await press(chair.locator(".floor__acts"), "Kết thúc");
  await act.call(chair, me);
  await see(delegate, "Mời ông/bà phát biểu");
  await countsDown(delegate.locator(".ownfloor").getByRole("timer"));
  await see(wall, me);
  await press(delegate, "Kết thúc phát biểu");
  await see(chair, "Chưa có ai phát biểu.");

  // Interpellation: a round for an official, an asker, the answer, a rebuttal, a promise.
  await act.next(chair, 5);
  await listIsOpen(chair);
  const answering = demo.nameOf("Official");
  await act.startRound(chair, answering);
  await see(official, "Ông/bà trả lời lượt này");
  await act.askToInterpellate(delegate, answering, "Tiến độ giải phóng mặt bằng");
  await act.call(chair, me);
  await see(delegate, "Mời ông/bà: chất vấn");
  await see(wall, "Tiến độ giải phóng mặt bằng");
  await press(chair, "Mời trả lời");
  await see(official, "Mời ông/bà: trả lời");
  await countsDown(official.locator(".ownfloor").getByRole("timer"));
  await see(front, answering);
  await see(wall, "Đang trả lời chất vấn");
  await looks.at("interpellation", official, chair, front);
  await looks.atWall("interpellation", wall);
  await press(official, "Kết thúc phát biểu");
  await press(delegate, "Đăng ký tranh luận");
  await act.call(chair, me);
  await see(delegate, "Mời ông/bà: tranh luận");
  await press(delegate, "Kết thúc phát biểu");
  await act.logPromise(chair, PROMISE);
  await see(front, PROMISE);

  // Resolutions one after the other: each the next in one tap, two of them as one.
  await act.next(chair, 6);
  await act.ballot(chair, wall);
  for (const number of [7, 8]) {
    await press(chair, `Mở biểu quyết tiếp: ${number}`);
    await act.isOn(chair, number);
    await act.received(wall, act.NEARLY_ALL);
    await act.endBallot(chair);
  }
  await press(chair, "Mở biểu quyết tiếp: 9");
  await see(delegate, "Biểu quyết một lần cho 2 nội dung:");
  await act.vote(delegate, "yes");
  await act.received(wall, act.NEARLY_ALL);
  await act.endBallot(chair);
  await see(results.getByRole("article"), "Biểu quyết chung 2 nội dung:");
  // The other item of the bloc is dealt with.
  await chair.getByRole("button", { name: /^Sang nội dung 11(?!\d)/ }).first().waitFor();

  // An ad-hoc item in two taps, and on from there to what was prepared: an open election.
  await act.adhoc(chair);
  await see(wall, /^Biểu quyết phát sinh/);
  await act.ballot(chair, wall);
  await goTo(chair, "11a");
  await press(chair, /^Bắt đầu biểu quyết/);
  await looks.at("an election", delegate, chair, guest);
  await looks.atWall("an election", wall);
  for (const name of CANDIDATES.slice(0, 2)) await press(delegate, name);
  await press(delegate, "Gửi lá phiếu");
  await see(delegate, /^Đã ghi nhận/);
  await act.received(wall, act.NEARLY_ALL);
  await act.endBallot(chair);
  await see(wall, /^(Trúng cử \d\/2|Không ai trúng cử)$/);
  for (const name of CANDIDATES) await see(results.getByRole("article"), name);

  // The secret election: on paper, its count recorded by the scrutineer.
  await act.next(chair, 12);
  await act.prepareElection(secretary, "12", "Bầu bổ sung Ủy viên UBND thành phố", CANDIDATES.slice(0, 2), 1);
  await see(chair, "bỏ phiếu kín, bằng phiếu giấy");
  await recordPaper(scrutineer, 20, 18);
  await act.announce(chair);
  await see(wall, "Phiếu giấy");

  // Behind closed doors: told to the hall alone.
  await act.addAfter(secretary, "12", { number: "12a", title: SECRET, kind: "Biểu quyết", closedDoors: true });
  await act.next(chair, "12a");
  await see(delegate, SECRET);
  await press(chair, /^Bắt đầu biểu quyết/);
  await act.vote(delegate, "no");
  await see(chair, "Đã nhận phiếu");
  for (const page of watchers) await see(page, "Họp kín");
  await see(wall, "Họp kín");
  await see(front, "Đang họp kín");
  await looks.at("closed doors", guest, front, chair);
  await looks.atWall("closed doors", wall);
  await expectUntold([wall, results, front, ...watchers]);
  await act.endBallot(chair);
  await see(delegate, "Đã công bố");
  await expectUntold([wall, results, front, ...watchers]);

  // The gavel, handed to the deputy and taken back with a reason.
  await press(chair, /^Chủ tọa: .*\(tôi\)/);
  const deputy = await press(chair.getByRole("dialog"), /^Bàn giao cho /).then(() => gavelHolder(secretary, demo.nameOf("Chair")));
  await see(chair, `Chủ tọa: ${deputy}`);
  await see(chair, "Chỉ chủ tọa đang điều hành mở, kết thúc và công bố biểu quyết.");
  await press(chair, /^Chủ tọa: /);
  await press(chair, "Nhận thay quyền điều hành…");
  await chair.getByLabel("Lý do, ghi nguyên văn vào hồ sơ").fill("Phó chủ tọa có việc");
  await press(chair.getByRole("dialog"), "Nhận quyền điều hành");
  await see(chair, /\(tôi\)/);
  await see(secretary, `Chủ tọa: ${demo.nameOf("Chair")}`);

  // Who was here, and when.
  await act.sideTab(secretary, "Điểm danh");
  await press(secretary, "Báo cáo điểm danh…");
  await secretary.getByRole("row", { name: new RegExp(me) }).waitFor();
  await secretary.getByRole("row", { name: /Thông qua chương trình kỳ họp/ }).waitFor();
  await looks.at("roll-call report", secretary);
  await secretary.keyboard.press("Escape");

  // What was done is read where it was written down, and leads to its entry.
  await administrator.getByRole("link", { name: "Nhật ký" }).click();
  await see(administrator, "Phó chủ tọa có việc");
  await looks.at("audit log", administrator);

  await act.next(chair, 13);
  await act.closeSitting(chair);
  await see(delegate, "Phiên họp chưa khai mạc");
  await see(front, "Không có phiên họp đang diễn ra");
  await expectUntold([wall, results, front, ...watchers]);
  expect(new Set(Object.values(await act.verifyReceipt(verify, receipt)))).toEqual(new Set(["Khớp"]));

  expect(looks.found).toEqual([]);
  hall.expectQuiet();
  street.expectQuiet();
}, DAY_MS);

/** A clock that runs: two readings, the later one lower. */
async function countsDown(timer: ReturnType<Page["locator"]>): Promise<void> {
  const before = act.seconds(await timer.innerText());
  await expect.poll(async () => act.seconds(await timer.innerText()), { timeout: WAIT_MS }).toBeLessThan(before);
}

/** Discussions and interpellations open the list of speakers by themselves; the console hears of the item and of the list one after the other. */
async function listIsOpen(chair: Page): Promise<void> {
  await see(chair, "Đang nhận đăng ký");
}

/** Leaves out what stands between: the item is chosen in the agenda. */
async function goTo(chair: Page, number: string): Promise<void> {
  const row = chair.locator("[data-item]").filter({ hasText: new RegExp(`^\\s*${number}(?!\\d)`) });
  await row.locator("button.go").click();
  await press(chair.getByRole("dialog"), `Sang nội dung ${number}`);
  await act.isOn(chair, number);
}

/** A count on paper of two candidates, with all papers returned and valid: so many for the first, the others for the second. */
async function recordPaper(page: Page, papers: number, votes: number): Promise<void> {
  await press(page, "Ghi kết quả đếm…");
  const dialog = page.getByRole("dialog");
  await press(dialog, "Phiếu giấy");
  for (const field of ["Phát ra", "Thu về", "Hợp lệ"]) await dialog.getByLabel(field, { exact: true }).fill(String(papers));
  await dialog.getByLabel("Không hợp lệ").fill("0");
  await dialog.getByLabel(CANDIDATES[0]!).fill(String(votes));
  await dialog.getByLabel(CANDIDATES[1]!).fill(String(papers - votes));
  await dialog.getByLabel("Không biểu quyết").fill("0");
  await press(dialog, /^Ghi kết quả/);
  await act.dialogClosed(page);
}

/** Nothing of the closed item on these pages, nor in anything the public can ask for. */
async function expectUntold(pages: readonly Page[]): Promise<void> {
  for (const page of pages) expect(await page.locator("body").innerText()).not.toContain(SECRET);
  const asked = ["council", "live", "seats", "roll", "speaking"].map((topic) => `api/view/${topic}`);
  for (const path of [...asked, "api/results", "api/results.csv"]) {
    const answer = await fetch(demo.page(path));
    expect(answer.status, path).toBe(200);
    expect(await answer.text(), path).not.toContain(SECRET);
  }
}

/** Who holds the gavel, as this page tells, once it is not `before` any more. */
async function gavelHolder(page: Page, before: string): Promise<string> {
  const chip = page.locator(".chip--gavel");
  await expect.poll(() => chip.innerText(), { timeout: WAIT_MS }).not.toContain(before);
  return (await chip.innerText()).replace("Chủ tọa:", "").trim();
}
