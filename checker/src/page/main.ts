// The page: takes a file, shows how far the reading is, then what it says. Holds the little state there is.
import { FileChanged } from "../package.ts";
import { hashInWorkers, Unreadable } from "../hash/pool.ts";
import { type LateDisclosure, parseLate } from "../late.ts";
import { type Certificate, readCertificates } from "../outside/certificate.ts";
import type { Report } from "../report.ts";
import { believing } from "../outside/bracket.ts";
import { expectedFingerprint, withExpectedKey } from "../verify/expected.ts";
import { Sealed, verify } from "../verify/verify.ts";
import { el } from "./element.ts";
import { checks, findings } from "./findings.ts";
import { copyAsOneWord, takeDrops } from "./hands.ts";
import { items } from "./items.ts";
import { type Believed, outside, sayBrackets, trustOf } from "./outside.ts";
import { pauseFor, progress, reading } from "./progress.ts";
import { notProved, rests, self, since, withheld } from "./since.ts";
import { shown } from "./shown.ts";
import { type Judged, keys, sayFits, verdict } from "./verdict.ts";
import { currentLanguage, firstLanguage, type Key, setLanguage, text } from "./words.ts";

/** Put here by the build. */
declare const VERSION: string;

type View =
  | { is: "start" }
  | { is: "reading"; name: string; stop: AbortController }
  | { is: "told"; key: Key; command?: string }
  | ({ is: "judged"; file: File } & Judged);

let view: View = { is: "start" };
let entered = "";
const roots: { entered: string; certificates: Certificate[] } = { entered: "", certificates: [] };
let late: { name: string; read: LateDisclosure }[] = [];
const root = document.querySelector<HTMLElement>("main")!;

function draw(): void {
  document.querySelector("#language")!.textContent = text("language");
  document.querySelector("#language")!.setAttribute("lang", currentLanguage() === "en" ? "zh-CN" : "en");
  document.querySelector("#name")!.textContent = text("name");
  document.querySelector("#brand")!.textContent = text("brand");
  document.querySelector("#skip")!.textContent = text("skip");
  document.querySelector("footer p")!.textContent = text("version", { version: VERSION });
  if (view.is === "judged") return drawJudged(view);
  root.replaceChildren(el("h1", {}, text("intro")), el("p", { class: "soft lead" }, text("private")), middle());
  if (view.is !== "reading") root.append(self());
}

function middle(): HTMLElement {
  if (view.is === "reading") return reading(view.name, view.stop);
  const box = el("div", {});
  if (view.is === "told") {
    box.append(
      el(
        "div",
        { class: "callout warn", role: "alert" },
        el("p", {}, text(view.key)),
        view.key === "fault-sealed" && el("p", {}, text("fault-sealed-what")),
        view.command !== undefined && el("p", { class: "command" }, el("code", {}, view.command)),
      ),
    );
  }
  box.append(chooser(text("choose"), "drop"));
  return box;
}

function chooser(label: string, name: string): HTMLElement {
  const input = el("input", { type: "file", id: "file", class: "unseen", accept: ".zip,.age,application/zip" });
  input.addEventListener("change", () => void take([...(input.files ?? [])]));
  return el(
    "div",
    { class: name },
    name === "drop" && el("p", { class: "big" }, text("drop")),
    input,
    el("label", { for: "file", class: "main" }, label),
    name === "drop" && el("p", { class: "soft" }, text("drop-what")),
  );
}

function drawJudged(judged: View & { is: "judged" }): void {
  const report = forReader(judged.report);
  const offsets = judged.report.offsets ?? new Map<string, number>();
  const parts: (HTMLElement | undefined)[] = [
    verdict({ ...judged, report }),
    findings(report),
    keys(report, entered, enter),
    since(report, believed(judged)),
    items(report, judged.file, offsets),
    rests(report),
    withheld(report),
    notProved(report),
    checks(report),
    self(),
    again(judged),
  ];
  root.replaceChildren(...parts.filter((part) => part !== undefined));
  sayFits(report, entered);
}

/** The report for who knows the key, and believes whom, that was typed. */
function forReader(report: Report): Report {
  const known = expectedFingerprint(entered);
  const timed = believing(report, trustOf(roots.entered));
  return known === undefined ? timed : withExpectedKey(timed, known);
}

