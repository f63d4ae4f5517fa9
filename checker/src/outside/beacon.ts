// Rounds of the public beacon drand (quicknet): random values nobody knew before their instant.
//
// A leaf that holds one was made later than the round. What it commits to may be older.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { digest, digestHex, fromHex, textOf } from "../bytes.ts";
import { JsonObject, parseJson } from "../json.ts";

/** The chain and its key, pinned here: nobody who hands over a value may say which key it is by. */
export const QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
/** What a leaf names as chain where its beacon is a token: SHA-256 of `sigu/v1/token-beacon`. */
export const TOKEN_BEACON = "40287bb94475d190e4e56355dfc5a59d93174410c52e4284e33a5e5b45080c66";
const PUBLIC_KEY =
  "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
  "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const GENESIS_S = 1_692_803_367n;
const PERIOD_S = 3n;
const MAX_ROUND = 2n ** 53n - 1n;

export interface Round {
  round: bigint;
  /** SHA-256 of the signature, in hex: what a leaf holds. */
  randomness: string;
}

/** When a round came out. */
export const timeOf = (round: bigint): Date => new Date(Number(GENESIS_S + (round - 1n) * PERIOD_S) * 1000);

/** Reads a round and checks its signature; `undefined` for what is none. Takes some milliseconds. */
export function verifyRound(bytes: Uint8Array): Round | undefined {
  const object = bytes.length <= 4096 ? parseJson(textOf(bytes) ?? "") : undefined;
  if (!(object instanceof JsonObject)) return undefined;
  const [round, signature, said] = ["round", "signature", "randomness"].map((name) => object.members.get(name));
  if (typeof round !== "bigint" || round < 1n || round > MAX_ROUND) return undefined;
  if (typeof signature !== "string" || !/^[0-9a-f]{96}$/.test(signature)) return undefined;
  const randomness = digestHex(fromHex(signature));
  if (said !== undefined && said !== randomness) return undefined;
  return isSigned(round, signature) ? { round, randomness } : undefined;
}

function isSigned(round: bigint, signature: string): boolean {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, round);
  const { shortSignatures } = bls12_381;
  try {
    const message = shortSignatures.hash(digest(number), DOMAIN);
    // Refuses points outside the subgroup and the neutral one.
    return shortSignatures.verify(fromHex(signature), message, fromHex(PUBLIC_KEY));
  } catch {
    return false;
  }
}
