// Certificates (RFC 5280 §4.1) as far as the rules for timestamps speak of them. Nothing of one is believed by reading it.
import { digestHex, fromBase64, sameBytes } from "../bytes.ts";
import {
  BIT_STRING,
  BOOLEAN,
  boolean,
  context,
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
  type Tlv,
} from "./tlv.ts";

export interface Certificate {
  der: Uint8Array;
  /** What the issuer signed, and how. */
  signed: Uint8Array;
  algorithm: Tlv;
  signature: Uint8Array;
  serial: Uint8Array;
  /** Names, whole. */
  issuer: Uint8Array;
  subject: Uint8Array;
  subjectText: string;
  notBefore: Date;
  notAfter: Date;
  publicKey: Uint8Array;
  subjectKeyId?: Uint8Array;
  /** Purposes by their identifiers; `critical` says whether the restriction binds. */
  purposes?: { critical: boolean; of: string[] };
  /** The first byte of keyUsage, and whether later bits are set. */
  keyUsage?: { bits: number; further: boolean };
  isAuthority: boolean;
  pathLength?: number;
  /** A critical extension nobody here knows. */
  unknownCritical: boolean;
  /** SHA-256 of the whole, by which people compare certificates. */
  fingerprint: string;
}

const EXTENSIONS: Record<string, (found: Certificate, critical: boolean, value: Uint8Array) => void> = {
  "2.5.29.37": (found, critical, value) => {
    found.purposes = { critical, of: inside(only(value, SEQUENCE)).rest().map(oid) };
  },
  "2.5.29.15": (found, _, value) => {
    const [, bits = 0, ...further] = only(value, BIT_STRING).content;
    found.keyUsage = { bits, further: further.some((byte) => byte !== 0) };
  },
  "2.5.29.14": (found, _, value) => {
    found.subjectKeyId = only(value, OCTET_STRING).content;
  },
  "2.5.29.19": (found, _, value) => {
    const fields = inside(only(value, SEQUENCE));
    const flag = fields.optional(BOOLEAN);
    found.isAuthority = flag !== undefined && boolean(flag);
    const length = fields.optional(INTEGER);
    if (length) found.pathLength = small(length.content);
    fields.finish();
  },
};

/** Reads one certificate; `undefined` where it is none. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return read(der);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function read(der: Uint8Array): Certificate {
  const outer = inside(only(der, SEQUENCE));
  const body = outer.take(SEQUENCE);
  const [algorithm, signature] = [outer.take(SEQUENCE), outer.take(BIT_STRING)];
  outer.finish();
  const fields = inside(body);
  fields.optional(context(0));
  const serial = fields.take(INTEGER).content;
  // RFC 5280 §4.1.1.2: the same within what is signed and beside it.
  if (!sameBytes(fields.take(SEQUENCE).raw, algorithm.raw)) throw new Malformed();
  const issuer = fields.take(SEQUENCE);
  const validity = inside(fields.take(SEQUENCE));
  const [notBefore, notAfter] = [instant(validity.next()), instant(validity.next())];
  const subject = fields.take(SEQUENCE);
  const publicKey = fields.take(SEQUENCE).raw;
  if (!notBefore || !notAfter || signature.content[0] !== 0) throw new Malformed();
  fields.optional(primitive(1));
  fields.optional(primitive(2));
  const found: Certificate = {
    der,
    signed: body.raw,
    algorithm,
    signature: signature.content.subarray(1),
    serial,
    issuer: issuer.raw,
    subject: subject.raw,
    subjectText: nameText(subject),
    notBefore,
    notAfter,
    publicKey,
    isAuthority: false,
    unknownCritical: false,
    fingerprint: digestHex(der),
  };
  const extensions = fields.optional(context(3));
  if (extensions) readExtensions(found, extensions);
  fields.finish();
  return found;
}

function readExtensions(found: Certificate, element: Tlv): void {
  const seen = new Set<string>();
  for (const one of inside(inside(element).take(SEQUENCE)).rest()) {
    const fields = inside(one);
    const kind = oid(fields.take(OID));
    const flag = fields.optional(BOOLEAN);
    const critical = flag !== undefined && boolean(flag);
    const value = fields.take(OCTET_STRING).content;
    fields.finish();
    if (seen.has(kind)) throw new Malformed();
    seen.add(kind);
    if (Object.hasOwn(EXTENSIONS, kind)) EXTENSIONS[kind]!(found, critical, value);
    else if (critical) found.unknownCritical = true;
  }
}

const SHORT: Record<string, string> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
};

/** A name for people, the most particular part first; a claim like all of it. */
export function nameText(name: Tlv): string {
  const parts = inside(name)
    .rest()
    .flatMap((set) => inside(set).rest())
    .map((one) => {
      const fields = inside(one);
      const kind = oid(fields.take(OID));
      const value = fields.next();
      // BMPString is two bytes a character; all others that occur are read as UTF-8.
      const text = new TextDecoder(value.tag === 0x1e ? "utf-16be" : "utf-8").decode(
        value.content.subarray(0, 400),
      );
      return `${SHORT[kind] ?? kind}=${text}`;
    });
  return parts.reverse().join(", ");
}

const MAX_CERTIFICATES = 64;
const PEM = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]*)-----END CERTIFICATE-----/g;

/** A path that came along: all of it, what is said to be its root, and what stands below that. */
export interface Path {
  all: Certificate[];
  last?: Certificate;
  below: Certificate[];
}

/** Reads a path, the root last. Where one of several cannot be read none of them helps; the root counts alone. */
export function readPath(bytes: Uint8Array): Path {
  const blocks = [...new TextDecoder().decode(bytes).matchAll(PEM)];
  const all = blocks.map(([, one]) => {
    const der = fromBase64(one!.replace(/\s/g, ""));
    return der && readCertificate(der);
  });
  const whole = (some: (Certificate | undefined)[]): Certificate[] =>
    some.length > MAX_CERTIFICATES || some.includes(undefined) ? [] : (some as Certificate[]);
  const last = all.at(-1);
  return { all: whole(all), ...(last && { last }), below: whole(all.slice(0, -1)) };
}

/** The certificates of a PEM text, or the one of a DER file; what cannot be read is left out. */
export function readCertificates(bytes: Uint8Array): Certificate[] {
  const text = new TextDecoder().decode(bytes);
  const blocks = [...text.matchAll(PEM)];
  const ders =
    blocks.length > 0
      ? blocks.slice(0, MAX_CERTIFICATES).map(([, one]) => fromBase64(one!.replace(/\s/g, "")))
      : [bytes];
  return ders.flatMap((one) => (one ? (readCertificate(one) ?? []) : []));
}
