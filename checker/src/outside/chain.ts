// The path from a signer's certificate to a root, as of the instant of the token (RFC 5280 §6, as far as tokens need it).
//
// Revocation is not asked: there is no network here, and a list of today says little of a token of the past.
import { sameBytes } from "../bytes.ts";
import type { Certificate } from "./certificate.ts";
import { checkSignature } from "./signature.ts";

export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const KEY_CERT_SIGN = 0x04;
const MAX_PATH = 6;
const MAX_CHECKS = 60;

/** Builds a path from `signer` to one of `roots`; `undefined` where there is none that holds. */
export async function findPath(
  signer: Certificate,
  others: Certificate[],
  roots: Certificate[],
  at: Date,
): Promise<Certificate[] | undefined> {
  let checks = 0;
  const holds = (one: Certificate): boolean => at >= one.notBefore && at <= one.notAfter && !one.unknownCritical;
  const climb = async (path: Certificate[]): Promise<Certificate[] | undefined> => {
    const below = path[path.length - 1]!;
    if (!holds(below) || path.length > MAX_PATH) return undefined;
    for (const above of [...roots, ...others]) {
      const isRoot = roots.includes(above);
      if (path.includes(above) || !sameBytes(above.subject, below.issuer)) continue;
      if (!mayIssue(above, path.length - 1, isRoot) || !holds(above) || ++checks > MAX_CHECKS) continue;
      if (
        (await checkSignature(above.publicKey, below.algorithm, undefined, below.signed, below.signature)) !==
        "holds"
      )
        continue;
      if (isRoot) return [...path, above];
      const found = await climb([...path, above]);
      if (found) return found;
    }
    return undefined;
  };
  return await climb([signer]);
}

/** Whether a certificate may issue others for timestamps, with so many authorities below it. A root is trusted for what it is. */
function mayIssue(one: Certificate, below: number, isRoot: boolean): boolean {
  if (isRoot) return true;
  const mayLength = one.pathLength === undefined || below <= one.pathLength;
  const mayUse = !one.keyUsage || (one.keyUsage.bits & KEY_CERT_SIGN) !== 0;
  const mayServe = !one.purposes || one.purposes.of.includes(TIME_STAMPING);
  return one.isAuthority && mayLength && mayUse && mayServe;
}
