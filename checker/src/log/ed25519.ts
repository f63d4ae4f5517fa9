// Ed25519 as strict as RFC 8032 §5.1.7 allows: no point of small order, no second spelling of a signature.
//
// Browsers differ in which of the doubtful signatures they let pass, so WebCrypto is not asked.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, sameBytes } from "../bytes.ts";

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

/** The point of a public key; `undefined` where it is none, or one whose signatures are worth nothing. */
export function publicPoint(key: Uint8Array): Point | undefined {
  const point = readPoint(key);
  return point && !point.isSmallOrder() ? point : undefined;
}

export function verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const point = publicPoint(key);
  if (!point || signature.length !== 64) return false;
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
  const nonce = readPoint(r);
  if (s >= Point.Fn.ORDER || !nonce || nonce.isSmallOrder()) return false;
  const k = littleEndian(sha512(concat(r, key, message))) % Point.Fn.ORDER;
  // Without the cofactor: what has a second, twisted signature is refused.
  const wanted = multiply(Point.BASE, s).subtract(multiply(point, k));
  return sameBytes(wanted.toBytes(), r);
}

function readPoint(bytes: Uint8Array): Point | undefined {
  try {
    return bytes.length === 32 ? Point.fromBytes(bytes.slice(), true) : undefined;
  } catch {
    return undefined;
  }
}

const multiply = (point: Point, by: bigint): Point => (by === 0n ? Point.ZERO : point.multiplyUnsafe(by));

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
