import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CouncilView, RulesView } from "@dienhong/web-shared/wire.ts";
import { at, entryAddress, personAddress, placeFrom } from "../address.ts";
import { pretty, sentence } from "../audit-line.ts";
import { deviceLines, pace } from "../devices.ts";
import { rulesChanges } from "../rules-diff.ts";
import { checkRules, draftOf, moved, newRuleName, profileOf } from "../rules-draft.ts";
import { isNew, progress, steps } from "../setup.ts";
import { events } from "../../words/events.ts";

const RULE = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" } as const;
const RULES: RulesView = {
  preset: "province",
  seats: 95,
  quorum: { ...RULE, numerator: 2, denominator: 3, base: "all_seats", strict: false },
  quorum_enforced: true,
  majorities: [
    { name: "half", rule: RULE },
    { name: "two_thirds", rule: { ...RULE, numerator: 2, denominator: 3, strict: false } },
  ],
  answers: ["yes", "no", "abstain"].map((key) => ({ key, meaning: `Nghĩa ${key}` })),
  ballot_seconds: 60,
  change_allowed: true,
  show_split: false,
  names_public: false,
  speaking: { speak: 420, interpellate: 60, answer: 180, rebut: 120, explain: 180, point_of_order: 60, askers_a_round: 3 },
};

describe("the page's address", () => {
  it("names a section, an entry, a person", () => {
    expect(placeFrom("#rules")).toEqual(at("rules"));
    expect(placeFrom("#roster")).toEqual(at("people"));
    expect(placeFrom(entryAddress(412))).toEqual({ section: "audit", entry: 412, person: null });
    expect(placeFrom(personAddress("d.007"))).toEqual({ section: "audit", entry: null, person: "d.007" });
    expect(placeFrom("#audit/x")).toEqual(at("audit"));
    expect(placeFrom("")).toBeNull();
  });
});

describe("preparation", () => {
  const council = (session: CouncilView["session"]) => ({ rehearsal: false, session, rules: RULES }) as CouncilView;
  const person = (id: string, seat: string | null, offices: ("chair" | "secretary")[] = []) => ({ id, name: id, seat, group: "", offices });
  const nothing = { rules: false, rehearsal: false };
  const open = (list: ReturnType<typeof steps>) => list.filter((step) => !step.done).map((step) => step.name);

  it("begins with what an administrator alone can do", () => {
    const list = steps(council(null), progress(council(null), [], null), nothing);
    expect(open(list)).toEqual(["rules", "people", "devices", "rehearsal", "console"]);
    expect(list.filter((step) => step.now).map((step) => step.name)).toEqual(["rules"]);
  });

  it("counts delegates and their devices, and names the offices nobody holds", () => {
    const people = [person("a", "1", ["chair"]), person("b", "2"), person("c", null)];
    const device = { id: "d", bound_at: 1, connected: false, delay_ms: null, last_seen: null };
    const view = { people: [{ id: "a", presence: "absent" as const, reason: null, device, revoked: null, code_until: null }], missing: [], proposed: null, tie: false, chosen: [], watching: { walls: 0, public: 0 } };
    expect(progress(council(null), people, view)).toEqual({ seats: 95, delegates: 2, equipped: 1, missing: ["secretary"] });
  });

  it("is over once there is a session, whoever's browser this is", () => {
    const begun = council({ id: "s", title: "Kỳ họp", term: "XVI", kind: "regular" });
    const so = { seats: 95, delegates: 95, equipped: 95, missing: [] };
    expect([isNew(council(null)), isNew(begun)]).toEqual([true, false]);
    expect(open(steps(begun, so, nothing))).toEqual([]);
  });
});

