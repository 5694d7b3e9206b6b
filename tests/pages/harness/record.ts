// A record in memory that signs as the server does, so that pages check real receipts.

import { base64, utf8, type Bytes } from "@dienhong/web-shared/record/bytes.ts";
import { generateKey, rawPublicKey } from "@dienhong/web-shared/record/ed25519.ts";
import { leafHash, treeRoot } from "@dienhong/web-shared/record/merkle.ts";
import { formatVerifierKey, signNote } from "@dienhong/web-shared/record/note.ts";
import type { Receipt } from "@dienhong/web-shared/wire.ts";
import { randomBytes } from "node:crypto";

export class MockRecord {
  readonly #leaves: Bytes[] = [];
  readonly #entries: string[] = [];

  private constructor(
    readonly origin: string,
    readonly vkey: string,
    private readonly key: CryptoKey,
    private readonly publicKey: Bytes,
  ) {}

  /** `before` entries stand in it already, so that numbers look like a day's work. */
  static async create(origin: string, before: number): Promise<MockRecord> {
    const pair = await generateKey();
    const publicKey = await rawPublicKey(pair.publicKey);
    const record = new MockRecord(origin, await formatVerifierKey(origin, publicKey), pair.privateKey, publicKey);
    for (let i = 0; i < before; i++) await record.#push(`{"v":1,"seq":${i},"filler":true}`);
    return record;
  }

  get size(): number {
    return this.#leaves.length;
  }

  entry(seq: number): string | undefined {
    return this.#entries[seq];
  }

  async append(time: number, kind: string, fields: Record<string, unknown>): Promise<Receipt> {
    const seq = this.size;
    const salt = base64(Uint8Array.from(randomBytes(16)));
    const entry = JSON.stringify({ v: 1, seq, time, salt, by: "system", kind, ...fields });
    await this.#push(entry);
    return this.receipt(seq);
  }

  async receipt(seq: number): Promise<Receipt> {
    const proof = (await path(this.#leaves, seq)).map(base64);
    return { seq, entry: this.#entries[seq]!, proof, checkpoint: await this.checkpoint() };
  }

  async checkpoint(): Promise<string> {
    const root = base64(await treeRoot(this.#leaves));
    return signNote(`${this.origin}\n${this.size}\n${root}\n`, this.origin, this.key, this.publicKey);
  }

  async short(seq: number): Promise<string> {
    const leaf = this.#leaves[seq]!;
    return Array.from(leaf.slice(0, 2), (b) => b.toString(16).padStart(2, "0"))
      .join("")
      .toUpperCase();
  }

  async consistency(from: number, to: number): Promise<string[]> {
    return (await subproof(from, this.#leaves.slice(0, to), true)).map(base64);
  }

  async #push(entry: string): Promise<void> {
    this.#entries.push(entry);
    this.#leaves.push(await leafHash(utf8(entry)));
  }
}

/** Inclusion path of leaf `m`, leaf to root (RFC 6962, 2.1.1). */
async function path(leaves: Bytes[], m: number): Promise<Bytes[]> {
  if (leaves.length <= 1) return [];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const left = leaves.slice(0, k);
  const right = leaves.slice(k);
  return m < k ? [...(await path(left, m)), await treeRoot(right)] : [...(await path(right, m - k)), await treeRoot(left)];
}

/** Consistency path (RFC 6962, 2.1.2). */
async function subproof(m: number, leaves: Bytes[], whole: boolean): Promise<Bytes[]> {
  if (m === leaves.length) return whole ? [] : [await treeRoot(leaves)];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const left = leaves.slice(0, k);
  const right = leaves.slice(k);
  if (m <= k) return [...(await subproof(m, left, whole)), await treeRoot(right)];
  return [...(await subproof(m - k, right, false)), await treeRoot(left)];
}
