// One order's arguments stand in one entry of the record (at most 65,535 bytes), so a long agenda goes in several orders.
// A level counts from the items before it in the same order, so an order begins where a new branch does.

import type { NewItem } from "@dienhong/web-shared/wire.ts";

/** Well under what an entry holds after its texts were escaped twice. */
const BATCH_BYTES = 12_000;

export function batches(items: readonly NewItem[]): NewItem[][] {
  const all: NewItem[][] = [];
  let size = Infinity;
  for (const branch of branches(items)) {
    const bytes = new TextEncoder().encode(JSON.stringify(branch)).byteLength;
    if (size + bytes > BATCH_BYTES) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(...branch);
    size += bytes;
  }
  return all;
}

function branches(items: readonly NewItem[]): NewItem[][] {
  const all: NewItem[][] = [];
  for (const item of items) {
    if ((item.level ?? 0) === 0 || all.length === 0) all.push([]);
    all.at(-1)?.push(item);
  }
  return all;
}
