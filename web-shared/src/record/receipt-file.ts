// A receipt as a file or a copied text: everything the public verify page needs to check it without this device.

import type { Receipt } from "../wire.ts";
import type { Identity, StoredReceipt } from "./keys.ts";
import { formatVerifierKey, personKeyName } from "./note.ts";
import { fromBase64 } from "./bytes.ts";

const FORMAT = "dienhong-receipt/v1";

export type ReceiptFile = {
  format: typeof FORMAT;
  origin: string;
  /** The record's key as the device knew it. A reader should compare it with one from elsewhere. */
  vkey: string;
  /** The person's own verifier key, for the statement's signature. */
  person_key: string;
  /** What was voted on, for the reader; the statement's hash is what binds. */
  item: string;
  title: string;
  /** The signed note, as it was sent. */
  statement: string;
  receipt: Receipt;
};

export class BadReceiptFile extends Error {}

export async function receiptFile(identity: Identity, stored: StoredReceipt): Promise<string> {
  const file: ReceiptFile = {
    format: FORMAT,
    origin: identity.origin,
    vkey: identity.vkey,
    person_key: await formatVerifierKey(personKeyName(identity.origin, identity.person), fromBase64(identity.publicKey)),
    item: stored.item,
    title: stored.title,
    statement: stored.statement,
    receipt: stored.receipt,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads a pasted or dropped file; throws `BadReceiptFile` for anything else. Nothing in it is believed before it is checked. */
export function parseReceiptFile(text: string): ReceiptFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadReceiptFile("not JSON");
  }
  if (typeof value !== "object" || value === null) throw new BadReceiptFile("not an object");
  const f = value as Record<string, unknown>;
  const texts = ["origin", "vkey", "person_key", "item", "title", "statement"] as const;
  if (f["format"] !== FORMAT || texts.some((key) => typeof f[key] !== "string") || !isReceipt(f["receipt"]))
    throw new BadReceiptFile("not a receipt file");
  return value as ReceiptFile;
}

function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== "object" || value === null) return false;
  const { seq, entry, proof, checkpoint } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(seq) &&
    typeof entry === "string" &&
    typeof checkpoint === "string" &&
    Array.isArray(proof) &&
    // A tree of 2^53 entries needs no longer path.
    proof.length <= 53 &&
    proof.every((step) => typeof step === "string")
  );
}
