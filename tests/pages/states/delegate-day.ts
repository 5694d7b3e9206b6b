// The delegate's page over a whole day: asking to speak, the floor, every form of ballot, other roles, rehearsals.

import { questionHash } from "@dienhong/web-shared/record/question.ts";
import type { BallotView, Office, PersonView } from "@dienhong/web-shared/wire.ts";
import type { Page } from "playwright-core";
import { interpellates, OFFICIAL, planned, promises, speaks, waits } from "../debate.ts";
import { ME, withBallot } from "../fixtures.ts";
import { putTo } from "../entitled.ts";
import { blocIn, choiceIn, counted, electionIn } from "../forms.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

const visible = (page: Page, selector: string): Promise<void> => page.locator(selector).first().waitFor();
const atHome = (page: Page): Promise<void> => visible(page, ".home");

/** Somebody without a seat, on the roll. */
export function join(world: World, id: string, office: Office, group: string): PersonView {
  const person: PersonView = { id, name: office === "guest" ? "Lý Thanh Vinh" : "Ngô Gia Đạt", seat: null, group, offices: [office] };
  world.fixture.roll.people.push(person);
  return person;
}

/** What is put to the vote is what is shown: its hash is made anew after a test has changed the question. */
export async function rehash(world: World, ballot: BallotView): Promise<void> {
  const question = world.fixture.council.agenda.flatMap((item) => item.questions).find((one) => one.id === ballot.question)!;
  ballot.document_sha256 = question.document_sha256 = await questionHash(question);
}

/** The person waits, behind those who wait already. */
export function queueUp(world: World, person: string, now = Date.now()): void {
  const { speaking } = world.fixture;
  world.fixture.speaking = { ...speaking, list_open: true, queue: [...speaking.queue, waits(world.fixture, person, now)] };
}

async function ballotOf(world: World, make: (world: World) => BallotView): Promise<void> {
  await rehash(world, make(world));
}

const choice = (world: World): BallotView => choiceIn(world.fixture, Date.now(), "open");
const election = (world: World): BallotView => electionIn(world.fixture, Date.now(), "open");

const pick = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.locator(`[data-answer=${key}]`).click();
};
const send = (page: Page): Promise<void> => page.locator(".send").click();

function outcome(state: "confirmed" | "announced", make: (world: World) => BallotView): State {
  return {
    person: ME,
    before: (world) => void make(world),
    after: async (page) => {
      await atHome(page);
      await page.locator(".now__foot .btn").click();
      await visible(page, `.outcome-page .verdict`);
      await page.getByText(state === "announced" ? /Đã công bố|Announced/ : /chờ công bố|to be announced/).waitFor();
    },
  };
}

