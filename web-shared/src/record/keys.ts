// The device's own memory: keys that cannot be exported, receipts, and votes that were signed but not yet answered.
// Several people may hold keys in one browser (a demonstration, a secretary who is also a delegate), so everything is kept
// by council and person; which of them a tab acts for stands in its sessionStorage. A rehearsal uses its council's keys and
// leaves nothing here: its record is gone when it ends, and its ballots' names come again in the next one.

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Receipt } from "../wire.ts";
import { base64, fromBase64, utf8, type Bytes } from "./bytes.ts";
import { generateKey, rawPublicKey, verifyEd25519 } from "./ed25519.ts";
import type { Pin } from "./pin.ts";
import { isRehearsal } from "./rehearsal.ts";

export type Identity = {
  council: string;
  person: string;
  name: string;
  seat: string | null;
  group: string;
  /** The record's name, which every statement carries. */
  origin: string;
  /** The checkpoint key as it was when this device was enrolled: later receipts must be signed by it. */
  vkey: string;
  /** Base64. */
  publicKey: string;
  key: CryptoKey;
  enrolledAt: number;
  /** In full, for the lock screen, which may have no server to ask. Devices enrolled before it was kept have none. */
  councilName?: string;
  /** Where the person has set one. */
  pin?: Pin;
};

export type StoredReceipt = {
  council: string;
  person: string;
  ballot: string;
  /** As on the agenda when it was cast. */
  item: string;
  title: string;
  answer: string;
  /** Further candidates, in an election; left out where there are none. */
  more?: string[];
  turn: number;
  at: number;
  seq: number;
  short: string;
  statement: string;
  receipt: Receipt;
};

/** A vote that was signed here and has no answer yet: sent again after a reload, by the same statement. */
export type PendingVote = {
  council: string;
  person: string;
  ballot: string;
  item: string;
  title: string;
  answer: string;
  /** Further candidates, in an election; left out where there are none. */
  more?: string[];
  turn: number;
  statement: string;
  signedAt: number;
};

/** Why this browser cannot be a voting device. */
export type DeviceProblem = "insecure_context" | "no_ed25519" | "no_storage" | "key_lost";

export class DeviceError extends Error {
  constructor(readonly problem: DeviceProblem) {
    super(problem);
  }
}

/**
 * Makes a key pair and proves that this browser can keep it: stored, read back from the database, used to sign, and the
 * signature checked. Throws `DeviceError`.
 */
export async function makeDeviceKey(): Promise<{ key: CryptoKey; publicKey: Bytes }> {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new DeviceError("insecure_context");
  let pair: CryptoKeyPair;
  try {
    pair = await generateKey();
  } catch {
    throw new DeviceError("no_ed25519");
  }
  const publicKey = await rawPublicKey(pair.publicKey);
  let reread: CryptoKey | undefined;
  try {
    const db = await open();
    await db.put("probe", pair.privateKey, "probe");
    reread = await db.get("probe", "probe");
    await db.delete("probe", "probe");
  } catch {
    throw new DeviceError("no_storage");
  }
  if (!reread) throw new DeviceError("no_storage");
  const message = utf8("chamber-probe/v1\n");
  try {
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", reread, message));
    if (!(await verifyEd25519(publicKey, message, signature))) throw new DeviceError("key_lost");
  } catch {
    throw new DeviceError("key_lost");
  }
  return { key: reread, publicKey };
}

export async function saveIdentity(identity: Identity): Promise<void> {
  await (await open()).put("keys", identity, [identity.council, identity.person]);
  // Asked so that the browser does not clear the key under storage pressure; a refusal changes nothing.
  await navigator.storage?.persist?.().catch(() => false);
}

export async function identitiesOf(council: string): Promise<Identity[]> {
  try {
    const all = await (await open()).getAll("keys");
    return all.filter((identity) => identity.council === council).sort((a, b) => a.enrolledAt - b.enrolledAt);
  } catch {
    return [];
  }
}

