// Checking a package: every rule of the format, each failure named, nothing believed that is not shown.
//
// Contents are read once and hashed. All else works on digests and on the small files outside data/, which are read
// again one by one and must still have the digest of the first reading.
import { utf8 } from "../bytes.ts";
import { Tally } from "../finding.ts";
import { type Hashing, hashHere, type Progress } from "../hash/here.ts";
import type { LateDisclosure } from "../late.ts";
import { LIMITS, type Limits } from "../limits.ts";
import { openPackage, type Package, Reader } from "../package.ts";
import { gradeOf, type Report } from "../report.ts";
import type { Certificate } from "../outside/certificate.ts";
import { believing, NOBODY } from "../outside/bracket.ts";
import { readOutside } from "../outside/stamped.ts";
import type { VerifyingKey } from "../log/key.ts";
import { checkExport } from "./export.ts";
import { checkItems } from "./items.ts";
import { lateByLeaf } from "./late.ts";
import { readLeaves } from "./leaves.ts";
import { checkLists } from "./lists.ts";
import { checkBeginnings, logReport, readLogs } from "./logs.ts";
import { findCopies, findPapers } from "./rests.ts";
import { checkStructure } from "./structure.ts";

export interface VerifyOptions {
  limits?: Limits;
  /** What the exporter disclosed after the package. */
  disclosures?: LateDisclosure[];
  /** Root certificates of timestamp services the reader trusts. */
  roots?: Certificate[];
  /** Keys of witnesses, and hashes of blocks, the reader trusts. */
  keys?: VerifyingKey[];
  blocks?: string[];
  hashing?: Hashing;
  progress?: (at: Progress) => void;
  /** Called now and then between two steps: lets a page stay alive, and ends the work by throwing. */
  pause?: () => Promise<void>;
}

/** The file is sealed for a recipient: it must be opened first. Says nothing about the package. */
export class Sealed extends Error {}

const AGE = utf8("age-encryption.org/v1");

/** Verifies a bundle. Whatever is wrong with it is in the report; an exception means that it could not be judged. */
export async function verify(file: Blob, options: VerifyOptions = {}): Promise<Report> {
  const tally = new Tally();
  await refuseSealed(file);
  const limits = options.limits ?? LIMITS;
  const pack = await openPackage(file, limits, tally, options.pause);
  if (!pack) return emptyReport(tally);
  const digests = await hashAll(file, pack, options, tally);
  const reader = new Reader(file, pack, digests, limits);
  const bagDate = await checkStructure(reader, tally);
  await checkLists(reader, tally);
  const logs = await readLogs(reader, tally);
  const late = lateByLeaf(options.disclosures ?? [], logs, tally);
  const leaves = await readLeaves(reader, logs, late, tally, options.pause);
  checkBeginnings(logs, leaves, tally);
  const exported = await checkExport(reader, leaves, bagDate, tally);
  const items = checkItems(reader, leaves, exported, tally);
  const roots = options.roots ?? [];
  const outside = await readOutside(reader, logs, roots, tally, options.pause);
  const logReports = logs.map(logReport);
  const report: Report = {
    ...emptyReport(tally),
    grade: gradeOf(tally.findings, logReports),
    outside,
    logs: logReports,
    items,
    papers: findPapers(items),
    copies: findCopies(items),
    ...(exported && { export: exported }),
    name: pack.name,
    offsets: new Map(pack.files.map((one) => [one.path, one.offset])),
    files: pack.files.length,
    bytes: pack.files.reduce((sum, one) => sum + one.size, 0),
  };
  const believed = new Set([...roots.map((one) => one.fingerprint), ...(options.blocks ?? [])]);
  return believing(report, { digests: believed, keys: options.keys ?? [] });
}

async function refuseSealed(file: Blob): Promise<void> {
  const head = new Uint8Array(await file.slice(0, AGE.length).arrayBuffer());
  if (head.length === AGE.length && head.every((byte, at) => byte === AGE[at])) throw new Sealed();
}

/** Hashes all files and compares their CRC-32; gives the digests in the order of the files. */
async function hashAll(file: Blob, pack: Package, options: VerifyOptions, tally: Tally): Promise<string[]> {
  const measured = await (options.hashing ?? hashHere)(file, pack.files, options.progress ?? (() => {}));
  const digests: string[] = new Array<string>(pack.files.length).fill("");
  const wrong = measured.filter(({ index, sha256, crc32 }) => {
    digests[index] = sha256;
    return pack.files[index]!.crc32 !== crc32;
  });
  for (const { index } of wrong.sort((a, b) => a.index - b.index)) {
    tally.fail("zip-checksum", pack.files[index]!.path);
  }
  return digests;
}

function emptyReport(tally: Tally): Report {
  return {
    grade: "altered",
    findings: tally.findings,
    outside: { stamps: [], rounds: new Map() },
    trust: NOBODY,
    outsideTime: "none",
    logs: [],
    items: [],
    papers: [],
    copies: [],
    checks: tally.outcomes(),
    files: 0,
    bytes: 0,
  };
}
