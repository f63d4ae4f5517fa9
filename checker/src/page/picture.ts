// Which bytes are a picture this page may show, told by the bytes alone and never by a name.

export interface Picture {
  type: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  width: number;
  height: number;
}

export const MAX_PICTURE_BYTES = 32 * 2 ** 20;
/** A small file can claim a picture that fills the memory. */
const MAX_PIXELS = 80e6;

export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const found = png(bytes) ?? jpeg(bytes) ?? gif(bytes) ?? webp(bytes);
  return found && found.width > 0 && found.height > 0 && found.width * found.height <= MAX_PIXELS
    ? found
    : undefined;
}

const ascii = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function png(bytes: Uint8Array): Picture | undefined {
  if (bytes.length < 24 || bytes[0] !== 0x89 || !ascii(bytes, 1, "PNG\r\n\x1a\n") || !ascii(bytes, 12, "IHDR"))
    return undefined;
  return { type: "image/png", width: view(bytes).getUint32(16), height: view(bytes).getUint32(20) };
}

function gif(bytes: Uint8Array): Picture | undefined {
  if (bytes.length < 10 || !(ascii(bytes, 0, "GIF87a") || ascii(bytes, 0, "GIF89a"))) return undefined;
  return { type: "image/gif", width: view(bytes).getUint16(6, true), height: view(bytes).getUint16(8, true) };
}

function jpeg(bytes: Uint8Array): Picture | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const read = view(bytes);
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + read.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", height: read.getUint16(at + 5), width: read.getUint16(at + 7) };
  }
  return undefined;
}

function webp(bytes: Uint8Array): Picture | undefined {
  if (bytes.length < 30 || !ascii(bytes, 0, "RIFF") || !ascii(bytes, 8, "WEBP")) return undefined;
  const read = view(bytes);
  const three = (at: number): number => read.getUint16(at, true) + (bytes[at + 2]! << 16) + 1;
  if (ascii(bytes, 12, "VP8X")) return { type: "image/webp", width: three(24), height: three(27) };
  if (ascii(bytes, 12, "VP8 ")) {
    return {
      type: "image/webp",
      width: read.getUint16(26, true) & 0x3fff,
      height: read.getUint16(28, true) & 0x3fff,
    };
  }
  const bits = ascii(bytes, 12, "VP8L") ? read.getUint32(21, true) : 0;
  return bits
    ? { type: "image/webp", width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    : undefined;
}
