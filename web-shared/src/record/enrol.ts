// Enrolment: a one-time code makes this browser the device of one person (docs/protocol.md, "HTTP").

import { postJson } from "../http.ts";
import type { EnrolRequest, EnrolResponse, LookRequest, LookResponse } from "../wire.ts";
import { base64 } from "./bytes.ts";
import { makeDeviceKey, saveIdentity, type Identity } from "./keys.ts";
import { personKeyName, signNote } from "./note.ts";
import { checkReceipt } from "./receipt.ts";
import { encodeEnrolment, newNonce } from "./statement.ts";

/** Whose code is this? Spends nothing. Throws `HttpProblem`. */
export function look(council: string, code: string): Promise<LookResponse> {
  return postJson<LookRequest, LookResponse>(`/c/${council}/api/enrol/look`, { code });
}

/**
 * Spends the code. The key is made, stored and tried before the server hears of it, so a browser that cannot keep keys
 * never uses up a code. Throws `DeviceError`, `HttpProblem`, `BadReceipt`.
 */
export async function enrol(council: string, code: string, looked: LookResponse): Promise<Identity> {
  const { key, publicKey } = await makeDeviceKey();
  const person = looked.person;
  const text = encodeEnrolment({ log: looked.origin, person: person.id, key: base64(publicKey), nonce: newNonce() });
  const statement = await signNote(text, personKeyName(looked.origin, person.id), key, publicKey);
  const identity: Identity = {
    council,
    person: person.id,
    name: person.name,
    seat: person.seat,
    group: person.group,
    origin: looked.origin,
    vkey: looked.vkey,
    publicKey: base64(publicKey),
    key,
    enrolledAt: Date.now(),
    councilName: looked.council_name,
  };
  const answer = await postJson<EnrolRequest, EnrolResponse>(`/c/${council}/api/enrol`, { code, statement });
  await checkReceipt(answer.receipt, looked.vkey, statement);
  await saveIdentity(identity);
  return identity;
}

/**
 * The one-time code in the address's fragment (`#enrol=ABCD-EFGH`), tidied, possibly not whole. Whatever stands there is
 * taken out of the address at once, so that it stays in no history.
 */
export function takeCodeFromAddress(): string | null {
  return takeFromAddress("enrol", (text) => tidyCode(text) || null);
}

/** The person a link from another page asks this tab to act for (`#as=d042`). */
export function takePersonFromAddress(): string | null {
  return takeFromAddress("as", (text) => text || null);
}

function takeFromAddress(name: string, read: (text: string) => string | null): string | null {
  const start = `#${name}=`;
  if (!location.hash.startsWith(start)) return null;
  const text = location.hash.slice(start.length);
  history.replaceState(history.state, "", location.pathname + location.search);
  return read(text);
}

/** Upper case, with the dash in its place; shorter input stays as far as it goes. */
export function tidyCode(text: string): string {
  const letters = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}
