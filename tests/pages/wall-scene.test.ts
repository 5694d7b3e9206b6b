// What the wall decides to show, from the views alone.

import { agendaPage, attendanceMarks, resultMarks, sceneKey, sceneOf, thresholdBar, votingMarks } from "../../chamber-display/src/wall/scene.ts";
import { needed } from "../../chamber-display/src/rules.ts";
import type { BallotState, RuleView, WallMode } from "@dienhong/web-shared/wire.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { makeFixture, MAJORITY, type Fixture } from "./fixtures.ts";
import { ballotIn, resize, resultOf, type Split } from "./halls.ts";

const NOW = 1_765_677_600_000;
const HALL: Split = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };

let fixture: Fixture;
beforeEach(async () => {
  fixture = await makeFixture(NOW, "chamber.example/hanoi+00000000+AQ==", "chamber.example/hanoi");
});

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
