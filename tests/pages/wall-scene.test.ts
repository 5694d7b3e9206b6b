// What the wall decides to show, from the views alone.

import { agendaPage } from "../../chamber-display/src/wall/agenda.ts";
import { wallIdentity } from "../../chamber-display/src/wall/identity.ts";
import { decidedBy, fitting } from "../../chamber-display/src/wall/lists.ts";
import { attendanceMarks, resultMarks, thresholdBar, votingMarks } from "../../chamber-display/src/wall/marks.ts";
import { sceneKey, sceneOf as sceneAt, type Place } from "../../chamber-display/src/wall/scene.ts";
import { ranked, tellingOf } from "../../chamber-display/src/outcome.ts";
import { needed } from "../../chamber-display/src/rules.ts";
import { depths, minutesLate } from "../../chamber-display/src/schedule.ts";
import { speechTime } from "../../chamber-display/src/speaking.ts";
import type { Identity } from "@dienhong/web-shared/record/keys.ts";
import type { BallotState, CouncilView, LiveView, RuleView, SpeechView, WallMode } from "@dienhong/web-shared/wire.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { interpellates, OFFICIAL, planned, speaks, waits } from "./debate.ts";
import { makeFixture, MAJORITY, type Fixture } from "./fixtures.ts";
import { blocIn, choiceIn, countedIn, electionIn } from "./forms.ts";
import { ballotIn, resize, resultOf, type Split } from "./halls.ts";

const NOW = 1_765_677_600_000;
const HALL: Split = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };

let fixture: Fixture;
beforeEach(async () => {
  fixture = await makeFixture(NOW, "chamber.example/hanoi+00000000+AQ==", "chamber.example/hanoi");
});

const ANYBODY: Place = { wall: null, signed: false };
const sceneOf = (council: CouncilView | null, live: LiveView | null, place = ANYBODY) => sceneAt(council, live, fixture.speaking, place);

describe("the scene", () => {
  const modes: WallMode[] = ["welcome", "roll_call", "agenda", "item", "voting", "result", "blank"];

  it("waits for both views", () => {
    expect(sceneOf(null, fixture.live).kind).toBe("connecting");
    expect(sceneOf(fixture.council, null).kind).toBe("connecting");
  });

  it("follows the mode where no ballot is concerned", () => {
    const kinds = modes.map((mode) => {
      fixture.live.wall.mode = mode;
      return sceneOf(fixture.council, fixture.live).kind;
    });
    // Without a ballot, voting and result fall back to the item.
    expect(kinds).toEqual(["welcome", "roll_call", "agenda", "item", "item", "item", "blank"]);
  });

  it.each<[BallotState, string]>([
    ["open", "voting"],
    ["on_hold", "voting"],
    ["closed", "result"],
    ["confirmed", "result"],
    ["announced", "result"],
    ["voided", "struck"],
    ["annulled", "struck"],
  ])("lets a ballot that is %s be seen only as %s, whichever mode the server named", (state, kind) => {
    ballotIn(fixture, NOW, { state, split: HALL });
    for (const mode of ["voting", "result"] as const) {
      fixture.live.wall.mode = mode;
      expect(sceneOf(fixture.council, fixture.live).kind).toBe(kind);
    }
  });

  it("is one picture from provisional to announced, so that only the plinth changes", () => {
    const keys = (["closed", "confirmed", "announced"] as const).map((state) => {
      ballotIn(fixture, NOW, { state, split: HALL });
      return sceneKey(sceneOf(fixture.council, fixture.live));
    });
    expect(new Set(keys).size).toBe(1);
  });

  it("falls back to the agenda when the item is not on it", () => {
    fixture.live.item = "gone";
    fixture.live.wall.mode = "item";
    expect(sceneOf(fixture.council, fixture.live).kind).toBe("agenda");
  });
});

