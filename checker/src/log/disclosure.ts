// Disclosures (RFC 9901): salted digests of fields, and their opening one by one. The digest is over the text.
import { digest, fromBase64Url, textOf, toBase64Url, utf8 } from "../bytes.ts";
import { type Json, parseJson } from "../json.ts";

export type FieldValue = string | bigint | boolean | string[];
export type Fields = Map<string, FieldValue>;

export interface Disclosure {
  encoded: string;
  name: string;
  value: FieldValue;
}

const MAX_ENCODED = 1024 * 1024;
const MAX_VALUE_BYTES = 512 * 1024;
const MIN_SALT_BYTES = 16;
const MAX_INTEGER = 2n ** 53n - 1n;

/** Reads the text of a disclosure; any JSON writing is accepted and kept as it is. */
export function parseDisclosure(encoded: string): Disclosure | undefined {
  const bytes = encoded.length <= MAX_ENCODED ? fromBase64Url(encoded) : undefined;
  const text = bytes && textOf(bytes);
  const elements = text === undefined ? undefined : parseJson(text);
  if (!Array.isArray(elements) || elements.length !== 3) return undefined;
  const [salt, name, value] = elements as [Json, Json, Json];
  const salted = typeof salt === "string" && (fromBase64Url(salt)?.length ?? 0) >= MIN_SALT_BYTES;
  return salted && isFieldName(name) && isFieldValue(value) ? { encoded, name, value } : undefined;
}

export const digestOf = (one: Disclosure): string => toBase64Url(digest(utf8(one.encoded)));

const isFieldName = (name: Json): name is string =>
  typeof name === "string" && name.length <= 64 && /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/.test(name);

function isFieldValue(value: Json): value is FieldValue {
  if (typeof value === "bigint") return value >= -MAX_INTEGER && value <= MAX_INTEGER;
  if (typeof value === "boolean") return true;
  const texts =
    typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"));
  return texts && utf8(JSON.stringify(value)).length <= MAX_VALUE_BYTES;
}

/** Why a set of disclosures does not belong to the digests of a leaf. */
export interface NoMatch {
  /** The field it is about, where that is known. */
  name?: string;
}

/** The fields that disclosures open among the digests of a leaf. Digests that stay closed are no error. */
export function open(sd: string[], disclosures: Disclosure[]): Fields | NoMatch {
  const closed = new Set(sd);
  if (closed.size !== sd.length) return {};
  const fields: Fields = new Map();
  const opened = new Set<string>();
  for (const one of disclosures) {
    const its = digestOf(one);
    if (opened.has(its)) return {};
    if (!closed.has(its) || fields.has(one.name)) return { name: one.name };
    opened.add(its);
    fields.set(one.name, one.value);
  }
  return fields;
}

export const textField = (fields: Fields, name: string): string | undefined => {
  const value = fields.get(name);
  return typeof value === "string" ? value : undefined;
};

export const integerField = (fields: Fields, name: string): bigint | undefined => {
  const value = fields.get(name);
  return typeof value === "bigint" ? value : undefined;
};

export const listField = (fields: Fields, name: string): string[] | undefined => {
  const value = fields.get(name);
  return Array.isArray(value) ? value : undefined;
};
