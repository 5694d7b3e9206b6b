// Checks a receipt step by step, in the browser, and says which step failed and what could not be checked here.

import type { ProofResponse, Receipt } from "@dienhong/web-shared/wire.ts";
import { base64, BadBytes, equal, fromBase64, hex, utf8 } from "@dienhong/web-shared/record/bytes.ts";
import { BadCheckpoint, openCheckpoint, type Checkpoint } from "@dienhong/web-shared/record/checkpoint.ts";
import { BadProof, leafHash, verifyConsistency, verifyInclusion } from "@dienhong/web-shared/record/merkle.ts";
import { BadNote, keyId, openNote, parseNote, parseVerifierKey, personKeyName, type VerifierKey } from "@dienhong/web-shared/record/note.ts";
import { BadStatement, parseStatement, type Statement, type Vote } from "@dienhong/web-shared/record/statement.ts";

/** The longest receipt read: an entry of 65,535 bytes, escaped twice, with its proof and checkpoint. */
export const LONGEST_RECEIPT = 400_000;

/** What the page gets from the council, or remembers of it. */
export interface Sources {
  /** The council's checkpoint key, as this page got it from the server. */
  vkey: string;
  /** The same key as this browser kept it when it was enrolled, or as the receipt file has it; null where neither knows. */
  rememberedVkey: string | null;
  /** Public keys (base64) of the people whose devices this browser is. */
  keysHere: { person: string; publicKey: string }[];
  publishedCheckpoint(): Promise<string>;
  consistency(from: number, to: number): Promise<ProofResponse>;
}

export type StepName = "statement" | "inclusion" | "checkpoint" | "consistency";

/**
 * `open`: what can be checked here holds, but not everything can (detail says what is missing).
 * `unknown`: could not be carried out at all, for example without an answer from the server.
 */
export type Outcome = "ok" | "open" | "failed" | "unknown";

export type Detail =
  | "signed_here"
  | "signed_by_file"
  | "signature_elsewhere"
  | "no_statement"
  | "statement_unreadable"
  | "statement_differs"
  | "statement_signature"
  | "included"
  | "not_included"
  | "checkpoint_signed"
  | "checkpoint_remembered"
  | "checkpoint_bad"
  | "key_changed"
  | "consistent"
  | "same_head"
  | "shorter"
  | "rewritten"
  | "published_bad"
  | "no_answer";

export interface Step {
  step: StepName;
  outcome: Outcome;
  detail: Detail;
}

/** What the receipt says of itself, in the order a person asks. */
export interface Told {
  kind: string;
  seq: number;
  /** Server time. */
  time: number;
  /** First four hex digits of the leaf hash, upper case. */
  short: string;
  person: string | null;
  ballot: string | null;
  /** Everything the vote chose: one answer, or up to as many candidates as there are places. */
  choices: readonly string[];
  /** SHA-256 of the question document the vote names, hex. */
  document: string | null;
  turn: number | null;
  order: string | null;
}

export interface Report {
  told: Told;
  steps: Step[];
  /** `failed` when any step failed; `ok` when all hold as far as they can be checked here. */
  outcome: "ok" | "failed" | "unknown";
  /** Size of the record in the receipt's checkpoint; null where that has no good signature. */
  size: number | null;
  published: Checkpoint | null;
}

export class NotAReceipt extends Error {}

/** What a person brought: the receipt, and what a receipt file tells beside it. Nothing in it is believed unchecked. */
export interface Brought {
  receipt: Receipt;
  /** The council's key as the device knew it when the receipt was saved. */
  vkey: string | null;
  /** The person's verifier key. */
  personKey: string | null;
  /** The note as it was sent. */
  statement: string | null;
}

/** Reads a receipt file, or a bare receipt. Throws `NotAReceipt`. */
export function readReceipt(text: string): Brought {
  if (text.length > LONGEST_RECEIPT) throw new NotAReceipt("too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotAReceipt("not JSON");
  }
  const outer = record(value);
  const inner = outer["receipt"] === undefined ? outer : record(outer["receipt"]);
  const { seq, entry, proof, checkpoint } = inner;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0) throw new NotAReceipt("seq");
  if (typeof entry !== "string" || typeof checkpoint !== "string") throw new NotAReceipt("entry");
  if (!Array.isArray(proof) || proof.length > 64 || !proof.every((hash) => typeof hash === "string")) throw new NotAReceipt("proof");
  const told = (key: string): string | null => (typeof outer[key] === "string" ? outer[key] : null);
  return {
    receipt: { seq, entry, proof: proof as string[], checkpoint },
    vkey: told("vkey"),
    personKey: told("person_key"),
    statement: told("statement"),
  };
}

