// The checkpoint the council publishes right now, checked with its key.

import { getText } from "@dienhong/web-shared/http.ts";
import { openCheckpoint, type Checkpoint } from "@dienhong/web-shared/record/checkpoint.ts";
import { parseVerifierKey } from "@dienhong/web-shared/record/note.ts";

export type Head = { state: "loading" } | { state: "failed" } | { state: "bad" } | { state: "good"; checkpoint: Checkpoint };

export async function readHead(council: string, vkey: string): Promise<Head> {
  let text: string;
  try {
    text = await getText(checkpointPath(council));
  } catch {
    return { state: "failed" };
  }
  try {
    return { state: "good", checkpoint: await openCheckpoint(text, await parseVerifierKey(vkey)) };
  } catch {
    return { state: "bad" };
  }
}

export function checkpointPath(council: string): string {
  return `/c/${council}/record/checkpoint`;
}
