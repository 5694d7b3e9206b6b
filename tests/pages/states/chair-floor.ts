// The console's floor, walls and roll in the states a day brings them to.

import type { Page } from "playwright-core";
import type { RequestView, RollCallReport, SpeakingView, SpeechKind, SpeechView } from "@dienhong/web-shared/wire.ts";
import { CHAIR, NOBODY_SPEAKS, personOf, SECRETARY, withBallot } from "../fixtures.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

type Change = (world: World) => void;

const OFFICIAL = "o001";

/** Two officials who answer, with their places in the executive. */
export function withOfficials({ fixture }: World): void {
  for (const [id, name, group] of [
    [OFFICIAL, "Trần Quốc Bảo", "Sở Xây dựng"],
    ["o002", "Lê Thanh Hương", "Sở Tài chính"],
  ] as const) {
    fixture.roll.people.push({ id, name, seat: null, group, offices: ["official"] });
    fixture.console.people.push({ id, presence: "absent", reason: null, device: null, revoked: null, code_until: null });
  }
}

const ref = (world: World, id: string) => ({ id, name: personOf(world.fixture.roll, id).name });

export function request(world: World, id: string, person: string, kind: SpeechKind, topic: string | null = null): RequestView {
  const { group } = personOf(world.fixture.roll, person);
  const to = kind === "interpellate" ? ref(world, OFFICIAL) : null;
  return { id, person: ref(world, person), group, kind, topic, to, at: Date.now() - 60_000 };
}

export function speech(world: World, person: string, kind: SpeechKind, change: Partial<SpeechView> = {}): SpeechView {
  const now = Date.now();
  return {
    id: "f1",
    person: ref(world, person),
    group: personOf(world.fixture.roll, person).group,
    kind,
    topic: null,
    started_at: now - 228_000,
    allotted_ms: 420_000,
    spent_ms: 0,
    running_since: now - 228_000,
    ...change,
  };
}

/** Item 4 is discussed: one speaks, five wait, a rebuttal and a point of order before the others. */
export function discussing(world: World): void {
  withOfficials(world);
  const { fixture } = world;
  const view: SpeakingView = {
    ...NOBODY_SPEAKS,
    list_open: true,
    speech: speech(world, "d017", "speak", { topic: "Tái định cư cho các hộ dân ven sông" }),
    queue: [
      request(world, "r5", "d055", "point_of_order"),
      request(world, "r4", "d031", "rebut"),
      request(world, "r1", "d008", "speak", "Nguồn vốn đầu tư công giai đoạn 2026–2030"),
      request(world, "r2", "d063", "speak"),
      request(world, "r3", "d094", "speak"),
    ],
    budgets: [
      { group: "Tổ 3", seconds: 1_200, spent_ms: 300_000 },
      { group: "Tổ 7", seconds: 600, spent_ms: 752_000 },
      { group: "Tổ 1", seconds: 1_200, spent_ms: 0 },
    ],
    people: [
      { id: "d050", name: personOf(fixture.roll, "d050").name, speeches: 2, spent_ms: 752_000 },
      { id: "d018", name: personOf(fixture.roll, "d018").name, speeches: 1, spent_ms: 300_000 },
    ],
    groups: [
      { id: "Tổ 7", name: "Tổ 7", speeches: 2, spent_ms: 752_000 },
      { id: "Tổ 3", name: "Tổ 3", speeches: 1, spent_ms: 300_000 },
    ],
    promises: promised(world),
  };
  fixture.speaking = view;
  fixture.live.wall = { mode: "speaker", card: null, since: Date.now() };
}

function promised(world: World): SpeakingView["promises"] {
  const at = Date.now() - 3_600_000;
  return [
    { id: "m0", session: "Kỳ họp thứ 28", item: "i5of28", official: ref(world, "o002"), to: null, text: "Trình phương án xử lý các dự án chậm triển khai", until: "2031-06-30", at: at - 8_000_000_000, struck: null, kept_at: Date.now() - 86_400_000, kept_note: "Nghị quyết 12 ngày 15/10" },
    { id: "m1", session: null, item: "i5", official: ref(world, OFFICIAL), to: ref(world, "d008"), text: "Hoàn thành giải phóng mặt bằng đoạn qua phường Long Biên", until: "2020-06-30", at, struck: null },
    { id: "m2", session: null, item: "i5", official: ref(world, OFFICIAL), to: null, text: "Bố trí đủ vốn tái định cư", until: null, at, struck: "Ghi trùng" },
    { id: "m3", session: null, item: "i5", official: ref(world, "o002"), to: ref(world, "d031"), text: "Báo cáo Hội đồng nhân dân kết quả giải ngân từng quý", until: "2031-12-31", at, struck: null },
  ];
}

