import { describe, expect, it } from "vitest";
import { dropPlace, nextNumber, placeAfter, stepPlace, subtree, treeRows } from "../agenda-tree.ts";
import { item } from "./sample.ts";

/** 1 · 2 (2.1, 2.2 (2.2.1)) · 3 */
const AGENDA = [
  item("1"),
  item("2"),
  item("2.1", { parent: "i2" }),
  item("2.2", { parent: "i2" }),
  item("2.2.1", { parent: "i2.2" }),
  item("3"),
];

describe("what is shown of the tree", () => {
  it("tells how deep each row stands and how much is under it", () => {
    expect(treeRows(AGENDA, new Set()).map((row) => [row.item.number, row.depth, row.below])).toEqual([
      ["1", 0, 0],
      ["2", 0, 3],
      ["2.1", 1, 0],
      ["2.2", 1, 1],
      ["2.2.1", 2, 0],
      ["3", 0, 0],
    ]);
  });

  it("leaves out everything under a collapsed item", () => {
    const shown = (...ids: string[]) => treeRows(AGENDA, new Set(ids)).map((row) => row.item.number);
    expect(shown("i2")).toEqual(["1", "2", "3"]);
    expect(shown("i2.2")).toEqual(["1", "2", "2.1", "2.2", "3"]);
  });
});

describe("one step by keyboard", () => {
  it.each([
    ["i2", "up", { parent: null, before: "i1" }],
    ["i2", "down", { parent: null, before: null }],
    ["i1", "down", { parent: null, before: "i3" }],
    ["i3", "in", { parent: "i2", before: null }],
    ["i2.2", "out", { parent: null, before: "i3" }],
    ["i2.2.1", "out", { parent: "i2", before: null }],
    ["i1", "up", null],
    ["i1", "in", null],
    ["i3", "down", null],
    ["i3", "out", null],
    ["gone", "up", null],
  ] as const)("%s %s", (id, step, place) => expect(stepPlace(AGENDA, id, step)).toEqual(place));
});

describe("dropping", () => {
  it("lands before, after or under the row", () => {
    expect(dropPlace(AGENDA, "i1", "i3", "before")).toEqual({ parent: null, before: "i3" });
    expect(dropPlace(AGENDA, "i1", "i2.1", "after")).toEqual({ parent: "i2", before: "i2.2" });
    expect(dropPlace(AGENDA, "i3", "i1", "into")).toEqual({ parent: "i1", before: null });
  });

  it("goes nowhere onto itself, under itself, or where it stands already", () => {
    expect(dropPlace(AGENDA, "i2", "i2", "before")).toBe(null);
    expect(dropPlace(AGENDA, "i2", "i2.2.1", "into")).toBe(null);
    expect(dropPlace(AGENDA, "i2", "i1", "after")).toBe(null);
    expect(dropPlace(AGENDA, "i1", "i2", "before")).toBe(null);
  });
});

it("a whole branch goes together, and what follows it is known", () => {
  expect([...subtree(AGENDA, "i2")]).toEqual(["i2", "i2.1", "i2.2", "i2.2.1"]);
  expect(placeAfter(AGENDA, "i2")).toEqual({ parent: null, before: "i3" });
  expect(placeAfter(AGENDA, "i2.2")).toEqual({ parent: "i2", before: null });
});

describe("the next number", () => {
  it("counts on at its level and never takes one that is there", () => {
    expect(nextNumber(AGENDA, null)).toBe("4");
    expect(nextNumber(AGENDA, "i2")).toBe("2.3");
    expect(nextNumber(AGENDA, "i3")).toBe("3.1");
    expect(nextNumber([item("I"), item("II")], null)).toBe("3");
    expect(nextNumber([item("5"), item("6", { parent: "i5" })], null)).toBe("7");
    expect(nextNumber([], null)).toBe("1");
  });
});
