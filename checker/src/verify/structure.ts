// Which files there are, and the two descriptive files of the bag.
import { sameBytes, utf8 } from "../bytes.ts";
import { BAG_INFO, BAGIT, isPayload, SINGLE } from "../path.ts";
import type { Tally } from "../finding.ts";
import { DECLARATION, parseBagInfo } from "../bag.ts";
import type { Reader } from "../package.ts";

/** Checks names, sizes, `bagit.txt` and `bag-info.txt`; gives the day of the bag. */
export async function checkStructure(reader: Reader, tally: Tally): Promise<string | undefined> {
  const { files } = reader.pack;
  for (const [index, file] of files.entries()) {
    if (!file.role) tally.fail("unknown-file", file.path);
    if (reader.isTooLarge(index)) tally.fail("file-too-large", file.path);
  }
  for (const path of SINGLE) {
    if (reader.find(path) === undefined) tally.fail("file-missing", path);
  }
  tally.cover("structure", files.length);
  const bagit = reader.find(BAGIT);
  const declared = bagit === undefined ? undefined : await reader.bytes(bagit);
  if (declared && !sameBytes(declared, utf8(DECLARATION))) tally.fail("bag-declaration", BAGIT);
  return await checkInfo(reader, tally);
}

async function checkInfo(reader: Reader, tally: Tally): Promise<string | undefined> {
  const index = reader.find(BAG_INFO);
  if (index === undefined) return undefined;
  const text = await reader.text(index);
  const info = text === undefined ? undefined : parseBagInfo(text);
  if (!info) {
    tally.fail("bag-info", BAG_INFO);
    return undefined;
  }
  const payload = reader.pack.files.filter((file) => isPayload(file.path));
  const bytes = payload.reduce((sum, file) => sum + file.size, 0);
  if (info.payloadBytes !== BigInt(bytes) || info.payloadFiles !== BigInt(payload.length)) {
    tally.fail("payload-oxum", BAG_INFO, `${bytes}.${payload.length}`);
  }
  return info.date;
}
