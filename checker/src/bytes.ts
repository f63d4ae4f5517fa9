// Bytes and their texts, each in one spelling only: hex in lower case, base64 with every unused bit zero.
import { sha256 } from "@noble/hashes/sha2.js";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text of bytes that are UTF-8; a byte order mark stays and is seen. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

export const isHex32 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const digest = (bytes: Uint8Array): Uint8Array => sha256(bytes);
export const digestHex = (bytes: Uint8Array): string => hex(sha256(bytes));

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = STANDARD.slice(0, 62) + "-_";
const NO_LETTER = 255;
/** The value of each character below 128. */
function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(128).fill(NO_LETTER);
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
  return values;
}
const standardValues = valuesOf(STANDARD);
const urlValues = valuesOf(URL_SAFE);

function encode(bytes: Uint8Array, alphabet: string, padded: boolean): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    text += left > 1 ? alphabet[(group >> 6) & 63]! : padded ? "=" : "";
    text += left > 2 ? alphabet[group & 63]! : padded ? "=" : "";
  }
  return text;
}

function decode(text: string, values: Uint8Array): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [group, bits, at] = [0, 0, 0];
  for (let place = 0; place < text.length; place++) {
    const value = values[text.charCodeAt(place)] ?? NO_LETTER;
    if (value === NO_LETTER) return undefined;
    group = ((group << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (group >> bits) & 0xff;
    }
  }
  // Another spelling of the same bytes would let one value have two texts.
  return (group & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** RFC 4648 §4, padded, canonical. */
export const toBase64 = (bytes: Uint8Array): string => encode(bytes, STANDARD, true);

export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const bare = text.replace(/={1,2}$/, "");
  const wanted = (4 - (bare.length % 4)) % 4;
  return text.length - bare.length === wanted ? decode(bare, standardValues) : undefined;
}

/** RFC 4648 §5 without padding, canonical. */
export const toBase64Url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE, false);
export const fromBase64Url = (text: string): Uint8Array | undefined => decode(text, urlValues);

const HIGH = /[\ud800-\uffff]/;

/** The order of two texts by their UTF-8 bytes, which is that of their code points and not of UTF-16. */
export function compareBytes(a: string, b: string): number {
  // Below the surrogates the two orders are the same.
  if (!HIGH.test(a) && !HIGH.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    const surrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
    if (surrogate(x) !== surrogate(y)) return surrogate(x) ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

const MAX_U64 = (1n << 64n) - 1n;

/** A number in its one decimal form, below 2^64. */
export function decimal(text: string): bigint | undefined {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_U64 ? value : undefined;
}
