// Checking one signature by a certificate's key: RSA from 2048 bits (PKCS#1 v1.5, PSS) and ECDSA on P-256 and P-384, by
// WebCrypto. Not SHA-1, not P-521, not SM2.
import { sameBytes } from "../bytes.ts";
import { inside, INTEGER, Malformed, OID, oid, SEQUENCE, type Tlv, context, only } from "./tlv.ts";

export type Hash = "SHA-256" | "SHA-384" | "SHA-512";

const HASHES: Record<string, Hash> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** The digest an AlgorithmIdentifier names; `undefined` for one that is broken or not known here. */
export function hashOf(algorithm: Tlv): Hash | undefined {
  return HASHES[oid(inside(algorithm).take(OID))];
}

export async function digestBy(hash: Hash, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes as BufferSource));
}

interface Scheme {
  name: "RSASSA-PKCS1-v1_5" | "RSA-PSS" | "ECDSA";
  hash: Hash;
}

const RSA = "1.2.840.113549.1.1.1";
const PSS = "1.2.840.113549.1.1.10";
const EC = "1.2.840.10045.2.1";
const SCHEMES: Record<string, Scheme> = {
  "1.2.840.113549.1.1.11": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "1.2.840.113549.1.1.12": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  "1.2.840.113549.1.1.13": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  "1.2.840.10045.4.3.2": { name: "ECDSA", hash: "SHA-256" },
  "1.2.840.10045.4.3.3": { name: "ECDSA", hash: "SHA-384" },
};
const CURVES: Record<string, { name: "P-256" | "P-384"; bytes: number }> = {
  "1.2.840.10045.3.1.7": { name: "P-256", bytes: 32 },
  "1.3.132.0.34": { name: "P-384", bytes: 48 },
};
const SALTS: Record<Hash, number> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

/** `unknown`: the algorithm is not known here or does not fit the key. */
export type SignatureVerdict = "holds" | "wrong" | "unknown";

/** `digest` is what a bare key type as algorithm is taken with, as some services write it. */
export async function checkSignature(
  publicKey: Uint8Array,
  algorithm: Tlv,
  digest: Hash | undefined,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<SignatureVerdict> {
  const scheme = schemeOf(algorithm, digest);
  const key = inside(inside(only(publicKey, SEQUENCE)).take(SEQUENCE));
  const keyKind = oid(key.take(OID));
  if (!scheme || keyKind !== (scheme.name === "ECDSA" ? EC : RSA)) return "unknown";
  const curve = scheme.name === "ECDSA" ? CURVES[oid(key.next())] : undefined;
  if (scheme.name === "ECDSA" && !curve) return "unknown";
  try {
    const parameters = curve
      ? { name: "ECDSA", namedCurve: curve.name }
      : { name: scheme.name, hash: scheme.hash };
    const imported = await crypto.subtle.importKey("spki", publicKey as BufferSource, parameters, false, [
      "verify",
    ]);
    const { modulusLength } = imported.algorithm as RsaHashedKeyAlgorithm;
    if (!curve && (modulusLength < 2048 || modulusLength > 8192)) return "wrong";
    const plain = curve ? plainSignature(signature, curve.bytes) : signature;
    const asked = { name: scheme.name, hash: scheme.hash, saltLength: SALTS[scheme.hash] };
    return plain && (await crypto.subtle.verify(asked, imported, plain as BufferSource, message as BufferSource))
      ? "holds"
      : "wrong";
  } catch (error) {
    if (error instanceof Malformed || error instanceof DOMException) return "wrong";
    throw error;
  }
}

function schemeOf(algorithm: Tlv, digest: Hash | undefined): Scheme | undefined {
  const fields = inside(algorithm);
  const kind = oid(fields.take(OID));
  if (kind === RSA && digest) return { name: "RSASSA-PKCS1-v1_5", hash: digest };
  if (kind === EC && digest && digest !== "SHA-512") return { name: "ECDSA", hash: digest };
  if (kind === PSS) return pssOf(fields.take(SEQUENCE));
  return Object.hasOwn(SCHEMES, kind) ? SCHEMES[kind] : undefined;
}

/** RSASSA-PSS-params (RFC 4055 §3.1): one digest for all, a salt of its length. */
function pssOf(parameters: Tlv): Scheme | undefined {
  const fields = inside(parameters);
  const [digest, mask, salt] = [
    fields.optional(context(0)),
    fields.optional(context(1)),
    fields.optional(context(2)),
  ];
  if (!digest || !mask || !salt || !fields.isEmpty) return undefined;
  const hash = hashOf(inside(digest).take(SEQUENCE));
  const maskFields = inside(inside(mask).take(SEQUENCE));
  maskFields.take(OID);
  const sameMask = hashOf(maskFields.take(SEQUENCE)) === hash;
  const length = inside(salt).take(INTEGER).content;
  const wanted = hash && Uint8Array.of(SALTS[hash]);
  return hash && sameMask && sameBytes(length, wanted!) ? { name: "RSA-PSS", hash } : undefined;
}

/** The two numbers of an ECDSA signature, each in its full length, as WebCrypto wants them. */
function plainSignature(signature: Uint8Array, bytes: number): Uint8Array | undefined {
  const fields = inside(only(signature, SEQUENCE));
  const plain = new Uint8Array(2 * bytes);
  for (const at of [1, 2]) {
    const value = fields.take(INTEGER).content;
    const bare = value[0] === 0 ? value.subarray(1) : value;
    if (bare.length === 0 || bare.length > bytes || value[0]! >= 0x80) return undefined;
    plain.set(bare, at * bytes - bare.length);
  }
  fields.finish();
  return plain;
}
