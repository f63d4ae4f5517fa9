// The strict reader: central directory first, then every header written again and compared. The first defect ends it.
import { sameBytes, textOf } from "../bytes.ts";
import type { Limits } from "../limits.ts";
import { isPlain } from "../path.ts";
import type { Window } from "../window.ts";
import { ContainerDefect as Defect } from "./defect.ts";
import * as header from "./header.ts";

export interface Member {
  /** The full name, top folder included. */
  name: string;
  /** Where its bytes begin. */
  offset: number;
  size: number;
  crc32: number;
}

interface End {
  count: bigint;
  directoryBytes: bigint;
  directoryOffset: bigint;
}

interface Entry {
  bytes: Uint8Array;
  name: string;
  size: bigint;
  crc32: number;
  offset: bigint;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const u16 = (bytes: Uint8Array, at: number): number => view(bytes).getUint16(at, true);
const u32 = (bytes: Uint8Array, at: number): number => view(bytes).getUint32(at, true);
const u64 = (bytes: Uint8Array, at: number): bigint => view(bytes).getBigUint64(at, true);

/** Reads and checks all headers; contents are not read. */
export async function readIndex(window: Window, limits: Limits, pause?: () => Promise<void>): Promise<Member[]> {
  const end = await readEnd(window, limits);
  const members = await readDirectory(window, end, limits, pause);
  await checkLocalHeaders(window, members, pause);
  return members;
}

/** Finds the end records at the very end of the file and compares them with their one right form. */
async function readEnd(window: Window, limits: Limits): Promise<End> {
  const size = window.file.size;
  const tailBytes = Math.min(size, header.END64_BYTES + header.LOCATOR64_BYTES + header.END_BYTES);
  const tail = await window.read(size - tailBytes, tailBytes);
  const record = tail.length - header.END_BYTES;
  if (record < 0) throw new Defect("not-a-zip");
  if (u32(tail, record) !== header.END_SIGNATURE || u16(tail, record + 20) !== 0) {
    throw new Defect((await hasEnd(window)) ? "zip-trailing-bytes" : "not-a-zip");
  }
  const end = isWide(tail, record) ? wideEnd(tail) : narrowEnd(tail, record);
  if (end.count > BigInt(limits.members)) throw new Defect("too-many-files");
  const directoryEnd = end.directoryOffset + end.directoryBytes;
  if (directoryEnd > BigInt(size)) throw new Defect("not-a-zip");
  const written = header.end(end.count, end.directoryBytes, end.directoryOffset);
  if (written.length > tail.length || !sameBytes(tail.subarray(tail.length - written.length), written)) {
    throw new Defect("zip-header-bytes");
  }
  const room = BigInt(size - written.length);
  // A directory that ends early: bytes were put before the ZIP, or between directory and end.
  if (directoryEnd < room) throw new Defect("zip-leading-bytes");
  if (directoryEnd > room) throw new Defect("not-a-zip");
  return end;
}

function isWide(tail: Uint8Array, record: number): boolean {
  const full = [u32(tail, record + 12), u32(tail, record + 16)].some((value) => BigInt(value) === header.FULL_32);
  return full || BigInt(u16(tail, record + 10)) === header.FULL_16;
}

function narrowEnd(tail: Uint8Array, record: number): End {
  return {
    count: BigInt(u16(tail, record + 10)),
    directoryBytes: BigInt(u32(tail, record + 12)),
    directoryOffset: BigInt(u32(tail, record + 16)),
  };
}

function wideEnd(tail: Uint8Array): End {
  const whole = header.END64_BYTES + header.LOCATOR64_BYTES + header.END_BYTES;
  if (tail.length < whole) throw new Defect("not-a-zip");
  return { count: u64(tail, 32), directoryBytes: u64(tail, 40), directoryOffset: u64(tail, 48) };
}

/** Whether a whole end record stands somewhere in the last 64 KiB, which means that something follows it. */
async function hasEnd(window: Window): Promise<boolean> {
  const size = window.file.size;
  const bytes = await window.read(Math.max(0, size - 0xffff - header.END_BYTES), 0xffff + header.END_BYTES);
  for (let at = 0; at + header.END_BYTES <= bytes.length; at++) {
    if (bytes[at] === 0x50 && u32(bytes, at) === header.END_SIGNATURE) return true;
  }
  return false;
}

async function readDirectory(
  window: Window,
  end: End,
  limits: Limits,
  pause?: () => Promise<void>,
): Promise<Member[]> {
  const members: Member[] = [];
  const directory = {
    window,
    at: Number(end.directoryOffset),
    end: Number(end.directoryOffset + end.directoryBytes),
  };
  let [offset, total, before] = [0n, 0n, ""];
  for (let left = end.count; left > 0n; left--) {
    await pause?.();
    const entry = await readEntry(directory, limits);
    if (members.length > 0) checkOrder(before, entry.name);
    checkPlace(entry, offset);
    const facts = { name: entry.name, size: entry.size, crc32: entry.crc32, offset };
    if (!sameBytes(header.central(facts), entry.bytes)) throw new Defect("zip-header-bytes", entry.name);
    total += entry.size;
    if (total > BigInt(limits.totalBytes)) throw new Defect("too-large");
    const begin = offset + BigInt(header.local(facts).length);
    offset = begin + entry.size;
    if (offset > end.directoryOffset) throw new Defect("zip-overlap", entry.name);
    members.push({ name: entry.name, offset: Number(begin), size: Number(entry.size), crc32: entry.crc32 });
    before = entry.name;
  }
  if (directory.at !== directory.end) throw new Defect("zip-header-bytes");
  if (offset !== end.directoryOffset) throw new Defect("zip-gap", "central directory");
  return members;
}

interface Directory {
  window: Window;
  at: number;
  end: number;
}

async function take(directory: Directory, length: number): Promise<Uint8Array> {
  if (directory.at + length > directory.end) throw new Defect("not-a-zip");
  const bytes = await directory.window.read(directory.at, length);
  if (bytes.length < length) throw new Defect("not-a-zip");
  return bytes;
}

async function readEntry(directory: Directory, limits: Limits): Promise<Entry> {
  const fixed = await take(directory, header.CENTRAL_BYTES);
  if (u32(fixed, 0) !== header.CENTRAL_SIGNATURE) throw new Defect("zip-header-bytes");
  const nameBytes = u16(fixed, 28);
  if (nameBytes > limits.pathBytes) throw new Defect("path-too-long");
  const length = header.CENTRAL_BYTES + nameBytes + u16(fixed, 30) + u16(fixed, 32);
  const bytes = (await take(directory, length)).slice();
  directory.at += length;
  const name = checkName(bytes.subarray(header.CENTRAL_BYTES, header.CENTRAL_BYTES + nameBytes));
  checkKind(bytes, name);
  const values = wideValues(bytes, bytes.subarray(header.CENTRAL_BYTES + nameBytes));
  return { bytes, name, crc32: u32(bytes, 16), ...values };
}

/** Size and offset, from the ZIP64 field where the 32-bit fields are full. A wrong field is found by the comparison. */
function wideValues(bytes: Uint8Array, extra: Uint8Array): { size: bigint; offset: bigint } {
  const values: bigint[] = [];
  for (let at = 4; at + 8 <= extra.length; at += 8) values.push(u64(extra, at));
  let [size, offset] = [BigInt(u32(bytes, 24)), BigInt(u32(bytes, 42))];
  if (size === header.FULL_32) {
    size = values.shift() ?? size;
    // The compressed size, which is the same.
    values.shift();
  }
  if (offset === header.FULL_32) offset = values.shift() ?? offset;
  return { size, offset };
}

function checkName(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text !== undefined && isPlain(text)) return text;
  const shown = text ?? new TextDecoder().decode(bytes);
  const folder = text?.endsWith("/") && isPlain(text.slice(0, -1));
  throw new Defect(folder ? "zip-folder-entry" : "unsafe-path", shown);
}

