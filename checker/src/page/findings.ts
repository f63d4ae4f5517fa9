// What does not fit, in plain words, check by check, with the file it concerns.
import { CHECKS, type Finding, checkOfCode } from "../finding.ts";
import type { Report } from "../report.ts";
import { el, growing } from "./element.ts";
import { shown } from "./shown.ts";
import { text } from "./words.ts";

const STEP = 50;

export function findings(report: Report): HTMLElement | undefined {
  if (report.findings.length === 0) return undefined;
  const groups = CHECKS.map((check) => ({
    check,
    found: report.findings.filter((one) => checkOfCode(one.code) === check),
  }));
  return el(
    "section",
    { class: "findings", "aria-labelledby": "head-findings" },
    el("h2", { id: "head-findings" }, text("head-findings")),
    ...groups
      .filter(({ found }) => found.length > 0)
      .flatMap(({ check, found }) => [
        el("h3", {}, text(`about-${check}`)),
        ...growing(el("ul", {}), found, STEP, (count) => text("findings-more", { count }), line),
      ]),
  );
}

function line(finding: Finding): HTMLElement {
  return el(
    "li",
    { "data-code": finding.code },
    text(`finding-${finding.code}`),
    finding.path ? el("bdi", { class: "path" }, shown(finding.path, 300)) : undefined,
    finding.detail
      ? el("span", { class: "soft" }, text("finding-detail", { detail: shown(finding.detail, 120) }))
      : undefined,
  );
}

/** Which checks ran and how they ended. */
export function checks(report: Report): HTMLElement {
  const rows = report.checks.map(({ check, outcome }) => {
    const passed = typeof outcome === "object";
    const end = passed ? text("check-passed", { count: outcome.passed }) : text(`check-${outcome}`);
    return el(
      "tr",
      { class: passed ? "passed" : outcome },
      el("th", { scope: "row" }, text(`check-${check}`)),
      el("td", {}, end),
    );
  });
  return el(
    "details",
    { class: "checks" },
    el("summary", {}, el("h2", {}, text("head-checks"))),
    el("table", {}, el("tbody", {}, ...rows)),
  );
}
