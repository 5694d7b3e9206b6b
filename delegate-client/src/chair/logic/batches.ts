// One order's arguments stand in one entry of the record (at most 65,535 bytes), so a long agenda goes in several orders.

import type { NewItem } from "@dienhong/web-shared/wire.ts";

/** Well under what an entry holds after its texts were escaped twice. */
const BATCH_BYTES = 12_000;

export function batches(items: readonly NewItem[]): NewItem[][] {
  const all: NewItem[][] = [];
  let size = Infinity;
  for (const item of items) {
    const bytes = new TextEncoder().encode(JSON.stringify(item)).byteLength;
    if (size + bytes > BATCH_BYTES) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(item);
    size += bytes;
  }
  return all;
}
