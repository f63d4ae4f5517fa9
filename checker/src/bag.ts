// The two descriptive files of RFC 8493, in their one form.
import { decimal } from "./bytes.ts";

export const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

export interface BagInfo {
  /** `yyyy-mm-dd`. */
  date: string;
  /** How the exporter calls what is inside. */
  externalIdentifier: string;
  payloadBytes: bigint;
  payloadFiles: bigint;
}

const FORM =
  /^Bagging-Date: (\d{4}-\d\d-\d\d)\nBag-Software-Agent: sigu\/1 bundle\nExternal-Identifier: ([^\n]+)\nPayload-Oxum: (\d+)\.(\d+)\n$/;
const EDGE_BLANK = /^\p{White_Space}|\p{White_Space}$/u;

export function parseBagInfo(text: string): BagInfo | undefined {
  const [, date, identifier, bytes, files] = FORM.exec(text) ?? [];
  const [payloadBytes, payloadFiles] = [decimal(bytes ?? ""), decimal(files ?? "")];
  if (identifier === undefined || payloadBytes === undefined || payloadFiles === undefined) return undefined;
  if (EDGE_BLANK.test(identifier) || /\p{Cc}/u.test(identifier)) return undefined;
  return { date: date!, externalIdentifier: identifier, payloadBytes, payloadFiles };
}
