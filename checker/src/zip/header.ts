// The bytes of every ZIP header, as a function of name, size, checksum and offset: what the profile of the format allows.

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56;
export const LOCATOR64_BYTES = 20;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
/** `0100644 << 16`: a regular file. */
export const ATTRIBUTES = (0o100644 << 16) >>> 0;
export const FULL_32 = 0xffff_ffffn;
export const FULL_16 = 0xffffn;

export interface Facts {
  /** Only plain ASCII comes this far. */
  name: string;
  size: bigint;
  crc32: number;
  offset: bigint;
}

/** The longest header: a name of 65 535 bytes is refused long before. */
const MAX_BYTES = 1024;

/** Little-endian fields, one after the other. */
class Fields {
  #view = new DataView(new ArrayBuffer(MAX_BYTES));
  #length = 0;

  u16(value: number): this {
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  u64(value: bigint): this {
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  /** The low half of a value that may have moved to a ZIP64 field. */
  capped(value: bigint): this {
    return this.u32(Number(value > FULL_32 ? FULL_32 : value));
  }

  text(text: string): this {
    for (let at = 0; at < text.length; at++) this.#view.setUint8(this.#length++, text.charCodeAt(at));
    return this;
  }

  add(bytes: Uint8Array): this {
    for (const byte of bytes) this.#view.setUint8(this.#length++, byte);
    return this;
  }

  done(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }
}

/** What both headers share, from the version needed to the length of the name. */
function common(out: Fields, facts: Facts): Fields {
  const version = facts.size >= FULL_32 || facts.offset >= FULL_32 ? 45 : 20;
  out.u16(version).u16(0x0800).u16(0).u16(0).u16(0x0021).u32(facts.crc32);
  return out.capped(facts.size).capped(facts.size).u16(facts.name.length);
}

export function local(facts: Facts): Uint8Array {
  const wide = facts.size >= FULL_32;
  const out = common(new Fields().u32(0x04034b50), facts);
  out.u16(wide ? 20 : 0).text(facts.name);
  if (wide) out.u16(1).u16(16).u64(facts.size).u64(facts.size);
  return out.done();
}

export function central(facts: Facts): Uint8Array {
  const extra = centralExtra(facts);
  const out = common(new Fields().u32(CENTRAL_SIGNATURE).u16(0x031e), facts);
  out.u16(extra.length).u16(0).u16(0).u16(0).u32(ATTRIBUTES).capped(facts.offset);
  return out.text(facts.name).add(extra).done();
}

function centralExtra(facts: Facts): Uint8Array {
  const values = new Fields();
  if (facts.size >= FULL_32) values.u64(facts.size).u64(facts.size);
  if (facts.offset >= FULL_32) values.u64(facts.offset);
  const bytes = values.done();
  return bytes.length === 0 ? bytes : new Fields().u16(1).u16(bytes.length).add(bytes).done();
}

/** The records after the directory: ZIP64 ones where demanded, then the end record without a comment. */
export function end(count: bigint, directoryBytes: bigint, directoryOffset: bigint): Uint8Array {
  const out = new Fields();
  if (count >= FULL_16 || directoryBytes >= FULL_32 || directoryOffset >= FULL_32) {
    out
      .u32(0x06064b50)
      .u64(BigInt(END64_BYTES - 12))
      .u16(0x031e)
      .u16(45)
      .u32(0)
      .u32(0);
    out.u64(count).u64(count).u64(directoryBytes).u64(directoryOffset);
    out
      .u32(0x07064b50)
      .u32(0)
      .u64(directoryOffset + directoryBytes)
      .u32(1);
  }
  const capped = Number(count > FULL_16 ? FULL_16 : count);
  out.u32(END_SIGNATURE).u16(0).u16(0).u16(capped).u16(capped);
  return out.capped(directoryBytes).capped(directoryOffset).u16(0).done();
}
