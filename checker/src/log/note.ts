// Signed notes (C2SP signed-note v1.0.0). What stands in one is a claim until its signature was checked.
import { fromBase64, hex, textOf } from "../bytes.ts";
import { isKeyName, type VerifyingKey } from "./key.ts";

const MAX_NOTE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 100;

export interface NoteSignature {
  name: string;
  keyId: string;
  signature: Uint8Array;
}

export interface Note {
  /** Unchecked: not to be used or shown before `verifyNote`. */
  text: string;
  signatures: NoteSignature[];
}

/** Reads a note strictly; every signature line must be well-formed, known or not. */
export function parseNote(bytes: Uint8Array): Note | undefined {
  const whole = bytes.length <= MAX_NOTE_BYTES ? textOf(bytes) : undefined;
  if (whole === undefined || /[\x00-\x09\x0b-\x1f]/.test(whole) || !whole.endsWith("\n")) return undefined;
  const blank = whole.lastIndexOf("\n\n");
  if (blank < 0 || blank + 2 >= whole.length) return undefined;
  const lines = whole.slice(blank + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (!signature) return undefined;
    signatures.push(signature);
  }
  return { text: whole.slice(0, blank + 1), signatures };
}

export function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^\u2014 ([^ ]*) (.*)$/s.exec(line) ?? [];
  const blob = name !== undefined && isKeyName(name) ? fromBase64(encoded!) : undefined;
  if (!blob || blob.length < 5) return undefined;
  return { name: name!, keyId: hex(blob.subarray(0, 4)), signature: blob.subarray(4) };
}

/** Whether the note is signed by this key: at least one line names it, and every line that does holds. */
export function isSignedBy(note: Note, key: VerifyingKey): boolean {
  const known = note.signatures.filter((line) => line.name === key.name && line.keyId === key.id);
  return known.length > 0 && known.every((line) => key.accepts(note.text, line.signature));
}
