// A file that opens withheld fields of one leaf of a package handed over earlier: `sigu-disclosure/v1`.
import { fromBase64, textOf } from "./bytes.ts";
import { JsonObject, parseJson } from "./json.ts";
import { type Disclosure, parseDisclosure } from "./log/disclosure.ts";

const FORMAT = "sigu-disclosure/v1";
const KEYS = ["format", "origin", "seq", "disclosures", "content"];
const MAX_U64 = 2n ** 64n;

export interface LateDisclosure {
  origin: string;
  seq: bigint;
  disclosures: Disclosure[];
  content?: Uint8Array;
}

/** Reads the file; unknown and repeated members are refused. */
export function parseLate(bytes: Uint8Array): LateDisclosure | undefined {
  const object = parseJson(textOf(bytes) ?? "");
  if (!(object instanceof JsonObject)) return undefined;
  const { members } = object;
  if ([...members.keys()].some((key) => !KEYS.includes(key)) || members.get("format") !== FORMAT) return undefined;
  const [origin, seq, texts] = ["origin", "seq", "disclosures"].map((key) => members.get(key));
  if (typeof origin !== "string" || typeof seq !== "bigint" || seq < 0n || seq >= MAX_U64) return undefined;
  if (!Array.isArray(texts)) return undefined;
  const disclosures = texts.map((text) => (typeof text === "string" ? parseDisclosure(text) : undefined));
  const encoded = members.get("content") ?? undefined;
  const content = typeof encoded === "string" ? fromBase64(encoded) : undefined;
  if (disclosures.includes(undefined) || (encoded !== undefined && !content)) return undefined;
  return { origin, seq, disclosures: disclosures as Disclosure[], ...(content && { content }) };
}