describe("the floor", () => {
  it("shows who speaks and the next two, and the item once nobody does or waits", () => {
    speaks(fixture, NOW);
    fixture.speaking.queue.push(waits(fixture, "d090", NOW));
    const scene = sceneOf(fixture.council, fixture.live);
    expect(scene).toMatchObject({ kind: "speaker", speech: { id: "sp7" }, item: { id: "i4" } });
    expect(scene.kind === "speaker" && scene.next.map((one) => one.person.id)).toEqual(["d031", "d058"]);
    fixture.speaking.speech = null;
    expect(sceneOf(fixture.council, fixture.live)).toMatchObject({ kind: "speaker", speech: null });
    fixture.speaking.queue = [];
    expect(sceneOf(fixture.council, fixture.live).kind).toBe("item");
  });

  it("shows a round's askers: who has asked, who asks, who will", () => {
    const states = (asked: number, answering: boolean) => {
      interpellates(fixture, NOW, asked, answering);
      const scene = sceneOf(fixture.council, fixture.live);
      return scene.kind === "interpellation" ? scene.askers.map((one) => one.state) : scene.kind;
    };
    expect(states(0, true)).toEqual(["waiting", "waiting", "waiting"]);
    expect(states(2, false)).toEqual(["asked", "asking", "waiting"]);
    expect(states(3, true)).toEqual(["asked", "asked", "asked"]);
  });

  it("leaves requests to another official out of the round, and without a round shows the speaker", () => {
    interpellates(fixture, NOW, 2, false);
    fixture.speaking.queue = [waits(fixture, "d090", NOW, "interpellate", { to: { id: "o002", name: "…" } }), waits(fixture, "d091", NOW, "rebut")];
    const scene = sceneOf(fixture.council, fixture.live);
    expect(scene.kind === "interpellation" && scene.askers).toHaveLength(2);
    expect(scene).toMatchObject({ round: { official: { id: OFFICIAL } } });
    fixture.speaking.round = null;
    expect(sceneOf(fixture.council, fixture.live).kind).toBe("speaker");
  });
});

describe("cards", () => {
  it("count down only where there is a moment, and without words give way to the item", () => {
    fixture.live.wall = { mode: "countdown", card: { title: "Giải lao", text: null, until: NOW + 1 }, since: NOW };
    expect(sceneOf(fixture.council, fixture.live)).toMatchObject({ kind: "countdown", until: NOW + 1 });
    fixture.live.wall.card!.until = null;
    expect(sceneOf(fixture.council, fixture.live).kind).toBe("title");
    fixture.live.wall.card = null;
    expect(sceneOf(fixture.council, fixture.live).kind).toBe("item");
  });
});

describe("several walls", () => {
  beforeEach(() => {
    fixture.live.walls = [
      { id: "w2", name: "Sảnh", own: { mode: "blank", card: null, since: NOW } },
      { id: "w3", name: "Phòng báo chí", own: null },
    ];
  });
  const kindOn = (wall: string | null) => sceneOf(fixture.council, fixture.live, { wall, signed: false }).kind;

  it("show their own, or the main one's while they have none", () => {
    expect([null, "w1", "w2", "w3"].map(kindOn)).toEqual(["item", "item", "blank", "item"]);
  });

  it("that are not there say so instead of showing another's", () => {
    expect(sceneOf(fixture.council, fixture.live, { wall: "w9", signed: true })).toEqual({ kind: "unknown_wall", wall: "w9" });
  });
});

describe("closed doors", () => {
  it("show nothing on a wall that nobody signed in, whatever it was told", () => {
    fixture.live.closed_doors = true;
    for (const mode of ["item", "voting", "title"] as const) {
      fixture.live.wall.mode = mode;
      for (const wall of [null, "w2", "w9"]) expect(sceneOf(fixture.council, fixture.live, { wall, signed: false })).toEqual({ kind: "closed_doors" });
    }
  });

  it("show the sitting on a wall of the hall, and nothing on one that signed in as somebody else", () => {
    fixture.live.closed_doors = true;
    expect(sceneOf(fixture.council, fixture.live, { wall: null, signed: true }).kind).toBe("item");
    fixture.live.attendance.quorum.base_count = 0;
    expect(sceneOf(fixture.council, fixture.live, { wall: null, signed: true }).kind).toBe("closed_doors");
  });
});

