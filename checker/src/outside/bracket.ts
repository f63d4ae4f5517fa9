// Between which instants each leaf came to be, and by whose word: what is shown by what the reader brought, and what is a claim.
import { idText, type ItemId } from "../item-id.ts";
import type { VerifyingKey } from "../log/key.ts";
import type { NotBefore } from "../log/leaf.ts";
import type { ItemReport, Report } from "../report.ts";
import { QUICKNET, timeOf, TOKEN_BEACON } from "./beacon.ts";
import { seenBy } from "./cosignature.ts";
import { BLOCK_CLOCK_MS } from "./opentimestamps.ts";
import type { Outside, Stamp } from "./stamped.ts";
import type { Token } from "./token.ts";

/** Whom the reader believes. */
export interface Trust {
  /** SHA-256 of root certificates, and hashes of blocks, in hex. */
  digests: Set<string>;
  /** Keys of witnesses. */
  keys: VerifyingKey[];
}

export const NOBODY: Trust = { digests: new Set(), keys: [] };

export type Voice =
  | { is: "service"; signer: string; root: string }
  | { is: "block"; height: number }
  | { is: "witness"; key: VerifyingKey }
  | { is: "drand"; round: bigint };

export interface Bound {
  at: Date;
  by: Voice;
  /** Whether it rests on what came with the package alone. */
  claim: boolean;
}

/** What became of the beacon in a leaf. */
export type BeaconEnd = "shown" | "claimed" | "absent" | "differs" | "unknown";

export interface Bracket {
  beacon?: BeaconEnd;
  notBefore?: Bound;
  /** The earliest first. */
  notAfter: Bound[];
  widthSeconds?: number;
  /** The leaf would have existed before it could: somebody is wrong. */
  contradiction: boolean;
  /** There are bounds, and all are claims. */
  claimsOnly: boolean;
}

export type OutsideTime = "none" | "claimed" | { voices: number };

export const emptyBracket = (): Bracket => ({ notAfter: [], contradiction: false, claimsOnly: false });

export const rootOf = (token: Token): string => token.path.at(-1)!.fingerprint;
export const latest = (token: Token): Date => new Date(token.genTime.getTime() + token.accuracyMs);
export const blockLatest = (time: Date): Date => new Date(time.getTime() + BLOCK_CLOCK_MS);

/** The report for a reader who believes these. */
export function believing(report: Report, trust: Trust): Report {
  const upper = report.outside.stamps
    .filter((stamp) => stamp.tied)
    .map((stamp) => ({ stamp, bounds: boundsOf(stamp, trust) }));
  const items = report.items.map((item) => ({
    ...item,
    bracket: item.inLog
      ? bracketOf(
          item,
          report.outside,
          trust,
          upper.flatMap(({ stamp, bounds }) => (covers(stamp, item.position) ? bounds : [])),
        )
      : emptyBracket(),
  }));
  const all = upper.flatMap(({ bounds }) => bounds);
  return { ...report, items, trust, outsideTime: outsideTime(all) };
}

const covers = (stamp: Stamp, at: ItemId): boolean => stamp.log === at.log && at.seq < stamp.size;

/** What the services, blocks and witnesses of a stamp say, in this order. */
function boundsOf(stamp: Stamp, trust: Trust): Bound[] {
  const bounds: Bound[] = stamp.services.flatMap(({ token }) => {
    if (!token) return [];
    const root = rootOf(token);
    const by = { is: "service" as const, signer: token.signer, root };
    return [{ at: latest(token), by, claim: !trust.digests.has(root) }];
  });
  for (const { height, header } of typeof stamp.ots === "object" ? stamp.ots.blocks : []) {
    if (!header) continue;
    bounds.push({ at: blockLatest(header.time), by: { is: "block", height }, claim: !trust.digests.has(header.hash) });
  }
  const seen = typeof stamp.cosignatures === "object" ? seenBy(stamp.cosignatures, trust.keys) : [];
  return [...bounds, ...(seen ?? []).map(({ key, at }): Bound => ({ at, by: { is: "witness", key }, claim: false }))];
}

