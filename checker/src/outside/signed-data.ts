// CMS SignedData (RFC 5652 §5.1) as far as a token needs it: one content, one signer.
import { type Certificate, readCertificate } from "./certificate.ts";
import { TokenRefused } from "./refused.ts";
import {
  context,
  inside,
  INTEGER,
  Malformed,
  OCTET_STRING,
  octets,
  OID,
  oid,
  only,
  primitive,
  SEQUENCE,
  SET,
  type Tlv,
} from "./tlv.ts";

export const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const SIGNED_DATA = "1.2.840.113549.1.7.2";

export interface SignerInfo {
  /** Issuer (whole) and serial number, or the id of the key. */
  id: { issuer: Uint8Array; serial: Uint8Array } | { keyId: Uint8Array };
  digestAlgorithm: Tlv;
  /** The content of the signed attributes as sent, and the attributes by kind. */
  signed: Uint8Array;
  attributes: { kind: string; values: Tlv }[];
  signatureAlgorithm: Tlv;
  signature: Uint8Array;
}

export interface SignedData {
  content: Uint8Array;
  /** Anyone may have put them there. What cannot be read is left out. */
  certificates: Certificate[];
  signer: SignerInfo;
}

export function readSignedData(token: Uint8Array): SignedData {
  const info = inside(only(token, SEQUENCE));
  if (oid(info.take(OID)) !== SIGNED_DATA) throw new Malformed();
  const fields = inside(inside(info.take(context(0))).take(SEQUENCE));
  fields.take(INTEGER);
  fields.take(SET);
  const encapsulated = inside(fields.take(SEQUENCE));
  if (oid(encapsulated.take(OID)) !== TST_INFO) throw new Malformed();
  const content = octets(inside(encapsulated.take(context(0))).next());
  const embedded = fields.optional(context(0));
  fields.optional(context(1));
  const signers = inside(fields.take(SET)).rest();
  if (signers.length !== 1) throw new TokenRefused("signer-count");
  const certificates = embedded
    ? inside(embedded)
        .rest()
        .slice(0, 64)
        .flatMap((one) => readCertificate(one.raw) ?? [])
    : [];
  return { content, certificates, signer: readSigner(signers[0]!) };
}

function readSigner(element: Tlv): SignerInfo {
  if (element.tag !== SEQUENCE) throw new Malformed();
  const fields = inside(element);
  fields.take(INTEGER);
  const id = readId(fields.next());
  const digestAlgorithm = fields.take(SEQUENCE);
  const signed = fields.take(context(0)).content;
  const signatureAlgorithm = fields.take(SEQUENCE);
  const signature = octets(fields.next());
  const attributes = inside({ tag: SET, content: signed, raw: signed })
    .rest()
    .map((one) => {
      if (one.tag !== SEQUENCE) throw new Malformed();
      const parts = inside(one);
      return { kind: oid(parts.take(OID)), values: parts.take(SET) };
    });
  return { id, digestAlgorithm, signed, attributes, signatureAlgorithm, signature };
}

function readId(element: Tlv): SignerInfo["id"] {
  if (element.tag === primitive(0)) return { keyId: element.content };
  if (element.tag === context(0)) return { keyId: inside(element).take(OCTET_STRING).content };
  if (element.tag !== SEQUENCE) throw new Malformed();
  const fields = inside(element);
  return { issuer: fields.take(SEQUENCE).raw, serial: fields.take(INTEGER).content };
}
