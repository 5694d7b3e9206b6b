import { expect, it } from "vitest";
import { agenda } from "../../words/agenda.ts";
import { ballot } from "../../words/ballot.ts";
import { console } from "../../words/console.ts";
import { presence } from "../../words/presence.ts";
import { result } from "../../words/result.ts";
import { setup } from "../../words/setup.ts";
import { wall } from "../../words/wall.ts";

it("no word stands in two catalogues, where the later one would silently win", () => {
  const keys = [console, agenda, ballot, result, setup, presence, wall].flatMap((words) => Object.keys(words.vi));
  expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
});
