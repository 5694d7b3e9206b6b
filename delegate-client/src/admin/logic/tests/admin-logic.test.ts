import { describe, expect, it } from "vitest";
import { deviceLines, filterDevices } from "../devices.ts";
import { checkFound, foundArguments } from "../found.ts";
import { byLine, decodeRoster, MAX_BYTES, sha256Hex } from "../roster.ts";

const person = (id: string, seat: string | null) => ({ id, name: `Người ${id}`, seat, group: "", offices: [] });
const entry = (id: string, presence: "present" | "absent", connected: boolean | null, codeUntil: number | null = null) => ({
  id,
  presence,
  reason: null,
  device: connected === null ? null : { id: `d-${id}`, bound_at: 5, connected, delay_ms: connected ? 8 : null, last_seen: 900 },
  revoked: null,
  code_until: codeUntil,
});
const view = {
  people: [
    entry("a", "present", true),
    entry("b", "present", false),
    entry("c", "absent", null),
    entry("d", "absent", null, 9_000),
    entry("e", "absent", false),
    entry("f", "absent", null, 900),
  ],
  missing: [],
  proposed: null,
  tie: false, chosen: [],
  watching: { walls: 0, public: 0 },
};
const people = [person("a", "1"), person("b", "27"), person("c", "3"), person("d", null), person("e", "2"), person("f", "9")];

describe("devices", () => {
  const lines = deviceLines(people, view, 1_000);

  it("put those who need an act first, then by seat, officers without a seat last", () => {
    expect(lines.map((line) => [line.person.id, line.state])).toEqual([
      ["c", "never"],
      ["f", "never"],
      ["b", "lost"],
      ["d", "waiting"],
      ["a", "connected"],
      ["e", "idle"],
    ]);
  });

  it("are filtered", () => {
    expect(filterDevices(lines, "connected", "").map((line) => line.person.id)).toEqual(["a"]);
    expect(filterDevices(lines, "act", "27").map((line) => line.person.id)).toEqual(["b"]);
  });
});

describe("a roster file", () => {
  it("is UTF-8 or refused", () => {
    expect(decodeRoster(new TextEncoder().encode("id,name\na,Ấ"))).toEqual({ csv: "id,name\na,Ấ" });
    expect(decodeRoster(new Uint8Array([0x69, 0xff]))).toEqual({ error: "not_utf8" });
    expect(decodeRoster(new Uint8Array())).toEqual({ error: "empty" });
    expect(decodeRoster(new Uint8Array(MAX_BYTES + 1))).toEqual({ error: "too_big" });
  });

  it("is named by the hash of its bytes", async () => {
    expect(await sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("has its problems gathered by line", () => {
    const problem = (line: number, code: string) => ({ line, column: null, code, value: "" });
    expect(byLine([problem(4, "empty"), problem(2, "bad_id"), problem(4, "too_long")]).map((l) => [l.line, l.problems.length])).toEqual([
      [2, 1],
      [4, 2],
    ]);
  });
});

describe("founding a council", () => {
  const form = { origin: "hanoi.example/dan-phuong", name: "HĐND xã", short_name: "Xã", preset: "commune", seats: "25", administrator: "Lê An" };

  it("checks what is for ever before it is signed", () => {
    expect(checkFound(form, [])).toEqual({});
    expect(checkFound({ ...form, origin: "Hà Nội" }, [])).toEqual({ origin: "bad_origin" });
    expect(checkFound(form, [form.origin])).toEqual({ origin: "taken" });
    expect(checkFound({ ...form, seats: "0", name: " " }, [])).toEqual({ seats: "bad_seats", name: "empty" });
  });

  it("makes the arguments", () => {
    expect(foundArguments(form)).toMatchObject({ seats: 25, preset: "commune" });
  });
});
