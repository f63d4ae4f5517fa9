// Timestamps of services (RFC 3161 with RFC 5816): a reply, checked rule by rule against what it must be about.
//
// The instant in it is the service's word; whether it counts rests on whether the reader trusts the root it leads to.
import { digestHex, sameBytes } from "../bytes.ts";
import type { Certificate } from "./certificate.ts";
import { findPath } from "./chain.ts";
import { TokenRefused } from "./refused.ts";
import { findSigner } from "./signer.ts";
import { readSignedData, type SignedData } from "./signed-data.ts";
import { hashOf } from "./signature.ts";
import {
  BOOLEAN,
  boolean,
  context,
  type Elements,
  inside,
  instant,
  INTEGER,
  Malformed,
  OCTET_STRING,
  OID,
  oid,
  only,
  primitive,
  SEQUENCE,
  small,
} from "./tlv.ts";

export interface Token {
  genTime: Date;
  /** As it stands in the token, with its whole fraction. */
  genTimeText: string;
  accuracyMs: number;
  signer: string;
  /** SHA-256 of the whole token, in hex: nobody could foretell it, so it serves as a beacon. */
  sha256: string;
  /** The signer's certificate first, the root last. */
  path: Certificate[];
}

const MAX_REPLY_BYTES = 64 * 1024;

/** Who may be at the ends and between. */
export interface Certificates {
  roots: Certificate[];
  others: Certificate[];
}

/** Checks a reply about `imprint` (SHA-256); `request` binds the nonce, where it is there. */
export async function verifyReply(
  reply: Uint8Array,
  imprint: Uint8Array,
  request: Uint8Array | undefined,
  certificates: Certificates,
): Promise<Token> {
  if (!globalThis.crypto?.subtle) throw new TokenRefused("unsupported");
  try {
    const asked = request && readRequest(request);
    if (asked && !sameBytes(asked.imprint ?? new Uint8Array(), imprint)) throw new TokenRefused("imprint");
    if (reply.length > MAX_REPLY_BYTES) throw new Malformed();
    return await verifyToken(openReply(reply), imprint, asked, certificates);
  } catch (error) {
    if (error instanceof Malformed) throw new TokenRefused("malformed");
    throw error;
  }
}

/** The token of a reply whose status is granted (0) or granted with modifications (1). */
function openReply(reply: Uint8Array): Uint8Array {
  const fields = inside(only(reply, SEQUENCE));
  const status = inside(fields.take(SEQUENCE)).take(INTEGER).content;
  if (small(status) > 1) throw new TokenRefused("rejected");
  const token = fields.take(SEQUENCE);
  fields.finish();
  return token.raw;
}

async function verifyToken(
  token: Uint8Array,
  imprint: Uint8Array,
  asked: Request | undefined,
  { roots, others }: Certificates,
): Promise<Token> {
  const signed = readSignedData(token);
  const info = readInfo(signed);
  if (!info.imprint || !sameBytes(info.imprint, imprint)) throw new TokenRefused("imprint");
  if (asked?.nonce && !(info.nonce && sameBytes(asked.nonce, info.nonce))) throw new TokenRefused("nonce");
  if (asked?.policy !== undefined && asked.policy !== info.policy) throw new TokenRefused("policy");
  const candidates = [...signed.certificates, ...others];
  const signer = await findSigner(signed, candidates);
  if (typeof signer === "string") throw new TokenRefused(signer);
  const path = await findPath(signer, candidates, roots, info.genTime);
  if (!path) throw new TokenRefused("path");
  const { genTime, genTimeText, accuracyMs } = info;
  return { genTime, genTimeText, accuracyMs, signer: signer.subjectText, sha256: digestHex(token), path };
}

interface Request {
  /** Absent where it is by another digest than SHA-256. */
  imprint?: Uint8Array;
  nonce?: Uint8Array;
  policy?: string;
}

const MAX_REQUEST_BYTES = 1024;

/** TimeStampReq (RFC 3161 §2.4.1) of version 1, without extensions. */
function readRequest(request: Uint8Array): Request {
  try {
    if (request.length > MAX_REQUEST_BYTES) throw new Malformed();
    const fields = inside(only(request, SEQUENCE));
    if (small(fields.take(INTEGER).content) !== 1) throw new Malformed();
    const about = readImprint(inside(fields.take(SEQUENCE)));
    const policy = fields.optional(OID);
    const nonce = fields.optional(INTEGER)?.content;
    const flag = fields.optional(BOOLEAN);
    if (flag) boolean(flag);
    fields.finish();
    return { ...about, ...(policy && { policy: oid(policy) }), ...(nonce && { nonce }) };
  } catch (error) {
    if (error instanceof Malformed) throw new TokenRefused("request");
    throw error;
  }
}

/** MessageImprint: what is stamped, if it is by SHA-256. */
function readImprint(about: Elements): { imprint?: Uint8Array } {
  const hash = hashOf(about.take(SEQUENCE));
  const imprint = about.take(OCTET_STRING).content;
  about.finish();
  return hash === "SHA-256" ? { imprint } : {};
}

interface Info {
  genTime: Date;
  genTimeText: string;
  accuracyMs: number;
  /** Absent where it is by another digest than SHA-256. */
  imprint?: Uint8Array;
  nonce?: Uint8Array;
  policy: string;
}

/** TSTInfo (RFC 3161 §2.4.2). */
function readInfo(signed: SignedData): Info {
  const fields = inside(only(signed.content, SEQUENCE));
  if (small(fields.take(INTEGER).content) !== 1) throw new Malformed();
  const policy = oid(fields.take(OID));
  const about = readImprint(inside(fields.take(SEQUENCE)));
  fields.take(INTEGER);
  const time = fields.take(0x18);
  const genTime = instant(time);
  if (!genTime) throw new Malformed();
  const accuracy = fields.optional(SEQUENCE);
  const accuracyMs = accuracy ? accuracyOf(accuracy.content) : 0;
  const ordering = fields.optional(BOOLEAN);
  if (ordering) boolean(ordering);
  const nonce = fields.optional(INTEGER)?.content;
  fields.optional(context(0));
  const extensions = fields.optional(context(1));
  // None is known here.
  if (extensions && hasCritical(extensions.content)) throw new Malformed();
  fields.finish();
  const genTimeText = String.fromCharCode(...time.content);
  return { genTime, genTimeText, accuracyMs, policy, ...about, ...(nonce && { nonce }) };
}

function accuracyOf(content: Uint8Array): number {
  const fields = inside({ tag: SEQUENCE, content, raw: content });
  const [seconds, millis, micros] = [
    fields.optional(INTEGER),
    fields.optional(primitive(0)),
    fields.optional(primitive(1)),
  ];
  fields.finish();
  const part = (element: { content: Uint8Array } | undefined): number => {
    const value = element ? small(element.content) : 0;
    if (value > 999) throw new Malformed();
    return value;
  };
  return (seconds ? small(seconds.content) : 0) * 1000 + part(millis) + part(micros) / 1000;
}

function hasCritical(content: Uint8Array): boolean {
  const all = inside({ tag: SEQUENCE, content, raw: content }).rest();
  return all.some((one) =>
    inside(one)
      .rest()
      .some((field) => field.tag === BOOLEAN && boolean(field)),
  );
}
