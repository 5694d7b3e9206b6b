import { describe, expect, it } from "vitest";
import type { BallotState, ItemView } from "@dienhong/web-shared/wire.ts";
import { ballotActions, closesEarly, nextOff, type Circumstances } from "../ballot-actions.ts";
import { rightsOf } from "../rights.ts";
import { situation } from "../situation.ts";
import { ballot, brief, consoleView, council, item, live, question } from "./sample.ts";

const CHAIR = rightsOf(["chair"], "chair", { id: "chair", name: "" });
const SECRETARY = rightsOf(["secretary"], "sec", { id: "chair", name: "" });

function at(state: BallotState | null, change: Partial<Circumstances> = {}, console_ = consoleView()): Circumstances {
  const views = state ? [brief(state)] : [];
  return {
    situation: situation(council(views), live(state ? ballot(state) : null), console_),
    rights: CHAIR,
    connected: true,
    gavelFree: false,
    ...change,
  };
}

const shape = (circumstances: Circumstances) => ballotActions(circumstances).map((a) => `${a.id}:${a.tone}`);

describe("the buttons of each state", () => {
  it.each([
    [null, ["open:primary"]],
    ["open", ["close:primary", "hold:plain", "extend:plain", "void:danger"]],
    ["on_hold", ["resume:primary", "extend:plain", "close:plain", "void:danger"]],
    ["closed", ["announce:primary", "confirm:plain", "again:plain", "void:danger"]],
    ["confirmed", ["announce:primary", "again:plain", "void:danger"]],
    ["announced", ["annul:danger"]],
    ["voided", ["open:primary"]],
    ["annulled", ["open:primary"]],
  ] as [BallotState | null, string[]][])("%s", (state, expected) => {
    expect(shape(at(state))).toEqual(expected);
  });

  it("a tie has the casting vote both ways, neither of them filled", () => {
    expect(shape(at("closed", {}, consoleView({ tie: true })))).toEqual([
      "cast_adopted:plain",
      "cast_rejected:plain",
      "announce:plain",
      "again:plain",
      "void:danger",
    ]);
  });

  it("has at most one filled button, and danger always last", () => {
    for (const state of [null, "open", "on_hold", "closed", "confirmed", "announced"] as const) {
      const actions = ballotActions(at(state));
      expect(actions.filter((a) => a.tone === "primary").length).toBeLessThanOrEqual(1);
      expect(actions.findIndex((a) => a.tone === "danger")).toBe(state === null ? -1 : actions.length - 1);
    }
  });

  it("says why everything is off", () => {
    const reasons = (change: Partial<Circumstances>) => [...new Set(ballotActions(at("open", change)).map((a) => a.off))];
    expect(reasons({ connected: false })).toEqual(["offline"]);
    expect(reasons({ rights: SECRETARY })).toEqual(["gavel_elsewhere"]);
    expect(reasons({ rights: SECRETARY, gavelFree: true })).toEqual(["gavel_free"]);
    expect(reasons({})).toEqual([null]);
  });

  it("announcing confirms as well, but a tie waits for the chair's vote", () => {
    const announce = (tie: boolean) => ballotActions(at("closed", {}, consoleView({ tie }))).find((a) => a.id === "announce")?.off;
    expect([announce(false), announce(true)]).toEqual([null, "after_casting"]);
  });

  it("after an announcement the next question of the block is one tap away", () => {
    const agenda = [
      item("8", { state: "current", questions: [question({ ballots: [brief("announced")] })] }),
      item("9", { questions: [question({ id: "q9", item: "i9" })] }),
    ];
    const block = { ...at("announced"), situation: situation(council([], { agenda }), live(ballot("announced")), null) };
    expect(shape(block)).toEqual(["next_question:primary", "annul:danger"]);
    expect(block.situation.upcoming?.question.id).toBe("q9");
  });

  it("nothing opens without a quorum where the rules hold to it, or while the sitting is suspended", () => {
    const off = (change: Parameters<typeof live>[1], enforced = true) => {
      const base = council();
      const views = council([], { rules: { ...base.rules, quorum_enforced: enforced } });
      return ballotActions({ ...at(null), situation: situation(views, live(null, change), null) })[0]?.off;
    };
    const lost = { attendance: { ...live(null).attendance, quorate: false } };
    const sitting = { id: "t1", title: "", opened_at: 0, closed_doors: false, suspension: { cause: "recess" as const, reason: null, since: 0, until: null } };
    expect([off({}), off(lost), off(lost, false), off({ sitting })]).toEqual([null, "not_quorate", null, "suspended"]);
  });

  it("items without a vote and secret ones have no ballot buttons", () => {
    const only = (kind: "report" | "election", change: Partial<ItemView> = {}) => ({
      ...at(null),
      situation: situation(council([], { agenda: [item("8", { kind, state: "current", ...change })] }), live(null), consoleView()),
    });
    expect(ballotActions(only("report"))).toEqual([]);
    expect(only("election").situation.step).toBe("none");
    const secret = { rule: "secret_majority_of_all" };
    expect(ballotActions(only("election", secret))).toEqual([]);
    expect(only("election", secret).situation.step).toBe("secret");
    // With its candidates prepared it waits for the count on paper: no tablet takes its votes.
    const prepared = only("election", { ...secret, questions: [question()] });
    expect(prepared.situation.step).toBe("draft");
    expect(ballotActions(prepared).map(({ id, off }) => [id, off])).toEqual([["open", "on_paper"]]);
  });
});

describe("going on", () => {
  it("waits until the result is announced, and never while a ballot runs", () => {
    expect(nextOff(at(null))).toBe(null);
    expect(nextOff(at("open"))).toBe("after_announce");
    expect(nextOff(at("closed"))).toBe("after_announce");
    expect(nextOff(at("announced"))).toBe(null);
    expect(nextOff(at("voided"))).toBe(null);
  });

  it("ends with the agenda", () => {
    const last = { ...at(null), situation: situation(council([], { agenda: [item("8", { state: "current" })] }), live(null), null) };
    expect(nextOff(last)).toBe("no_next");
  });
});

describe("closing early", () => {
  it("asks while votes are missing and time is left", () => {
    const open = situation(council([brief("open")]), live(ballot("open")), null);
    expect(closesEarly(open, 7, 23_000)).toBe(true);
    expect(closesEarly(open, 7, null)).toBe(true);
    expect(closesEarly(open, 0, 23_000)).toBe(false);
    expect(closesEarly(open, 7, 0)).toBe(false);
  });
});