/** Reads a receipt carried in an address as `#receipt=<base64url of the JSON>`, or null. */
export function receiptInFragment(fragment: string): string | null {
  const carried = new URLSearchParams(fragment.replace(/^#/, "")).get("receipt");
  if (carried === null) return null;
  try {
    const standard = carried.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    const binary = atob(standard);
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)));
  } catch {
    return carried;
  }
}

/** Throws `NotAReceipt` when the entry cannot even be read; everything else is told by the steps. */
export async function checkAll(brought: Brought, council: Sources): Promise<Report> {
  const { receipt } = brought;
  // The file's own word on the council's key counts like this browser's memory: another key than the server's is a failure.
  const sources = { ...council, rememberedVkey: council.rememberedVkey ?? brought.vkey };
  const entry = readEntry(receipt);
  const leaf = await leafHash(utf8(receipt.entry));
  const { step: statementStep, statement } = await checkStatement(entry, brought, sources);
  const { step: checkpointStep, checkpoint } = await checkCheckpoint(receipt, sources);
  const inclusionStep = await checkInclusion(receipt, leaf, checkpoint);
  const { step: consistencyStep, published } = await checkConsistency(checkpoint, sources);
  const steps = [statementStep, inclusionStep, checkpointStep, consistencyStep];
  return { told: tell(entry, statement, hex(leaf)), steps, outcome: overall(steps), size: checkpoint?.size ?? null, published };
}

function overall(steps: readonly Step[]): Report["outcome"] {
  if (steps.some((s) => s.outcome === "failed")) return "failed";
  return steps.some((s) => s.outcome === "unknown") ? "unknown" : "ok";
}

interface Entry {
  seq: number;
  time: number;
  by: string;
  kind: string;
  fields: Record<string, unknown>;
  statement: string | null;
}

function readEntry(receipt: Receipt): Entry {
  let fields: Record<string, unknown>;
  try {
    fields = record(JSON.parse(receipt.entry));
  } catch {
    throw new NotAReceipt("entry");
  }
  const { seq, time, by, kind, statement } = fields;
  if (seq !== receipt.seq || typeof seq !== "number" || typeof time !== "number" || typeof by !== "string" || typeof kind !== "string")
    throw new NotAReceipt("entry");
  return { seq, time, by, kind, fields, statement: typeof statement === "string" ? statement : null };
}

async function checkStatement(entry: Entry, brought: Brought, sources: Sources): Promise<{ step: Step; statement: Statement | null }> {
  const done = (outcome: Outcome, detail: Detail, statement: Statement | null = null) => ({
    step: { step: "statement", outcome, detail } as Step,
    statement,
  });
  if (entry.statement === null) return done("open", "no_statement");
  let statement: Statement;
  let names: string[];
  try {
    const note = parseNote(entry.statement);
    statement = parseStatement(note.text);
    names = note.signatures.map((signature) => signature.name);
  } catch (error) {
    if (error instanceof BadNote || error instanceof BadStatement || error instanceof BadBytes) return done("failed", "statement_unreadable");
    throw error;
  }
  const name = personKeyName(statement.log, statement.person);
  if (names.length !== 1 || names[0] !== name || !agrees(entry, statement, sources)) return done("failed", "statement_differs", statement);
  if (brought.statement !== null && brought.statement !== entry.statement) return done("failed", "statement_differs", statement);
  for (const { key, detail } of await keysOf(statement.person, name, brought, sources)) {
    const signedByIt = parseNote(entry.statement).signatures.some((signature) => equal(signature.id, key.id));
    if (!signedByIt) continue;
    try {
      await openNote(entry.statement, key);
      return done("ok", detail, statement);
    } catch (error) {
      if (error instanceof BadNote) return done("failed", "statement_signature", statement);
      throw error;
    }
  }
  return done("open", "signature_elsewhere", statement);
}

/** The entry must say what the person signed: another choice beside the statement would be a forgery. */
function agrees(entry: Entry, statement: Statement, sources: Sources): boolean {
  if (statement.log !== originOf(sources.vkey)) return false;
  if (statement.kind !== "enrol" && entry.by !== `p:${statement.person}`) return false;
  if (statement.kind !== "vote") return entry.kind !== "vote_cast";
  const { ballot, person, answer, more, turn } = entry.fields;
  const choices = choicesOf(statement);
  return (
    entry.kind === "vote_cast" &&
    ballot === statement.ballot &&
    person === statement.person &&
    answer === choices[0] &&
    JSON.stringify(more ?? []) === JSON.stringify(choices.slice(1)) &&
    turn === statement.turn
  );
}

/** What the signed lines of a vote choose, in their order. */
function choicesOf({ choice, more = [] }: Vote): string[] {
  return [choice, ...more];
}

