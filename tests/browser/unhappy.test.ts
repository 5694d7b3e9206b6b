// What people meet when something is wrong, told in their own language and without doing any harm.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as act from "./acts.ts";
import { codeIn, Hall } from "./hall.ts";
import { council } from "./people.ts";
import { CONSOLE, launch, press, Room, see, WAIT_MS, type Lang } from "./room.ts";
import { convene, type Sitting } from "./sitting.ts";

const WORDS = {
  vi: {
    code: "Mã một lần",
    isMe: "Đúng, tôi là",
    later: "Để sau",
    enter: "Điểm danh và vào phiên họp",
    badCode: "Mã không đúng. Xin kiểm tra từng ký tự, hoặc xin thư ký cấp mã mới.",
    shutOut: "Máy này không vào được phiên họp",
    revoked: "Máy này chưa được nhận hoặc đã bị thu hồi. Xin thư ký cấp mã mới.",
    inHall: "Trong hội trường",
    leave: "Rời phiên họp",
    notHere: "Đại biểu chưa điểm danh",
    checkIn: "Điểm danh",
    yes: /^Tán thành/,
    notVoted: "Đại biểu chưa biểu quyết",
    over: "Đã kết thúc biểu quyết",
    paste: "Dán danh sách",
    check: "Kiểm tra trước",
    problems: "2 chỗ cần sửa, chưa nhập gì",
    seatTaken: /Dòng 3.*ghế “1” đã có người/s,
    noOffice: /Dòng 4.*không có chức vụ “king”/s,
    people: "Đang có 7 người",
  },
  en: {
    code: "One-time code",
    isMe: "Yes, I am",
    later: "Later",
    enter: "Check in and enter",
    badCode: "The code is not right. Check every character, or ask the secretary for a new code.",
    shutOut: "This tablet cannot enter the sitting",
    revoked: "This device is not enrolled or was revoked. Ask the secretary for a new code.",
    inHall: "In the hall",
    leave: "Leave the sitting",
    notHere: "You have not checked in",
    checkIn: "Check in",
    yes: /^In favour/,
    notVoted: "You have not voted yet",
    over: "Voting is closed",
    paste: "Paste the roster",
    check: "Check first",
    problems: "2 to correct, nothing imported",
    seatTaken: /Line 3.*seat “1” is taken/s,
    noOffice: /Line 4.*there is no office “king”/s,
    people: "7 people now",
  },
} as const;

/** Statuses of refusals, which the browser notes by itself. */
const REFUSED = /status of (400|401|403|404|409|410|422)/;

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

