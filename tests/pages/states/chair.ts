import { putTo } from "../entitled.ts";
import { CHAIR, makeResult, NOBODY_SPEAKS, personOf, questionOf, SECRETARY, withBallot, withElection } from "../fixtures.ts";
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
  fixture.council.sittings = [];
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
  world.fixture.council.session = { id: "ses1", title: "Kỳ họp thứ 29", term: "Khóa XVI", kind: "regular" };
}

export function noSitting({ fixture }: World): void {
  for (const item of fixture.council.agenda) {
    item.state = "upcoming";
    item.started_at = null;
    for (const question of item.questions) question.ballots = [];
  }
  for (const sitting of fixture.council.sittings) sitting.opened_at = null;
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
    questionOf(fixture, item).ballots = [{ id: `b-${item}`, round: 1, form: "electronic", state: "announced", result: makeResult([yes, no, abstain], 90, now, "announced"), reason: null }];
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

/** A day with a plan that it is behind of, parts under an item, one of them behind closed doors, people waiting to speak. */
export function planned({ fixture }: World): void {
  const now = Date.now();
  const at = (id: string) => fixture.council.agenda.find((item) => item.id === id)!;
  for (const [part, title, short, closed] of [
    ["5.1", "Chất vấn Giám đốc Sở Xây dựng", "Chất vấn: Sở Xây dựng", false],
    ["5.2", "Chất vấn Giám đốc Sở Tài chính", "Chất vấn: Sở Tài chính", true],
  ] as const) {
    const parent = at("i5");
    const after = fixture.council.agenda.findLastIndex((item) => item.id === "i5" || item.parent === "i5") + 1;
    fixture.council.agenda.splice(after, 0, { ...parent, id: `i${part}`, number: part, title, short_title: short, minutes: 30, parent: "i5", closed });
  }
  at("i4").planned_at = now - 37 * 60_000;
  at("i4").started_at = now - 21 * 60_000;
  at("i6").planned_at = now + 150 * 60_000;
  const person = (id: string) => ({ id, name: personOf(fixture.roll, id).name });
  fixture.speaking = {
    ...NOBODY_SPEAKS,
    list_open: true,
    queue: [
      { id: "r1", person: person("d017"), group: "Tổ 3", kind: "speak", topic: null, to: null, at: now - 120_000 },
      { id: "r2", person: person("d054"), group: "Tổ 7", kind: "rebut", topic: null, to: null, at: now - 60_000 },
    ],
  };
}

function recess(world: World): void {
  ready(world);
  const now = Date.now();
  world.fixture.live.sitting!.suspension = { cause: "recess", reason: null, since: now - 240_000, until: now + 660_000 };
}

function failure(world: World): void {
  withBallot(world.fixture, "on_hold", Date.now());
  world.fixture.live.sitting!.suspension = { cause: "failure", reason: "Mất điện tại hội trường", since: Date.now() - 240_000, until: null };
}

function closedDoors(world: World): void {
  ready(world);
  world.fixture.live.sitting!.closed_doors = true;
  world.fixture.live.closed_doors = true;
  world.fixture.council.sittings[0]!.closed_doors = true;
}

function counted(world: World): void {
  const ballot = withBallot(world.fixture, "closed", Date.now(), { counts: [80, 6, 2] });
  const papers = { issued: 90, returned: 89, valid: 88, invalid: 1 };
  Object.assign(ballot, { form: "paper" });
  Object.assign(ballot.result!, { recorded_by: { id: SECRETARY, name: personOf(world.fixture.roll, SECRETARY).name }, papers });
  earlier(world);
}

const elected = (state: "open" | "closed" | "announced" | null): Change => (world) => void withElection(world.fixture, state, Date.now());

function otherGavel(world: World): void {
  open(world);
  world.fixture.live.gavel = { id: SECRETARY, name: personOf(world.fixture.roll, SECRETARY).name };
}

export const PASTED = `I. Phiên khai mạc
1. 08:00 Chào cờ, khai mạc kỳ họp (15 phút)
2. Biểu quyết thông qua chương trình kỳ họp (5 phút)
II. Phiên làm việc
1. Báo cáo kinh tế - xã hội; người trình bày: Ủy ban nhân dân
a) Báo cáo thẩm tra của Ban Kinh tế (10 phút)
b) Thảo luận tại hội trường (60 phút)
2. 13h30 - 15h00 Chất vấn và trả lời chất vấn
3. Biểu quyết Nghị quyết về đầu tư công (5 phút)
III. Bế mạc kỳ họp`;

export const chairStates: Record<string, State> = {
  "no-session": chair(nothingYet),
  "no-agenda": chair(noAgenda, async (page) => {
    await page.locator("textarea").first().fill(PASTED);
    await page.locator(".rows").waitFor();
  }),
  "agenda-wrong": chair(noAgenda, async (page) => {
    await page.locator("textarea").first().fill("số,loại,tên,phút,quy tắc,họp kín\n1,nghi thức,Chào cờ; khai mạc,10,,\n2,biểu quyết,Thông qua chương trình kỳ họp,5,majority_of_all,không\n3,bàn bạc,Một nội dung không rõ loại,,,\n4,biểu quyết,,x,,\n5,báo cáo,Công tác nhân sự,15,,có\n6,báo cáo,Tình hình quốc phòng,15,,kín");
    await page.locator(".rows").waitFor();
  }),
  "no-sitting": chair(noSitting),
  "no-item": chair(noItem),
  item: chair(),
  planned: chair(planned),
  "item-menu": chair(planned, async (page) => {
    await page.locator('[data-item="i5"] [data-more]').click();
    await page.locator("dialog[open]").waitFor();
  }),
  "item-form": chair(planned, async (page) => {
    await page.locator('[data-item="i6"] [data-more]').click();
    await page.locator("[data-act=item-change]").click();
  }),
  adhoc: chair(planned, async (page) => {
    await page.locator("[data-act=adhoc]").click();
    await page.locator("dialog[open]").waitFor();
  }),
  sitting: chair(planned, async (page) => {
    await page.locator("[data-act=sitting]").click();
    await page.locator("dialog[open]").waitFor();
  }),
  recess: chair(recess),
  failure: chair(failure),
  "closed-doors": chair(closedDoors),
  rehearsal: { ...chair(ready), rehearsal: true },
  "rehearsal-over": {
    ...chair(ready, async (page, world) => {
      await page.locator(".chip--ok").waitFor();
      world.cut(4008);
      await page.locator(".notice .actions").waitFor();
    }),
    rehearsal: true,
  },
  menu: chair(ready, async (page) => {
    await page.locator("[data-act=menu]").click();
    await page.locator("dialog[open]").waitFor();
  }),
  question: chair(ready, async (page) => {
    await page.locator("[data-act=question-edit]").click();
    await page.getByRole("button", { name: /^(Bầu|Election)$/ }).click();
  }),
  "question-groups": chair((world) => {
    ready(world);
    world.fixture.council.names_public = true;
    world.fixture.council.rules = { ...world.fixture.council.rules, names_public: true };
  }, async (page) => {
    await page.locator("[data-act=question-edit]").click();
    for (const group of ["Tổ 1", "Tổ 10"]) await page.locator(`[data-group="${group}"]`).click();
  }),
  "groups-ready": chair(async (world) => {
    ready(world);
    await putTo(world.fixture, { groups: ["Tổ 1", "Tổ 2"] });
  }),
  "groups-open": chair(async (world) => {
    open(world);
    await putTo(world.fixture, { groups: ["Tổ 1", "Tổ 2"] });
  }),
  bloc: chair(ready, async (page) => {
    await page.locator("[data-act=menu]").click();
    await page.locator("[data-act=bloc]").click();
    await page.locator("dialog[open] .tick input").nth(0).check();
    await page.locator("dialog[open] .tick input").nth(1).check();
  }),
  count: {
    person: SECRETARY,
    before: ready,
    after: async (page) => {
      await page.locator("[data-act=count]").click();
      await page.getByRole("button", { name: /^(Phiếu giấy|Paper ballots)$/ }).click();
      const inputs = page.locator("dialog[open] input");
      for (const [n, value] of ["90", "89", "88", "1", "80", "6", "3"].entries()) await inputs.nth(n).fill(value);
    },
  },
  counted: chair(counted),
  "election-ready": chair(elected(null)),
  "election-open": chair(elected("open")),
  "election-closed": chair(elected("closed")),
  "election-announced": chair(elected("announced")),
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
      await page.locator("[data-act=tab-presence]").click();
      await page.locator(".pane--side .row--tap").nth(2).click();
    },
  },
  enrol: { person: null },
};
