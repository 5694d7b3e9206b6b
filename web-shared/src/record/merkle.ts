// RFC 6962 hashes and proofs. Sizes are integers below 2^53, so halving is done without bit operators.

import { concat, equal, sha256, type Bytes } from "./bytes.ts";

export class BadProof extends Error {}

export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), entry));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

export function emptyRoot(): Promise<Bytes> {
  return sha256(new Uint8Array(0));
}

/** Throws unless `leaf` stands at `index` in the tree of `size` leaves whose root is `root` (RFC 9162, 2.1.3.2). */
export async function verifyInclusion(leaf: Bytes, index: number, size: number, proof: Bytes[], root: Bytes): Promise<void> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new BadProof("index outside the tree");
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const step of proof) {
    if (sn === 0) throw new BadProof("the proof is too long");
    if (isOdd(fn) || fn === sn) {
      hash = await nodeHash(step, hash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = await nodeHash(hash, step);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new BadProof("the proof is too short");
  if (!equal(hash, root)) throw new BadProof("the proof does not lead to the root");
}

/** Throws unless the tree of `to` leaves with `toRoot` begins with the tree of `from` leaves with `fromRoot` (RFC 9162, 2.1.4.2). */
export async function verifyConsistency(from: number, fromRoot: Bytes, to: number, toRoot: Bytes, proof: Bytes[]): Promise<void> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) throw new BadProof("sizes out of order");
  if (from === to) {
    if (proof.length > 0 || !equal(fromRoot, toRoot)) throw new BadProof("same size, another root");
    return;
  }
  if (from === 0) {
    if (proof.length > 0) throw new BadProof("the proof is too long");
    return;
  }
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : [...proof];
  let fn = from - 1;
  let sn = to - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  const first = path.shift();
  if (!first) throw new BadProof("the proof is too short");
  let old = first;
  let now = first;
  for (const step of path) {
    if (sn === 0) throw new BadProof("the proof is too long");
    if (isOdd(fn) || fn === sn) {
      old = await nodeHash(step, old);
      now = await nodeHash(step, now);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      now = await nodeHash(now, step);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new BadProof("the proof is too short");
  if (!equal(old, fromRoot) || !equal(now, toRoot)) throw new BadProof("the record was not only extended");
}

/** Root of all these leaf hashes. */
export async function treeRoot(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(await treeRoot(leaves.slice(0, split)), await treeRoot(leaves.slice(split)));
}

const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

function isPowerOfTwo(n: number): boolean {
  while (n % 2 === 0) n /= 2;
  return n === 1;
}
