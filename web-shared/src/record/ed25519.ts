// Ed25519 with the record's strictness (RFC 8032, no small-order or non-canonical keys and points): WebCrypto where the
// browser has it, otherwise @noble/ed25519. Only WebCrypto signs, because only it keeps a key that cannot be exported.

import { equal, fromHex, type Bytes } from "./bytes.ts";

export async function verifyEd25519(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (!isSoundPoint(key) || !isSoundPoint(signature.subarray(0, 32))) return false;
  if (await webCryptoHasEd25519()) {
    try {
      const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", imported, signature, message);
    } catch {
      return false;
    }
  }
  const noble = await import("@noble/ed25519");
  try {
    return await noble.verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

export async function generateKey(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
}

export async function rawPublicKey(key: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

let known: Promise<boolean> | undefined;

function webCryptoHasEd25519(): Promise<boolean> {
  known ??= (async () => {
    try {
      await crypto.subtle.importKey("raw", BASE_POINT, "Ed25519", false, ["verify"]);
      return true;
    } catch {
      return false;
    }
  })();
  return known;
}

const BASE_POINT = fromHex("5866666666666666666666666666666666666666666666666666666666666666");

/** The y coordinates (little-endian, sign bit cleared) of the eight points of small order. */
const SMALL_ORDER_Y = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(fromHex);

/** False for a non-canonical y (y ≥ 2^255 − 19) and for points of small order, which browsers do not all refuse. */
function isSoundPoint(encoded: Uint8Array): boolean {
  const y = Uint8Array.from(encoded);
  y[31]! &= 0x7f;
  const allOnes = y[31] === 0x7f && y.subarray(1, 31).every((b) => b === 0xff);
  if (allOnes && y[0]! >= 0xed) return false;
  return !SMALL_ORDER_Y.some((small) => equal(small, y));
}
