// Signed notes (C2SP signed-note): a text and lines of signatures. Verification is strict, as docs/record-format.md asks.

import { base64, concat, equal, fromBase64, fromHex, hex, sha256, utf8, BadBytes, type Bytes } from "./bytes.ts";
import { verifyEd25519 } from "./ed25519.ts";

export type VerifierKey = {
  name: string;
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key). */
  id: Bytes;
  key: Bytes;
};

export type NoteSignature = { name: string; id: Bytes; signature: Bytes };
export type Note = { text: string; signatures: NoteSignature[] };

export class BadNote extends Error {}

/** Signs a text with a device key that never leaves the browser's key store. */
export async function signNote(text: string, name: string, privateKey: CryptoKey, publicKey: Bytes): Promise<string> {
  checkText(text);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, utf8(text)));
  const id = await keyId(name, publicKey);
  return `${text}\n— ${name} ${base64(concat(id, signature))}\n`;
}

export function parseNote(note: string): Note {
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw new BadNote("no signatures");
  const text = note.slice(0, split + 1);
  const tail = note.slice(split + 2);
  checkText(text);
  if (!tail.endsWith("\n")) throw new BadNote("the last signature line does not end");
  const signatures = tail.slice(0, -1).split("\n").map(parseSignature);
  return { text, signatures };
}

/**
 * The note's text, when it carries a good signature by `key`. Signatures by unknown keys are ignored; one by the known key
 * that fails rejects the note.
 */
export async function openNote(note: string, key: VerifierKey): Promise<string> {
  const { text, signatures } = parseNote(note);
  const ours = signatures.filter((s) => s.name === key.name && equal(s.id, key.id));
  if (ours.length === 0) throw new BadNote("not signed by the expected key");
  for (const one of ours) {
    if (!(await verifyEd25519(key.key, utf8(text), one.signature))) throw new BadNote("a signature does not match");
  }
  return text;
}

/** `name+hex(keyID)+base64(0x01 ‖ key)`, with the key id recomputed and compared. */
export async function parseVerifierKey(vkey: string): Promise<VerifierKey> {
  const first = vkey.indexOf("+");
  const second = vkey.indexOf("+", first + 1);
  if (first < 1 || second < 0) throw new BadNote("not a verifier key");
  const name = vkey.slice(0, first);
  try {
    const id = fromHex(vkey.slice(first + 1, second));
    const material = fromBase64(vkey.slice(second + 1));
    const key = material.slice(1);
    if (material[0] !== 1 || key.length !== 32) throw new BadNote("not an Ed25519 key");
    if (!equal(id, await keyId(name, key))) throw new BadNote("the key's id does not match");
    return { name, id, key };
  } catch (error) {
    if (error instanceof BadBytes) throw new BadNote(error.message);
    throw error;
  }
}

export async function formatVerifierKey(name: string, key: Bytes): Promise<string> {
  return `${name}+${hex(await keyId(name, key))}+${base64(concat(Uint8Array.of(1), key))}`;
}

/** Name of a person's key in a record. */
export function personKeyName(origin: string, person: string): string {
  return `${origin}/p/${person}`;
}

export async function keyId(name: string, key: Bytes): Promise<Bytes> {
  return (await sha256(concat(utf8(name), Uint8Array.of(0x0a, 0x01), key))).slice(0, 4);
}

function parseSignature(line: string): NoteSignature {
  const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
  if (!match) throw new BadNote("not a signature line");
  let bytes: Bytes;
  try {
    bytes = fromBase64(match[2]!);
  } catch {
    throw new BadNote("a signature is not base64");
  }
  if (bytes.length < 5) throw new BadNote("a signature is too short");
  return { name: match[1]!, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function checkText(text: string): void {
  if (!text.endsWith("\n")) throw new BadNote("the text does not end with a line feed");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new BadNote("a control character in the text");
}