describe("a suspended sitting", () => {
  beforeEach(() => {
    fixture.live.sitting!.suspension = { cause: "recess", reason: null, since: NOW, until: null };
  });
  const kindOf = (mode: WallMode, since: number) => {
    fixture.live.wall = { mode, card: { title: "Giải lao", text: null, until: null }, since };
    return sceneOf(fixture.council, fixture.live).kind;
  };

  it("takes the place of what stood before it and of the card it came with, but not of what was ordered after", () => {
    for (const mode of ["welcome", "agenda", "title", "item", "speaker"] as const) expect(kindOf(mode, NOW - 1)).toBe("suspended");
    expect(kindOf("title", NOW)).toBe("suspended");
    expect(kindOf("title", NOW + 1)).toBe("title");
    expect(kindOf("agenda", NOW + 1)).toBe("agenda");
    expect(kindOf("blank", NOW - 1)).toBe("blank");
  });

  it("never looks as if somebody spoke", () => {
    speaks(fixture, NOW);
    for (const mode of ["item", "speaker", "interpellation"] as const) expect(kindOf(mode, NOW + 1)).toBe("suspended");
  });
});

describe("the speaker's clock", () => {
  const speech = (change: Partial<SpeechView>): SpeechView => ({ ...speaks(fixture, NOW, { spent: 0, allotted: 180_000 }), ...change });

  it("counts a started second whole on the way down, and only seconds that are gone on the way up", () => {
    const at = (ms: number) => speechTime(speech({}), NOW + ms).digits;
    expect([0, 1, 999, 1_000, 1_001, 179_999, 180_000, 180_001, 180_999, 181_000, 240_000].map(at)).toEqual(
      ["3:00", "3:00", "3:00", "2:59", "2:59", "0:01", "0:00", "+0:00", "+0:00", "+0:01", "+1:00"],
    );
  });

  it("stands still while paused, and counts up without a limit", () => {
    const paused = speech({ spent_ms: 44_000, running_since: null });
    expect(speechTime(paused, NOW)).toEqual(speechTime(paused, NOW + 60_000));
    expect(speechTime(paused, NOW)).toMatchObject({ counts: "left", paused: true, digits: "2:16" });
    expect(speechTime(speech({ allotted_ms: 0 }), NOW + 61_900)).toEqual({ counts: "spent", paused: false, digits: "1:01", share: null });
  });

  it("never shows more than the time, nor a bar of less than nothing", () => {
    for (let ms = -500; ms < 200_000; ms += 250) {
      const { share } = speechTime(speech({}), NOW + ms);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(100);
    }
  });
});

describe("results of other forms", () => {
  const shown = () => {
    const scene = sceneOf(fixture.council, fixture.live);
    if (scene.kind !== "result" || !scene.question || !scene.ballot.result) throw new Error(scene.kind);
    return { question: scene.question, result: scene.ballot.result, form: scene.ballot.form };
  };

  it("rank options and candidates by votes and mark those chosen, from the confirmation on", () => {
    electionIn(fixture, NOW, "closed", 5, 3);
    expect(ranked(shown().question, shown().result).some((one) => one.chosen)).toBe(false);
    electionIn(fixture, NOW, "announced", 5, 3);
    const list = ranked(shown().question, shown().result);
    expect(list.map((one) => one.count)).toEqual([81, 72, 63, 35, 32]);
    expect(list.map((one) => one.chosen)).toEqual([true, true, true, false, false]);
    choiceIn(fixture, NOW, "announced");
    expect(ranked(shown().question, shown().result).map((one) => one.key)).toEqual(["a2", "a1", "a3"]);
  });

  it("are told by what they are: seats only where the tablets counted a motion", () => {
    const telling = () => tellingOf(shown().question, shown().form);
    choiceIn(fixture, NOW, "announced");
    expect(telling()).toBe("ranking");
    blocIn(fixture, NOW, "announced");
    expect(telling()).toBe("bloc");
    for (const form of ["paper", "show_of_hands"] as const) {
      fixture.council.agenda.find((one) => one.id === "i9")!.questions[0]!.form = "motion";
      countedIn(fixture, NOW, form);
      expect(telling()).toBe("counted");
    }
  });

  it("name what a bloc decided by the numbers in the papers", () => {
    blocIn(fixture, NOW, "announced");
    expect(decidedBy(shown().question, fixture.council).map((one) => one.number)).toEqual(["6", "7", "8", "9"]);
    expect(decidedBy(shown().question, fixture.council)[2]!.title).toBe("Chủ trương đầu tư khu đô thị thể thao Olympic");
  });

  it("never leave anybody out without saying how many", () => {
    for (let n = 0; n <= 50; n++) {
      const list = fitting(Array.from({ length: n }, (_, i) => i));
      expect(list.shown.length + list.more).toBe(n);
      const places = list.shown.length + (list.more > 0 ? 1 : 0);
      expect(places).toBeLessThanOrEqual(list.columns === "two" ? 2 * list.rows : list.rows);
      expect(list.rows).toBeLessThanOrEqual(6);
    }
  });
});