export const delegateDay: Record<string, State> = {
  "home-speaking": {
    person: ME,
    before: (world) => {
      planned(world.fixture, Date.now(), 12);
      speaks(world.fixture, Date.now());
      world.fixture.speaking.budgets = [{ group: "Tổ 6", seconds: 1_800, spent_ms: 612_000 }];
      world.fixture.speaking.people = [{ id: ME, name: "", speeches: 2, spent_ms: 552_000 }];
    },
    after: atHome,
  },
  "home-queued": {
    person: ME,
    before: (world) => {
      speaks(world.fixture, Date.now());
      queueUp(world, "d011");
      queueUp(world, ME);
    },
    after: (page) => visible(page, ".place"),
  },
  "home-floor": {
    person: ME,
    before: (world) => void speaks(world.fixture, Date.now(), { person: ME, topic: "Tái định cư cho các hộ dân ngoài đê" }),
    after: (page) => visible(page, ".ownfloor"),
  },
  "home-floor-paused": {
    person: ME,
    before: (world) => void speaks(world.fixture, Date.now(), { person: ME, kind: "rebut", allotted: 120_000, spent: 48_000, paused: true }),
    after: (page) => visible(page, ".ownfloor .timer--held"),
  },
  "home-floor-over": {
    person: ME,
    before: (world) => void speaks(world.fixture, Date.now(), { person: ME, spent: 447_000 }),
    after: (page) => visible(page, ".ownfloor.is-over"),
  },
  "home-refused": {
    person: ME,
    before: (world) => {
      world.fixture.speaking = { ...world.fixture.speaking, list_open: true };
      world.onOrder = () => ({ refuse: "list_closed" });
    },
    after: async (page) => {
      await page.locator(".home .btn--primary").click();
      await visible(page, "[role=alert]");
    },
  },
  "home-interpellation": {
    person: ME,
    before: (world) => {
      interpellates(world.fixture, Date.now(), 2, false);
      world.fixture.speaking.list_open = true;
    },
    after: (page) => visible(page, ".round"),
  },
  interpellate: {
    person: ME,
    before: (world) => {
      interpellates(world.fixture, Date.now(), 1, false);
      world.fixture.roll.people.push({ id: "o002", name: "Đinh Xuân Phúc", seat: null, group: "Giám đốc Sở Tài nguyên và Môi trường", offices: ["official"] });
      world.fixture.speaking.list_open = true;
    },
    after: async (page) => {
      await page.locator(".home .btn--primary").click();
      await visible(page, "dialog[open] .pickone");
    },
  },
  official: {
    person: OFFICIAL,
    before: (world) => {
      interpellates(world.fixture, Date.now(), 2, false);
      world.fixture.speaking.list_open = true;
    },
    after: (page) => visible(page, ".round"),
  },
  "official-floor": {
    person: OFFICIAL,
    before: (world) => void interpellates(world.fixture, Date.now(), 3, true),
    after: (page) => visible(page, ".ownfloor"),
  },
  guest: {
    person: "g001",
    before: (world) => {
      join(world, "g001", "guest", "Đại diện cử tri");
      speaks(world.fixture, Date.now());
    },
    after: atHome,
  },
  "press-voting": {
    person: "p001",
    before: (world) => {
      join(world, "p001", "press", "Báo Hànộimới");
      withBallot(world.fixture, "open", Date.now());
    },
    after: (page) => visible(page, ".voting"),
  },
  "press-closed": {
    person: "p001",
    before: (world) => {
      join(world, "p001", "press", "Báo Hànộimới");
      Object.assign(world.fixture.live.sitting!, { title: "", closed_doors: true });
      Object.assign(world.fixture.live, { closed_doors: true, item: null, gavel: null });
    },
    after: atHome,
  },
  "home-closed": {
    person: ME,
    before: (world) => {
      world.fixture.live.sitting!.closed_doors = true;
      world.fixture.live.closed_doors = true;
    },
    after: atHome,
  },
  "home-officer": { person: "s001", after: atHome },
  "home-excused": { person: ME, before: (world) => world.setMe(ME, { presence: "excused", present_since: null }), after: atHome },
  "home-recess": {
    person: ME,
    before: (world) => {
      const now = Date.now();
      world.fixture.live.sitting!.suspension = { cause: "recess", reason: "Giải lao giữa buổi", since: now - 420_000, until: now + 763_000 };
    },
    after: (page) => visible(page, ".suspended"),
  },
  "home-failure": {
    person: ME,
    before: (world) => {
      world.fixture.live.sitting!.suspension = { cause: "failure", reason: "Mất điện khu vực hội trường", since: Date.now() - 60_000, until: null };
    },
    after: (page) => visible(page, ".suspended"),
  },
  promises: {
    person: ME,
    before: (world) => promises(world.fixture, Date.now()),
    after: async (page) => {
      await page.locator("#tab-promises").click();
      await visible(page, "#panel .row");
    },
  },
  results: {
    person: ME,
    before: (world) => void electionIn(world.fixture, Date.now(), "announced"),
    after: async (page) => {
      await page.locator("#tab-results").click();
      await visible(page, "#panel .row");
    },
  },
  menu: {
    person: ME,
    after: async (page) => {
      await page.locator("[data-act=person]").click();
      await visible(page, "[data-act=tone]");
    },
  },

  choice: { person: ME, before: (world) => ballotOf(world, choice), after: (page) => visible(page, "[data-answer=a1]") },
  "choice-recorded": {
    person: ME,
    before: (world) => ballotOf(world, choice),
    after: async (page) => {
      await pick(page, "a2");
      await visible(page, "[data-answer=a2].is-chosen");
    },
  },
  "choice-nine": {
    person: ME,
    before: (world) =>
      ballotOf(world, (w) => {
        const ballot = choice(w);
        const question = w.fixture.council.agenda.flatMap((item) => item.questions).find((one) => one.id === ballot.question)!;
        const sites = ["Mễ Trì", "Cổ Loa", "Tây Tựu", "Ngọc Hồi", "Yên Nghĩa", "Long Biên", "Thanh Trì", "Hòa Lạc", "Sóc Sơn"];
        question.answers = [...sites.map((site, i) => ({ key: `a${i + 1}`, meaning: `Đặt tại ${site}` })), { key: "abstain", meaning: "Không chọn phương án nào" }];
        return ballot;
      }),
    after: (page) => visible(page, "[data-answer=a9]"),
  },
  election: { person: ME, before: (world) => ballotOf(world, election), after: (page) => visible(page, ".send") },
  "election-picked": {
    person: ME,
    before: (world) => ballotOf(world, election),
    after: async (page) => {
      await pick(page, "c1", "c4");
      await visible(page, ".strip--warn");
    },
  },
  "election-least": {
    person: ME,
    before: async (world) => {
      election(world);
      await putTo(world.fixture, { min_choices: 2 });
    },
    after: async (page) => {
      await pick(page, "c1");
      await page.locator(".strip--warn", { hasText: /Còn thiếu 1 người/ }).waitFor();
    },
  },
  "election-full": {
    person: ME,
    before: (world) => ballotOf(world, election),
    after: async (page) => {
      await pick(page, "c1", "c4", "c5", "c2");
      await page.locator(".strip--warn", { hasText: /Đã chọn đủ/ }).waitFor();
    },
  },
  "election-recorded": {
    person: ME,
    before: (world) => ballotOf(world, election),
    after: async (page) => {
      await pick(page, "c1", "c4");
      await send(page);
      await visible(page, ".strip--ok");
    },
  },
  "election-abstained": {
    person: ME,
    before: (world) => ballotOf(world, election),
    after: async (page) => {
      await pick(page, "abstain");
      await visible(page, ".strip--ok");
    },
  },
  bloc: { person: ME, before: (world) => ballotOf(world, (w) => blocIn(w.fixture, Date.now(), "open")), after: (page) => visible(page, ".vote--yes") },
  nudged: {
    person: ME,
    before: (world) => {
      withBallot(world.fixture, "open", Date.now());
      world.setMe(ME, { nudged_at: Date.now() });
    },
    after: (page) => visible(page, ".strip--warn"),
  },
  "outcome-choice": outcome("announced", (world) => choiceIn(world.fixture, Date.now(), "announced")),
  "outcome-election": outcome("announced", (world) => electionIn(world.fixture, Date.now(), "announced")),
  "outcome-nobody": outcome("announced", (world) => electionIn(world.fixture, Date.now(), "announced", 5, 0)),
  "outcome-bloc": outcome("confirmed", (world) => blocIn(world.fixture, Date.now(), "confirmed")),
  "outcome-hands": outcome("announced", (world) => counted(world.fixture, withBallot(world.fixture, "announced", Date.now()), "show_of_hands")),
  "outcome-paper": outcome("announced", (world) => counted(world.fixture, electionIn(world.fixture, Date.now(), "announced"), "paper")),

  "rehearsal-offered": {
    person: ME,
    before: (world) => {
      Object.assign(world.fixture.live, { sitting: null, item: null, gavel: null });
      world.fixture.council.rehearsing = "hanoi.rehearsal";
    },
    after: atHome,
  },
  rehearsal: { person: ME, rehearsal: true, after: atHome },
  "rehearsal-voting": {
    person: ME,
    rehearsal: true,
    before: (world) => void withBallot(world.fixture, "open", Date.now()),
    after: (page) => visible(page, ".vote--yes"),
  },
  "rehearsal-over": {
    person: ME,
    rehearsal: true,
    after: async (page, world) => {
      await atHome(page);
      world.cut(4008);
      await visible(page, ".notice .actions");
    },
  },
};
