// What outsiders say about when: proofs that stand beside the logs, in `trust/logs/<log>/stamped/<size>/` and `trust/beacons/`.
//
// Two kinds of file lie there. What the exporter laid down (that a folder is whole, that its note is a checkpoint of this
// log, that the package goes on from it) must be right: otherwise it is a finding. What outsiders said is a statement of
// others: it holds, is a claim or is refused, and makes a package neither better nor worse. Whom to believe, `bracket.ts` asks.
import { digest, fromBase64, sameBytes, textOf } from "../bytes.ts";
import type { Tally } from "../finding.ts";
import { MAX_ROUNDS, MAX_SERVICES, MAX_STAMPS } from "../limits.ts";
import { verifyCheckpoint } from "../log/checkpoint.ts";
import { isConsistent } from "../log/tree.ts";
import type { Reader } from "../package.ts";
import { roundPath, type StampId, type Stamped, stampedPath } from "../path.ts";
import type { LogFacts } from "../verify/logs.ts";
import { type Round, verifyRound } from "./beacon.ts";
import { type Certificate, type Path, readPath } from "./certificate.ts";
import { type Cosignatures, readCosignatures } from "./cosignature.ts";
import { type BlockHeader, readHeader, readOts } from "./opentimestamps.ts";
import { type TokenDefect, TokenRefused } from "./refused.ts";
import { type Token, verifyReply } from "./token.ts";

export interface ServiceStamp {
  service: string;
  /** Whether the request was kept: without it a replay of an older reply is not seen. */
  request: boolean;
  token?: Token;
  defect?: TokenDefect;
}

export interface BlockStamp {
  height: number;
  /** The Merkle root the block must have, as it is usually written. */
  merkleRoot: string;
  /** The block's header, if it came along: a claim until its hash is known. */
  header?: BlockHeader;
}

export interface OtsStamp {
  blocks: BlockStamp[];
  pending: number;
  /** A header lies beside it that is none, or of no such block. */
  headerRefused: boolean;
}

/** A checkpoint outsiders have seen: everything up to `size` leaves existed when they saw it. */
export interface Stamp extends StampId {
  /** Whether it is a checkpoint of this log and the beginning of the package's; if not, nothing beside it is looked at. */
  tied: boolean;
  /** By name. */
  services: ServiceStamp[];
  ots?: OtsStamp | "refused";
  /** What witnesses signed: claims until the reader brings their keys. */
  cosignatures?: Cosignatures | "refused";
}

export interface Outside {
  /** By log and size. */
  stamps: Stamp[];
  /** By number; `undefined` for a file that is not the round. */
  rounds: Map<bigint, Round | undefined>;
}

/** Reads all of it; `roots` are certificates the reader brought himself. */
export async function readOutside(
  reader: Reader,
  logs: LogFacts[],
  roots: Certificate[],
  tally: Tally,
  pause?: () => Promise<void>,
): Promise<Outside> {
  const stamps: Stamp[] = [];
  for (const [number, folder] of folders(reader).entries()) {
    if (number === MAX_STAMPS) {
      tally.fail("too-many-proofs", stampedPath(folder.of, "checkpoint.note"));
      break;
    }
    await pause?.();
    const log = logs.find((one) => one.number === folder.of.log);
    if (log) stamps.push(await new Place(reader, log, folder, tally).judge(roots));
    else tally.fail("stamp-unknown-log", stampedPath(folder.of, ""));
  }
  return { stamps, rounds: await readRounds(reader, tally, pause) };
}

interface Folder {
  of: StampId;
  /** Places in the package, of lone files by kind and of services by name. */
  alone: Map<Stamped["is"], number>;
  services: Map<string, Map<Stamped["is"], number>>;
}

function folders(reader: Reader): Folder[] {
  const all = new Map<string, Folder>();
  for (const [index, { role }] of reader.pack.files.entries()) {
    if (role?.is !== "stamped") continue;
    const { of, file } = role;
    const key = `${of.log}/${of.size}`;
    const folder = all.get(key) ?? { of, alone: new Map(), services: new Map() };
    all.set(key, folder);
    if ("service" in file) {
      const service = folder.services.get(file.service) ?? new Map<Stamped["is"], number>();
      folder.services.set(file.service, service.set(file.is, index));
    } else folder.alone.set(file.is, index);
  }
  const bySize = (a: Folder, b: Folder): number =>
    a.of.log - b.of.log || (a.of.size < b.of.size ? -1 : a.of.size > b.of.size ? 1 : 0);
  return [...all.values()].sort(bySize);
}

async function readRounds(
  reader: Reader,
  tally: Tally,
  pause?: () => Promise<void>,
): Promise<Map<bigint, Round | undefined>> {
  const files = reader.pack.files.flatMap(({ role }, index) =>
    role?.is === "round" ? [{ round: role.round, index }] : [],
  );
  const rounds = new Map<bigint, Round | undefined>();
  for (const { round, index } of files.sort((a, b) => (a.round < b.round ? -1 : 1))) {
    if (rounds.size === MAX_ROUNDS) {
      tally.fail("too-many-proofs", roundPath(round));
      break;
    }
    await pause?.();
    const bytes = await reader.bytes(index);
    const shown = bytes && verifyRound(bytes);
    rounds.set(round, shown?.round === round ? shown : undefined);
  }
  if (rounds.size > 0) tally.cover("outside-proofs", rounds.size);
  return rounds;
}

/** One folder, and the log it is of. */
class Place {
  constructor(
    readonly reader: Reader,
    readonly log: LogFacts,
    readonly folder: Folder,
    readonly tally: Tally,
  ) {}