const width = (from: Bound | undefined, to: Bound | undefined): number | undefined =>
  from && to ? to.at.getTime() - from.at.getTime() : undefined;

function bracketOf(item: ItemReport, outside: Outside, trust: Trust, bounds: Bound[]): Bracket {
  const { beacon, bound } = item.notBefore ? lower(item.notBefore, outside, trust) : {};
  const notAfter = [...bounds].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || Number(a.claim) - Number(b.claim),
  );
  const all = [...(bound ? [bound] : []), ...notAfter];
  const shown = bound?.claim ? undefined : bound;
  const [between, between2] = [width(shown, notAfter.find((one) => !one.claim)), width(bound, notAfter[0])];
  const ms = between ?? between2;
  return {
    ...(beacon && { beacon }),
    ...(bound && { notBefore: bound }),
    notAfter,
    ...(ms !== undefined && { widthSeconds: Math.trunc(ms / 1000) }),
    contradiction: (between2 ?? 0) < 0,
    claimsOnly: all.length > 0 && all.every((one) => one.claim),
  };
}

const MAX_NUMBER = 2n ** 53n - 1n;

/** What the beacon of a leaf shows. */
function lower(notBefore: NotBefore, outside: Outside, trust: Trust): { beacon: BeaconEnd; bound?: Bound } {
  const { chain, rand, round } = notBefore;
  if (!/^[0-9a-f]{64}$/.test(rand) || round > MAX_NUMBER) return { beacon: "differs" };
  if (chain === TOKEN_BEACON) return byToken(notBefore, outside, trust);
  if (chain !== QUICKNET) return { beacon: "unknown" };
  if (round === 0n) return { beacon: "differs" };
  const known = outside.rounds.get(round);
  if (!known) return { beacon: "absent" };
  if (known.randomness !== rand) return { beacon: "differs" };
  return { beacon: "shown", bound: { at: timeOf(round), by: { is: "drand", round }, claim: false } };
}

/** A token as a beacon: its digest could not be foretold before it was signed. */
function byToken({ rand, round }: NotBefore, outside: Outside, trust: Trust): { beacon: BeaconEnd; bound?: Bound } {
  const tokens = outside.stamps.flatMap((stamp) => stamp.services.flatMap(({ token }) => token ?? []));
  const named = tokens.filter((token) => token.sha256 === rand);
  const token = named.find((one) => trust.digests.has(rootOf(one))) ?? named[0];
  if (!token) return { beacon: "absent" };
  if (BigInt(Math.floor(token.genTime.getTime() / 1000)) !== round) return { beacon: "differs" };
  const claim = !trust.digests.has(rootOf(token));
  const at = new Date(token.genTime.getTime() - token.accuracyMs);
  const by = { is: "service" as const, signer: token.signer, root: rootOf(token) };
  return { beacon: claim ? "claimed" : "shown", bound: { at, by, claim } };
}

/** Roots and witnesses each count once, and Bitcoin once. */
function outsideTime(bounds: Bound[]): OutsideTime {
  const shown = bounds.filter((bound) => !bound.claim).map(({ by }) => voiceKey(by));
  if (shown.length > 0) return { voices: new Set(shown).size };
  return bounds.length > 0 ? "claimed" : "none";
}

const voiceKey = (by: Voice): string =>
  by.is === "service" ? by.root : by.is === "witness" ? by.key.toString() : by.is;

/** Whether everything but the leaf of the export, which commits to all proofs, is shown to have existed by then. */
export function hasShownTime(report: Report): boolean {
  const exported = report.export && idText(report.export);
  const counted = report.items.filter((item) => idText(item.position) !== exported);
  const isShown = (item: ItemReport): boolean => item.bracket.notAfter.some((bound) => !bound.claim);
  return report.grade !== "altered" && counted.length > 0 && counted.every(isShown);
}