/** Item 5 is on: the third of three asks, a rebuttal of the first asker waits. */
export function interpellating(world: World): void {
  discussing(world);
  const { fixture } = world;
  for (const item of fixture.council.agenda) item.state = Number(item.number) < 5 ? "done" : item.id === "i5" ? "current" : "upcoming";
  fixture.live.item = "i5";
  fixture.live.wall = { mode: "interpellation", card: null, since: Date.now() };
  const now = Date.now();
  fixture.speaking = {
    ...fixture.speaking,
    budgets: [],
    speech: speech(world, "d063", "interpellate", { topic: "Nhà ở xã hội", allotted_ms: 60_000, started_at: now - 71_000, running_since: now - 71_000 }),
    queue: [request(world, "r6", "d008", "rebut"), request(world, "r7", "d031", "interpellate", "Quỹ đất"), request(world, "r8", "d022", "interpellate")],
    round: {
      number: 2,
      official: ref(world, OFFICIAL),
      asked: [
        { person: ref(world, "d008"), topic: "Tiến độ vành đai 4" },
        { person: ref(world, "d017"), topic: null },
        { person: ref(world, "d063"), topic: "Nhà ở xã hội" },
      ],
      askers: 3,
    },
  };
}

/** Two walls beside the main one, one of them with a picture of its own, and a ticker. */
export function manyWalls(world: World): void {
  discussing(world);
  world.fixture.live.walls = [
    { id: "w2", name: "Hành lang", own: null },
    { id: "w3", name: "Phòng báo chí", own: { mode: "countdown", card: { title: "Giải lao", text: "Phiên họp tiếp tục sau", until: Date.now() + 540_000 }, since: Date.now() } },
  ];
  world.fixture.live.ticker = "Đại biểu nhận tài liệu bổ sung tại bàn thư ký trước 14 giờ";
}

/** Behind closed doors, the main wall with a card. */
export function marked(world: World): void {
  discussing(world);
  world.fixture.live.closed_doors = true;
  if (world.fixture.live.sitting) world.fixture.live.sitting.closed_doors = true;
  world.fixture.live.wall = { mode: "title", card: { title: "Chào cờ", text: "Kỳ họp thứ 29", until: null }, since: Date.now() };
}

/** Somebody's tablet is slow, somebody has none, and the quorum is short by eleven. */
export function troubled(world: World): void {
  const { live, console } = world.fixture;
  live.attendance = { ...live.attendance, present: 53, absent: 39, quorate: false, quorum: { ...live.attendance.quorum, count: 53 } };
  for (const [at, person] of console.people.entries()) {
    if (at >= 53 && at < 90) person.presence = "absent";
    if (at === 4 && person.device) person.device.delay_ms = 640;
    if (at === 7) person.device = null;
    if (at === 11 && person.device) Object.assign(person.device, { connected: false, delay_ms: null, last_seen: Date.now() - 130_000 });
  }
}

export function beforeSitting({ fixture }: World): void {
  fixture.live.sitting = null;
  fixture.live.item = null;
  fixture.live.attendance = { ...fixture.live.attendance, present: 0, absent: 92, quorate: false, quorum: { ...fixture.live.attendance.quorum, count: 0 } };
  for (const person of fixture.console.people) if (person.presence === "present") person.presence = "absent";
}

/** What the server answers about the morning's sitting. */
export function rollCall(world: World): RollCallReport {
  const opened = world.fixture.live.sitting?.opened_at ?? Date.now() - 6_000_000;
  return {
    sitting: "sit1",
    title: "Phiên toàn thể buổi sáng",
    opened_at: opened,
    closed_at: null,
    people: world.fixture.roll.people
      .filter((person) => person.seat !== null)
      .map((person, at) => ({
        person: { id: person.id, name: person.name },
        seat: person.seat,
        group: person.group,
        presence: at < 90 ? "present" : at < 93 ? "excused" : "absent",
        comings:
          at < 90
            ? [
                { presence: "present" as const, at: opened - 600_000 + at * 4_000, reason: at === 3 ? "Máy của đại biểu hết pin" : null },
                ...(at === 5 ? [{ presence: "absent" as const, at: opened + 1_800_000, reason: "Ra về, có lý do \"gia đình\"" }, { presence: "present" as const, at: opened + 3_600_000, reason: null }] : []),
              ]
            : at < 93
              ? [{ presence: "excused" as const, at: opened - 86_400_000, reason: "Đi công tác" }]
              : [],
        ...(at === 5 ? { earlier: 4 } : {}),
        present_ms: at < 90 ? 6_000_000 - (at === 5 ? 1_800_000 : 0) : 0,
      })),
    closings: [
      { ballot: "b1", title: "Thông qua chương trình kỳ họp thứ 29", closed_at: opened + 900_000, entitled: 95, present: 90, took_part: 90 },
      { ballot: "b2", title: "Chủ trương đầu tư khu đô thị thể thao Olympic", closed_at: opened + 4_500_000, entitled: 95, present: 91, took_part: 89 },
    ],
  };
}

