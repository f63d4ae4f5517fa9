// What binds the package together: the leaf of the export and the contents it names.
import { isHex32 } from "../bytes.ts";
import type { Tally } from "../finding.ts";
import { ById, compareIds, type ItemId, parseId } from "../item-id.ts";
import { compareList } from "../list.ts";
import { listField, textField } from "../log/disclosure.ts";
import type { Reader } from "../package.ts";
import { CONTENTS, disclosuresPath, leafPath, MANIFEST, roleOf, TAG_MANIFEST } from "../path.ts";
import type { LeafFacts } from "./leaves.ts";
import { filesWhere } from "./lists.ts";

const CONTENTS_FIELD = "export.contents_sha256";
const WITHHELD_FIELD = "export.withheld";

/** Finds the one leaf of this export and compares the package with what it names. */
export async function checkExport(
  reader: Reader,
  leaves: ById<LeafFacts>,
  bagDate: string | undefined,
  tally: Tally,
): Promise<ItemId | undefined> {
  const isExport = (leaf: LeafFacts): boolean => leaf.kind === "export.made" && leaf.fields.has(CONTENTS_FIELD);
  const [first, ...others] = leaves.sorted().filter(({ value }) => isExport(value));
  if (!first) {
    tally.fail("export-missing");
    return undefined;
  }
  for (const other of others) tally.fail("export-twice", leafPath(other.at));
  const { at, value: leaf } = first;
  checkName(reader, bagDate, at, tally);
  if (!listField(leaf.fields, WITHHELD_FIELD)) tally.fail("export-withheld", disclosuresPath(at));
  const contents = reader.find(CONTENTS);
  if (contents !== undefined) {
    checkDigest(leaf, at, reader.digests[contents]!, tally);
    await checkList(reader, contents, at, tally);
  }
  return at;
}

/** The top folder says the day of the bag and the leaf of the export. */
function checkName(reader: Reader, bagDate: string | undefined, at: ItemId, tally: Tally): void {
  if (bagDate === undefined) return;
  const [, day, position] = /^sigu-(\d{8})-(.*)$/s.exec(reader.pack.name) ?? [];
  const named = parseId(position ?? "");
  const right = named && compareIds(named, at) === 0 && day === bagDate.replaceAll("-", "");
  if (!right) tally.fail("top-folder", undefined, reader.pack.name);
}

function checkDigest(leaf: LeafFacts, at: ItemId, found: string, tally: Tally): void {
  const logged = textField(leaf.fields, CONTENTS_FIELD);
  if (logged === undefined || !isHex32(logged)) tally.fail("field-malformed", disclosuresPath(at), CONTENTS_FIELD);
  else if (logged === found) tally.cover("export", 1);
  else tally.fail("export-contents", CONTENTS);
}

async function checkList(reader: Reader, index: number, exported: ItemId, tally: Tally): Promise<void> {
  const bytes = await reader.bytes(index);
  if (!bytes) return;
  const agreed = compareList(
    bytes,
    filesWhere(reader, (path) => isBound(path, exported)),
    {
      notListed: (path) => tally.fail("not-in-contents", path),
      missing: (path) => tally.fail("contents-file-missing", path),
      differs: (path) => tally.fail("contents-differ", path),
      line: (number) => tally.fail("contents-line", CONTENTS, String(number)),
    },
  );
  tally.cover("export", agreed);
}

/** Whether the export leaf commits to a file: to all that existed before the leaf was logged. */
function isBound(path: string, exported: ItemId): boolean {
  const role = roleOf(path);
  if (role?.is === "single") return ![CONTENTS, MANIFEST, TAG_MANIFEST].includes(path);
  if (role?.is === "note" || role?.is === "proof") return false;
  if (role?.is === "stamped") return role.file.is !== "consistency";
  if (role?.is === "leaf" || role?.is === "disclosures") return compareIds(role.at, exported) !== 0;
  return true;
}

/** The exporter's logged claim about what was withheld, by leaf; a line in another form is a finding. */
export function withheldByLeaf(
  leaves: ById<LeafFacts>,
  exported: ItemId | undefined,
  tally: Tally,
): ById<string[]> {
  const byLeaf = new ById<string[]>();
  const leaf = exported && leaves.get(exported);
  if (!leaf) return byLeaf;
  for (const line of listField(leaf.fields, WITHHELD_FIELD) ?? []) {
    const blank = line.indexOf(" ");
    const of = blank < 0 ? undefined : parseId(line.slice(0, blank));
    if (of) byLeaf.getOrMake(of, () => []).push(line.slice(blank + 1));
    else tally.fail("field-malformed", disclosuresPath(exported), WITHHELD_FIELD);
  }
  return byLeaf;
}
