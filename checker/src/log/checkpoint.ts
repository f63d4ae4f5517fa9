// Checkpoints (C2SP tlog-checkpoint v1.0.0): origin, size and root, signed by the log and by nobody else.
import { decimal, fromBase64 } from "../bytes.ts";
import type { VerifyingKey } from "./key.ts";
import { isSignedBy, parseNote } from "./note.ts";

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Uint8Array;
}

export type CheckpointDefect = "checkpoint-malformed" | "checkpoint-signature";

/** Reads the three lines; there are no extension lines. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "") return undefined;
  const [origin, size, root] = [lines[0]!, decimal(lines[1]!), fromBase64(lines[2]!)];
  return origin === "" || size === undefined || root?.length !== 32 ? undefined : { origin, size, root };
}

/** Checks that a note is a checkpoint of the log of this key, signed by it alone. */
export function verifyCheckpoint(bytes: Uint8Array, key: VerifyingKey): Checkpoint | CheckpointDefect {
  const note = parseNote(bytes);
  if (!note) return "checkpoint-malformed";
  if (!isSignedBy(note, key)) return "checkpoint-signature";
  const checkpoint = parseCheckpoint(note.text);
  // A line by someone else would be covered by nothing, so version 1 has none.
  const right = checkpoint?.origin === key.name && note.signatures.length === 1;
  return checkpoint && right ? checkpoint : "checkpoint-malformed";
}
