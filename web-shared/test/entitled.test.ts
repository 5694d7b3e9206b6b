import { describe, expect, it } from "vitest";
import { entitledFigures, groupsOf, groupsOnRoll, groupsWords, isEntitled } from "../src/entitled.ts";
import { ruleWords } from "../src/format.ts";
import { countStates, seatState } from "../src/seats.ts";

const person = (id: string, group: string, seat: string | null = id) => ({ id, name: id, seat, group, offices: [] });
const people = [person("a", "Tổ 10"), person("b", "Tổ 2"), person("c", "Tổ 2"), person("d", ""), person("s", "Văn phòng", null)];
const HALF = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" } as const;

describe("who votes", () => {
  it("is every delegate where no group is named, and nobody without a seat", () => {
    expect(people.map((one) => isEntitled({}, one))).toEqual([true, true, true, true, false]);
    expect(people.map((one) => isEntitled({ groups: ["Tổ 2", "Văn phòng"] }, one))).toEqual([false, true, true, false, false]);
  });

  it("is counted by who is here", () => {
    const presence = people.map(({ id }) => ({ id, presence: id === "b" || id === "a" ? ("present" as const) : ("absent" as const) }));
    expect(entitledFigures({ groups: ["Tổ 2"] }, people, presence)).toEqual({ seats: 2, in_office: 2, present: 1 });
  });

  it("is said in the order people count, and shortened only where that helps", () => {
    expect(groupsOnRoll(people)).toEqual(["Tổ 2", "Tổ 10"]);
    expect(groupsOf({ groups: ["Tổ 10", "Tổ 2"] })).toEqual(["Tổ 2", "Tổ 10"]);
    expect(groupsOf(null)).toEqual([]);
    expect(groupsWords(["Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4"], "vi")).toBe("Tổ\u00a01, Tổ\u00a02, Tổ\u00a03, Tổ\u00a04");
    expect(groupsWords(["Tổ đại biểu quận Ba Đình"], "vi")).toBe("Tổ đại biểu quận Ba Đình");
    expect(groupsWords(["Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4", "Tổ 5"], "vi")).toBe("Tổ\u00a01, Tổ\u00a02, Tổ\u00a03 và 2 tổ khác");
  });

  it("is said by the rule", () => {
    expect(ruleWords(HALF, "vi", ["Tổ 1", "Tổ 2"])).toBe("Quá nửa tổng số đại biểu Tổ\u00a01, Tổ\u00a02");
    expect(ruleWords({ ...HALF, base: "present" }, "en", ["Tổ 1"])).toBe("More than half of delegates of Tổ\u00a01 present");
    expect(ruleWords({ ...HALF, base: "all_seats" }, "vi", ["Tổ 1"])).toBe("Quá nửa tổng số đại biểu Tổ\u00a01");
  });

  it("is seen on the map: a seat that has no vote never looks like one that is absent", () => {
    expect(seatState("-", "ballot")).toBe("apart");
    expect(countStates("y-.-", "ballot")).toMatchObject({ yes: 1, apart: 2, absent: 1 });
  });
});
