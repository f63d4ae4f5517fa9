// The key a reader knows, compared with those of the package; needs no second reading.
import type { Finding } from "../finding.ts";
import { VerifyingKey } from "../log/key.ts";
import { inLog } from "../path.ts";
import { gradeOf, type Report } from "../report.ts";

/** What a reader knows of a key, as its fingerprint: 64 hex digits in any case, with blanks or colons, or a vkey. */
export function expectedFingerprint(text: string): string | undefined {
  const bare = text.replace(/[\s:]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(bare) ? bare : VerifyingKey.parse(text.trim())?.fingerprint;
}

/** The report for a reader who knows this key. That the key occurs nowhere is a finding; which logs it covers, the grade says. */
export function withExpectedKey(report: Report, fingerprint: string): Report {
  const logs = report.logs.map((log) => ({ ...log, keyConfirmed: log.keyFingerprint === fingerprint }));
  const newest = logs.find((log) => log.number === report.export?.log);
  const findings: Finding[] = [...report.findings];
  if (newest && !logs.some((log) => log.keyConfirmed)) {
    findings.push({
      code: "key-unexpected",
      path: inLog(newest.number, "log.vkey"),
      detail: newest.keyFingerprint,
    });
  }
  const failed = findings.length > report.findings.length;
  const checks = report.checks.map((one) =>
    failed && one.check === "log-keys" ? { ...one, outcome: "failed" as const } : one,
  );
  return { ...report, logs, findings, checks, grade: gradeOf(findings, logs) };
}
