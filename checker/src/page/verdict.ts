// The verdict in a sentence with its grade, and the key to compare.
import { expectedFingerprint } from "../verify/expected.ts";
import type { Report } from "../report.ts";
import { button, el } from "./element.ts";
import { shown } from "./shown.ts";
import { bytesText, type Key, localTime, text } from "./words.ts";

export interface Judged {
  report: Report;
  /** What the file is called and how large it is. */
  name: string;
  size: number;
  at: Date;
}

const MARKS = { altered: "✕", consistent: "=", "key-confirmed": "✓" } as const;

type Said = [title: Key, say: Key, why?: Key];
const SAID: Record<Report["grade"] | "other-key", Said> = {
  altered: ["grade-altered", "say-altered", "say-altered-why"],
  consistent: ["grade-consistent", "say-consistent", "say-consistent-why"],
  "key-confirmed": ["grade-key-confirmed", "say-confirmed"],
  // Nothing was altered: the reader knows another key.
  "other-key": ["grade-other-key", "say-other-key", "say-other-key-why"],
};

const onlyKeyDiffers = (report: Report): boolean =>
  report.findings.length > 0 && report.findings.every((finding) => finding.code === "key-unexpected");

export function verdict({ report, name, size, at }: Judged): HTMLElement {
  const { grade } = report;
  const counts = { items: report.items.length, files: report.files, count: report.findings.length };
  const [title, say, why] = SAID[onlyKeyDiffers(report) ? "other-key" : grade];
  return el(
    "section",
    { class: `verdict ${grade}`, "aria-labelledby": "grade" },
    el("div", { class: "mark", "aria-hidden": "true" }, MARKS[grade]),
    el(
      "div",
      {},
      el("h2", { id: "grade", tabindex: "-1" }, text(title)),
      el("p", { class: "say" }, text(say, counts)),
      why && el("p", { class: "soft" }, text(why)),
      el(
        "p",
        { class: "soft file" },
        el("bdi", {}, text("of-file", { name: shown(name, 120), size: bytesText(size), files: report.files })),
      ),
      el("p", { class: "soft" }, text("checked-at", { at: localTime(at.toISOString()) })),
      button(text("print"), "quiet print", () => window.print()),
    ),
  );
}

/** The fingerprints of the logs, and a field for one received another way; `enter` hears what it says. */
export function keys(report: Report, entered: string, enter: (entered: string) => void): HTMLElement {
  const field = el("textarea", {
    id: "fingerprint",
    rows: "2",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "fits key-hint",
  });
  field.value = entered;
  field.addEventListener("input", () => enter(field.value));
  return el(
    "section",
    { "aria-labelledby": "head-key" },
    el("h2", { id: "head-key" }, text("head-key")),
    ...report.logs.map((log) =>
      el(
        "div",
        { class: "key" },
        el("p", { class: "label" }, text("key-of", { number: log.number })),
        log.keyFingerprint ? fingerprint(log.keyFingerprint) : el("p", {}, text("key-none")),
      ),
    ),
    report.logs.length === 0 && el("p", { class: "soft" }, text("key-none")),
    el("label", { for: "fingerprint", class: "label" }, text("key-paste")),
    field,
    el("p", { id: "fits", class: "fits", role: "status" }),
    el("p", { id: "key-hint", class: "soft" }, text("key-hint")),
  );
}

/** In groups of four, so that two people can read it to each other; copied it is one word. */
function fingerprint(digits: string): HTMLElement {
  const groups = digits.match(/.{4}/g) ?? [];
  return el(
    "code",
    { class: "fingerprint", "data-fingerprint": digits },
    ...groups.map((group) => el("span", {}, group)),
  );
}

/** Says whether the entered key fits. */
export function sayFits(report: Report, entered: string): void {
  const place = document.querySelector<HTMLElement>("#fits");
  if (!place) return;
  const state = fits(report, entered);
  place.textContent = text(`key-${state}`);
  place.className = `fits is-${state}`;
}

function fits(report: Report, entered: string): "empty" | "malformed" | "differs" | "fits" | "joined" | "partly" {
  if (entered.trim() === "") return "empty";
  if (expectedFingerprint(entered) === undefined) return "malformed";
  const confirmed = report.logs.filter((log) => log.keyConfirmed).length;
  if (confirmed === 0) return "differs";
  if (confirmed === report.logs.length) return "fits";
  return report.grade === "key-confirmed" ? "joined" : report.grade === "altered" ? "fits" : "partly";
}
