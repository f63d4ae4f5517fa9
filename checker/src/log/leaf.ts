// Leaves (format version 1): one small JSON object in its one form (RFC 8785).
import { fromBase64Url, isHex32, textOf } from "../bytes.ts";
import { type Json, JsonObject, parseJson } from "../json.ts";

const MAX_BYTES = 8192;
const MAX_INTEGER = 2n ** 53n - 1n;
const KEYS = ["_sd", "_sd_alg", "at", "kind", "nb", "nonce", "seq", "v"];

/** A value that did not exist earlier: one round of a beacon. */
export interface NotBefore {
  chain: string;
  rand: string;
  round: bigint;
}

export interface Leaf {
  sd: string[];
  at: string;
  kind: string;
  notBefore?: NotBefore;
  nonce: string;
  seq: bigint;
}

/** Reads stored bytes, which the caller has hashed; `undefined` for what is not a leaf of version 1. */
export function parseLeaf(bytes: Uint8Array): Leaf | undefined {
  const text = bytes.length <= MAX_BYTES ? textOf(bytes) : undefined;
  const object = text === undefined ? undefined : parseJson(text);
  if (!(object instanceof JsonObject)) return undefined;
  const leaf = readLeaf(object.members);
  // Guards the reader: no two leaves can be seen in the same bytes.
  return leaf && encodeLeaf(leaf) === text ? leaf : undefined;
}

function readLeaf(members: Map<string, Json>): Leaf | undefined {
  if ([...members.keys()].some((key) => !KEYS.includes(key))) return undefined;
  const [sd, at, kind, nonce, seq] = ["_sd", "at", "kind", "nonce", "seq"].map((key) => members.get(key));
  const notBefore = members.has("nb") ? readNotBefore(members.get("nb")!) : undefined;
  if (members.has("nb") && !notBefore) return undefined;
  if (members.get("v") !== 1n || members.get("_sd_alg") !== "sha-256") return undefined;
  if (!isDigests(sd) || !isInstant(at) || !isKind(kind) || !isNonce(nonce) || !isInteger(seq)) return undefined;
  return { sd, at, kind, nonce, seq, ...(notBefore && { notBefore }) };
}

function readNotBefore(value: Json): NotBefore | undefined {
  if (!(value instanceof JsonObject) || value.members.size !== 3) return undefined;
  const [chain, rand, round] = ["chain", "rand", "round"].map((key) => value.members.get(key));
  const hexes = typeof chain === "string" && isHex32(chain) && typeof rand === "string" && isHex32(rand);
  return hexes && isInteger(round) ? { chain, rand, round } : undefined;
}

function encodeLeaf(leaf: Leaf): string {
  const nb = leaf.notBefore;
  const beacon = nb ? `"nb":{"chain":"${nb.chain}","rand":"${nb.rand}","round":${nb.round}},` : "";
  const sd = leaf.sd.map((one) => `"${one}"`).join(",");
  return `{"_sd":[${sd}],"_sd_alg":"sha-256","at":"${leaf.at}","kind":"${leaf.kind}",${beacon}"nonce":"${leaf.nonce}","seq":${leaf.seq},"v":1}`;
}

const isInteger = (value: Json | undefined): value is bigint =>
  typeof value === "bigint" && value >= 0n && value <= MAX_INTEGER;
const isNonce = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length === 22 && fromBase64Url(value) !== undefined;
const isDigest = (value: Json): value is string =>
  typeof value === "string" && value.length === 43 && fromBase64Url(value) !== undefined;

/** Each the digest of a disclosure, strictly ascending. */
function isDigests(value: Json | undefined): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((one, at) => isDigest(one) && (at === 0 || (value[at - 1] as string) < one))
  );
}

const isKind = (value: Json | undefined): value is string =>
  typeof value === "string" && value.length <= 64 && /^[a-z]+(\.[a-z_]+)*$/.test(value);

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, of the calendar, without leap second. */
function isInstant(value: Json | undefined): value is string {
  if (typeof value !== "string") return false;
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{3}Z$/.exec(value);
  if (!parts) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60;
}

function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
