import { describe, expect, it } from "vitest";
import { devices, missingPeople, situation } from "../situation.ts";
import { ballot, brief, consoleView, council, item, live, question } from "./sample.ts";

const person = (id: string, seat: string | null) => ({ id, name: id, seat, group: "", offices: [] });

describe("where the sitting stands", () => {
  it("goes from nothing to an item", () => {
    expect(situation(null, null, null).stage).toBe("no_session");
    expect(situation(council([], { agenda: [] }), live(null), null).stage).toBe("no_agenda");
    expect(situation(council(), live(null, { sitting: null }), null).stage).toBe("no_sitting");
    expect(situation(council(), live(null, { item: null }), null).stage).toBe("no_item");
    expect(situation(council(), live(null), null)).toMatchObject({ stage: "item", step: "draft", round: 1, done: 1, total: 3 });
  });

  it("a voided round leaves a draft of the next, and says why", () => {
    const now = situation(council([brief("voided")]), live(ballot("voided")), null);
    expect(now).toMatchObject({ step: "draft", round: 2, ballot: null, previous: { round: 1, reason: "Sự cố", annulled: false } });
  });

  it("an announced question stays on screen, the next unsettled one comes first", () => {
    const one = situation(council([brief("announced")]), live(ballot("announced")), null);
    expect(one.step).toBe("announced");
    const two = [question({ ballots: [brief("announced")] }), question({ id: "q9" })];
    const agenda = [item("8", { state: "current", questions: two })];
    expect(situation(council([], { agenda }), live(ballot("announced")), null)).toMatchObject({ step: "draft", question: { id: "q9" } });
    expect(situation(council([], { agenda }), live(ballot("announced")), null, "q8").step).toBe("announced");
  });

  it("a running ballot's question cannot be turned away from", () => {
    const two = [question({ ballots: [brief("open")] }), question({ id: "q9" })];
    const agenda = [item("8", { state: "current", questions: two })];
    expect(situation(council([], { agenda }), live(ballot("open")), null, "q9")).toMatchObject({ question: { id: "q8" }, running: true });
  });
});

describe("a bloc", () => {
  const parts = ["q1", "q2"].map((id) => ({ question: id, title: id, document_sha256: "" }));

  it("comes before the questions in it, and settles them", () => {
    const waiting = [question({ id: "q1" }), question({ id: "q2" }), question({ id: "all", bloc: parts })];
    const at = (questions: typeof waiting) => situation(council([], { agenda: [item("8", { state: "current", questions })] }), live(null), null);
    expect(at(waiting).question?.id).toBe("all");
    const voted = waiting.map((each) => (each.id === "all" ? { ...each, ballots: [brief("announced")] } : { ...each, in_bloc: "all" }));
    expect(at(voted)).toMatchObject({ question: { id: "all" }, step: "announced", upcoming: null });
  });
});

describe("who is missing", () => {
  const people = [person("a", "31"), person("b", "7"), person("c", "14"), person("o", null)];
  const entry = (id: string, connected: boolean) => ({
    id,
    presence: "present" as const,
    reason: null,
    device: { id: `d${id}`, bound_at: 0, connected, delay_ms: null, last_seen: null },
    revoked: null,
    code_until: null,
  });

  it("is listed by seat with the state of the tablet", () => {
    const view = consoleView({ people: [entry("a", true), entry("b", false)], missing: ["a", "b"] });
    expect(missingPeople(people, view).map((m) => [m.person.seat, m.connected])).toEqual([["7", false], ["31", true]]);
  });

  it("officers without a seat are not counted among tablets", () => {
    const view = consoleView({ people: [entry("a", true), entry("b", false), entry("o", true)] });
    expect(devices(people, view)).toEqual({ connected: 1, present: 2 });
  });
});
