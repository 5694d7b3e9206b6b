// The record's signed head (C2SP tlog-checkpoint).

import { fromBase64, type Bytes } from "./bytes.ts";
import { openNote, type VerifierKey } from "./note.ts";

export type Checkpoint = { origin: string; size: number; root: Bytes };

export class BadCheckpoint extends Error {}

/** Checks the signature and reads the text. The origin must be the key's own name. */
export async function openCheckpoint(note: string, key: VerifierKey): Promise<Checkpoint> {
  const text = await openNote(note, key);
  const lines = text.slice(0, -1).split("\n");
  const [origin, size, root] = lines;
  if (lines.length !== 3 || origin !== key.name || !/^(0|[1-9][0-9]{0,15})$/.test(size!))
    throw new BadCheckpoint("not a checkpoint of this record");
  const bytes = fromBase64(root!);
  if (bytes.length !== 32) throw new BadCheckpoint("the root has a wrong length");
  return { origin, size: Number(size), root: bytes };
}
