// What the verifier says: typed verdicts from which the page makes text, in any language.
import type { FieldValue } from "./log/disclosure.ts";
import type { Check, Finding, Outcome } from "./finding.ts";
import type { ItemId } from "./item-id.ts";
import type { NotBefore } from "./log/leaf.ts";
import type { Bracket, OutsideTime, Trust } from "./outside/bracket.ts";
import type { Outside } from "./outside/stamped.ts";

/** `altered`: something is not as logged. `consistent`: all agrees with a key that is only claimed. `key-confirmed`: that key is the one the reader knew. */
export type Grade = "altered" | "consistent" | "key-confirmed";

export type LinkState = "joined" | "later" | "claimed" | "broken";

export interface LogReport {
  number: number;
  origin: string;
  keyFingerprint: string;
  /** How many leaves the checkpoint covers. */
  size: bigint;
  signatureOk: boolean;
  keyConfirmed: boolean;
  /** What the log says it continues. */
  continues?: { origin: string; size: bigint; state: LinkState };
}

export type ContentState =
  | { is: "matches"; path: string; size: number; sha256: string }
  | { is: "matches-late"; bytes: Uint8Array; sha256: string }
  | { is: "erased"; by: ItemId }
  | { is: "withheld" | "not-applicable" | "missing" | "differs" };

export interface ItemReport {
  position: ItemId;
  kind: string;
  /** The time the device claimed. */
  claimedAt: string;
  fields: Map<string, FieldValue>;
  /** The names of fields the exporter says were withheld: a logged claim. */
  withheld: string[];
  /** Withheld fields and decoys, which look alike. */
  undisclosedDigests: number;
  content: ContentState;
  inLog: boolean;
  /** A value that did not exist earlier; what it is worth, the bracket says. */
  notBefore?: NotBefore;
  /** Between which instants it came to be, and by whose word. */
  bracket: Bracket;
  /** Whether a later disclosure opened something of it. */
  late: boolean;
}

export interface PaperReport {
  paper: ItemId;
  made: ItemId;
  restsOn: ItemId[];
  erased: ItemId[];
  absent: ItemId[];
}

export interface CopyReport {
  copy: ItemId;
  made: ItemId;
  of: ItemId;
  covers: boolean;
}

export interface Report {
  grade: Grade;
  findings: Finding[];
  logs: LogReport[];
  items: ItemReport[];
  papers: PaperReport[];
  copies: CopyReport[];
  checks: { check: Check; outcome: Outcome }[];
  /** What outsiders say about when. */
  outside: Outside;
  /** Whom the reader believes, and what time that gives. */
  trust: Trust;
  outsideTime: OutsideTime;
  /** The leaf that logged this export. */
  export?: ItemId;
  /** The name of the top folder. */
  name?: string;
  /** Where the contents of files begin in the package, by path. */
  offsets?: Map<string, number>;
  files: number;
  bytes: number;
}

/** The verdict. A key counts as confirmed for logs that a confirmed log continues without a gap. */
export function gradeOf(findings: Finding[], logs: LogReport[]): Grade {
  if (findings.length > 0) return "altered";
  const vouched = new Set<string>();
  for (const log of [...logs].reverse()) {
    if (log.keyConfirmed) vouched.add(log.origin);
    if (log.continues?.state === "joined" && vouched.has(log.origin)) vouched.add(log.continues.origin);
  }
  return logs.length > 0 && logs.every((log) => vouched.has(log.origin)) ? "key-confirmed" : "consistent";
}
