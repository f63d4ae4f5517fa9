// The leaves: their form, their place in the log, and what is opened of them, at once or later.
import { sameBytes, textOf } from "../bytes.ts";
import type { Tally } from "../finding.ts";
import { ById, type ItemId } from "../item-id.ts";
import { type Disclosure, type Fields, open, parseDisclosure } from "../log/disclosure.ts";
import { type Leaf, type NotBefore, parseLeaf } from "../log/leaf.ts";
import { parseProof } from "../log/tlog-proof.ts";
import { isIncluded, leafHash } from "../log/tree.ts";
import type { Reader } from "../package.ts";
import { disclosuresPath, leafPath, proofPath } from "../path.ts";
import { type LateByLeaf, openLate } from "./late.ts";
import type { LogFacts } from "./logs.ts";

/** One leaf as far as it could be read. */
export interface LeafFacts {
  kind: string;
  at: string;
  digests: number;
  /** What the package opens. */
  fields: Fields;
  /** What was opened later. */
  lateFields: Fields;
  /** A content handed over later. */
  lateContent?: Uint8Array;
  inLog: boolean;
  notBefore?: NotBefore;
}

/** The three files of one leaf. */
type Files = Partial<Record<"leaf" | "proof" | "disclosures", number>>;

/** Reads and checks all leaves; those that are no leaves are missing from the answer. */
export async function readLeaves(
  reader: Reader,
  logs: LogFacts[],
  late: LateByLeaf,
  tally: Tally,
  pause?: () => Promise<void>,
): Promise<ById<LeafFacts>> {
  const leaves = new ById<LeafFacts>();
  for (const { at, value: files } of group(reader).sorted()) {
    await pause?.();
    checkComplete(at, files, tally);
    const read = await readLeaf(reader, at, files, tally);
    if (!read) continue;
    const log = logs.find((one) => one.number === at.log);
    const inLog = await checkProof(reader, at, files, log, read.bytes, tally);
    const disclosures = await readDisclosures(reader, at, files, tally);
    const { kind, at: claimed, sd, notBefore } = read.leaf;
    const facts: LeafFacts = {
      kind,
      at: claimed,
      digests: sd.length,
      inLog,
      lateFields: new Map(),
      fields: openFields(sd, disclosures, at, tally),
      ...(notBefore && { notBefore }),
    };
    openLate(facts, sd, disclosures, at, late, tally);
    leaves.set(at, facts);
  }
  for (const { at } of late.sorted()) {
    if (!leaves.has(at)) tally.fail("late-unknown-leaf", leafPath(at));
  }
  return leaves;
}

function group(reader: Reader): ById<Files> {
  const all = new ById<Files>();
  for (const [index, { role }] of reader.pack.files.entries()) {
    if (role?.is === "leaf" || role?.is === "proof" || role?.is === "disclosures") {
      all.getOrMake(role.at, () => ({}))[role.is] = index;
    }
  }
  return all;
}

function checkComplete(at: ItemId, files: Files, tally: Tally): void {
  if (files.leaf === undefined) tally.fail("leaf-incomplete", leafPath(at));
  if (files.proof === undefined) tally.fail("leaf-incomplete", proofPath(at));
  if (files.disclosures === undefined) tally.fail("leaf-incomplete", disclosuresPath(at));
}

/** Reads a leaf from its stored bytes, which are also what is hashed. */
async function readLeaf(
  reader: Reader,
  at: ItemId,
  files: Files,
  tally: Tally,
): Promise<{ bytes: Uint8Array; leaf: Leaf } | undefined> {
  const bytes = files.leaf === undefined ? undefined : await reader.bytes(files.leaf);
  if (!bytes) return undefined;
  const leaf = parseLeaf(bytes);
  if (!leaf) {
    tally.fail("leaf-malformed", leafPath(at));
    return undefined;
  }
  if (leaf.seq !== at.seq) tally.fail("leaf-number", leafPath(at), String(leaf.seq));
  tally.cover("leaves", 1);
  return { bytes, leaf };
}

/** Checks that a leaf is under the signed checkpoint of its log; answers whether that was shown. */
async function checkProof(
  reader: Reader,
  at: ItemId,
  files: Files,
  log: LogFacts | undefined,
  leaf: Uint8Array,
  tally: Tally,
): Promise<boolean> {
  const bytes = files.proof === undefined ? undefined : await reader.bytes(files.proof);
  if (!bytes) return false;
  const refuse = (
    code: "proof-malformed" | "proof-index" | "proof-checkpoint" | "not-included",
    detail?: string,
  ) => {
    tally.fail(code, proofPath(at), detail);
    return false;
  };
  const proof = parseProof(bytes);
  if (!proof) return refuse("proof-malformed");
  if (proof.index !== at.seq) return refuse("proof-index", String(proof.index));
  if (!log?.note || !sameBytes(log.note, proof.note)) return refuse("proof-checkpoint");
  // Without a signed checkpoint there is nothing to be under; that has its finding already.
  if (!log.checkpoint) return false;
  const { size, root } = log.checkpoint;
  if (!isIncluded(leafHash(leaf), at.seq, size, proof.hashes, root)) return refuse("not-included");
  tally.cover("inclusion", 1);
  return true;
}

async function readDisclosures(reader: Reader, at: ItemId, files: Files, tally: Tally): Promise<Disclosure[]> {
  const bytes = files.disclosures === undefined ? undefined : await reader.bytes(files.disclosures);
  if (!bytes) return [];
  const disclosures = parseLines(bytes);
  if (!disclosures) {
    tally.fail("disclosure-malformed", disclosuresPath(at));
    return [];
  }
  const ordered = disclosures.every((one, index) => index === 0 || disclosures[index - 1]!.name <= one.name);
  if (!ordered) tally.fail("disclosure-order", disclosuresPath(at));
  return disclosures;
}

function parseLines(bytes: Uint8Array): Disclosure[] | undefined {
  const text = textOf(bytes);
  if (text === "") return [];
  if (!text?.endsWith("\n")) return undefined;
  const disclosures = text.slice(0, -1).split("\n").map(parseDisclosure);
  return disclosures.includes(undefined) ? undefined : (disclosures as Disclosure[]);
}

function openFields(sd: string[], disclosures: Disclosure[], at: ItemId, tally: Tally): Fields {
  const fields = open(sd, disclosures);
  if (fields instanceof Map) {
    tally.cover("disclosures", disclosures.length);
    return fields;
  }
  tally.fail("disclosure-no-match", disclosuresPath(at), fields.name);
  return new Map();
}
