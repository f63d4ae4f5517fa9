// Proofs of OpenTimestamps: from a digest through hashes to blocks of the Bitcoin chain.
//
// A block is not looked up here: what the proof needs it to hold is said, for whoever asks a node of his own.
import { sha1, ripemd160 } from "@noble/hashes/legacy.js";
import { concat, digest, hex, sameBytes, textOf, utf8 } from "../bytes.ts";

const MAGIC = "\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94";
const BITCOIN = "0588960d73d71901";
const PENDING = "83dfe30d2ef90c8e";
const MAX_BYTES = 64 * 1024;
const MAX_MESSAGE = 4096;
const MAX_PAYLOAD = 8192;
const MAX_DEPTH = 256;
/** The address of a calendar, as it may stand in a proof. */
const ADDRESS = /^[A-Za-z0-9._\/:-]{0,1000}$/;

export interface BlockClaim {
  height: number;
  /** The Merkle root the block must have, as it is usually written. */
  merkleRoot: string;
}

export interface OtsProof {
  blocks: BlockClaim[];
  /** How many calendars have promised and not delivered; that shows nothing. */
  pending: number;
}

class Broken extends Error {}

/** Reads a proof about this SHA-256; `undefined` for what is none. */
export function readOts(bytes: Uint8Array, about: Uint8Array): OtsProof | undefined {
  try {
    return bytes.length <= MAX_BYTES ? new Reader(bytes).proof(about) : undefined;
  } catch (error) {
    if (error instanceof Broken) return undefined;
    throw error;
  }
}

class Reader {
  #at = 0;
  #found: OtsProof = { blocks: [], pending: 0 };

  constructor(readonly bytes: Uint8Array) {}

  proof(about: Uint8Array): OtsProof {
    const magic = Uint8Array.from(MAGIC, (letter) => letter.charCodeAt(0));
    if (!sameBytes(this.#take(magic.length), magic) || this.#number() !== 1 || this.#byte() !== 0x08)
      throw new Broken();
    if (!sameBytes(this.#take(32), about)) throw new Broken();
    this.#timestamp(about, 0);
    if (this.#at !== this.bytes.length) throw new Broken();
    this.#found.blocks.sort((a, b) => a.height - b.height);
    return this.#found;
  }

  /** A tree: forks say that more follows, everything else is one operation or one attestation. */
  #timestamp(message: Uint8Array, depth: number): void {
    if (depth >= MAX_DEPTH) throw new Broken();
    let tag = this.#byte();
    for (; tag === 0xff; tag = this.#byte()) this.#branch(this.#byte(), message, depth);
    this.#branch(tag, message, depth);
  }

  #branch(tag: number, message: Uint8Array, depth: number): void {
    if (tag === 0x00) this.#attestation(message);
    else this.#timestamp(this.#apply(tag, message), depth + 1);
  }

  #apply(tag: number, message: Uint8Array): Uint8Array {
    switch (tag) {
      case 0xf0:
        return this.#bounded(message, this.#argument());
      case 0xf1:
        return this.#bounded(this.#argument(), message);
      case 0x02:
        return sha1(message);
      case 0x03:
        return ripemd160(message);
      case 0x08:
        return digest(message);
      case 0xf2:
        return message.slice().reverse();
      case 0xf3:
        return this.#bounded(utf8(hex(message)));
      default:
        throw new Broken();
    }
  }

  #attestation(message: Uint8Array): void {
    const kind = hex(this.#take(8));
    const payload = this.#some();
    if (payload.length > MAX_PAYLOAD) throw new Broken();
    const inside = new Reader(payload);
    if (kind === PENDING) {
      if (!ADDRESS.test(textOf(inside.#some()) ?? " ") || inside.#at !== payload.length) throw new Broken();
      this.#found.pending++;
    }
    if (kind !== BITCOIN) return;
    const height = inside.#number();
    if (inside.#at !== payload.length) throw new Broken();
    // A message of another length is no Merkle root.
    if (message.length === 32) this.#found.blocks.push({ height, merkleRoot: hex(message.slice().reverse()) });
  }

  #bounded(...parts: Uint8Array[]): Uint8Array {
    const message = concat(...parts);
    if (message.length > MAX_MESSAGE) throw new Broken();
    return message;
  }

  #argument(): Uint8Array {
    const argument = this.#some();
    if (argument.length === 0) throw new Broken();
    return argument;
  }

  #some(): Uint8Array {
    return this.#take(this.#number());
  }

  #number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Broken();
  }

  #byte(): number {
    return this.#take(1)[0]!;
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.bytes.length) throw new Broken();
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}

export interface BlockHeader {
  /** As it is usually written: to be compared with what others say of this height. */
  hash: string;
  time: Date;
}

const HEADER_BYTES = 80;
/** A block's clock may be wrong by so much. */
export const BLOCK_CLOCK_MS = 2 * 3600 * 1000;

/**
 * Reads the header of a block with this Merkle root whose hash is below its own target; that it is one of Bitcoin's, at that
 * height, is for the reader to find out.
 */
export function readHeader(bytes: Uint8Array, merkleRoot: string): BlockHeader | undefined {
  if (bytes.length !== HEADER_BYTES || hex(bytes.slice(36, 68).reverse()) !== merkleRoot) return undefined;
  const fields = new DataView(bytes.buffer, bytes.byteOffset);
  const [time, bits] = [fields.getUint32(68, true), fields.getUint32(72, true)];
  const [mantissa, exponent] = [bits & 0x007f_ffff, bits >>> 24];
  if ((bits & 0x0080_0000) !== 0 || exponent > 32 || exponent < 3) return undefined;
  const hash = hex(digest(digest(bytes)).reverse());
  return BigInt(`0x${hash}`) <= BigInt(mantissa) << BigInt(8 * (exponent - 3))
    ? { hash, time: new Date(time * 1000) }
    : undefined;
}
