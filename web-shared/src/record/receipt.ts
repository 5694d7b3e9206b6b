// A receipt proves, without asking anybody, that an entry stands in the record: its line hashes to a leaf, the leaf is
// under the root, the root is in a checkpoint signed by the record's key, and the entry holds the very statement signed here.

import type { Receipt } from "../wire.ts";
import { BadBytes, fromBase64, hex, utf8 } from "./bytes.ts";
import { BadCheckpoint, openCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { BadProof, leafHash, verifyInclusion } from "./merkle.ts";
import { BadNote, parseVerifierKey } from "./note.ts";

export type CheckedReceipt = {
  seq: number;
  /** When the record took it, server time. */
  time: number;
  kind: string;
  /** First four hex digits of the leaf hash, upper case: what two people can compare by eye. */
  short: string;
  leaf: string;
  checkpoint: Checkpoint;
};

/** `code` says which step failed. */
export class BadReceipt extends Error {
  constructor(readonly code: "entry" | "statement" | "proof" | "checkpoint") {
    super(`receipt: ${code}`);
  }
}

/** `statement` is the signed note this device sent; null checks the receipt alone (somebody else's, on the verify page). */
export async function checkReceipt(receipt: Receipt, vkey: string, statement: string | null): Promise<CheckedReceipt> {
  const entry = readEntry(receipt);
  if (statement !== null && entry.statement !== statement) throw new BadReceipt("statement");
  const checkpoint = await open(receipt, vkey);
  const leaf = await leafHash(utf8(receipt.entry));
  try {
    await verifyInclusion(leaf, receipt.seq, checkpoint.size, receipt.proof.map(fromBase64), checkpoint.root);
  } catch (error) {
    if (error instanceof BadProof || error instanceof BadBytes) throw new BadReceipt("proof");
    throw error;
  }
  const digest = hex(leaf);
  return { seq: entry.seq, time: entry.time, kind: entry.kind, short: digest.slice(0, 4).toUpperCase(), leaf: digest, checkpoint };
}

type ReceiptEntry = { seq: number; time: number; kind: string; statement: string | null };

function readEntry(receipt: Receipt): ReceiptEntry {
  let value: unknown;
  try {
    value = JSON.parse(receipt.entry);
  } catch {
    throw new BadReceipt("entry");
  }
  if (typeof value !== "object" || value === null) throw new BadReceipt("entry");
  const { seq, time, kind, statement } = value as Record<string, unknown>;
  if (seq !== receipt.seq || typeof seq !== "number" || typeof time !== "number" || typeof kind !== "string") throw new BadReceipt("entry");
  return { seq, time, kind, statement: typeof statement === "string" ? statement : null };
}

async function open(receipt: Receipt, vkey: string): Promise<Checkpoint> {
  try {
    return await openCheckpoint(receipt.checkpoint, await parseVerifierKey(vkey));
  } catch (error) {
    if (error instanceof BadCheckpoint || error instanceof BadNote || error instanceof BadBytes) throw new BadReceipt("checkpoint");
    throw error;
  }
}
