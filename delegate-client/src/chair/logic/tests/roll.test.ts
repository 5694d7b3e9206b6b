import { describe, expect, it } from "vitest";
import { changes, readiness, rollGroups, rollLines, shortOf } from "../roll.ts";
import { shortcutFor } from "../shortcuts.ts";
import { consoleView, live } from "./sample.ts";

const people = [
  { id: "a", name: "Đặng Văn Phúc", seat: "31", group: "Tổ 10", offices: [] },
  { id: "b", name: "Trịnh Xuân Hòa", seat: "7", group: "Tổ 2", offices: [] },
  { id: "c", name: "Phạm Thu Giang", seat: null, group: "", offices: ["secretary" as const] },
];
const view = consoleView({
  people: [
    { id: "a", presence: "present", reason: null, device: { id: "d", bound_at: 0, connected: false, delay_ms: null, last_seen: null }, revoked: null, code_until: null },
    { id: "b", presence: "excused", reason: "Đi công tác", device: null, revoked: null, code_until: null },
  ],
});

describe("the roll", () => {
  const lines = rollLines(people, view);

  it("holds delegates only, in groups in natural order", () => {
    expect(rollGroups(lines, "all", "").map((g) => [g.name, g.present, g.size])).toEqual([["Tổ 2", 0, 1], ["Tổ 10", 1, 1]]);
  });

  it("is found without marks, in any order, or by seat", () => {
    const found = (query: string) => rollGroups(lines, "all", query).flatMap((g) => g.lines.map((l) => l.person.id));
    expect(found("phuc dang")).toEqual(["a"]);
    expect(found("hòa")).toEqual(["b"]);
    expect(found("7")).toEqual(["b"]);
    expect(found("zz")).toEqual([]);
  });

  it("filters those present without a connection", () => {
    expect(rollGroups(lines, "lost", "").map((g) => g.name)).toEqual(["Tổ 10"]);
    expect(rollGroups(lines, "away", "").map((g) => g.name)).toEqual(["Tổ 2"]);
    expect(rollGroups(lines, "none", "").map((g) => g.name)).toEqual(["Tổ 2"]);
  });

  it("tells a slow tablet from a quick one, and asks nothing of one that is away", () => {
    const tablet = (delay_ms: number | null, connected = true) => ({ id: "d", bound_at: 0, connected, delay_ms, last_seen: 5 });
    const slow = (device: ReturnType<typeof tablet>) =>
      rollLines(people.slice(0, 1), consoleView({ people: [{ id: "a", presence: "present", reason: null, device, revoked: null, code_until: null }] }))[0]?.slow;
    expect([slow(tablet(299)), slow(tablet(300)), slow(tablet(null)), slow(tablet(900, false))]).toEqual([false, true, false, false]);
  });

  it("is ready as far as those present can bring a vote in", () => {
    const now = readiness(lines);
    expect([now.ready, now.present, now.missing.map((entry) => entry.person.id)]).toEqual([0, 1, ["a"]]);
  });

  it("tells news only against an earlier view", () => {
    expect(changes(null, lines)).toEqual([]);
    expect(changes(new Map([["a", "absent"], ["b", "excused"]]), lines).map((news) => [news.person.id, news.presence])).toEqual([["a", "present"]]);
  });

  it("says how many are missing for a quorum", () => {
    const { attendance } = live(null);
    expect(shortOf(attendance)).toBe(0);
    expect(shortOf({ ...attendance, quorum: { ...attendance.quorum, count: 53 } })).toBe(11);
  });
});

describe("keys", () => {
  const press = (key: string, change = {}) =>
    shortcutFor({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, isComposing: false, target: null, ...change });

  it("ask for acts, never with a modifier or held down", () => {
    expect(press("b")).toBe("open");
    expect(press("B")).toBe("open");
    expect(press("?")).toBe("help");
    expect(press("b", { ctrlKey: true })).toBe(null);
    expect(press("b", { repeat: true })).toBe(null);
    expect(press("v")).toBe(null);
  });
});