/** The side column's pane, where the console shows one of several. */
export async function pane(page: Page, name: "speaking" | "presence"): Promise<void> {
  await page.locator(".wallbar").waitFor();
  await page.locator(`[data-act="tab-${name}"]`).click();
}

/** One of the floor's own lists: who waits, promises, times. */
export const floorTab = (page: Page, at: number) => page.locator(".pane--floor [role=tab]").nth(at);

const chair = (before: Change, after?: State["after"]): State => ({ person: CHAIR, before, after: async (page, world) => {
  await pane(page, "speaking");
  await after?.(page, world);
} });
const secretary = (before: Change, after?: State["after"], side: "speaking" | "presence" = "speaking"): State => ({ person: SECRETARY, before, after: async (page, world) => {
  await pane(page, side);
  await after?.(page, world);
} });
const press = (name: string) => async (page: Page): Promise<void> => page.locator(`[data-act="${name}"]`).first().click();

export const chairFloorStates: Record<string, State> = {
  "floor-silent": chair(() => undefined),
  "floor-discussion": chair(discussing),
  "floor-over": chair((world) => {
    discussing(world);
    const now = Date.now();
    world.fixture.speaking.speech = speech(world, "d017", "speak", { started_at: now - 471_000, running_since: now - 471_000 });
  }),
  "floor-voting": chair((world) => {
    discussing(world);
    const paused = speech(world, "d017", "speak", { spent_ms: 228_000, running_since: null });
    withBallot(world.fixture, "open", Date.now());
    world.fixture.speaking.speech = paused;
  }),
  "floor-interpellation": chair(interpellating),
  "floor-move": chair(discussing, async (page) => {
    await page.locator(".grip").nth(3).focus();
    await page.keyboard.press("ArrowUp");
  }),
  "floor-withdraw": chair(discussing, async (page) => {
    await page.locator("[data-act=more]").nth(2).click();
    await page.locator("[data-act=withdraw]").click();
  }),
  "floor-give": chair(interpellating, press("give")),
  "floor-round": chair(interpellating, press("round")),
  "floor-promises": chair(interpellating, async (page) => floorTab(page, 1).click()),
  "floor-keep": chair(interpellating, async (page) => {
    await floorTab(page, 1).click();
    await press("keep")(page);
  }),
  "floor-promise": chair(interpellating, async (page) => {
    await floorTab(page, 1).click();
    await press("promise")(page);
  }),
  "floor-times": chair(discussing, async (page) => floorTab(page, 2).click()),
  "floor-budget": chair(discussing, async (page) => {
    await floorTab(page, 2).click();
    await press("budget")(page);
  }),
  "floor-secretary": secretary(discussing),
  "floor-request": secretary(interpellating, press("request")),
  "walls-many": chair(manyWalls),
  "walls-marked": { ...chair(marked), rehearsal: true },
  "walls-preview": chair(discussing, press("wall-roll_call")),
  "walls-card": chair(discussing, async (page) => {
    await press("wall-title")(page);
    await page.locator("dialog[open] input").first().fill("Lễ trao Huân chương Lao động");
  }),
  "walls-countdown": chair(discussing, press("wall-countdown")),
  "walls-ticker": chair(manyWalls, press("wall-ticker")),
  "walls-list": chair(manyWalls, press("wall-walls")),
  "roll-plain": secretary(() => undefined, undefined, "presence"),
  "roll-troubled": secretary(troubled, undefined, "presence"),
  "roll-not-ready": secretary(troubled, press("not-ready"), "presence"),
  "roll-before": secretary(beforeSitting, undefined, "presence"),
  "roll-report": secretary(
    (world) => {
      world.onQuery = () => ({ found: "roll_call", ...rollCall(world) });
    },
    async (page) => {
      await press("report")(page);
      await page.locator(".report tbody tr").first().waitFor();
    },
    "presence",
  ),
};