/** Keys that may have signed: this browser's own first, then the one the receipt file names. */
async function keysOf(person: string, name: string, brought: Brought, sources: Sources): Promise<{ key: VerifierKey; detail: Detail }[]> {
  const keys: { key: VerifierKey; detail: Detail }[] = [];
  for (const own of sources.keysHere.filter((one) => one.person === person)) {
    const key = fromBase64(own.publicKey);
    keys.push({ key: { name, id: await keyId(name, key), key }, detail: "signed_here" });
  }
  if (brought.personKey !== null) {
    try {
      const key = await parseVerifierKey(brought.personKey);
      if (key.name === name) keys.push({ key, detail: "signed_by_file" });
    } catch (error) {
      if (!isBad(error)) throw error;
    }
  }
  return keys;
}

async function checkCheckpoint(receipt: Receipt, sources: Sources): Promise<{ step: Step; checkpoint: Checkpoint | null }> {
  const remembered = sources.rememberedVkey;
  const changed = remembered !== null && remembered !== sources.vkey;
  try {
    const checkpoint = await openCheckpoint(receipt.checkpoint, await parseVerifierKey(remembered ?? sources.vkey));
    const detail = changed ? "key_changed" : remembered !== null ? "checkpoint_remembered" : "checkpoint_signed";
    return { step: { step: "checkpoint", outcome: changed ? "failed" : "ok", detail }, checkpoint };
  } catch (error) {
    if (!isBad(error)) throw error;
    return { step: { step: "checkpoint", outcome: "failed", detail: changed ? "key_changed" : "checkpoint_bad" }, checkpoint: null };
  }
}

async function checkInclusion(receipt: Receipt, leaf: Awaited<ReturnType<typeof leafHash>>, checkpoint: Checkpoint | null): Promise<Step> {
  // Without a good signature the checkpoint's numbers are nobody's word, and a proof against them says nothing.
  if (!checkpoint) return { step: "inclusion", outcome: "unknown", detail: "checkpoint_bad" };
  try {
    await verifyInclusion(leaf, receipt.seq, checkpoint.size, receipt.proof.map(fromBase64), checkpoint.root);
    return { step: "inclusion", outcome: "ok", detail: "included" };
  } catch (error) {
    if (!isBad(error)) throw error;
    return { step: "inclusion", outcome: "failed", detail: "not_included" };
  }
}

async function checkConsistency(checkpoint: Checkpoint | null, sources: Sources): Promise<{ step: Step; published: Checkpoint | null }> {
  const done = (outcome: Outcome, detail: Detail, published: Checkpoint | null = null) => ({
    step: { step: "consistency", outcome, detail } as Step,
    published,
  });
  let text: string;
  try {
    text = await sources.publishedCheckpoint();
  } catch {
    return done("unknown", "no_answer");
  }
  let published: Checkpoint;
  try {
    published = await openCheckpoint(text, await parseVerifierKey(sources.rememberedVkey ?? sources.vkey));
  } catch (error) {
    if (!isBad(error)) throw error;
    return done("failed", "published_bad");
  }
  if (!checkpoint) return done("unknown", "checkpoint_bad", published);
  if (published.size < checkpoint.size) return done("failed", "shorter", published);
  if (published.size === checkpoint.size)
    return equal(published.root, checkpoint.root) ? done("ok", "same_head", published) : done("failed", "rewritten", published);
  let proof: ProofResponse;
  try {
    proof = await sources.consistency(checkpoint.size, published.size);
  } catch {
    return done("unknown", "no_answer", published);
  }
  try {
    await verifyConsistency(checkpoint.size, checkpoint.root, published.size, published.root, proof.proof.map(fromBase64));
    return done("ok", "consistent", published);
  } catch (error) {
    if (!isBad(error)) throw error;
    return done("failed", "rewritten", published);
  }
}

function tell(entry: Entry, statement: Statement | null, leaf: string): Told {
  const vote = statement?.kind === "vote" ? statement : null;
  return {
    kind: entry.kind,
    seq: entry.seq,
    time: entry.time,
    short: leaf.slice(0, 4).toUpperCase(),
    person: statement?.person ?? null,
    ballot: vote?.ballot ?? null,
    choices: vote ? choicesOf(vote) : [],
    document: vote?.document ?? null,
    turn: vote?.turn ?? null,
    order: statement?.kind === "order" ? statement.order : null,
  };
}

/** The first characters of a root, enough to compare by eye with a printed one. */
export function shortRoot(checkpoint: Checkpoint): string {
  return base64(checkpoint.root).slice(0, 12);
}

function originOf(vkey: string): string {
  return vkey.slice(0, Math.max(0, vkey.indexOf("+")));
}

function isBad(error: unknown): boolean {
  return error instanceof BadCheckpoint || error instanceof BadNote || error instanceof BadProof || error instanceof BadBytes;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotAReceipt("not an object");
  return value as Record<string, unknown>;
}
