// Cosignatures of witnesses (C2SP tlog-cosignature, Ed25519): each says when it saw a checkpoint of this log, and by its
// trade that it saw no other history. Their keys are not in a package: the reader brings those he trusts.
import { compareBytes, textOf } from "../bytes.ts";
import type { VerifyingKey } from "../log/key.ts";
import { type NoteSignature, parseNote, parseSignature } from "../log/note.ts";

export interface Cosignatures {
  /** The text that was cosigned. */
  text: string;
  lines: NoteSignature[];
}

const MAX_LINES = 100;
/** The last second of the year 9999. */
const MAX_TIME_S = 253_402_300_799n;
const ED25519_BYTES = 72;

/** Reads signature lines beside a note; `undefined` where one is malformed, known or not. */
export function readCosignatures(bytes: Uint8Array, note: Uint8Array): Cosignatures | undefined {
  const [text, whole] = [parseNote(note)?.text, bytes.length <= 65_536 ? textOf(bytes) : undefined];
  if (text === undefined || !whole?.endsWith("\n")) return undefined;
  const lines = whole.slice(0, -1).split("\n").map(parseSignature);
  if (lines.length > MAX_LINES || lines.includes(undefined)) return undefined;
  return { text, lines: lines as NoteSignature[] };
}

export interface Seen {
  key: VerifyingKey;
  at: Date;
}

/** What witnesses with these keys signed; `undefined` where a line of one of them does not hold: then none counts. */
export function seenBy(cosignatures: Cosignatures, keys: VerifyingKey[]): Seen[] | undefined {
  const seen: Seen[] = [];
  for (const line of cosignatures.lines) {
    const key = keys.find((one) => isOf(line, one));
    if (!key) continue;
    const time = timeOf(line.signature, cosignatures.text, key);
    if (time === undefined) return undefined;
    seen.push({ key, at: new Date(Number(time) * 1000) });
  }
  return seen;
}

/** The names on all other lines, each once. */
export function strangers(cosignatures: Cosignatures, keys: VerifyingKey[]): string[] {
  const others = cosignatures.lines.filter((line) => !keys.some((key) => isOf(line, key)));
  return [...new Set(others.map((line) => line.name))].sort(compareBytes);
}

const isOf = (line: NoteSignature, key: VerifyingKey): boolean => line.name === key.name && line.keyId === key.id;

/** The time of one cosignature, if it holds. */
function timeOf(signature: Uint8Array, text: string, key: VerifyingKey): bigint | undefined {
  if (signature.length !== ED25519_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  const message = `cosignature/v1\ntime ${time}\n${text}`;
  return time > 0n && time <= MAX_TIME_S && key.accepts(message, signature.subarray(8)) ? time : undefined;
}
