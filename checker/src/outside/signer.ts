// The signer of a token: which certificate, what exactly was signed, and whether it holds (RFC 5652 §5.4, RFC 5816).
//
// Anyone can put certificates into a token. The signer's is the one that the SignerInfo names and whose digest the
// signed attributes hold, never the first one or one with the right name.
import { sha1 } from "@noble/hashes/legacy.js";
import { sameBytes } from "../bytes.ts";
import type { Certificate } from "./certificate.ts";
import { TIME_STAMPING } from "./chain.ts";
import type { SignerDefect } from "./refused.ts";
import { TST_INFO, type SignedData, type SignerInfo } from "./signed-data.ts";
import { checkSignature, digestBy, type Hash, hashOf } from "./signature.ts";
import {
  context,
  der,
  Elements,
  inside,
  INTEGER,
  OCTET_STRING,
  octets,
  oid,
  SEQUENCE,
  SET,
  type Tlv,
} from "./tlv.ts";

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
/** digitalSignature and nonRepudiation. */
const SIGNING_BITS = 0xc0;

/** Finds the signer's certificate and checks all that the token itself can show. */
export async function findSigner(
  { content, signer }: SignedData,
  candidates: Certificate[],
): Promise<Certificate | SignerDefect> {
  const digest = hashOf(signer.digestAlgorithm);
  if (!digest) return "digest-algorithm";
  const [kind, message] = [onlyValue(signer, CONTENT_TYPE), onlyValue(signer, MESSAGE_DIGEST)];
  if (!kind || !message || oid(kind) !== TST_INFO) return "attributes";
  if (!sameBytes(octets(message), await digestBy(digest, content))) return "message-digest";
  const certificate = await find(signer, candidates);
  if (typeof certificate === "string") return certificate;
  const wrong = await checkAttributes(signer, digest, certificate);
  if (wrong) return wrong;
  const { purposes, keyUsage } = certificate;
  if (!purposes?.critical || purposes.of.length !== 1 || purposes.of[0] !== TIME_STAMPING) return "purpose";
  const signing =
    !keyUsage ||
    ((keyUsage.bits & SIGNING_BITS) !== 0 && (keyUsage.bits & ~SIGNING_BITS) === 0 && !keyUsage.further);
  return signing ? certificate : "key-usage";
}

/** The only value of the only attribute of a kind. */
function onlyValue(signer: SignerInfo, kind: string): Tlv | undefined {
  const found = signer.attributes.filter((one) => one.kind === kind);
  const values = found.length === 1 ? inside(found[0]!.values).rest() : [];
  return values.length === 1 ? values[0] : undefined;
}

async function find(signer: SignerInfo, candidates: Certificate[]): Promise<Certificate | SignerDefect> {
  const kinds = signer.attributes.map((one) => one.kind);
  const [hasOld, hasNew] = [kinds.includes(SIGNING_CERTIFICATE), kinds.includes(SIGNING_CERTIFICATE_V2)];
  const [old, recent] = [onlyValue(signer, SIGNING_CERTIFICATE), onlyValue(signer, SIGNING_CERTIFICATE_V2)];
  if ((!hasOld && !hasNew) || (hasOld && !old) || (hasNew && !recent)) return "signing-certificate";
  const { id } = signer;
  const named = candidates.filter((one) =>
    "keyId" in id
      ? one.subjectKeyId !== undefined && sameBytes(one.subjectKeyId, id.keyId)
      : sameBytes(one.issuer, id.issuer) && sameBytes(one.serial, id.serial),
  );
  for (const one of named) {
    const byOld = !old || (await firstIdIs(old, one, false));
    if (byOld && (!recent || (await firstIdIs(recent, one, true)))) return one;
  }
  return named.length > 0 ? "signing-certificate" : "signer-missing";
}

/** Whether the first ESSCertID (RFC 2634 §5.4.1) or ESSCertIDv2 (RFC 5035 §4) is this certificate's; the issuers' may follow. */
async function firstIdIs(value: Tlv, certificate: Certificate, second: boolean): Promise<boolean> {
  const fields = inside(inside(inside(value).take(SEQUENCE)).take(SEQUENCE));
  const algorithm = second ? fields.optional(SEQUENCE) : undefined;
  const hash = algorithm ? hashOf(algorithm) : "SHA-256";
  if (!hash) return false;
  // SHA-1 only ties a certificate to a signature that a sound digest covers.
  const wanted = second ? await digestBy(hash, certificate.der) : sha1(certificate.der);
  const same = sameBytes(fields.take(OCTET_STRING).content, wanted);
  const issuer = fields.optional(SEQUENCE);
  fields.finish();
  return same && (!issuer || issuerSerialIs(issuer, certificate));
}

function issuerSerialIs(element: Tlv, certificate: Certificate): boolean {
  const fields = inside(element);
  const name = inside(fields.take(SEQUENCE)).next();
  const serial = fields.take(INTEGER).content;
  return (
    name.tag === context(4) && sameBytes(name.content, certificate.issuer) && sameBytes(serial, certificate.serial)
  );
}

/**
 * The attributes are signed as a SET (RFC 5652 §5.4), whose order is fixed; services that send another order sign the one
 * they send. Both are tried: whichever holds, the signer signed these attributes and no others.
 */
async function checkAttributes(
  signer: SignerInfo,
  digest: Hash,
  certificate: Certificate,
): Promise<SignerDefect | undefined> {
  const sorted = new Elements(signer.signed)
    .rest()
    .map((one) => one.raw)
    .sort(compare);
  for (const message of [der(SET, signer.signed), der(SET, ...sorted)]) {
    const verdict = await checkSignature(
      certificate.publicKey,
      signer.signatureAlgorithm,
      digest,
      message,
      signer.signature,
    );
    if (verdict === "holds") return undefined;
    if (verdict === "unknown") return "signature-algorithm";
  }
  return "signature";
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}
