import { expect, it } from "vitest";
import { cardMinutes } from "../cards.ts";

it("a countdown takes whole minutes of a day's sitting", () => {
  expect(["15", " 1 ", "600", "0", "601", "", "x", "2.5"].map(cardMinutes)).toEqual([15, 1, 600, null, null, null, null, null]);
});
