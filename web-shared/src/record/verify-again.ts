// Checks a kept receipt step by step, as its holder may ask at any time: first what this device can prove alone, then
// whether today's record still begins with the record of then.

import { getJson, getText } from "../http.ts";
import type { ProofResponse } from "../wire.ts";
import { fromBase64, utf8 } from "./bytes.ts";
import { openCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { verifyEd25519 } from "./ed25519.ts";
import type { Identity, StoredReceipt } from "./keys.ts";
import { verifyConsistency } from "./merkle.ts";
import { parseNote, parseVerifierKey } from "./note.ts";
import { BadReceipt, checkReceipt } from "./receipt.ts";

export type StepName = "statement" | "signature" | "inclusion" | "checkpoint" | "extends";
/** `unknown`: the server could not be asked. */
export type StepResult = "ok" | "bad" | "unknown";

export async function* verifyAgain(identity: Identity, stored: StoredReceipt): AsyncGenerator<[StepName, StepResult]> {
  let failed: BadReceipt["code"] | null = null;
  let then: Checkpoint | null = null;
  try {
    then = (await checkReceipt(stored.receipt, identity.vkey, stored.statement)).checkpoint;
  } catch (error) {
    failed = error instanceof BadReceipt ? error.code : "entry";
  }
  yield ["statement", failed === "entry" || failed === "statement" ? "bad" : "ok"];
  yield ["signature", (await signatureHolds(identity, stored)) ? "ok" : "bad"];
  yield ["inclusion", failed === null ? "ok" : "bad"];
  yield ["checkpoint", failed === "checkpoint" ? "bad" : "ok"];
  yield ["extends", then ? await stillHeld(identity, then) : "bad"];
}

async function signatureHolds(identity: Identity, stored: StoredReceipt): Promise<boolean> {
  try {
    const { text, signatures } = parseNote(stored.statement);
    const only = signatures.length === 1 ? signatures[0]! : null;
    return only !== null && (await verifyEd25519(fromBase64(identity.publicKey), utf8(text), only.signature));
  } catch {
    return false;
  }
}

async function stillHeld(identity: Identity, then: Checkpoint): Promise<StepResult> {
  const base = `/c/${identity.council}/record`;
  let note: string;
  let proof: string[];
  let now: Checkpoint;
  try {
    note = await getText(`${base}/checkpoint`);
  } catch {
    return "unknown";
  }
  try {
    now = await openCheckpoint(note, await parseVerifierKey(identity.vkey));
  } catch {
    return "bad";
  }
  if (now.size < then.size) return "bad";
  try {
    proof = then.size === now.size ? [] : (await getJson<ProofResponse>(`${base}/consistency?from=${then.size}&to=${now.size}`)).proof;
  } catch {
    return "unknown";
  }
  try {
    await verifyConsistency(then.size, then.root, now.size, now.root, proof.map(fromBase64));
    return "ok";
  } catch {
    return "bad";
  }
}
