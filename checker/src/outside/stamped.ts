// What outsiders say about when: proofs that stand beside the logs, in `trust/logs/<log>/stamped/<size>/` and `trust/beacons/`.
//
// They are statements, each with its own end; none of them makes a package better or worse. The roots that come along are
// claims: whether one counts, the reader says.
import { decimal, digest, fromBase64, textOf } from "../bytes.ts";
import { isConsistent } from "../log/tree.ts";
import { verifyCheckpoint } from "../log/checkpoint.ts";
import { logNumber } from "../item-id.ts";
import type { Reader } from "../package.ts";
import { inLog } from "../path.ts";
import type { LogFacts } from "../verify/logs.ts";
import { type Round, verifyRound } from "./beacon.ts";
import { type Certificate, readCertificates } from "./certificate.ts";
import { type Cosignatures, readCosignatures } from "./cosignature.ts";
import { type BlockHeader, type OtsProof, readHeader, readOts } from "./opentimestamps.ts";
import { type TokenDefect, TokenRefused } from "./refused.ts";
import { type Token, verifyReply } from "./token.ts";

export interface ServiceStamp {
  service: string;
  path: string;
  token?: Token;
  defect?: TokenDefect;
}

/** A checkpoint outsiders have seen: everything up to `size` leaves existed when they saw it. */
export interface Stamp {
  log: number;
  size: bigint;
  path: string;
  /** Whether it is a checkpoint of this log, and the beginning of the one in the package. */
  holds: boolean;
  services: ServiceStamp[];
  /** Absent where there is none; `"wrong"` where it is about something else or broken. */
  ots?: OtsProof | "wrong";
  /** The header of a block the proof leads to; a claim. */
  header?: BlockHeader;
  /** What witnesses signed: claims until the reader brings their keys. */
  cosignatures?: Cosignatures;
}

export interface Outside {
  stamps: Stamp[];
  /** Rounds whose signature holds, by number. */
  rounds: Map<bigint, Round>;
  /** Files of rounds that do not hold. */
  badRounds: string[];
}

const MAX_STAMPS = 50;
const MAX_SERVICES = 8;
const MAX_ROUNDS = 200;

/** Reads all of it; `roots` are certificates the reader brought himself. */
export async function readOutside(
  reader: Reader,
  logs: LogFacts[],
  roots: Certificate[],
  pause?: () => Promise<void>,
): Promise<Outside> {
  const stamps: Stamp[] = [];
  for (const { log, size, files } of folders(reader).slice(0, MAX_STAMPS)) {
    await pause?.();
    stamps.push(
      await readStamp(
        reader,
        logs.find((one) => one.number === log),
        log,
        size,
        files,
        roots,
      ),
    );
  }
  const rounds = new Map<bigint, Round>();
  const badRounds: string[] = [];
  const beacons = reader.pack.files
    .map((file) => file.path)
    .filter((path) => /^trust\/beacons\/quicknet-\d+\.json$/.test(path));
  for (const path of beacons.slice(0, MAX_ROUNDS)) {
    await pause?.();
    const bytes = await reader.bytes(reader.find(path)!);
    const round = bytes && verifyRound(bytes);
    if (round && path.endsWith(`-${round.round}.json`)) rounds.set(round.round, round);
    else badRounds.push(path);
  }
  return { stamps, rounds, badRounds };
}

interface Folder {
  log: number;
  size: bigint;
  /** By name inside the folder. */
  files: Map<string, number>;
}

function folders(reader: Reader): Folder[] {
  const all = new Map<string, Folder>();
  for (const [index, { path }] of reader.pack.files.entries()) {
    const [, logText, sizeText, name] = /^trust\/logs\/([^/]+)\/stamped\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const [log, size] = [logNumber(logText ?? ""), decimal(sizeText ?? "")];
    if (log === undefined || size === undefined) continue;
    const folder = all.get(`${log}/${size}`) ?? { log, size, files: new Map<string, number>() };
    folder.files.set(name!, index);
    all.set(`${log}/${size}`, folder);
  }
  return [...all.values()];
}

async function readStamp(
  reader: Reader,
  log: LogFacts | undefined,
  number: number,
  size: bigint,
  files: Map<string, number>,
  roots: Certificate[],
): Promise<Stamp> {
  const path = inLog(number, `stamped/${size}/`);
  const bytesOf = async (name: string): Promise<Uint8Array | undefined> => {
    const index = files.get(name);
    return index === undefined ? undefined : await reader.bytes(index);
  };
  const note = await bytesOf("checkpoint.note");
  const holds = note !== undefined && isBeginning(note, size, log, await bytesOf("consistency.txt"));
  const stamp: Stamp = { log: number, size, path, holds, services: [] };
  if (!note) return stamp;
  const imprint = digest(note);
  const services = [...files.keys()].filter((name) => name.endsWith(".tsr")).map((name) => name.slice(0, -4));
  for (const service of services.slice(0, MAX_SERVICES)) {
    const [reply, request, chain] = [
      await bytesOf(`${service}.tsr`),
      await bytesOf(`${service}.tsq`),
      await bytesOf(`${service}.chain.pem`),
    ];
    const certificates = chain ? readCertificates(chain) : [];
    if (reply)
      stamp.services.push({
        service,
        path: `${path}${service}.tsr`,
        ...(await judge(reply, imprint, request, certificates, roots)),
      });
  }
  const ots = await bytesOf("checkpoint.ots");
  if (ots) stamp.ots = readOts(ots, imprint) ?? "wrong";
  const header = await bytesOf("checkpoint.header");
  const blocks = typeof stamp.ots === "object" ? stamp.ots.blocks : [];
  const read =
    header && blocks.map((block) => readHeader(header, block.merkleRoot)).find((one) => one !== undefined);
  if (read) stamp.header = read;
  const lines = await bytesOf("witness.cosig");
  if (lines) stamp.cosignatures = readCosignatures(lines, note);
  return stamp;
}

/** Whether a note is a checkpoint of this log with this size, and the log of the package goes on from it. */
function isBeginning(
  note: Uint8Array,
  size: bigint,
  log: LogFacts | undefined,
  consistency: Uint8Array | undefined,
): boolean {
  if (!log?.key || !log.checkpoint || !consistency) return false;
  const checkpoint = verifyCheckpoint(note, log.key);
  if (typeof checkpoint === "string" || checkpoint.size !== size) return false;
  const lines = (textOf(consistency) ?? "?").split("\n");
  if (lines.pop() !== "" || lines.length > 128) return false;
  const hashes = lines.map(fromBase64);
  if (hashes.some((hash) => hash?.length !== 32)) return false;
  return isConsistent(size, log.checkpoint.size, checkpoint.root, log.checkpoint.root, hashes as Uint8Array[]);
}

async function judge(
  reply: Uint8Array,
  imprint: Uint8Array,
  request: Uint8Array | undefined,
  chain: Certificate[],
  roots: Certificate[],
): Promise<{ token: Token } | { defect: TokenDefect }> {
  const isRoot = (one: Certificate): boolean =>
    one.issuer.length === one.subject.length && one.issuer.every((byte, at) => byte === one.subject[at]);
  const certificates = { roots: [...roots, ...chain.filter(isRoot)], others: chain.filter((one) => !isRoot(one)) };
  try {
    return { token: await verifyReply(reply, imprint, request, certificates) };
  } catch (error) {
    if (error instanceof TokenRefused) return { defect: error.defect };
    throw error;
  }
}