describe("the day", () => {
  it("is late by a late beginning or by an overrun, and on time within a few minutes", () => {
    planned(fixture, NOW, 17);
    const { agenda } = fixture.council;
    const current = agenda.find((item) => item.id === "i4")!;
    const begun = current.started_at!;
    expect(minutesLate(agenda, "i4", begun)).toBe(17);
    expect(minutesLate(agenda, "i4", begun + 60 * 60_000)).toBe(17);
    expect(minutesLate(agenda, "i4", begun + 70 * 60_000)).toBe(27);
    current.planned_at = begun + 60_000;
    expect(minutesLate(agenda, "i4", begun)).toBe(0);
    current.planned_at = begun + 8 * 60_000;
    expect(minutesLate(agenda, "i4", begun)).toBe(-8);
  });

  it("is late for what comes next once its time is past, and nobody's guess before", () => {
    planned(fixture, NOW, 0);
    const next = fixture.council.agenda.find((item) => item.state === "upcoming" && item.planned_at !== null)!;
    expect(minutesLate(fixture.council.agenda, null, next.planned_at! - 1)).toBeNull();
    expect(minutesLate(fixture.council.agenda, null, next.planned_at! + 12 * 60_000)).toBe(12);
    fixture.council.agenda.forEach((item) => (item.planned_at = null));
    expect(minutesLate(fixture.council.agenda, "i4", NOW)).toBeNull();
  });

  it("knows how deep an item stands, and one without a shown heading stands at the top", () => {
    planned(fixture, NOW, 0);
    const { agenda } = fixture.council;
    expect(agenda.map((item) => depths(agenda).get(item.id))).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0]);
    expect(depths([{ ...agenda[6]!, parent: "hidden" }]).get(agenda[6]!.id)).toBe(0);
  });
});

describe("the screen's own device", () => {
  const key = (person: string) => ({ person }) as Identity;

  it("is a screen's before an officer's, and never a delegate's own", () => {
    fixture.roll.people.push({ id: "x1", name: "Màn hình chính", seat: null, group: "Văn phòng", offices: ["screen"] });
    expect(wallIdentity([key("s001"), key("x1")], fixture.roll)?.person).toBe("x1");
    expect(wallIdentity([key("d042"), key("s001")], fixture.roll)?.person).toBe("s001");
    expect(wallIdentity([key("d042"), key("gone")], fixture.roll)).toBeNull();
  });
});

describe("the map", () => {
  it("never shows another ballot's marks", () => {
    const ballot = ballotIn(fixture, NOW, { state: "confirmed", split: HALL });
    fixture.seats = { ballot: "b1", marks: "n".repeat(95), arranged: "by_seat" };
    const marks = resultMarks(fixture.seats, ballot, ballot.result!);
    expect(marks.arranged).toBe("by_answer");
    expect(countOf(marks.marks)).toEqual({ y: 84, a: 3, n: 4, p: 1, ".": 3 });
  });

  it("counts every seat while votes come in, even without the seats' view", () => {
    const ballot = ballotIn(fixture, NOW, { state: "open", split: HALL, received: 57 });
    expect(countOf(votingMarks(null, ballot, 95).marks)).toEqual({ r: 57, p: 35, ".": 3 });
    expect(countOf(votingMarks(null, { ...ballot, entitled: 24, present: 23, received: 20 }, 95).marks)).toEqual({ r: 20, p: 3, ".": 1, "-": 71 });
  });

  it("does not show a result with the neutral marks of the open ballot", () => {
    const ballot = ballotIn(fixture, NOW, { state: "closed", split: HALL });
    fixture.seats = { ballot: ballot.id, marks: "r".repeat(91) + "p...", arranged: "by_seat" };
    expect(resultMarks(fixture.seats, ballot, ballot.result!).marks).not.toContain("r");
  });

  it("tells attendance by seat, or honestly by count when the marks speak of a ballot", () => {
    const attendance = resize(fixture, 95, 88, 4);
    expect(attendanceMarks(fixture.seats, attendance)).toEqual({ marks: fixture.seats.marks, arranged: "by_seat" });
    const other = attendanceMarks({ ballot: "b8", marks: "y".repeat(95), arranged: "by_seat" }, attendance);
    expect(other.arranged).toBe("by_answer");
    expect(countOf(other.marks)).toEqual({ p: 88, e: 4, ".": 3 });
  });
});