/** Names the deviations that deserve a name of their own; all others are header bytes. */
function checkKind(bytes: Uint8Array, name: string): void {
  const flags = u16(bytes, 8);
  if (flags & 1) throw new Defect("zip-encrypted", name);
  if (flags & 8) throw new Defect("zip-data-descriptor", name);
  if (u16(bytes, 10) !== 0) throw new Defect("zip-compressed", name);
  if (u32(bytes, 38) !== header.ATTRIBUTES) throw new Defect("special-file", name);
}

function checkOrder(before: string, name: string): void {
  // Both are plain ASCII, where the order of JavaScript is that of the bytes.
  if (before === name) throw new Defect("duplicate-path", name);
  if (before > name) throw new Defect("zip-order", name);
}

function checkPlace(entry: Entry, expected: bigint): void {
  if (entry.offset < expected) throw new Defect("zip-overlap", entry.name);
  if (entry.offset > expected && expected === 0n) throw new Defect("zip-leading-bytes");
  if (entry.offset > expected) throw new Defect("zip-gap", entry.name);
}

async function checkLocalHeaders(window: Window, members: Member[], pause?: () => Promise<void>): Promise<void> {
  let offset = 0;
  for (const { name, size, crc32, offset: begin } of members) {
    await pause?.();
    const wanted = header.local({ name, size: BigInt(size), crc32, offset: BigInt(offset) });
    const found = await window.read(offset, wanted.length);
    if (found.length < wanted.length) throw new Defect("not-a-zip");
    if (!sameBytes(found, wanted)) throw new Defect("zip-local-header", name);
    offset = begin + size;
  }
}
