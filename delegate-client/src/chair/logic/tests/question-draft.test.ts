import { describe, expect, it } from "vitest";
import { blocChoices, fitsBloc } from "../bloc.ts";
import { newQuestion, questionDraft, wordingOf, wrongWith, type QuestionDraft } from "../question-draft.ts";
import { brief, council, HALF, item, question } from "./sample.ts";

const TWO_THIRDS = { ...HALF, numerator: 2, denominator: 3, strict: false };
const RULES = { ...council().rules, majorities: [{ name: "half", rule: HALF }, { name: "thirds", rule: TWO_THIRDS }] };
const draft = (change: Partial<QuestionDraft> = {}): QuestionDraft => ({ ...newQuestion("Chủ trương đầu tư", RULES, null), ...change });

describe("wording a question", () => {
  it("begins with the item's title, its rule and the council's own ways", () => {
    expect(newQuestion("Bãi nhiệm", RULES, "thirds")).toMatchObject({ title: "Bãi nhiệm", rule: "thirds", form: "motion", seconds: "60", change: true });
    expect(newQuestion("X", RULES, "secret_half").rule).toBe("half");
  });

  it("finds the rule of a question that is there by what it says", () => {
    expect(questionDraft(question({ rule: TWO_THIRDS }), RULES).rule).toBe("thirds");
    const election = question({ form: "election", choices: 2, answers: [{ key: "c1", meaning: "A" }, { key: "c2", meaning: "B" }, { key: "abstain", meaning: "" }] });
    expect(questionDraft(election, RULES)).toMatchObject({ form: "election", options: ["A", "B"], places: "2" });
  });

  it("says what is wrong", () => {
    expect(wrongWith(draft())).toEqual([]);
    expect(wrongWith(draft({ title: " " }))).toEqual(["q_title"]);
    expect(wrongWith(draft({ form: "choice", options: ["A", ""] }))).toEqual(["q_option_empty"]);
    expect(wrongWith(draft({ form: "choice", options: ["A"] }))).toEqual(["q_options_few"]);
    expect(wrongWith(draft({ form: "choice", options: ["A", " A "] }))).toEqual(["q_option_twice"]);
    expect(wrongWith(draft({ form: "choice", options: Array.from({ length: 10 }, (_, n) => `${n}`) }))).toEqual(["q_options_many"]);
    expect(wrongWith(draft({ form: "election", options: ["A", "B"], places: "3" }))).toEqual(["q_places"]);
    expect(wrongWith(draft({ seconds: "4" }))).toEqual(["q_seconds"]);
    expect(wrongWith(draft({ seconds: "0" }))).toEqual([]);
  });

  it("says who votes, how many names at least, and whether answers are shown at once", () => {
    const names = ["A", "B", "C"];
    expect(wrongWith(draft({ form: "election", options: names, places: "2", least: "3" }))).toEqual(["q_least"]);
    expect(wrongWith(draft({ form: "election", options: names, places: "2", least: "2" }))).toEqual([]);
    expect(wordingOf(draft({ form: "election", options: names, places: "3", least: "2", groups: ["Tổ 1"], live: true }))).toMatchObject({ groups: ["Tổ 1"], min_choices: 2 });
    const plain = wordingOf(draft({ form: "election", options: names, live: true }));
    expect(["groups", "min_choices", "live_names"].filter((field) => field in plain)).toEqual([]);
    expect(wordingOf(draft({ least: "2", live: true }))).toMatchObject({ live_names: true });
    const there = question({ groups: ["Tổ 10", "Tổ 2"], live_names: true });
    expect(questionDraft(there, RULES)).toMatchObject({ groups: ["Tổ 2", "Tổ 10"], least: "1", live: false });
    expect(questionDraft(there, { ...RULES, names_public: true }).live).toBe(true);
  });

  it("is sent with keyed answers, motions with none of their own", () => {
    expect(wordingOf(draft({ title: " Thông qua\n X " }))).toMatchObject({ title: "Thông qua X", form: "motion", answers: [] });
    expect(wordingOf(draft({ form: "choice", options: ["A", "B"] })).answers).toEqual([{ key: "a1", meaning: "A" }, { key: "a2", meaning: "B" }]);
    expect(wordingOf(draft({ form: "election", options: ["A", "B"], places: "1" }))).toMatchObject({
      form: { election: { places: 1 } },
      answers: [{ key: "c1", meaning: "A" }, { key: "c2", meaning: "B" }],
    });
  });
});

describe("putting questions together", () => {
  it("takes motions that were not voted on, and with the first one only those by its rule", () => {
    const [a, b] = [question({ id: "a" }), question({ id: "b", rule: TWO_THIRDS })];
    const agenda = [
      item("1", { questions: [a, question({ id: "voted", ballots: [brief("announced")] })] }),
      item("2", { questions: [b, question({ id: "choice", form: "choice" }), question({ id: "in", in_bloc: "z" })] }),
    ];
    expect(blocChoices(agenda).map((choice) => choice.question.id)).toEqual(["a", "b"]);
    expect(fitsBloc(question({ groups: ["Tổ 1"] }), [question()])).toBe(false);
    expect([fitsBloc(b, []), fitsBloc(b, [a]), fitsBloc(question({ id: "c" }), [a])]).toEqual([true, false, true]);
  });
});