describe("the agenda", () => {
  it("keeps the current item in sight, with what was done and what comes", () => {
    for (const current of fixture.council.agenda) {
      fixture.council.agenda.forEach((one) => (one.state = Number(one.number) < Number(current.number) ? "done" : one === current ? "current" : "upcoming"));
      const page = agendaPage(fixture.council.agenda, current.id, 6);
      expect(page.rows).toHaveLength(6);
      expect(page.rows.filter((row) => row.state === "now").map((row) => row.item.id)).toEqual([current.id]);
      expect(page.done).toBe(Number(current.number) - 1);
      expect(page.rows.filter((row) => row.state === "next").length).toBe(current.number === "11" ? 0 : 1);
    }
  });

  it("keeps the heading of what is on in sight, and counts headings neither as done nor as to come", () => {
    planned(fixture, NOW, 0);
    const { agenda } = fixture.council;
    agenda.forEach((item, i) => (item.state = i < 9 ? "done" : i === 9 ? "current" : "upcoming"));
    agenda[5]!.state = "upcoming";
    const page = agendaPage(agenda, agenda[9]!.id, 6);
    expect(page.rows.filter((row) => row.heading).map((row) => row.item.id)).toEqual(["h3"]);
    expect(page.rows.find((row) => row.state === "now")).toMatchObject({ depth: 1, item: { id: agenda[9]!.id } });
    expect(page.rows.length).toBeLessThanOrEqual(6);
    expect(page).toMatchObject({ done: 8, total: 11, further: 0 });
  });

  it("starts at the beginning before anything was begun, and is empty when it is empty", () => {
    fixture.council.agenda.forEach((one) => (one.state = "upcoming"));
    expect(agendaPage(fixture.council.agenda, null, 6).rows[0]?.item.id).toBe("i1");
    expect(agendaPage([], null, 6)).toEqual({ rows: [], done: 0, total: 0, further: 0 });
  });
});

describe("the threshold", () => {
  it("stands on the scale of all delegates and inside the bar", () => {
    for (const split of [HALL, { yes: 0, no: 0, abstain: 0, notVoted: 0, absent: 0 }, { yes: 500, no: 0, abstain: 0, notVoted: 0, absent: 0 }]) {
      const bar = thresholdBar(resultOf(split, "closed", NOW));
      expect(bar.needed).toBeLessThanOrEqual(bar.whole);
      expect(bar.rest).toBeLessThanOrEqual(bar.whole);
      for (const part of bar.parts) expect(part.width).toBeGreaterThanOrEqual(0);
    }
    const bar = thresholdBar(resultOf(HALL, "closed", NOW));
    expect(bar).toMatchObject({ whole: 95, rest: 91, needed: 48 });
  });

  it("needs the smallest count that satisfies the rule", () => {
    const twoThirds: RuleView = { numerator: 2, denominator: 3, base: "in_office", constant: 0, strict: false, tie: "fails" };
    expect(needed(MAJORITY, 95)).toBe(48);
    expect(needed(MAJORITY, 96)).toBe(49);
    expect(needed(twoThirds, 95)).toBe(64);
    expect(needed(twoThirds, 96)).toBe(64);
    expect(needed({ ...twoThirds, strict: true }, 96)).toBe(65);
    expect(needed({ ...MAJORITY, constant: 1 }, 95)).toBe(49);
  });
});

function countOf(marks: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  return counts;
}
