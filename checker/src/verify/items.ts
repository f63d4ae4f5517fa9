// The contents: each belongs to one leaf and is the one that leaf commits to.
import { emptyBracket } from "../outside/bracket.ts";
import { digestHex, isHex32 } from "../bytes.ts";
import type { Tally } from "../finding.ts";
import { ById, compareIds, type ItemId } from "../item-id.ts";
import { type Fields, integerField, listField, textField } from "../log/disclosure.ts";
import type { Reader } from "../package.ts";
import { disclosuresPath, leafPath } from "../path.ts";
import type { ContentState, ItemReport } from "../report.ts";
import { withheldByLeaf } from "./export.ts";
import type { LeafFacts } from "./leaves.ts";

const SHA256 = "blob.sha256";
const SIZE = "blob.size";
const ERASED = ["erased.log", "erased.seq", "erased.fields"] as const;

/** Compares contents and leaves, and makes the report of every leaf. */
export function checkItems(
  reader: Reader,
  leaves: ById<LeafFacts>,
  exported: ItemId | undefined,
  tally: Tally,
): ItemReport[] {
  const contents = contentsByLeaf(reader, tally);
  const erased = erasedByLeaf(leaves, tally);
  const withheld = withheldByLeaf(leaves, exported, tally);
  for (const { at, value: index } of contents.sorted()) {
    if (!leaves.get(at)?.fields.has(SHA256)) tally.fail("content-unclaimed", reader.pack.files[index]!.path);
  }
  return leaves.sorted().map(({ at, value: leaf }) => {
    const names = withheld.get(at) ?? [];
    const judge = new Judge(reader, at, leaf, contents.get(at), tally);
    return itemReport(at, leaf, names, judge.content(erased.get(at), names.includes(SHA256)));
  });
}

/** The files under `data/items/`, by leaf. */
function contentsByLeaf(reader: Reader, tally: Tally): ById<number> {
  const all = new ById<number>();
  for (const [index, { role, path }] of reader.pack.files.entries()) {
    if (role?.is !== "item") continue;
    if (all.has(role.at)) tally.fail("content-twice", path);
    all.set(role.at, index);
  }
  return all;
}

/** Which contents a later leaf of the package says were erased: wholly, which an empty list of fields means. */
function erasedByLeaf(leaves: ById<LeafFacts>, tally: Tally): ById<ItemId> {
  const all = new ById<ItemId>();
  for (const { at: by, value: leaf } of leaves.sorted()) {
    // Withheld, all or in part: then nothing is said.
    if (leaf.kind !== "content.erased" || ERASED.some((name) => !leaf.fields.has(name))) continue;
    const [log, seq] = [integerField(leaf.fields, ERASED[0]), integerField(leaf.fields, ERASED[1])];
    const fields = listField(leaf.fields, ERASED[2]);
    const of =
      log !== undefined && seq !== undefined && log >= 0n && log < 1n << 32n && seq >= 0n
        ? { log: Number(log), seq }
        : undefined;
    if (!of || !fields || compareIds(of, by) >= 0) tally.fail("field-malformed", disclosuresPath(by), ERASED[0]);
    else if (fields.length === 0) all.set(of, by);
  }
  return all;
}

class Judge {
  constructor(
    readonly reader: Reader,
    readonly at: ItemId,
    readonly leaf: LeafFacts,
    readonly index: number | undefined,
    readonly tally: Tally,
  ) {}

  content(erasedBy: ItemId | undefined, saidWithheld: boolean): ContentState {
    if (this.leaf.fields.has(SHA256)) return this.#disclosed();
    if (this.leaf.lateContent || this.leaf.lateFields.has(SHA256)) return this.#late();
    if (erasedBy) return { is: "erased", by: erasedBy };
    return { is: saidWithheld ? "withheld" : "not-applicable" };
  }

  /** The package discloses a content, so it must hold it. */
  #disclosed(): ContentState {
    const committed = committedBy(this.leaf.fields, this.leaf.fields);
    if (!committed) {
      this.tally.fail("field-malformed", disclosuresPath(this.at), SHA256);
      return { is: "differs" };
    }
    if (this.index === undefined) {
      this.tally.fail("content-missing", leafPath(this.at));
      return { is: "missing" };
    }
    const { path, size } = this.reader.pack.files[this.index]!;
    const sizeFits = committed.size === undefined || committed.size === BigInt(size);
    if (this.reader.digests[this.index] !== committed.sha256 || !sizeFits) {
      this.tally.fail("content-differs", path);
      return { is: "differs" };
    }
    this.tally.cover("items", 1);
    return { is: "matches", path, size, sha256: committed.sha256 };
  }

  /** The content, or the field that commits to it, came later. */
  #late(): ContentState {
    const { lateContent: bytes, lateFields } = this.leaf;
    if (!bytes) return { is: "withheld" };
    if (!lateFields.has(SHA256)) {
      this.tally.fail("late-content-unclaimed", leafPath(this.at));
      return { is: "withheld" };
    }
    const committed = committedBy(lateFields, this.leaf.fields);
    const fits =
      committed &&
      committed.sha256 === digestHex(bytes) &&
      (committed.size === undefined || committed.size === BigInt(bytes.length));
    if (fits) return { is: "matches-late", bytes, sha256: committed.sha256 };
    this.tally.fail("late-content-differs", leafPath(this.at));
    return { is: "differs" };
  }
}

/** The SHA-256 a leaf commits to, and the size where that is open too; `undefined` where either is not in its form. */
function committedBy(fields: Fields, more: Fields): { sha256: string; size?: bigint } | undefined {
  const sha256 = textField(fields, SHA256);
  if (sha256 === undefined || !isHex32(sha256)) return undefined;
  if (!fields.has(SIZE) && !more.has(SIZE)) return { sha256 };
  const size = integerField(fields, SIZE) ?? integerField(more, SIZE);
  return size === undefined || size < 0n ? undefined : { sha256, size };
}

function itemReport(at: ItemId, leaf: LeafFacts, withheld: string[], content: ContentState): ItemReport {
  const opened = leaf.fields.size + leaf.lateFields.size;
  return {
    position: at,
    kind: leaf.kind,
    claimedAt: leaf.at,
    fields: new Map([...leaf.fields, ...leaf.lateFields]),
    withheld,
    undisclosedDigests: Math.max(0, leaf.digests - opened),
    content,
    inLog: leaf.inLog,
    ...(leaf.notBefore && { notBefore: leaf.notBefore }),
    bracket: emptyBracket(),
    late: leaf.lateFields.size > 0 || leaf.lateContent !== undefined,
  };
}
