// The checks of the verify page, against a real record: each kind of falsehood is found by the step that is meant to find it.

import { checkAll, NotAReceipt, readReceipt, receiptInFragment, type Report, type Sources } from "../../chamber-display/src/verify/check.ts";
import type { Receipt } from "@dienhong/web-shared/wire.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { MockRecord } from "./harness/record.ts";
import { asFile, castVote, fragment, type CastVote } from "./receipts.ts";

const ORIGIN = "chamber.example/hanoi";
let record: MockRecord;
let cast: CastVote;

beforeEach(async () => {
  record = await MockRecord.create(ORIGIN, 41);
  cast = await castVote(record, "d042");
  for (let i = 0; i < 20; i++) await record.append(Date.now(), "wall_shown", { mode: "item" });
});

function sources(change: Partial<Sources> = {}): Sources {
  return {
    vkey: record.vkey,
    rememberedVkey: null,
    keysHere: [],
    publishedCheckpoint: () => record.checkpoint(),
    consistency: async (from, to) => ({ proof: await record.consistency(from, to) }),
    ...change,
  };
}

async function outcomes(receipt: Receipt | string, change: Partial<Sources> = {}): Promise<Record<string, string>> {
  const text = typeof receipt === "string" ? receipt : JSON.stringify(receipt);
  const report = await checkAll(readReceipt(text), sources(change));
  return Object.fromEntries([["all", report.outcome], ...report.steps.map((step) => [step.step, `${step.outcome} ${step.detail}`])]);
}

describe("a good receipt", () => {
  it("holds, and says that the signature was not tried without the person's key", async () => {
    expect(await outcomes(cast.receipt)).toEqual({
      all: "ok",
      statement: "open signature_elsewhere",
      inclusion: "ok included",
      checkpoint: "ok checkpoint_signed",
      consistency: "ok consistent",
    });
  });

  it("is checked with the key where this browser holds it", async () => {
    const mine = { keysHere: [{ person: "d042", publicKey: cast.publicKey }], rememberedVkey: record.vkey };
    expect(await outcomes(cast.receipt, mine)).toMatchObject({ all: "ok", statement: "ok signed_here", checkpoint: "ok checkpoint_remembered" });
  });

  it("as a file is checked with the key the file names", async () => {
    expect(await outcomes(await asFile(record, "d042", cast))).toMatchObject({ all: "ok", statement: "ok signed_by_file", checkpoint: "ok checkpoint_remembered" });
  });

  it("tells ballot, choice, turn and time", async () => {
    const { told }: Report = await checkAll(readReceipt(JSON.stringify(cast.receipt)), sources());
    expect(told).toMatchObject({ kind: "vote_cast", seq: 41, person: "d042", ballot: "b8", choices: ["yes"], turn: 2 });
    expect(told.short).toMatch(/^[0-9A-F]{4}$/);
  });

  it("tells every candidate of an election, in the signed order", async () => {
    const { receipt } = await castVote(record, "d007", ["c2", "c5", "c1"]);
    expect(await outcomes(receipt)).toMatchObject({ all: "ok", statement: "open signature_elsewhere" });
    const { told } = await checkAll(readReceipt(JSON.stringify(receipt)), sources());
    expect(told.choices).toEqual(["c2", "c5", "c1"]);
  });

  it("may be the newest head itself", async () => {
    const { receipt } = await castVote(record, "d007", "no");
    expect(await outcomes(receipt)).toMatchObject({ all: "ok", consistency: "ok same_head" });
  });
});

