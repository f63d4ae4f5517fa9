// Cosignatures of witnesses (C2SP tlog-cosignature, Ed25519): each says when it saw a checkpoint of this log, and by its
// trade that it saw no other history. Their keys are not in a package: the reader brings those he trusts.
import { textOf } from "../bytes.ts";
import type { VerifyingKey } from "../log/key.ts";
import { type NoteSignature, parseNote, parseSignature } from "../log/note.ts";

export interface Cosignatures {
  /** The text that was cosigned. */
  text: string;
  lines: NoteSignature[];
  /** Who is said to have signed. */
  names: string[];
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
  const read = lines as NoteSignature[];
  return { text, lines: read, names: [...new Set(read.map((line) => line.name))] };
}

/** When a witness saw the checkpoint, the latest of its lines; all of them must hold. */
export function witnessed(cosignatures: Cosignatures, key: VerifyingKey): { at?: Date; wrong: boolean } {
  const own = cosignatures.lines.filter((line) => line.name === key.name && line.keyId === key.id);
  const times = own.map(({ signature }) => timeOf(signature, cosignatures.text, key));
  if (own.length === 0 || times.includes(undefined)) return { wrong: own.length > 0 };
  const latest = (times as bigint[]).reduce((a, b) => (a > b ? a : b));
  return { at: new Date(Number(latest) * 1000), wrong: false };
}

/** The time of one cosignature, if it holds. */
function timeOf(signature: Uint8Array, text: string, key: VerifyingKey): bigint | undefined {
  if (signature.length !== ED25519_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  const message = `cosignature/v1\ntime ${time}\n${text}`;
  return time > 0n && time <= MAX_TIME_S && key.accepts(message, signature.subarray(8)) ? time : undefined;
}
