// The two manifests of the bag against the files that are there.
import type { Tally } from "../finding.ts";
import { compareList } from "../list.ts";
import type { Reader } from "../package.ts";
import { isPayload, MANIFEST, TAG_MANIFEST } from "../path.ts";

/** Checks that every file is in exactly one manifest, with its digest, and that nothing else is listed. */
export async function checkLists(reader: Reader, tally: Tally): Promise<void> {
  await checkOne(reader, MANIFEST, isPayload, tally);
  await checkOne(reader, TAG_MANIFEST, (path) => !isPayload(path) && path !== TAG_MANIFEST, tally);
}

async function checkOne(
  reader: Reader,
  list: string,
  belongs: (path: string) => boolean,
  tally: Tally,
): Promise<void> {
  const index = reader.find(list);
  // A list that is missing or too large has its finding from the structure.
  const bytes = index === undefined ? undefined : await reader.bytes(index);
  if (!bytes) return;
  const agreed = compareList(bytes, filesWhere(reader, belongs), {
    notListed: (path) => tally.fail("not-in-manifest", path, list),
    missing: (path) => tally.fail("listed-file-missing", path, list),
    differs: (path) => tally.fail("digest-differs", path, list),
    line: (number) => tally.fail("manifest-line", list, String(number)),
  });
  tally.cover("manifests", agreed);
}

/** The files a list must name, with their digests, in order. */
export function filesWhere(
  reader: Reader,
  belongs: (path: string) => boolean,
): { path: string; sha256: string }[] {
  const all = reader.pack.files.map((file, index) => ({ path: file.path, sha256: reader.digests[index]! }));
  return all.filter((file) => belongs(file.path));
}