describe.each(["vi", "en"] as const)("in %s", (lang: Lang) => {
  const words = WORDS[lang];
  let hall: Hall;
  let officers: Room;
  let sitting: Sitting;
  let rooms: Room[] = [];
  const enter = async (): Promise<Room> => {
    const room = await Room.enter(browser, hall, lang);
    rooms.push(room);
    return room;
  };

  beforeAll(async () => {
    hall = await Hall.open({ preset: "generic" });
    officers = await Room.enter(browser, hall);
    sitting = await convene(hall, officers, []);
  });
  afterAll(async () => {
    await officers?.leave(null);
    await hall?.remove();
  });
  beforeEach(() => void (rooms = []));
  afterEach(async ({ task }) => {
    for (const room of rooms) await room.leave(task.result?.state === "fail" ? `${lang} ${task.name}` : null);
    for (const room of rooms) room.expectQuiet(REFUSED);
  });

  async function enrol(room: Room, person: string): Promise<Page> {
    const page = await room.open(await hall.enrolLink(person));
    await press(page, words.isMe);
    await press(page, words.enter);
    await see(page, words.inHall);
    return page;
  }

  it("a wrong code and a used code are refused, and another can be entered at once", async () => {
    const code = codeIn(await hall.enrolLink("d2"));
    const page = await (await enter()).open("delegate");
    await page.getByLabel(words.code).fill(code.startsWith("2222") ? "3333-3333" : "2222-2222");
    await see(page, words.badCode);
    await page.getByLabel(words.code).fill(code);
    await press(page, words.isMe);
    await press(page, words.enter);
    await see(page, words.inHall);
    const other = await (await enter()).open("delegate");
    await other.getByLabel(words.code).fill(code);
    await see(other, words.badCode);
    expect(await other.getByLabel(words.code).isEditable()).toBe(true);
  });

  it("a second device shuts the first one out and says so there", async () => {
    const old = await enrol(await enter(), "d3");
    await press(old, words.leave);
    await enrol(await enter(), "d3");
    await see(old, words.shutOut);
    await see(old, words.revoked);
  });

  it("nobody votes before checking in, nor after the end", async () => {
    const page = await enrol(await enter(), "d4");
    await press(page, words.leave);
    await press(page.getByRole("dialog"), words.leave);
    await see(page, words.notHere);
    await act.goToItem(sitting.chair, 2);
    await act.openBallot(sitting.chair);
    const yes = page.getByRole("button", { name: words.yes });
    await yes.waitFor();
    expect(await yes.isDisabled()).toBe(true);
    await press(page.getByRole("main"), words.checkIn);
    await see(page, words.notVoted);
    await expect.poll(() => yes.isEnabled(), { timeout: WAIT_MS }).toBe(true);
    await act.closeEarly(sitting.chair);
    await see(page, words.over);
    expect(await yes.count()).toBe(0);
  });

  it("a roster with mistakes is told line by line and changes nothing", async () => {
    const page = await (await enter()).open(await hall.enrolLink("admin"), CONSOLE);
    await press(page, words.isMe);
    // An office's page asks for a PIN before it opens.
    await press(page, words.later);
    await page.locator('a[href="#people"]').click();
    await see(page, words.people);
    await page.getByLabel(words.paste).fill("id,name,seat,offices\nn1,Mai An,1,\nn2,Mai Anh,1,\nn3,Mai Bảo,,king\n");
    await press(page, words.check);
    await see(page, words.problems);
    const lines = page.locator("ul.problems li");
    expect(await lines.allInnerTexts()).toEqual([expect.stringMatching(words.seatTaken), expect.stringMatching(words.noOffice)]);
    await page.reload();
    await see(page, words.people);
  });

  it("the language is changed without loading the page anew", async () => {
    const page = await (await enter()).open("delegate");
    await page.evaluate(() => void ((window as { stays?: boolean }).stays = true));
    const other = lang === "vi" ? "en" : "vi";
    await page.locator(`.lang button[lang=${other}]`).click();
    await page.getByLabel(WORDS[other].code).waitFor();
    expect(await page.evaluate(() => [(window as { stays?: boolean }).stays, document.documentElement.lang])).toEqual([true, other]);
  });
});

it("markup and letters of another direction are only text, and steering characters are refused", async () => {
  const people = council();
  people[0]!.name = "<b>Chủ</b> אבג & Tọa";
  const title = `Nghị quyết <img src=x onerror="document.body.remove()"> <script>alert(1)</script> אבג 2026`;
  const agenda = `number,kind,title\n1,báo cáo,"${title.replaceAll('"', '""')}"`;
  const hall = await Hall.open({ preset: "generic", people });
  const room = await Room.enter(browser, hall);
  let failed = true;
  try {
    const wall = await room.open("wall");
    const { chair, secretary } = await convene(hall, room, [], agenda);
    await act.goToItem(chair, 1);
    await see(wall, title);
    await see(wall, "<b>Chủ</b> אבג & Tọa");
    expect(await wall.locator("main img, main script, main b").count()).toBe(0);
    // The figures beside the name keep their places.
    expect(await wall.locator("bdi", { hasText: "אבג" }).count()).toBeGreaterThan(0);

    await press(secretary, "Nhập chương trình…");
    const dialog = secretary.getByRole("dialog");
    await dialog.getByLabel("Dán chương trình").fill("9,báo cáo,Báo cáo \u202eđảo ngược,5,");
    await press(dialog, "Nhập 1 nội dung");
    await see(dialog, "Văn bản để trống, quá dài hoặc có ký tự không dùng được.");
    room.expectQuiet();
    failed = false;
  } finally {
    await room.leave(failed ? "markup" : null);
    await hall.remove();
  }
});
