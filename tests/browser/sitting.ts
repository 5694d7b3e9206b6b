// A sitting under way, for tests that begin there: everybody enrolled by an address from the console, agenda on, gavel taken.

import type { Page } from "playwright-core";
import { checkIn, confirmName, enrolDelegate, prepareSitting, takeGavel } from "./acts.ts";
import type { Hall } from "./hall.ts";
import { CHAIR, SECRETARY } from "./people.ts";
import { CONSOLE, see, type Room } from "./room.ts";

export const AGENDA = [
  "number,kind,title,minutes,rule",
  "1,nghi thức,Chào cờ và giới thiệu đại biểu,10,",
  "2,biểu quyết,Nghị quyết về dự toán ngân sách xã,15,majority_of_all",
  "3,thảo luận,Kế hoạch phát triển kinh tế - xã hội,30,",
].join("\n");

export interface Sitting {
  secretary: Page;
  chair: Page;
  /** Pages of the present, in the order asked for. */
  delegates: Page[];
}

export async function convene(hall: Hall, room: Room, present: readonly string[], agenda = AGENDA): Promise<Sitting> {
  const secretary = await room.open(await hall.enrolLink(SECRETARY), CONSOLE);
  await confirmName(secretary, hall.nameOf(SECRETARY));
  await prepareSitting(secretary, agenda, agenda.trim().split("\n").length - 1);
  const chair = await room.open(await hall.enrolLink(CHAIR), CONSOLE);
  await confirmName(chair, hall.nameOf(CHAIR));
  await takeGavel(chair);
  const delegates: Page[] = [];
  for (const id of present) {
    if (id === CHAIR) {
      delegates.push(await seatOfChair(hall, room));
    } else {
      const page = await room.open(await hall.enrolLink(id));
      // Entering checks in: the sitting is open.
      await enrolDelegate(page, hall.nameOf(id));
      await see(page, /^Có mặt từ/);
      delegates.push(page);
    }
  }
  return { secretary, chair, delegates };
}

/** The chair's second tab, from which they vote like everybody else. */
export async function seatOfChair(hall: Hall, room: Room): Promise<Page> {
  const page = await room.open("delegate");
  await page.getByRole("button", { name: new RegExp(hall.nameOf(CHAIR)) }).click();
  await checkIn(page);
  return page;
}
