// The closed list of paths a bundle may hold, and what each of them is.
import { decimal } from "./bytes.ts";
import { type ItemId, logNumber, parseId } from "./item-id.ts";

export const BAGIT = "bagit.txt";
export const BAG_INFO = "bag-info.txt";
export const MANIFEST = "manifest-sha256.txt";
export const TAG_MANIFEST = "tagmanifest-sha256.txt";
export const CONTENTS = "trust/contents.txt";
/** The page that judges a package; it may be absent. */
export const CHECKER_PAGE = "trust/checker.html";

/** The files every bundle has exactly once. */
export const SINGLE = [
  BAG_INFO,
  BAGIT,
  "data/index.html",
  "data/index.json",
  MANIFEST,
  TAG_MANIFEST,
  "trust/VERIFY.md",
  "trust/check-inclusion.sh",
  CONTENTS,
];

/** A checkpoint outsiders have seen. */
export interface StampId {
  log: number;
  size: bigint;
}

/** What a file in a folder of `stamped/` is; those of a service say whose. */
export type Stamped =
  | { is: "note" | "consistency" | "ots" | "header" | "cosignatures" }
  | { is: "request" | "reply" | "chain"; service: string };

export type Role =
  | { is: "single" | "page" }
  | { is: "stamped"; of: StampId; file: Stamped }
  | { is: "round"; round: bigint }
  | { is: "item" | "leaf" | "proof" | "disclosures"; at: ItemId }
  | { is: "vkey" | "pem" | "note"; log: number };

/** What a file is, read from its path alone; `undefined` where the format knows no such file. */
export function roleOf(path: string): Role | undefined {
  if (SINGLE.includes(path)) return { is: "single" };
  if (path === CHECKER_PAGE) return { is: "page" };
  const [, round] = /^trust\/beacons\/quicknet-(.*)\.json$/s.exec(path) ?? [];
  if (round !== undefined) return roundRole(decimal(round));
  if (path.startsWith("data/items/")) return itemRole(path.slice("data/items/".length));
  const inLog = /^trust\/logs\/([^/]*)\/(.*)$/s.exec(path);
  const log = inLog ? logNumber(inLog[1]!) : undefined;
  return log === undefined ? undefined : logRole(log, inLog![2]!);
}

function itemRole(name: string): Role | undefined {
  const [, position, extension] = /^([^.]*)\.(.*)$/s.exec(name) ?? [];
  const at = parseId(position ?? "");
  return at && /^[a-z0-9]{1,8}$/.test(extension ?? "") ? { is: "item", at } : undefined;
}

/** The largest number a leaf can hold. */
const MAX_NUMBER = 2n ** 53n - 1n;
const isNumber = (value: bigint | undefined): value is bigint =>
  value !== undefined && value >= 1n && value <= MAX_NUMBER;

const roundRole = (round: bigint | undefined): Role | undefined =>
  isNumber(round) ? { is: "round", round } : undefined;

const ALONE: Record<string, "note" | "consistency" | "ots" | "header" | "cosignatures"> = {
  "checkpoint.note": "note",
  "consistency.txt": "consistency",
  "checkpoint.ots": "ots",
  "checkpoint.header": "header",
  "witness.cosig": "cosignatures",
};
const OF_SERVICE: Record<string, "request" | "reply" | "chain"> = {
  ".tsq": "request",
  ".tsr": "reply",
  ".chain.pem": "chain",
};

function stampedRole(log: number, rest: string): Role | undefined {
  const [, sizeText, name] = /^stamped\/([^/]*)\/(.*)$/s.exec(rest) ?? [];
  const size = decimal(sizeText ?? "");
  if (!isNumber(size) || name === undefined) return undefined;
  const of = { log, size };
  if (Object.hasOwn(ALONE, name)) return { is: "stamped", of, file: { is: ALONE[name]! } };
  const [, service, ending] = /^([a-z][a-z0-9-]{0,31})(\.tsq|\.tsr|\.chain\.pem)$/.exec(name) ?? [];
  if (service === undefined || service === "checkpoint" || service === "witness") return undefined;
  return { is: "stamped", of, file: { is: OF_SERVICE[ending!]!, service } };
}

const FOLDERS = {
  leaves: ["leaf", "json"],
  proofs: ["proof", "tlog-proof"],
  disclosures: ["disclosures", "txt"],
} as const;

function logRole(log: number, rest: string): Role | undefined {
  if (rest === "log.vkey") return { is: "vkey", log };
  if (rest === "log.pem") return { is: "pem", log };
  if (rest === "checkpoint.note") return { is: "note", log };
  if (rest.startsWith("stamped/")) return stampedRole(log, rest);
  const [, folder, number, extension] = /^([a-z]+)\/([^.]*)\.(.*)$/s.exec(rest) ?? [];
  const seq = decimal(number ?? "");
  if (!folder || !Object.hasOwn(FOLDERS, folder) || seq === undefined) return undefined;
  const [is, wanted] = FOLDERS[folder as keyof typeof FOLDERS];
  return extension === wanted ? { is, at: { log, seq } } : undefined;
}

/** Relative, only downwards, and of `[A-Za-z0-9._-]` and `/` alone. */
export function isPlain(path: string): boolean {
  return path.split("/").every((part) => part !== "." && part !== ".." && /^[A-Za-z0-9._-]+$/.test(part));
}

export const isPayload = (path: string): boolean => path.startsWith("data/");
export const inLog = (log: number, name: string): string => `trust/logs/${log}/${name}`;
export const stampedPath = (of: StampId, name: string): string => inLog(of.log, `stamped/${of.size}/${name}`);
export const roundPath = (round: bigint): string => `trust/beacons/quicknet-${round}.json`;
export const leafPath = (at: ItemId): string => inLog(at.log, `leaves/${at.seq}.json`);
export const proofPath = (at: ItemId): string => inLog(at.log, `proofs/${at.seq}.tlog-proof`);
export const disclosuresPath = (at: ItemId): string => inLog(at.log, `disclosures/${at.seq}.txt`);
