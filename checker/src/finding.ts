// What is found wrong, which check finds it, and nothing else: no text for people.
//
// The codes are those of every verifier of the format, in the order in which the checks run.

const CODES = {
  container: [
    "not-a-zip",
    "zip-trailing-bytes",
    "zip-leading-bytes",
    "zip-gap",
    "zip-overlap",
    "zip-order",
    "zip-folder-entry",
    "zip-compressed",
    "zip-encrypted",
    "zip-data-descriptor",
    "zip-local-header",
    "zip-header-bytes",
    "zip-checksum",
    "top-folder",
    "duplicate-path",
    "unsafe-path",
    "special-file",
    "empty-folder",
    "too-many-files",
    "too-large",
    "path-too-long",
    "more-findings",
  ],
  structure: ["unknown-file", "file-missing", "file-too-large", "bag-declaration", "bag-info", "payload-oxum"],
  manifests: ["not-in-manifest", "listed-file-missing", "digest-differs", "manifest-line"],
  "log-keys": ["key-malformed", "pem-differs", "key-unexpected"],
  checkpoints: ["checkpoint-malformed", "checkpoint-signature"],
  leaves: ["leaf-incomplete", "leaf-malformed", "leaf-number"],
  inclusion: ["proof-malformed", "proof-index", "proof-checkpoint", "not-included"],
  disclosures: ["disclosure-malformed", "disclosure-no-match", "disclosure-order", "field-malformed"],
  logs: ["genesis-missing", "genesis-key", "origin-twice", "link-missing", "link-differs"],
  export: [
    "export-missing",
    "export-twice",
    "export-withheld",
    "export-contents",
    "not-in-contents",
    "contents-file-missing",
    "contents-differ",
    "contents-line",
  ],
  items: ["content-missing", "content-differs", "content-unclaimed", "content-twice"],
  "outside-proofs": [
    "stamp-unknown-log",
    "stamp-incomplete",
    "stamp-checkpoint",
    "stamp-other-history",
    "stamp-consistency",
    "too-many-proofs",
  ],
  "late-disclosures": [
    "late-unknown-log",
    "late-unknown-leaf",
    "late-no-match",
    "late-content-differs",
    "late-content-unclaimed",
  ],
} as const;

export type Check = keyof typeof CODES;
export type FindingCode = (typeof CODES)[Check][number];

export const CHECKS = Object.keys(CODES) as Check[];
export const FINDING_CODES: FindingCode[] = CHECKS.flatMap((check) => [...CODES[check]]);

const checkOf = new Map<FindingCode, Check>(
  CHECKS.flatMap((check) => CODES[check].map((code): [FindingCode, Check] => [code, check])),
);

export const checkOfCode = (code: FindingCode): Check => checkOf.get(code)!;

export interface Finding {
  code: FindingCode;
  /** The file it is about, below the top folder, where there is one. */
  path?: string;
  /** Data to show beside it; never a sentence. */
  detail?: string;
}

export type Outcome = { passed: number } | "failed" | "not-run";

/** A report of a ruined package of 200 000 files is no use to anyone; so many findings are kept. */
const MAX_FINDINGS = 1000;

/** Where the checks write down what they covered and what they found. */
export class Tally {
  readonly findings: Finding[] = [];
  #failed = new Set<Check>();
  #covered = new Map<Check, number>();

  fail(code: FindingCode, path?: string, detail?: string): void {
    this.#failed.add(checkOfCode(code));
    if (this.findings.length < MAX_FINDINGS) {
      this.findings.push({ code, ...(path !== undefined && { path }), ...(detail !== undefined && { detail }) });
    } else if (this.findings.length === MAX_FINDINGS) {
      this.findings.push({ code: "more-findings" });
    }
  }

  cover(check: Check, count: number): void {
    this.#covered.set(check, (this.#covered.get(check) ?? 0) + count);
  }

  outcomes(): { check: Check; outcome: Outcome }[] {
    return CHECKS.map((check) => {
      const passed = this.#covered.get(check);
      const outcome = this.#failed.has(check) ? "failed" : passed === undefined ? "not-run" : { passed };
      return { check, outcome };
    });
  }
}
