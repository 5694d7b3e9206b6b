// Who speaks, who waits and who is interpellated, for the pages that only watch.

import type { RequestView, RoundView, SpeechKind, SpeechView } from "@dienhong/web-shared/wire.ts";
import type { Fixture } from "./fixtures.ts";

export interface Speaks {
  person?: string;
  kind?: SpeechKind;
  /** Milliseconds allotted; 0: no limit. */
  allotted?: number;
  spent?: number;
  paused?: boolean;
  topic?: string | null;
}

/** Gives somebody the floor in item 4, with two more waiting; the wall follows. */
export function speaks(fixture: Fixture, now: number, options: Speaks = {}): SpeechView {
  const { person = "d007", kind = "speak", allotted = 420_000, spent = 228_000, paused = false, topic = null } = options;
  const { name, group } = fixture.roll.people.find((one) => one.id === person)!;
  const speech: SpeechView = {
    id: "sp7",
    person: { id: person, name },
    group,
    kind,
    topic,
    started_at: now - spent,
    allotted_ms: allotted,
    spent_ms: paused ? spent : 0,
    running_since: paused ? null : now - spent,
  };
  fixture.speaking = { ...fixture.speaking, list_open: true, speech, queue: [waits(fixture, "d031", now), waits(fixture, "d058", now, "rebut")] };
  fixture.live.wall = { mode: "speaker", card: null, since: now };
  return speech;
}

export function waits(fixture: Fixture, person: string, now: number, kind: SpeechKind = "speak", more: Partial<RequestView> = {}): RequestView {
  const { name, group } = fixture.roll.people.find((one) => one.id === person)!;
  return { id: `rq-${person}`, person: { id: person, name }, group, kind, topic: null, to: null, at: now - 60_000, ...more };
}

export const OFFICIAL = "o001";
const TOPICS = ["Tiến độ tái định cư tại các dự án vành đai", "Quỹ nhà ở xã hội còn thiếu và lịch bàn giao cho người dân trong năm tới", "Đơn giá bồi thường"];

/** A round of interpellation in item 5: `asked` have asked; `answering`: the official has the floor, otherwise the last of them. */
export function interpellates(fixture: Fixture, now: number, asked: number, answering: boolean): RoundView {
  const official = { id: OFFICIAL, name: "Đoàn Quốc Khôi" };
  if (!fixture.roll.people.some((one) => one.id === OFFICIAL))
    fixture.roll.people.push({ ...official, seat: null, group: "Giám đốc Sở Xây dựng", offices: ["official"] });
  const askers = ["d012", "d033", "d071"];
  fixture.council.agenda.forEach((item) => (item.state = Number(item.number) < 5 ? "done" : item.id === "i5" ? "current" : "upcoming"));
  fixture.live.item = "i5";
  const speech = answering
    ? speaks(fixture, now, { person: OFFICIAL, kind: "answer", allotted: 180_000, spent: 73_000 })
    : speaks(fixture, now, { person: askers[Math.max(0, asked - 1)]!, kind: "interpellate", allotted: 60_000, spent: 21_000, topic: TOPICS[Math.max(0, asked - 1)]! });
  const round: RoundView = {
    number: 2,
    official,
    asked: askers.slice(0, asked).map((person, i) => ({ person: { id: person, name: waits(fixture, person, now).person.name }, topic: TOPICS[i]! })),
    askers: 3,
  };
  const queue = askers.slice(asked).map((person, i) => waits(fixture, person, now, "interpellate", { to: official, topic: TOPICS[asked + i]! }));
  fixture.speaking = { ...fixture.speaking, speech, round, queue };
  fixture.live.wall = { mode: "interpellation", card: null, since: now };
  return round;
}

/** What officials undertook to do, one of them in the session before. */
export function promises(fixture: Fixture, now: number): void {
  interpellates(fixture, now, 3, true);
  const { official } = fixture.speaking.round!;
  const to = { id: "d012", name: waits(fixture, "d012", now).person.name };
  fixture.speaking.promises = [
    { id: "pr0", session: "Kỳ họp thứ 28", item: "i5of28", official, to, text: "Trình quy hoạch phân khu bờ Bắc sông Hồng.", until: "2026-06-30", at: now - 8_000_000_000, struck: null },
    { id: "pr1", session: null, item: "i5", official, to, text: "Bàn giao 320 căn tái định cư cho các hộ dân thuộc dự án vành đai 4.", until: "2026-03-31", at: now - 3_000_000, struck: null },
    { id: "pr2", session: null, item: "i5", official, to: null, text: "Công khai đơn giá bồi thường trên trang của Thành phố.", until: null, at: now - 1_200_000, struck: null, kept_at: now - 60_000, kept_note: "Đã đăng ngày hôm nay" },
  ];
}

/** Items 6 to 8 under a heading, with planned times; the day runs `late` minutes late. */
export function planned(fixture: Fixture, now: number, late: number): void {
  const { agenda } = fixture.council;
  const current = agenda.findIndex((item) => item.id === fixture.live.item);
  let at = (agenda[current]?.started_at ?? now) - late * 60_000;
  agenda.slice(Math.max(0, current)).forEach((item) => {
    item.planned_at = at;
    at += (item.minutes ?? 10) * 60_000;
  });
  const heading = { ...agenda[5]!, id: "h3", number: "III", kind: "vote" as const, title: "Biểu quyết thông qua các nghị quyết", short_title: "Biểu quyết thông qua các nghị quyết", questions: [], minutes: null, planned_at: null };
  heading.state = "upcoming";
  heading.started_at = null;
  const rest = agenda.slice(5, 10).map((item) => ({ ...item, parent: "h3" }));
  fixture.council.agenda = [...agenda.slice(0, 5), heading, ...rest, ...agenda.slice(10)];
}
