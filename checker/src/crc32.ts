// CRC-32 as ZIP uses it, sixteen bytes a step.

const TABLE = new Int32Array(16 * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  TABLE[byte] = value;
}
for (let byte = 0; byte < 256; byte++) {
  for (let step = 1; step < 16; step++) {
    const before = TABLE[(step - 1) * 256 + byte]!;
    TABLE[step * 256 + byte] = (before >>> 8) ^ TABLE[before & 255]!;
  }
}

/** One word of four bytes, at this many tables from the end. */
const word = (value: number, table: number): number =>
  TABLE[(table + 3) * 256 + (value & 255)]! ^
  TABLE[(table + 2) * 256 + ((value >>> 8) & 255)]! ^
  TABLE[(table + 1) * 256 + ((value >>> 16) & 255)]! ^
  TABLE[table * 256 + (value >>> 24)]!;

function bytewise(crc: number, bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) crc = TABLE[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return crc;
}

/** Goes on from an earlier value; the first is 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  if (bytes.length < 32) return ~bytewise(~before, bytes, 0, bytes.length) >>> 0;
  // Words can be read only from places that are a multiple of four; all machines with a browser are little-endian.
  const head = (4 - (bytes.byteOffset & 3)) & 3;
  let crc = bytewise(~before, bytes, 0, head);
  const count = ((bytes.length - head) >> 4) << 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, count);
  for (let at = 0; at < count; at += 4) {
    crc = word(crc ^ words[at]!, 12) ^ word(words[at + 1]!, 8) ^ word(words[at + 2]!, 4) ^ word(words[at + 3]!, 0);
  }
  return ~bytewise(crc, bytes, head + count * 4, bytes.length) >>> 0;
}