describe("a false receipt", () => {
  it("with another choice beside the statement is found", async () => {
    const { receipt } = await castVote(record, "d007", "yes", { answer: "no" });
    expect(await outcomes(receipt)).toMatchObject({ all: "failed", statement: "failed statement_differs", inclusion: "ok included" });
  });

  it.each([
    ["left out", { more: ["c5"] }],
    ["added", { more: ["c5", "c1", "c3"] }],
    ["in another order", { more: ["c1", "c5"] }],
    ["not named at all", { more: undefined }],
  ])("with a candidate %s beside the statement is found", async (_, fields) => {
    const { receipt } = await castVote(record, "d007", ["c2", "c5", "c1"], fields);
    expect(await outcomes(receipt)).toMatchObject({ all: "failed", statement: "failed statement_differs", inclusion: "ok included" });
  });

  it("laid in another person's name is found", async () => {
    const { receipt } = await castVote(record, "d007", "yes", { by: "p:d008" });
    expect(await outcomes(receipt)).toMatchObject({ all: "failed", statement: "failed statement_differs" });
  });

  it("with one changed character is not in the record", async () => {
    const receipt = { ...cast.receipt, entry: cast.receipt.entry.replace('"turn":2', '"turn":3') };
    expect(await outcomes(receipt)).toMatchObject({ all: "failed", inclusion: "failed not_included" });
  });

  it("with a spoiled signature fails on the device that holds the key", async () => {
    const other = await castVote(record, "d042");
    const line = /— [^\\]+ ([^\\]+)\\n/u;
    const [own, foreign] = [line.exec(cast.receipt.entry)![1]!, line.exec(other.receipt.entry)![1]!];
    // The same key id, another text's signature bytes.
    const mixed = Buffer.concat([Buffer.from(own, "base64").subarray(0, 4), Buffer.from(foreign, "base64").subarray(4)]).toString("base64");
    const receipt = { ...cast.receipt, entry: cast.receipt.entry.replace(own, mixed) };
    const result = await outcomes(receipt, { keysHere: [{ person: "d042", publicKey: cast.publicKey }] });
    expect(result).toMatchObject({ all: "failed", statement: "failed statement_signature" });
  });

  it("whose checkpoint another key signed is found", async () => {
    const foreign = await MockRecord.create(ORIGIN, 60);
    const receipt = { ...cast.receipt, checkpoint: await foreign.checkpoint() };
    expect(await outcomes(receipt)).toMatchObject({ all: "failed", checkpoint: "failed checkpoint_bad", inclusion: "unknown checkpoint_bad" });
  });

  it("whose file tells another statement, or another council's key, is found", async () => {
    const file = JSON.parse(await asFile(record, "d042", cast)) as Record<string, unknown>;
    const other = JSON.stringify({ ...file, statement: `${String(file["statement"])}x` });
    expect(await outcomes(other)).toMatchObject({ all: "failed", statement: "failed statement_differs" });
    const foreign = await MockRecord.create(ORIGIN, 5);
    expect(await outcomes(JSON.stringify({ ...file, vkey: foreign.vkey }))).toMatchObject({ all: "failed", checkpoint: "failed key_changed" });
  });

  it("is told apart from a council that changed its key", async () => {
    const foreign = await MockRecord.create(ORIGIN, 5);
    expect(await outcomes(cast.receipt, { rememberedVkey: foreign.vkey })).toMatchObject({ all: "failed", checkpoint: "failed key_changed" });
  });
});

describe("the published record", () => {
  it("must not be shorter than the receipt's", async () => {
    const old = await record.checkpoint();
    const { receipt } = await castVote(record, "d007");
    expect(await outcomes(receipt, { publishedCheckpoint: () => Promise.resolve(old) })).toMatchObject({ all: "failed", consistency: "failed shorter" });
  });

  it("must continue the receipt's", async () => {
    const bad = async (from: number, to: number) => ({ proof: (await record.consistency(from, to)).toReversed() });
    expect(await outcomes(cast.receipt, { consistency: bad })).toMatchObject({ all: "failed", consistency: "failed rewritten" });
  });

  it("must be signed", async () => {
    const foreign = await MockRecord.create(ORIGIN, 99);
    expect(await outcomes(cast.receipt, { publishedCheckpoint: () => foreign.checkpoint() })).toMatchObject({ consistency: "failed published_bad" });
  });

  it("may be out of reach, which proves nothing", async () => {
    const silent = () => Promise.reject(new Error("no answer"));
    expect(await outcomes(cast.receipt, { publishedCheckpoint: silent })).toMatchObject({ all: "unknown", consistency: "unknown no_answer" });
    expect(await outcomes(cast.receipt, { consistency: silent })).toMatchObject({ all: "unknown", consistency: "unknown no_answer" });
  });
});

describe("reading", () => {
  it("takes a receipt, or one kept with other things", () => {
    expect(readReceipt(JSON.stringify(cast.receipt))).toEqual({ receipt: cast.receipt, vkey: null, personKey: null, statement: null });
    expect(readReceipt(JSON.stringify({ title: "…", receipt: cast.receipt })).receipt).toEqual(cast.receipt);
  });

  it.each(["", "A7F3", "null", "[]", "{}", '{"seq":-1}', '{"seq":1,"entry":"x","proof":[1],"checkpoint":""}', '{"receipt":7}', `{"a":"${"x".repeat(400_001)}"}`])(
    "refuses what is not one (%#)",
    (text) => {
      expect(() => readReceipt(text)).toThrow(NotAReceipt);
    },
  );

  it.each(["{", "{}", '{"seq":41}', "[]"])("refuses an entry that cannot be read (%s)", async (entry) => {
    await expect(checkAll(readReceipt(JSON.stringify({ ...cast.receipt, entry })), sources())).rejects.toThrow(NotAReceipt);
  });

  it("takes it out of an address", () => {
    expect(receiptInFragment(fragment(cast.receipt))).toBe(JSON.stringify(cast.receipt));
    expect(receiptInFragment("#b7")).toBeNull();
    expect(receiptInFragment("")).toBeNull();
    expect(receiptInFragment("#receipt=%")).toBe("%");
  });
});