/** As it is kept now: another tab may have changed or removed it. Throws where the browser's memory cannot be read. */
export async function heldIdentity(council: string, person: string): Promise<Identity | undefined> {
  return (await open()).get("keys", [council, person]);
}

/**
 * Reads, changes and writes in one step, so that two tabs never undo each other's change. `null` removes the key. Gives what
 * is kept then; `null` where there is none.
 */
export async function changeIdentity(council: string, person: string, change: (held: Identity) => Identity | null): Promise<Identity | null> {
  const transaction = (await open()).transaction("keys", "readwrite");
  const held = await transaction.store.get([council, person]);
  const changed = held ? change(held) : null;
  if (changed) await transaction.store.put(changed, [council, person]);
  else await transaction.store.delete([council, person]);
  await transaction.done;
  return changed;
}

/** The person this tab acts for: the one chosen here before, or the only one this browser holds a key of. */
export function actingPerson(council: string, identities: Identity[]): Identity | null {
  const chosen = sessionStorage.getItem(actingKey(council));
  return identities.find((i) => i.person === chosen) ?? (identities.length === 1 ? identities[0]! : null);
}

export function actAs(council: string, person: string | null): void {
  if (person === null) sessionStorage.removeItem(actingKey(council));
  else sessionStorage.setItem(actingKey(council), person);
}

/** Eight characters of the public key's own text, for reading aloud: `D4K7 9QXM`. */
export function keyMark(publicKey: string): string {
  const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const bytes = fromBase64(publicKey);
  const mark = Array.from(bytes.slice(0, 8), (b) => alphabet[b % 32]).join("");
  return `${mark.slice(0, 4)} ${mark.slice(4)}`;
}

export async function saveReceipt(receipt: StoredReceipt): Promise<void> {
  if (isRehearsal(receipt.council)) return;
  await (await open()).put("receipts", receipt, [receipt.council, receipt.person, receipt.seq]);
}

/** Newest first. */
export async function receiptsOf(council: string, person: string): Promise<StoredReceipt[]> {
  try {
    const all = await (await open()).getAll("receipts");
    return all.filter((r) => r.council === council && r.person === person).sort((a, b) => b.seq - a.seq);
  } catch {
    return [];
  }
}

export async function savePending(vote: PendingVote): Promise<void> {
  if (isRehearsal(vote.council)) return;
  await (await open()).put("pending", vote, [vote.council, vote.person, vote.ballot]);
}

export async function pendingOf(council: string, person: string): Promise<PendingVote[]> {
  try {
    const all = await (await open()).getAll("pending");
    return all.filter((v) => v.council === council && v.person === person);
  } catch {
    return [];
  }
}

export async function dropPending(vote: Pick<PendingVote, "council" | "person" | "ballot" | "statement">): Promise<void> {
  const db = await open();
  const key: [string, string, string] = [vote.council, vote.person, vote.ballot];
  const now = await db.get("pending", key);
  // A newer choice may have taken its place meanwhile.
  if (now?.statement === vote.statement) await db.delete("pending", key);
}

interface Schema extends DBSchema {
  keys: { key: [string, string]; value: Identity };
  receipts: { key: [string, string, number]; value: StoredReceipt };
  pending: { key: [string, string, string]; value: PendingVote };
  probe: { key: string; value: CryptoKey };
}

let database: Promise<IDBPDatabase<Schema>> | undefined;

function open(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>("dienhong", 1, {
    upgrade(db) {
      db.createObjectStore("keys");
      db.createObjectStore("receipts");
      db.createObjectStore("pending");
      db.createObjectStore("probe");
    },
    terminated() {
      database = undefined;
    },
  }).catch((error: unknown) => {
    database = undefined;
    throw error;
  });
  return database;
}

const actingKey = (council: string): string => `dienhong.acting.${council}`;