/** What was typed changes the verdict and the findings; the field stays as it is. */
function enter(typed: string): void {
  entered = typed;
  if (view.is !== "judged") return;
  const report = forReader(view.report);
  root.querySelector(".findings")?.remove();
  const verdictNow = verdict({ ...view, report });
  root.querySelector(".verdict")!.replaceWith(verdictNow);
  const found = findings(report);
  if (found) verdictNow.after(found);
  sayFits(report, entered);
}

function again(judged: View & { is: "judged" }): HTMLElement {
  const input = el("input", { type: "file", id: "late", class: "unseen", accept: ".json,application/json" });
  input.addEventListener("change", () => void addLate(input.files?.[0], judged));
  return el(
    "div",
    { class: "again" },
    chooser(text("choose-again"), "again-file"),
    input,
    el("label", { for: "late", class: "second" }, text("late-add")),
    el("p", { id: "late-said", role: "status", class: "soft" }),
  );
}

async function addLate(file: File | undefined, judged: View & { is: "judged" }): Promise<void> {
  if (!file) return;
  const read = file.size < 64 * 2 ** 20 ? parseLate(new Uint8Array(await file.arrayBuffer())) : undefined;
  if (!read) {
    document.querySelector("#late-said")!.textContent = text("late-bad", { name: shown(file.name, 120) });
    return;
  }
  late.push({ name: file.name, read });
  await judge(judged.file);
}

/** Whom the reader trusts: by fingerprint or key at once, by certificate file after a second look. */
function believed(judged: View & { is: "judged" }): Believed {
  return {
    entered: roots.entered,
    change: (typed) => {
      roots.entered = typed;
      const report = forReader(judged.report);
      document.querySelector("#outside")?.replaceWith(outside(report, believed(judged)));
      document.querySelector("#not-proved")?.replaceWith(notProved(report));
      sayBrackets(report);
    },
    add: (files) => void addRoots(files, judged),
  };
}

async function addRoots(files: File[], judged: View & { is: "judged" }): Promise<void> {
  for (const file of files.filter((one) => one.size < 2 ** 20)) {
    const certificates = readCertificates(new Uint8Array(await file.arrayBuffer()));
    roots.certificates.push(...certificates);
    roots.entered = [roots.entered, ...certificates.map((one) => one.fingerprint)].join("\n").trim();
  }
  await judge(judged.file);
}

async function take(files: File[]): Promise<void> {
  if (view.is === "reading" || files.length === 0) return;
  late = [];
  if (files.length > 1) return tell("fault-several");
  await judge(files[0]!);
}

async function judge(file: File): Promise<void> {
  const stop = new AbortController();
  view = { is: "reading", name: file.name, stop };
  draw();
  try {
    const report = await verify(file, {
      disclosures: late.map((one) => one.read),
      roots: roots.certificates,
      hashing: hashInWorkers(stop.signal),
      progress,
      pause: pauseFor(stop.signal),
    });
    view = { is: "judged", file, report, name: file.name, size: file.size, at: new Date() };
    draw();
    document.querySelector<HTMLElement>("#grade")?.focus();
    window.scrollTo({ top: 0 });
  } catch (error) {
    if (stop.signal.aborted) tell("cancelled");
    else tellFault(error, file.name);
  }
}

function tellFault(error: unknown, name: string): void {
  const isReading = error instanceof FileChanged || error instanceof Unreadable || error instanceof DOMException;
  if (error instanceof Sealed) tell("fault-sealed", `age --decrypt -i key.txt ${quoted(name)} > bundle.zip`);
  else if (isReading) tell("fault-changed");
  else {
    console.error(error);
    tell("fault-other");
  }
}

/** A name that is safe to paste into a shell; any other stays unsaid. */
const quoted = (name: string): string =>
  /^[\w.-]+$/.test(name) && !name.startsWith("-") ? name : "bundle.zip.age";

function tell(key: Key, command?: string): void {
  view = { is: "told", key, ...(command !== undefined && { command }) };
  draw();
}

document.querySelector("#language")!.addEventListener("click", () => {
  setLanguage(currentLanguage() === "en" ? "zh-CN" : "en");
  draw();
});
takeDrops((files) => void take(files));
copyAsOneWord();
setLanguage(firstLanguage());
draw();
