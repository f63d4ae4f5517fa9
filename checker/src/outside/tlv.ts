// Elements of ASN.1 as tokens use it: DER, and the looseness of BER that real services send in the envelope.
//
// It gives no meaning to an element. Depth and number are bounded by the file, which the caller bounds.
import { concat } from "../bytes.ts";

/** Not the structure that belongs there. */
export class Malformed extends Error {}

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;
export const BOOLEAN = 0x01;
/** An element of a context: `[n]`, holding others. */
export const context = (number: number): number => 0xa0 + number;
/** The same, holding bytes. */
export const primitive = (number: number): number => 0x80 + number;

const MAX_DEPTH = 12;

export interface Tlv {
  tag: number;
  content: Uint8Array;
  /** Tag and length too, as they stand in the file. */
  raw: Uint8Array;
}

/** Reads elements one after the other. */
export class Elements {
  #at = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly depth = 0,
  ) {
    if (depth > MAX_DEPTH) throw new Malformed();
  }

  get isEmpty(): boolean {
    return this.#at === this.bytes.length;
  }

  next(): Tlv {
    const from = this.#at;
    const [tag, first] = [this.bytes[from], this.bytes[from + 1]];
    // Tags of more than one byte occur nowhere in a token.
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new Malformed();
    if (first === 0x80) return this.#open(from, tag);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    let length = first < 0x80 ? first : 0;
    for (let at = 0; at < lengthBytes; at++) length = length * 256 + (this.bytes[from + 2 + at] ?? NaN);
    const begin = from + 2 + lengthBytes;
    if (!(lengthBytes <= 4 && begin + length <= this.bytes.length)) throw new Malformed();
    this.#at = begin + length;
    return { tag, content: this.bytes.subarray(begin, this.#at), raw: this.bytes.subarray(from, this.#at) };
  }

  /** An element whose length is left open ends with two zero bytes. */
  #open(from: number, tag: number): Tlv {
    if ((tag & 0x20) === 0) throw new Malformed();
    const inside = new Elements(this.bytes.subarray(from + 2), this.depth + 1);
    while (!(inside.bytes[inside.#at] === 0 && inside.bytes[inside.#at + 1] === 0)) inside.next();
    this.#at = from + 2 + inside.#at + 2;
    return { tag, content: inside.bytes.subarray(0, inside.#at), raw: this.bytes.subarray(from, this.#at) };
  }

  take(tag: number): Tlv {
    const element = this.next();
    if (element.tag !== tag) throw new Malformed();
    return element;
  }

  optional(tag: number): Tlv | undefined {
    return this.bytes[this.#at] === tag ? this.next() : undefined;
  }

  rest(): Tlv[] {
    const all: Tlv[] = [];
    while (!this.isEmpty) all.push(this.next());
    return all;
  }

  finish(): void {
    if (!this.isEmpty) throw new Malformed();
  }
}

export const inside = (element: Tlv): Elements => new Elements(element.content);

/** The only element of some bytes. */
export function only(bytes: Uint8Array, tag: number): Tlv {
  const elements = new Elements(bytes);
  const element = elements.take(tag);
  elements.finish();
  return element;
}

/** The bytes of an octet string, also of one that comes in parts. */
export function octets(element: Tlv, depth = 0): Uint8Array {
  if (element.tag === OCTET_STRING) return element.content;
  if (element.tag !== (OCTET_STRING | 0x20) || depth > MAX_DEPTH) throw new Malformed();
  return concat(
    ...inside(element)
      .rest()
      .map((part) => octets(part, depth + 1)),
  );
}

export function boolean(element: Tlv): boolean {
  if (element.content.length !== 1) throw new Malformed();
  return element.content[0] !== 0;
}

/** A small number that is not negative. */
export function small(bytes: Uint8Array): number {
  if (bytes.length === 0 || bytes.length > 5 || bytes[0]! >= 0x80) throw new Malformed();
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** An object identifier with its dots. */
export function oid(element: Tlv): string {
  if (element.tag !== OID || element.content.length === 0 || element.content.length > 40) throw new Malformed();
  const parts: bigint[] = [];
  let value = 0n;
  for (const byte of element.content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0) {
      const first = value < 80n ? value / 40n : 2n;
      parts.push(first, value - first * 40n);
    } else parts.push(value);
    value = 0n;
  }
  return parts.join(".");
}

/** Writes an element in DER. */
export function der(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest >>= 8) length.unshift(rest & 255);
  const head = content.length < 0x80 ? [content.length] : [0x80 + length.length, ...length];
  return concat(Uint8Array.of(tag, ...head), content);
}

/** The instant of a UTCTime or GeneralizedTime in UTC, with the fraction as it stands; `undefined` for another form. */
export function instant(element: Tlv): Date | undefined {
  const text = String.fromCharCode(...element.content.subarray(0, 64));
  const form =
    element.tag === 0x17
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()Z$/
      : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,20})?Z$/;
  const parts = element.tag === 0x17 || element.tag === 0x18 ? form.exec(text) : null;
  if (!parts || element.content.length > 64) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const full = element.tag === 0x17 ? year + (year < 50 ? 2000 : 1900) : year;
  const minutes = new Date(Date.UTC(full, month - 1, day, hour, minute));
  const same =
    minutes.getUTCMonth() === month - 1 &&
    minutes.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second <= 60;
  // A leap second is the first instant after.
  const fraction = second === 60 ? 0 : Math.floor(Number(`0${parts[7] ?? ""}`) * 1000);
  return same ? new Date(minutes.getTime() + second * 1000 + fraction) : undefined;
}
