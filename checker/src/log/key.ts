// Verifier keys (C2SP signed-note): `name+<8 hex digits>+<base64 of type ‖ key>`, of a log (type 0x01) or a witness (0x04).
import { concat, digest, digestHex, fromBase64, hex, toBase64, utf8 } from "../bytes.ts";
import { publicPoint, verifies } from "./ed25519.ts";

/** What a key signs: notes, or cosignatures with a time (C2SP tlog-cosignature). */
export type KeyType = 1 | 4;
/** The DER before the 32 key bytes (RFC 8410 §4). */
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

export const isKeyName = (name: string): boolean => name !== "" && !/[\p{White_Space}\p{Cc}+]/u.test(name);

export class VerifyingKey {
  private constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
    readonly type: KeyType,
  ) {}

  /** Reads the text form; every other spelling is refused. Only the first two plus signs separate. */
  static parse(text: string, type: KeyType = 1): VerifyingKey | undefined {
    const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
    if (name === undefined || !isKeyName(name)) return undefined;
    const blob = fromBase64(encoded!);
    if (blob?.length !== 33 || blob[0] !== type) return undefined;
    const key = new VerifyingKey(name, blob.slice(1), type);
    return publicPoint(key.bytes) && id === key.id ? key : undefined;
  }

  /** SHA-256(name ‖ 0x0A ‖ type ‖ key), the first four bytes, in hex. */
  get id(): string {
    return hex(digest(concat(utf8(this.name), Uint8Array.of(0x0a, this.type), this.bytes)).subarray(0, 4));
  }

  /** SHA-256 of the 32 key bytes alone, to compare by eye. */
  get fingerprint(): string {
    return digestHex(this.bytes);
  }

  toString(): string {
    return `${this.name}+${this.id}+${toBase64(concat(Uint8Array.of(this.type), this.bytes))}`;
  }

  toPem(): string {
    return `-----BEGIN PUBLIC KEY-----\n${toBase64(concat(SPKI, this.bytes))}\n-----END PUBLIC KEY-----\n`;
  }

  accepts(text: string, signature: Uint8Array): boolean {
    return verifies(this.bytes, utf8(text), signature);
  }
}
