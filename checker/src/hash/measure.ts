// SHA-256 and CRC-32 of files that stand one after the other: the work of one worker, without knowing that it is one.
import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "../bytes.ts";
import { crc32 } from "../crc32.ts";

/** A run of files that is read at once, or one large file. Offsets are places in the package. */
export interface Run {
  from: number;
  to: number;
  files: { index: number; offset: number; size: number }[];
}

export interface Measured {
  index: number;
  sha256: string;
  crc32: number;
}

/** Up to here the browser's own SHA-256 costs more than it saves. */
const NATIVE_FROM_BYTES = 16 * 1024;
const PIECE_BYTES = 8 * 2 ** 20;

/** Measures the files of one run; `tick` hears of bytes that are done. A file that ends early is cut off. */
export async function measureRun(
  file: Blob,
  run: Run,
  wholeBytes: number,
  tick: (bytes: number) => void,
): Promise<Measured[]> {
  const only = run.files.length === 1 ? run.files[0] : undefined;
  const bytes = only && only.size > wholeBytes ? undefined : await readWhole(file, run);
  if (!bytes) return await Promise.all(run.files.map((one) => measureLarge(file, one, tick)));
  const measured: Measured[] = [];
  for (const { index, offset, size } of run.files) {
    const own = bytes.subarray(offset - run.from, offset - run.from + size);
    // WebCrypto works beside this thread.
    const coming = sha256Of(own);
    const crc = crc32(own);
    measured.push({ index, sha256: await coming, crc32: crc });
    tick(size);
  }
  return measured;
}

/** `undefined` where there is no memory for it; a file that cannot be read fails again when it is read in pieces. */
async function readWhole(file: Blob, run: Run): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await file.slice(run.from, run.to).arrayBuffer());
  } catch {
    return undefined;
  }
}

/** SHA-256 in hex, by the browser's own code where that pays. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  // A page that was opened in an unusual way may have no WebCrypto.
  const native = bytes.length >= NATIVE_FROM_BYTES ? globalThis.crypto?.subtle : undefined;
  return hex(native ? new Uint8Array(await native.digest("SHA-256", bytes as BufferSource)) : sha256(bytes));
}

/** WebCrypto wants a content whole; a larger one is hashed piece by piece, which is slower. */
async function measureLarge(
  file: Blob,
  { index, offset, size }: Run["files"][number],
  tick: (bytes: number) => void,
): Promise<Measured> {
  const hash = sha256.create();
  let crc = 0;
  const piece = (from: number): Promise<ArrayBuffer> =>
    file.slice(offset + from, offset + Math.min(from + PIECE_BYTES, size)).arrayBuffer();
  let coming = piece(0);
  for (let from = 0; from < size; from += PIECE_BYTES) {
    const bytes = new Uint8Array(await coming);
    // The next piece is read while this one is hashed.
    if (from + PIECE_BYTES < size) coming = piece(from + PIECE_BYTES);
    hash.update(bytes);
    crc = crc32(bytes, crc);
    tick(bytes.length);
  }
  return { index, sha256: hex(hash.digest()), crc32: crc };
}

const RUN_BYTES = 8 * 2 ** 20;
const RUN_FILES = 500;

/** Cuts the files of a package, which stand in order, into runs; the largest come first, so that none is left alone. */
export function cutRuns(files: { offset: number; size: number }[]): Run[] {
  const runs: Run[] = [];
  for (const [index, { offset, size }] of files.entries()) {
    const last = runs.at(-1);
    const fits = last && offset + size - last.from <= RUN_BYTES && last.files.length < RUN_FILES;
    const run = fits ? last : { from: offset, to: offset, files: [] };
    run.to = offset + size;
    run.files.push({ index, offset, size });
    if (run !== last) runs.push(run);
  }
  return runs.sort((a, b) => b.to - b.from - (a.to - a.from));
}