  async judge(roots: Certificate[]): Promise<Stamp> {
    this.#checkWhole();
    const stamp: Stamp = { ...this.folder.of, tied: false, services: [] };
    const note = await this.#tie();
    if (!note) return stamp;
    stamp.tied = true;
    this.tally.cover("outside-proofs", 1);
    stamp.services = await this.#services(note, roots);
    const ots = await this.#bytes("ots");
    if (ots) stamp.ots = judgeOts(ots, note, await this.#bytes("header"));
    const lines = await this.#bytes("cosignatures");
    if (lines) stamp.cosignatures = readCosignatures(lines, note) ?? "refused";
    return stamp;
  }

  /** A folder without its checkpoint, without any proof, or with a part of a proof. */
  #checkWhole(): void {
    const { alone, services, of } = this.folder;
    const missing = (name: string): void => this.tally.fail("stamp-incomplete", stampedPath(of, name));
    if (!alone.has("note")) missing("checkpoint.note");
    if (!alone.has("consistency")) missing("consistency.txt");
    if (alone.has("header") && !alone.has("ots")) missing("checkpoint.ots");
    else if (services.size === 0 && !alone.has("ots") && !alone.has("cosignatures")) missing("");
    for (const service of this.#names()) {
      if (!services.get(service)!.has("reply")) missing(`${service}.tsr`);
    }
  }

  #names(): string[] {
    return [...this.folder.services.keys()].sort();
  }

  async #bytes(kind: Stamped["is"]): Promise<Uint8Array | undefined> {
    const index = this.folder.alone.get(kind);
    return index === undefined ? undefined : await this.reader.bytes(index);
  }

  /** The stamped checkpoint, if it is the beginning of the package's; what is not so is a finding. */
  async #tie(): Promise<Uint8Array | undefined> {
    const [note, consistency] = [await this.#bytes("note"), await this.#bytes("consistency")];
    const { key, checkpoint: within } = this.log;
    // Without a signed checkpoint in the package there is nothing to be tied to; that has its finding already.
    if (!key || !within || !note) return undefined;
    const { of } = this.folder;
    const old = verifyCheckpoint(note, key);
    const fail = (code: "stamp-checkpoint" | "stamp-other-history" | "stamp-consistency", name: string): undefined => {
      this.tally.fail(code, stampedPath(of, name));
    };
    if (typeof old === "string" || old.size !== of.size) return fail("stamp-checkpoint", "checkpoint.note");
    if (old.size === within.size && !sameBytes(old.root, within.root))
      return fail("stamp-other-history", "checkpoint.note");
    if (!consistency) return undefined;
    const proof = readConsistency(consistency);
    const holds = proof && isConsistent(old.size, within.size, old.root, within.root, proof);
    return holds ? note : fail("stamp-consistency", "consistency.txt");
  }

  async #services(note: Uint8Array, roots: Certificate[]): Promise<ServiceStamp[]> {
    const stamps: ServiceStamp[] = [];
    for (const [number, service] of this.#names().entries()) {
      if (number === MAX_SERVICES) {
        this.tally.fail("too-many-proofs", stampedPath(this.folder.of, `${service}.tsr`));
        break;
      }
      const files = this.folder.services.get(service)!;
      const bytesOf = async (kind: Stamped["is"]): Promise<Uint8Array | undefined> =>
        files.has(kind) ? await this.reader.bytes(files.get(kind)!) : undefined;
      const [request, reply, chain] = [await bytesOf("request"), await bytesOf("reply"), await bytesOf("chain")];
      if (!reply) continue;
      const said = await judgeReply(reply, digest(note), request, readPath(chain ?? new Uint8Array()), roots);
      stamps.push({ service, request: files.has("request"), ...said });
    }
    return stamps;
  }
}

const MAX_HASHES = 65;

/** Base64, one hash a line, each line ended. */
function readConsistency(bytes: Uint8Array): Uint8Array[] | undefined {
  const lines = (textOf(bytes) ?? "?").split("\n");
  if (lines.pop() !== "" || lines.length > MAX_HASHES) return undefined;
  const hashes = lines.map(fromBase64);
  return hashes.some((hash) => hash?.length !== 32) ? undefined : (hashes as Uint8Array[]);
}

/**
 * Judges a reply. The reader's roots are tried alone first: a certificate of the package can never stand in for one of them.
 * Then the last of the path that came along is taken for a root; whether it counts, the reader says.
 */
async function judgeReply(
  reply: Uint8Array,
  imprint: Uint8Array,
  request: Uint8Array | undefined,
  { all, last, below }: Path,
  roots: Certificate[],
): Promise<{ token: Token } | { defect: TokenDefect }> {
  let defect: TokenDefect = "path";
  for (const certificates of [{ roots, others: all }, ...(last ? [{ roots: [last], others: below }] : [])]) {
    try {
      return { token: await verifyReply(reply, imprint, request, certificates) };
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      defect = error.defect;
    }
  }
  return { defect };
}

function judgeOts(bytes: Uint8Array, note: Uint8Array, header: Uint8Array | undefined): OtsStamp | "refused" {
  const proof = readOts(bytes, digest(note));
  if (!proof) return "refused";
  const blocks = proof.blocks.map((block) => {
    const read = header && readHeader(header, block.merkleRoot);
    return { ...block, ...(read && { header: read }) };
  });
  const headerRefused = header !== undefined && !blocks.some((block) => "header" in block);
  return { blocks, pending: proof.pending, headerRefused };
}