describe("rules", () => {
  it("are sent whole, with what is fixed as it was", () => {
    expect(profileOf(draftOf(RULES), RULES)).toEqual({
      ...Object.fromEntries(Object.entries(RULES).filter(([field]) => field !== "names_public")),
      names: "restricted",
    });
  });

  it("are checked as the server will", () => {
    const wrong = (change: (draft: ReturnType<typeof draftOf>) => void) => {
      const draft = draftOf(RULES);
      change(draft);
      return checkRules(draft);
    };
    expect(checkRules(draftOf(RULES))).toEqual({});
    expect(wrong((draft) => (draft.majorities[1]!.rule.numerator = 4))).toEqual({ "majorities.1.numerator": "share" });
    expect(wrong((draft) => (draft.majorities[0]!.rule.denominator = 0))).toEqual({ "majorities.0.denominator": "denominator" });
    expect(wrong((draft) => (draft.majorities[0]!.rule.numerator = 0.5))).toEqual({ "majorities.0.numerator": "number" });
    expect(wrong((draft) => (draft.majorities[0]!.rule.constant = null))).toEqual({ "majorities.0.constant": "number" });
    expect(wrong((draft) => (draft.quorum.base = "present"))).toEqual({ "quorum.base": "quorum_base" });
    expect(wrong((draft) => (draft.ballot_seconds = 4))).toEqual({ ballot_seconds: "ballot_seconds" });
    expect(wrong((draft) => (draft.ballot_seconds = 0))).toEqual({});
    expect(wrong((draft) => (draft.speaking.speak = 3_601))).toEqual({ "speaking.speak": "speech_seconds" });
    expect(wrong((draft) => (draft.speaking.askers_a_round = 0))).toEqual({ "speaking.askers_a_round": "askers" });
    expect(wrong((draft) => (draft.answers[0]!.meaning = " "))).toEqual({ "answers.yes": "empty" });
    expect(wrong((draft) => (draft.answers[0]!.meaning = "ấ".repeat(201)))).toEqual({ "answers.yes": "too_long" });
  });

  it("say what a change would change, once each", () => {
    const before = profileOf(draftOf(RULES), RULES);
    const draft = draftOf(RULES);
    expect(rulesChanges(before, profileOf(draft, RULES))).toEqual([]);
    draft.majorities = moved(draft.majorities, 0, 1);
    expect(rulesChanges(before, profileOf(draft, RULES)).map((change) => change.what)).toEqual(["rules_reordered"]);
    draft.majorities = [{ name: "rule-3", rule: { ...RULE } }, draft.majorities[0]!];
    draft.show_split = true;
    draft.speaking.rebut = 90;
    const changes = rulesChanges(before, profileOf(draft, RULES));
    expect(changes.map((change) => change.what)).toEqual(["rule_added", "rule_removed", "show_split", "speaking"]);
    expect(changes[3]).toEqual({ what: "speaking", field: "rebut", from: 120, to: 90 });
  });

  it("get a name nothing else has", () => {
    expect(newRuleName(["half", "rule-3"])).toBe("rule-4");
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });
});

describe("devices", () => {
  it("are told in words how the line does", () => {
    expect([null, 8, 200, 900].map(pace)).toEqual(["unknown", "good", "slow", "bad"]);
  });

  it("that were revoked are told from none, until another takes the place", () => {
    const people = ["a", "b", "c"].map((id) => ({ id, name: id, seat: id, group: "", offices: [] }));
    const entry = { presence: "absent" as const, reason: null, device: null, revoked: null, code_until: null };
    const device = { id: "v2", bound_at: 0, connected: true, delay_ms: 8, last_seen: null };
    const view = {
      people: [{ ...entry, id: "a", revoked: "Mất máy" }, { ...entry, id: "b" }, { ...entry, id: "c", device, revoked: "Thay máy" }],
      missing: [], proposed: null, tie: false, chosen: [], watching: { walls: 0, public: 0 },
    };
    expect(deviceLines(people, view, 0).map((line) => [line.person.id, line.state, line.revoked])).toEqual([
      ["a", "revoked", "Mất máy"],
      ["b", "never", null],
      ["c", "connected", null],
    ]);
  });
});

