// What is claimed: the entries with title, kind, slot, claimed time, size and content. Names are hostile.
import type { FieldValue } from "../log/disclosure.ts";
import { idText } from "../item-id.ts";
import type { ItemReport, Report } from "../report.ts";
import { el, growing } from "./element.ts";
import { beaconText, bracketLine } from "./outside.ts";
import { preview } from "./preview.ts";
import { shown, shownLines } from "./shown.ts";
import { bytesText, localTime, text, wordFor } from "./words.ts";

const STEP = 60;
const TITLES = [
  "item.caption",
  "file.name",
  "capture.title",
  "note",
  "text.masked",
  "text",
  "order.title",
  "capture.url",
  "promise.text",
];

export function items(report: Report, file: Blob, offsets: Map<string, number>): HTMLElement {
  const evidence = report.items.filter(isEvidence);
  const section = el(
    "section",
    { "aria-labelledby": "head-items" },
    el("h2", { id: "head-items" }, text("head-items")),
    el("p", { class: "soft" }, text("items-why")),
  );
  if (report.items.length === 0) section.append(el("p", {}, text("items-none")));
  const list = (label: string, all: ItemReport[], open: boolean): void => {
    if (all.length === 0) return;
    const body = growing(
      el("ol", { class: "items" }),
      all,
      STEP,
      (count) => text("items-more", { count }),
      (item) => card(item, file, offsets),
    );
    section.append(el("details", open ? { open: "" } : {}, el("summary", {}, el("h3", {}, label)), ...body));
  };
  list(text("items-evidence", { count: evidence.length }), evidence, true);
  const rest = report.items.filter((item) => !isEvidence(item));
  list(text("items-others", { count: rest.length }), rest, evidence.length === 0);
  return section;
}

const isEvidence = (item: ItemReport): boolean =>
  item.kind === "evidence.fixed" || item.content.is.startsWith("matches");

function card(item: ItemReport, file: Blob, offsets: Map<string, number>): HTMLElement {
  const title = titleOf(item);
  const kind = wordFor("kind", item.kind) ?? shown(item.kind, 64);
  const slot = textOf(item, "slot");
  const { content } = item;
  const size =
    content.is === "matches" ? content.size : content.is === "matches-late" ? content.bytes.length : undefined;
  const bad = content.is === "missing" || content.is === "differs";
  return el(
    "li",
    { class: "item" },
    el("p", { class: "title" }, el("bdi", {}, title ?? kind)),
    el(
      "p",
      { class: "tags" },
      title && el("span", { class: "tag" }, kind),
      slot && el("span", { class: "tag slot" }, wordFor("slot", slot) ?? shown(slot, 40)),
      el(
        "span",
        { class: bad ? "tag bad" : content.is.startsWith("matches") ? "tag good" : "tag" },
        content.is === "erased"
          ? text("content-erased", { by: idText(content.by) })
          : text(`content-${content.is}`),
      ),
      !item.inLog && el("span", { class: "tag bad" }, text("item-not-in-log")),
      item.late && el("span", { class: "tag" }, text("item-late")),
    ),
    el(
      "p",
      { class: "soft" },
      [
        text("item-position", { id: idText(item.position) }),
        text("item-claimed", { at: localTime(item.claimedAt) }),
        ...(size === undefined ? [] : [bytesText(size)]),
      ].join(" · "),
    ),
    bracketLine(item),
    preview(item, title ?? kind, file, offsets),
    fields(item),
  );
}

function titleOf(item: ItemReport): string | undefined {
  const name = TITLES.find((one) => typeof item.fields.get(one) === "string" && item.fields.get(one) !== "");
  return name && shown(item.fields.get(name) as string, 160);
}

function textOf(item: ItemReport, name: string): string | undefined {
  const value = item.fields.get(name);
  return typeof value === "string" ? value : undefined;
}

/** All disclosed fields as they are; made when they are asked for. */
function fields(item: ItemReport): HTMLElement {
  const box = el("details", { class: "fields" }, el("summary", {}, text("item-details")));
  box.addEventListener("toggle", () => {
    if (box.childElementCount > 1) return;
    const rows = [...item.fields].map(([name, value]) =>
      el("div", {}, el("dt", {}, wordFor("field", name) ?? shown(name, 64)), el("dd", {}, valueOf(name, value))),
    );
    box.append(el("dl", {}, ...rows));
    const beacon = beaconText(item);
    if (beacon !== undefined) box.append(el("p", { class: "soft" }, beacon));
    if (item.undisclosedDigests > 0)
      box.append(el("p", { class: "soft" }, text("item-closed", { count: item.undisclosedDigests })));
  });
  return box;
}

const MOST = 4000;

function valueOf(name: string, value: FieldValue): Node {
  if (typeof value === "boolean") return el("span", {}, text(value ? "yes" : "no"));
  if (typeof value === "bigint")
    return el("span", {}, name.endsWith("_fen") ? `${yuan(value)} 元 (${value})` : String(value));
  if (typeof value === "string")
    return el("bdi", { class: "value" }, shownLines(value.slice(0, MOST)) + (value.length > MOST ? "…" : ""));
  return el("ul", {}, ...value.slice(0, 200).map((one) => el("li", {}, el("bdi", {}, shown(one)))));
}

function yuan(fen: bigint): string {
  const whole = fen < 0n ? -fen : fen;
  return `${fen < 0n ? "-" : ""}${whole / 100n}.${String(whole % 100n).padStart(2, "0")}`;
}
