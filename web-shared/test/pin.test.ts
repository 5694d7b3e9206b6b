import { describe, expect, it } from "vitest";
import { isIdle, isPin, isRight, isTooSimple, makePin, MOST_WRONG, triesLeft } from "../src/record/pin.ts";

describe("a PIN", () => {
  it.each(["1379", "13795", "13795246"])("%s has its 4 to 8 digits", (pin) => expect(isPin(pin)).toBe(true));
  it.each(["", "137", "137952468", "13a9", " 1379", "１３７９"])("is not %j", (pin) => expect(isPin(pin)).toBe(false));

  it.each(["0000", "77777777", "1234", "98765", "3456"])("%s is too simple", (pin) => expect(isTooSimple(pin)).toBe(true));
  it.each(["1379", "1212", "2468", "0001", "1235"])("%s is not", (pin) => expect(isTooSimple(pin)).toBe(false));

  it("is found right by what is kept of it, and nothing else is", async () => {
    const kept = await makePin("1379", 5_000, 10);
    expect(await isRight(kept, "1379")).toBe(true);
    for (const other of ["1378", "13790", "", "01379"]) expect(await isRight(kept, other)).toBe(false);
    expect(kept).toMatchObject({ wrong: 0, locked: false, touchedAt: 5_000, rounds: 10 });
    expect(JSON.stringify(kept)).not.toContain("1379");
  });

  it("is kept with a salt of its own, so that two alike cannot be told", async () => {
    const [one, two] = [await makePin("1379", 0, 10), await makePin("1379", 0, 10)];
    expect(one.salt).toHaveLength(16);
    expect(one.hash).toHaveLength(32);
    expect(one.hash).not.toEqual(two.hash);
  });

  it("has the rounds it was made with checked, whatever is asked of new ones", async () => {
    const kept = await makePin("1379", 0, 10);
    expect(await isRight({ ...kept, rounds: 11 }, "1379")).toBe(false);
  });

  it("counts down to none", () => {
    expect([0, 1, 4, 5, 6].map((wrong) => triesLeft({ wrong }))).toEqual([MOST_WRONG, 4, 1, 0, 0]);
  });
});

describe("idleness", () => {
  it("begins with the last touch, and a clock set back does not end it", () => {
    expect(isIdle(1_000, 1_599, 600)).toBe(false);
    expect(isIdle(1_000, 1_600, 600)).toBe(true);
    expect(isIdle(1_000, 400, 600)).toBe(true);
  });
});
