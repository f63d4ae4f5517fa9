// The logs: key, checkpoint, how each begins and which one it continues.
import { digestHex, hex } from "../bytes.ts";
import type { Tally } from "../finding.ts";
import type { ById, ItemId } from "../item-id.ts";
import { type Checkpoint, verifyCheckpoint } from "../log/checkpoint.ts";
import { type Fields, integerField, textField } from "../log/disclosure.ts";
import { VerifyingKey } from "../log/key.ts";
import type { Reader } from "../package.ts";
import { disclosuresPath, inLog, leafPath } from "../path.ts";
import type { LinkState, LogReport } from "../report.ts";
import type { LeafFacts } from "./leaves.ts";

/** One log of the package, as far as it could be read. */
export interface LogFacts {
  number: number;
  key?: VerifyingKey;
  /** Only where the signature holds. */
  checkpoint?: Checkpoint;
  /** The note as it stands in the package, signed or not. */
  note?: Uint8Array;
  continues?: { origin: string; size: bigint; state: LinkState };
}

export function logReport(log: LogFacts): LogReport {
  return {
    number: log.number,
    origin: log.key?.name ?? "",
    keyFingerprint: log.key?.fingerprint ?? "",
    size: log.checkpoint?.size ?? 0n,
    signatureOk: log.checkpoint !== undefined,
    keyConfirmed: false,
    ...(log.continues && { continues: log.continues }),
  };
}

/** Reads the keys and checkpoints of all logs that occur, in order of their numbers. */
export async function readLogs(reader: Reader, tally: Tally): Promise<LogFacts[]> {
  const logs: LogFacts[] = [];
  for (const number of numbers(reader)) {
    const key = await readKey(reader, number, tally);
    const signed = await readCheckpoint(reader, number, key, tally);
    logs.push({ number, ...(key && { key }), ...signed });
  }
  return logs;
}

function numbers(reader: Reader): number[] {
  const found = new Set<number>();
  for (const { role } of reader.pack.files) {
    if (role && "log" in role) found.add(role.log);
    else if (role && "at" in role && role.is !== "item") found.add(role.at.log);
  }
  return [...found].sort((a, b) => a - b);
}

/** Finds a file every log must have; its absence is a finding. */
function mustFind(reader: Reader, path: string, tally: Tally): number | undefined {
  const found = reader.find(path);
  if (found === undefined) tally.fail("file-missing", path);
  return found;
}

async function readKey(reader: Reader, log: number, tally: Tally): Promise<VerifyingKey | undefined> {
  const [vkeyPath, pemPath] = [inLog(log, "log.vkey"), inLog(log, "log.pem")];
  const [vkey, pem] = [mustFind(reader, vkeyPath, tally), mustFind(reader, pemPath, tally)];
  if (vkey === undefined) return undefined;
  const text = (await reader.text(vkey)) ?? "";
  const key = text.endsWith("\n") ? VerifyingKey.parse(text.slice(0, -1)) : undefined;
  if (!key) {
    tally.fail("key-malformed", vkeyPath);
    return undefined;
  }
  if (pem !== undefined && (await reader.text(pem)) !== key.toPem()) tally.fail("pem-differs", pemPath);
  tally.cover("log-keys", 1);
  return key;
}

/** Reads `checkpoint.note`: its bytes, and what it says if the signature holds. */
async function readCheckpoint(
  reader: Reader,
  log: number,
  key: VerifyingKey | undefined,
  tally: Tally,
): Promise<{ note?: Uint8Array; checkpoint?: Checkpoint }> {
  const path = inLog(log, "checkpoint.note");
  const index = mustFind(reader, path, tally);
  const note = index === undefined ? undefined : await reader.bytes(index);
  if (!note || !key) return {};
  const checkpoint = verifyCheckpoint(note, key);
  if (typeof checkpoint === "string") {
    tally.fail(checkpoint, path);
    return { note };
  }
  tally.cover("checkpoints", 1);
  return { note, checkpoint };
}

/** Checks that each log begins with its key, and what each says it continues. */
export function checkBeginnings(logs: LogFacts[], leaves: ById<LeafFacts>, tally: Tally): void {
  for (const { at, value: leaf } of leaves.sorted()) {
    if (leaf.kind === "genesis" && at.seq !== 0n) tally.fail("genesis-missing", leafPath(at));
  }
  for (const [index, log] of logs.entries()) {
    const at = { log: log.number, seq: 0n };
    const genesis = leaves.get(at);
    if (genesis?.kind !== "genesis") {
      tally.fail("genesis-missing", leafPath(at));
      continue;
    }
    if (textField(genesis.fields, "log.vkey") !== log.key?.toString())
      tally.fail("genesis-key", disclosuresPath(at));
    const before = logs.slice(0, index);
    if (log.key && before.some((other) => other.key?.name === log.key?.name)) {
      tally.fail("origin-twice", inLog(log.number, "log.vkey"));
    }
    const link = linkOf(before, at, genesis.fields, tally);
    if (link) log.continues = link;
    tally.cover("logs", 1);
  }
}

interface Previous {
  origin: string;
  size: bigint;
  root: string;
  noteSha256: string;
}

const PREVIOUS = ["prev.origin", "prev.size", "prev.root", "prev.note_sha256"];

/** What a genesis leaf says about the log before; `undefined` where only some is there, or not in its form. */
function previous(fields: Fields): Previous | "nothing" | undefined {
  if (!PREVIOUS.some((name) => fields.has(name))) return "nothing";
  const [origin, size] = [textField(fields, "prev.origin"), integerField(fields, "prev.size")];
  const [root, noteSha256] = [textField(fields, "prev.root"), textField(fields, "prev.note_sha256")];
  if (origin === undefined || size === undefined || size < 0n) return undefined;
  return root === undefined || noteSha256 === undefined ? undefined : { origin, size, root, noteSha256 };
}

/** Compares what a log says about the one before with the logs of lower number in the package. */
function linkOf(before: LogFacts[], at: ItemId, fields: Fields, tally: Tally): LogFacts["continues"] {
  const named = previous(fields);
  if (named === "nothing" && before.length === 0) return undefined;
  if (named === "nothing" || !named) {
    tally.fail("link-missing", disclosuresPath(at));
    return undefined;
  }
  const sameOrigin = before.find((log) => log.key?.name === named.origin);
  // The log of the number just before can only be the one that is named.
  const last = before.at(-1);
  const neighbour = last?.number === at.log - 1 ? last : undefined;
  const state =
    neighbour && sameOrigin !== neighbour ? "broken" : sameOrigin ? compare(sameOrigin, named) : "claimed";
  if (state === "broken") tally.fail("link-differs", disclosuresPath(at));
  return { origin: named.origin, size: named.size, state };
}

function compare(log: LogFacts, named: Previous): LinkState {
  if (!log.checkpoint || !log.note || log.checkpoint.size < named.size) return "broken";
  if (log.checkpoint.size > named.size) return "later";
  const same = hex(log.checkpoint.root) === named.root && digestHex(log.note) === named.noteSha256;
  return same ? "joined" : "broken";
}