describe("the audit log", () => {
  const root = new URL("../../../../../", import.meta.url);
  const source = readFileSync(new URL("src/chamber/event.rs", root), "utf8");
  /** Kinds with their fields, as serde names them. */
  const kinds = [...source.matchAll(/^ {4}([A-Z]\w+) \{([\s\S]*?)\},$/gm)].map(([, name = "", body = ""]) => ({
    kind: name.replace(/(?<=.)([A-Z])/g, "_$1").toLowerCase(),
    fields: [...body.matchAll(/^\s*(\w+): /gm)].map(([, field = ""]) => field),
  }));
  const places = (text: string) => [...text.matchAll(/\{([\w.]+)\}/g)].map(([, place = ""]) => place);

  it("has words for every kind of entry in both languages, and for no other", () => {
    expect(kinds.length).toBeGreaterThan(40);
    const names = kinds.map(({ kind }) => kind).sort();
    expect(Object.keys(events.texts.vi).sort()).toEqual(names);
    expect(Object.keys(events.texts.en).sort()).toEqual(names);
  });

  it.each(["vi", "en"] as const)("names only fields that the kind has: %s", (lang) => {
    const texts: Record<string, string> = events.texts[lang];
    const unknown = kinds.flatMap(({ kind, fields }) =>
      places(texts[kind] ?? "")
        .filter((place) => !fields.includes(place.split(".")[0] ?? ""))
        .map((place) => `${kind}: ${place}`),
    );
    expect(unknown).toEqual([]);
  });

  it("says an entry of every kind without a hole", () => {
    const vectors = JSON.parse(readFileSync(new URL("tests/vectors/entries.json", root), "utf8")) as { line: string }[];
    const entries = vectors.map(({ line }) => JSON.parse(line) as Record<string, unknown> & { kind: string });
    expect(new Set(entries.map((entry) => entry.kind)).size).toBe(kinds.length);
    const said = entries.map((entry) => sentence({ kind: entry.kind, fields: fieldsOf(entry) }));
    expect(said.filter((text) => /[{}[\]]|undefined|NaN|(?<!\d)–/.test(text))).toEqual([]);
  });

  it("says names rather than ids, and leaves out what is not there", () => {
    const fields = { person: "d007", person_name: "Lê An" };
    expect(sentence({ kind: "checked_in", fields })).toBe("Lê An có mặt");
    expect(sentence({ kind: "checked_in", fields: { ...fields, reason: "Đến muộn" } })).toBe("Lê An có mặt: Đến muộn");
    expect(sentence({ kind: "vote_cast", fields: { ballot: "b1", ballot_name: "Ngân sách" } })).toBe("Nhận một phiếu cho “Ngân sách”");
    expect(sentence({ kind: "speech_extended", fields: { speech: "p1", seconds: "60" } })).toBe("Thêm 1 phút cho lượt phát biểu p1");
    expect(sentence({ kind: "of_tomorrow", fields: { a: "1" } })).toBe("of_tomorrow · a 1");
  });

  it("shows the exact line as it is where it is not JSON", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("{")).toBe("{");
  });

  /** As src/wire/from_chamber/audit.rs spells an event's fields. */
  function fieldsOf(entry: Record<string, unknown>): Record<string, string> {
    const envelope = ["v", "seq", "time", "salt", "by", "kind", "statement", "arguments"];
    const out: Record<string, string> = {};
    const words = (value: unknown): string => {
      if (Array.isArray(value)) return value.map(words).join(value.some((part) => typeof part === "object") ? "; " : ", ");
      return typeof value === "object" && value !== null ? Object.values(value).map(words).join(" ") : String(value);
    };
    const flatten = (name: string, value: unknown): void => {
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        for (const [part, inner] of Object.entries(value)) flatten(part === "id" ? name : `${name}.${part}`, inner);
      else out[name] = words(value);
    };
    for (const [name, value] of Object.entries(entry)) if (!envelope.includes(name) && !(name === "cause" && typeof value === "number")) flatten(name, value);
    return out;
  }
});
