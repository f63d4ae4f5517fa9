// The file that ties one leaf to one checkpoint (C2SP tlog-proof@v1).
import { decimal, fromBase64, textOf, utf8 } from "../bytes.ts";
import { parseNote } from "./note.ts";

const HEADER = "c2sp.org/tlog-proof@v1\n";
const MAX_FILE_BYTES = 192 * 1024;
const MAX_HASHES = 63;

export interface TlogProof {
  index: bigint;
  /** From the leaf's sibling up to the root's child. */
  hashes: Uint8Array[];
  /** The signed checkpoint, verbatim. */
  note: Uint8Array;
}

/** Reads a proof in its one form; the `extra` line is covered by no signature, so version 1 has none. */
export function parseProof(bytes: Uint8Array): TlogProof | undefined {
  const text = bytes.length <= MAX_FILE_BYTES ? textOf(bytes) : undefined;
  const blank = text?.indexOf("\n\n") ?? -1;
  if (!text?.startsWith(HEADER) || blank < HEADER.length) return undefined;
  const [first, ...lines] = text.slice(HEADER.length, blank).split("\n");
  const index = first!.startsWith("index ") ? decimal(first!.slice("index ".length)) : undefined;
  if (index === undefined || lines.length > MAX_HASHES) return undefined;
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== 32) return undefined;
    hashes.push(hash);
  }
  const note = utf8(text.slice(blank + 2));
  return parseNote(note) ? { index, hashes, note } : undefined;
}
