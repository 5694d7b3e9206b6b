import { CHAIR, makeResult, personOf, questionOf, SECRETARY, withBallot } from "../fixtures.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

type Change = (world: World) => void;

const chair = (before?: Change, after?: State["after"]): State => ({
  person: CHAIR,
  ...(before ? { before } : {}),
  ...(after ? { after } : {}),
});
const secretary = (before?: Change): State => ({ person: SECRETARY, ...(before ? { before } : {}) });

/** Before anybody did anything: a council and its roll, nothing else. */
export function nothingYet({ fixture }: World): void {
  fixture.council.session = null;
  fixture.council.agenda = [];
  fixture.live.sitting = null;
  fixture.live.gavel = null;
  fixture.live.item = null;
  fixture.live.ballot = null;
  fixture.live.wall.mode = "welcome";
  fixture.live.attendance = { ...fixture.live.attendance, present: 0, excused: 0, absent: 95, quorate: false };
  for (const person of fixture.console.people) person.presence = "absent";
}

export function noAgenda(world: World): void {
  nothingYet(world);
  world.fixture.council.session = { id: "ses1", title: "Kỳ họp thứ 29", term: "Khóa XVI" };
}

export function noSitting({ fixture }: World): void {
  for (const item of fixture.council.agenda) {
    item.state = "upcoming";
    item.started_at = null;
    for (const question of item.questions) question.ballots = [];
  }
  fixture.live.sitting = null;
  fixture.live.item = null;
  fixture.live.wall.mode = "welcome";
}

export function noItem(world: World): void {
  const sitting = world.fixture.live.sitting;
  noSitting(world);
  world.fixture.live.sitting = sitting;
}

/** Item 8 is on, and nothing was put to the vote yet. */
export function ready(world: World): void {
  withBallot(world.fixture, "open", Date.now());
  questionOf(world.fixture).ballots = [];
  earlier(world);
  world.fixture.live.ballot = null;
  world.fixture.live.wall.mode = "item";
  world.fixture.console.missing = [];
}

export const open: Change = (world) => {
  withBallot(world.fixture, "open", Date.now());
  earlier(world);
};

export const closed: Change = (world) => {
  withBallot(world.fixture, "closed", Date.now());
  earlier(world);
};

export const announced: Change = (world) => {
  withBallot(world.fixture, "announced", Date.now());
  earlier(world);
};

/** Items 6 and 7 were voted on, so that the agenda has results to show. */
function earlier({ fixture }: World): void {
  const now = Date.now();
  for (const [item, counts] of [["i6", [86, 2, 1]], ["i7", [85, 3, 1]]] as const) {
    const [yes, no, abstain] = counts;
    questionOf(fixture, item).ballots = [{ id: `b-${item}`, round: 1, state: "announced", result: makeResult([yes, no, abstain], 90, now, "announced"), reason: null }];
  }
}

function tie(world: World): void {
  withBallot(world.fixture, "closed", Date.now(), { counts: [44, 44, 1] });
  world.fixture.console.tie = true;
  world.fixture.console.proposed = null;
  earlier(world);
}

function rejected(world: World): void {
  withBallot(world.fixture, "closed", Date.now(), { counts: [40, 45, 4] });
  world.fixture.console.proposed = "rejected";
  earlier(world);
}

function inquorate(world: World): void {
  ready(world);
  world.fixture.live.attendance = { ...world.fixture.live.attendance, present: 52, absent: 40, quorate: false };
}

function voided(world: World): void {
  withBallot(world.fixture, "voided", Date.now());
  earlier(world);
  world.fixture.live.wall.mode = "item";
}

function election(world: World): void {
  const item = world.fixture.council.agenda.find((candidate) => candidate.id === "i4");
  if (item) Object.assign(item, { kind: "election", title: "Bầu bổ sung Ủy viên Ủy ban nhân dân Thành phố", short_title: "Bầu bổ sung Ủy viên UBND" });
}

function otherGavel(world: World): void {
  open(world);
  world.fixture.live.gavel = { id: SECRETARY, name: personOf(world.fixture.roll, SECRETARY).name };
}

export const chairStates: Record<string, State> = {
  "no-session": chair(nothingYet),
  "no-agenda": chair(noAgenda, async (page) => {
    await page.locator("textarea").fill("1,nghi thức,Chào cờ; khai mạc,10,\n2,biểu quyết,Thông qua chương trình kỳ họp,5,majority_of_all\n3,bàn bạc,Một nội dung không rõ loại,,\n4,biểu quyết,,x,");
  }),
  "no-sitting": chair(noSitting),
  "no-item": chair(noItem),
  item: chair(),
  election: chair(election),
  ready: chair(ready),
  inquorate: chair(inquorate),
  voided: chair(voided),
  open: chair(open),
  "open-many": chair((world) => void withBallot(world.fixture, "open", Date.now(), { received: 12, left: 57_000 })),
  low: chair((world) => void withBallot(world.fixture, "open", Date.now(), { left: 9_000, received: 90 })),
  "close-asked": chair(open, async (page) => {
    await page.locator("[data-act=close]").click();
  }),
  hold: chair((world) => void withBallot(world.fixture, "on_hold", Date.now())),
  "void-asked": chair(open, async (page) => {
    await page.locator("[data-act=void]").click();
  }),
  closed: chair(closed),
  tie: chair(tie),
  rejected: chair(rejected),
  confirmed: chair((world) => {
    withBallot(world.fixture, "confirmed", Date.now());
    earlier(world);
  }),
  announced: chair(announced),
  "gavel-free": chair((world) => {
    ready(world);
    world.fixture.live.gavel = null;
  }),
  "gavel-other": chair(otherGavel, async (page) => {
    await page.locator(".chip--button").first().click();
  }),
  refused: chair(
    (world) => {
      ready(world);
      world.onOrder = () => ({ refuse: "not_quorate" });
    },
    async (page) => {
      await page.locator("[data-act=open]").click();
      await page.locator(".refusal p").waitFor();
    },
  ),
  busy: chair(
    (world) => {
      ready(world);
      world.onOrder = () => "ignore";
    },
    async (page) => {
      await page.locator("[data-act=open]").click();
      await page.locator(".is-busy").waitFor();
    },
  ),
  lost: chair(open, async (page, world) => {
    await page.locator(".chip--ok").waitFor();
    world.reachable = false;
    world.cut();
    await page.locator(".banner").waitFor();
  }),
  keys: chair(open, async (page) => {
    await page.locator("[data-act=close]").waitFor();
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
  }),
  secretary: secretary(open),
  "secretary-roll": {
    person: SECRETARY,
    before: open,
    after: async (page) => {
      await page.locator(".pane--side .row--tap").nth(2).click();
    },
  },
  enrol: { person: null },
};
