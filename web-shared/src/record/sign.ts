// The one place where this device signs for its person. A locked device signs no vote and no order, whatever page asks.

import { fromBase64 } from "./bytes.ts";
import { DeviceError, heldIdentity, type Identity } from "./keys.ts";
import { personKeyName, signNote } from "./note.ts";
import { homeCouncil } from "./rehearsal.ts";
import { encodeLogin } from "./statement.ts";

export class DeviceLocked extends Error {}

/** Devices this page has covered: counts where the browser's memory cannot be read just now. */
const covered = new Set<string>();

export function setCovered(identity: Identity, on: boolean): void {
  if (on) covered.add(nameOf(identity));
  else covered.delete(nameOf(identity));
}

/** Signs a vote or an order. Throws `DeviceLocked`, or `DeviceError` where the key was removed from this device. */
export async function signAs(identity: Identity, text: string): Promise<string> {
  if (await isLocked(identity)) throw new DeviceLocked();
  return sign(identity, text);
}

/**
 * Answers the server's challenge, also while locked: it is no act of the person and enters no record. So a locked device
 * gets the receipts of votes sent before, and hears a ballot open.
 */
export function signLogin(identity: Identity, challenge: string): Promise<string> {
  return sign(identity, encodeLogin({ log: identity.origin, person: identity.person, challenge }));
}

/** A code of the refusals catalogue. */
export function signingProblem(error: unknown): "device_locked" | "no_key" {
  return error instanceof DeviceLocked ? "device_locked" : "no_key";
}

/** Asked of the device's memory each time: another tab may have locked it, or removed the key. */
async function isLocked(identity: Identity): Promise<boolean> {
  let held: Identity | undefined;
  try {
    held = await heldIdentity(homeCouncil(identity.council), identity.person);
  } catch {
    // A browser that loses its storage in the middle of a sitting takes nobody's vote away.
    return covered.has(nameOf(identity));
  }
  if (!held) throw new DeviceError("key_lost");
  return held.pin?.locked === true;
}

const nameOf = (identity: Identity): string => `${homeCouncil(identity.council)}/${identity.person}`;

function sign(identity: Identity, text: string): Promise<string> {
  return signNote(text, personKeyName(identity.origin, identity.person), identity.key, fromBase64(identity.publicKey));
}
