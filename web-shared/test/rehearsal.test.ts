import { describe, expect, it } from "vitest";
import type { Identity } from "../src/record/keys.ts";
import { homeCouncil, inRehearsal, isRehearsal, NoRehearsal } from "../src/record/rehearsal.ts";

const identity = {
  council: "hanoi",
  person: "d042",
  origin: "chamber.example/hanoi",
  vkey: "chamber.example/hanoi+0a1b2c3d+AQ==",
} as Identity;
const view = { id: "hanoi.rehearsal", origin: "chamber.example/hanoi/rehearsal", vkey: "chamber.example/hanoi/rehearsal+55667788+AQ==", rehearsal: true };

describe("a rehearsal's council", () => {
  it.each([
    ["hanoi.rehearsal", "hanoi", true],
    ["hanoi", "hanoi", false],
    ["hanoi.rehearsal.x", "hanoi.rehearsal.x", false],
    ["rehearsal", "rehearsal", false],
    [".rehearsal", ".rehearsal", false],
  ])("%s belongs to %s", (council, home, rehearsal) => {
    expect(homeCouncil(council)).toBe(home);
    expect(isRehearsal(council)).toBe(rehearsal);
  });
});

describe("acting in a rehearsal", () => {
  it("is done by the same person and key, under the rehearsal's log and its record's key", () => {
    expect(inRehearsal(identity, view)).toEqual({ ...identity, council: view.id, origin: view.origin, vkey: view.vkey });
  });

  it.each([
    ["is the council itself", { id: "hanoi" }],
    ["is another council's", { id: "hue.rehearsal" }],
    ["names the council's own log", { origin: identity.origin }],
    ["names some other log", { origin: "chamber.example/hue/rehearsal" }],
    ["is signed by the council's own record", { vkey: identity.vkey }],
    ["says that it is in earnest", { rehearsal: false }],
  ])("is refused where what is offered %s", (_, wrong) => {
    expect(() => inRehearsal(identity, { ...view, ...wrong })).toThrow(NoRehearsal);
  });
});

