// Since when: place in the log, signed checkpoint, outside time; what was withheld; what nobody can prove.
import type { LogReport, Report } from "../report.ts";
import { idText } from "../item-id.ts";
import { el, growing } from "./element.ts";
import { hasShownTime } from "../outside/bracket.ts";
import { type Believed, outside } from "./outside.ts";
import { shown } from "./shown.ts";
import { type Key, localTime, text, wordFor } from "./words.ts";

export function since(report: Report, believed: Believed): HTMLElement {
  const exported = report.items.find((item) => report.export && idText(item.position) === idText(report.export));
  return el(
    "section",
    { "aria-labelledby": "head-since" },
    el("h2", { id: "head-since" }, text("head-since")),
    ...report.logs.map((log) => logSince(log, report)),
    exported &&
      el(
        "p",
        {},
        text("since-export", { position: idText(exported.position), at: localTime(exported.claimedAt) }),
      ),
    outside(report, believed),
  );
}

function logSince(log: LogReport, report: Report): HTMLElement {
  const inBundle = report.items.filter((item) => item.position.log === log.number && item.inLog).length;
  const link = log.continues;
  return el(
    "div",
    { class: "log" },
    el(
      "h3",
      {},
      text("since-log", { number: log.number }),
      " ",
      el("bdi", { class: "path" }, shown(log.origin, 120)),
    ),
    el(
      "p",
      {},
      log.signatureOk ? text("since-size", { size: log.size, shown: inBundle }) : text("since-unsigned"),
    ),
    link && el("p", {}, text(`link-${link.state}`, { origin: shown(link.origin, 120), size: link.size })),
  );
}

const STEP = 40;

/** What the exporter says he kept back. */
export function withheld(report: Report): HTMLElement {
  const exported = report.items.find((item) => report.export && idText(item.position) === idText(report.export));
  const stated = Array.isArray(exported?.fields.get("export.withheld"));
  const entries = report.items.filter((item) => item.withheld.length > 0);
  const why = !stated ? "withheld-unknown" : entries.length === 0 ? "withheld-none" : "withheld-why";
  return el(
    "section",
    { "aria-labelledby": "head-withheld" },
    el("h2", { id: "head-withheld" }, text("head-withheld")),
    el("p", {}, text(why)),
    ...growing(
      el("ul", {}),
      entries,
      STEP,
      (count) => text("items-more", { count }),
      (item) =>
        el(
          "li",
          {},
          el("b", {}, idText(item.position)),
          " ",
          item.withheld.map((name) => wordFor("field", name) ?? shown(name, 80)).join(text("comma")),
        ),
    ),
  );
}

const NOT_PROVED: Key[] = [
  "not-proved-truth",
  "not-proved-completeness",
  "not-proved-capture-time",
  "not-proved-existence-time",
  "not-proved-key-owner",
  "not-proved-one-history",
];

export function notProved(report: Report): HTMLElement {
  const all = NOT_PROVED.filter((key) => key !== "not-proved-existence-time" || !hasShownTime(report));
  return el(
    "section",
    { id: "not-proved", "aria-labelledby": "head-not-proved" },
    el("h2", { id: "head-not-proved" }, text("head-not-proved")),
    el("ul", {}, ...all.map((key) => el("li", {}, text(key)))),
  );
}

/** What papers rest on, and which pictures are marked copies. */
export function rests(report: Report): HTMLElement | undefined {
  const lines = [
    ...report.papers.map(({ paper, restsOn, erased, absent }) => {
      const key = erased.length > 0 ? "paper-erased" : absent.length > 0 ? "paper-absent" : "paper-holds";
      const named = (erased.length > 0 ? erased : absent).slice(0, 20).map(idText).join(text("comma"));
      return text(key, { paper: idText(paper), count: restsOn.length, items: named });
    }),
    ...report.copies.map(({ copy, of, covers }) =>
      text(covers ? "copy-covers" : "copy-of", { copy: idText(copy), of: idText(of) }),
    ),
  ];
  if (lines.length === 0) return undefined;
  return el(
    "section",
    { "aria-labelledby": "head-rests" },
    el("h2", { id: "head-rests" }, text("head-rests")),
    ...growing(
      el("ul", {}),
      lines,
      STEP,
      (count) => text("items-more", { count }),
      (line) => el("li", {}, line),
    ),
  );
}

export function self(): HTMLElement {
  const commands = [
    ["Linux, macOS", "sha256sum sigu-checker.html   ·   shasum -a 256 sigu-checker.html"],
    ["Windows", "Get-FileHash sigu-checker.html"],
  ] as const;
  return el(
    "section",
    { "aria-labelledby": "head-self" },
    el("h2", { id: "head-self" }, text("head-self")),
    el("p", {}, text("self-one")),
    el("p", {}, text("self-two")),
    ...commands.map(([where, command]) =>
      el("p", { class: "command" }, el("span", { class: "soft" }, where), el("code", {}, command)),
    ),
    el("p", {}, text("self-three")),
  );
}
