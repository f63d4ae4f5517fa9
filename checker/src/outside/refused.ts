// Which rule a token breaks; the first one found.

export type SignerDefect =
  | "signer-count"
  | "attributes"
  | "digest-algorithm"
  | "message-digest"
  | "signer-missing"
  | "signing-certificate"
  | "signature-algorithm"
  | "signature"
  | "purpose"
  | "key-usage";

export type TokenDefect =
  | "malformed"
  | "rejected"
  | "request"
  | "imprint"
  | "nonce"
  | "policy"
  | "unsupported"
  | "path"
  | SignerDefect;

export class TokenRefused extends Error {
  constructor(readonly defect: TokenDefect) {
    super(defect);
  }
}
