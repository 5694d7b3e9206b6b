// Real receipts of the mock record for the verify page, and ways to spoil them.

import { base64, fromBase64 } from "@dienhong/web-shared/record/bytes.ts";
import { generateKey, rawPublicKey } from "@dienhong/web-shared/record/ed25519.ts";
import { formatVerifierKey, personKeyName, signNote } from "@dienhong/web-shared/record/note.ts";
import type { ReceiptFile } from "@dienhong/web-shared/record/receipt-file.ts";
import { encodeVote, newNonce } from "@dienhong/web-shared/record/statement.ts";
import type { Receipt } from "@dienhong/web-shared/wire.ts";
import type { MockRecord } from "./harness/record.ts";
import type { World } from "./harness/server.ts";

export interface CastVote {
  receipt: Receipt;
  publicKey: string;
}

/** A vote by this person as the server would record it, and the public key it was signed by. */
export async function castVote(record: MockRecord, person: string, choice: string | readonly [string, ...string[]] = "yes", fields: Record<string, unknown> = {}, document = "ab".repeat(32)): Promise<CastVote> {
  const pair = await generateKey();
  const publicKey = await rawPublicKey(pair.publicKey);
  const [first, ...more] = typeof choice === "string" ? [choice] : choice;
  const vote = { log: record.origin, ballot: "b8", document, person, choice: first, more, turn: 2, nonce: newNonce() };
  const statement = await signNote(encodeVote(vote), personKeyName(record.origin, person), pair.privateKey, publicKey);
  const entry = { by: `p:${person}`, ballot: vote.ballot, person, answer: first, ...(more.length > 0 ? { more } : {}), turn: vote.turn, statement, ...fields };
  const receipt = await record.append(Date.parse("2025-12-14T02:41:07.318Z"), "vote_cast", entry);
  return { receipt, publicKey: base64(publicKey) };
}

/** Lets the record grow after the receipt. */
export async function grow(world: World, entries: number): Promise<void> {
  for (let i = 0; i < entries; i++) await world.record.append(Date.now(), "wall_shown", { mode: "item" });
}

/** The receipt as the delegate's page saves it. */
export async function asFile(record: MockRecord, person: string, { receipt, publicKey }: CastVote): Promise<string> {
  const { statement } = JSON.parse(receipt.entry) as { statement: string };
  const person_key = await formatVerifierKey(personKeyName(record.origin, person), fromBase64(publicKey));
  const file: ReceiptFile = { format: "dienhong-receipt/v1", origin: record.origin, vkey: record.vkey, person_key, item: "8", title: "…", statement, receipt };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The fragment that carries a receipt in an address. */
export function fragment(receipt: Receipt): string {
  return `#receipt=${Buffer.from(JSON.stringify(receipt)).toString("base64url")}`;
}
