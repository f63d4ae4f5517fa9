// Which exhibit it is: a picture or plain text, from bytes that were compared with the log's digest just before.
// Nothing else is ever rendered.
import { textOf } from "../bytes.ts";
import { sha256Of } from "../hash/measure.ts";
import { idText } from "../item-id.ts";
import type { ItemReport } from "../report.ts";
import { button, el } from "./element.ts";
import { MAX_PICTURE_BYTES, pictureOf } from "./picture.ts";
import { shown, shownLines } from "./shown.ts";
import { bytesText, text } from "./words.ts";

const PICTURES = /\.(png|jpe?g|gif|webp)$/;
const TEXTS = /\.(txt|md|csv|json|log)$/;
const MAX_TEXT_BYTES = 256 * 1024;

/** What can be shown of a content, on request. */
export function preview(
  item: ItemReport,
  title: string,
  file: Blob,
  offsets: Map<string, number>,
): HTMLElement | undefined {
  const { content } = item;
  if (content.is !== "matches") return undefined;
  const where = el("p", { class: "soft path" }, text("preview-where", { path: content.path }));
  const kind = PICTURES.test(content.path) ? "picture" : TEXTS.test(content.path) ? "text" : undefined;
  if (!kind || (kind === "picture" && content.size > MAX_PICTURE_BYTES)) {
    return el(
      "div",
      { class: "preview" },
      where,
      el("p", { class: "soft" }, text(kind ? "picture-not" : "preview-not")),
    );
  }
  const place = el("div", { class: "shown", "aria-live": "polite" });
  const secret = item.fields.get("secret") === true;
  const offset = offsets.get(content.path) ?? 0;
  const most = kind === "picture" ? content.size : Math.min(content.size, MAX_TEXT_BYTES);
  const show = async (): Promise<void> => {
    const bytes = await fittingBytes(file.slice(offset, offset + content.size), content.sha256);
    place.replaceChildren(
      bytes
        ? kind === "picture"
          ? picture(bytes, idText(item.position), title)
          : words(bytes, most)
        : el("p", { class: "bad" }, text("fault-changed")),
    );
  };
  const control = button(text(kind === "picture" ? "show-picture" : "show-text"), "quiet", () => {
    const open = place.childElementCount === 0;
    control.setAttribute("aria-expanded", String(open));
    control.textContent = text(open ? "hide" : kind === "picture" ? "show-picture" : "show-text");
    if (open) void show();
    else clear(place);
  });
  control.setAttribute("aria-expanded", "false");
  if (kind === "picture" && !secret) showWhenSeen(place, control);
  return el(
    "div",
    { class: "preview" },
    where,
    el("div", { class: "row" }, control, secret && el("span", { class: "soft" }, text("secret-hidden"))),
    place,
  );
}

/** Bytes that are still those the log speaks of. */
async function fittingBytes(slice: Blob, sha256: string): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await slice.arrayBuffer());
  return (await sha256Of(bytes)) === sha256 ? bytes : undefined;
}

function picture(bytes: Uint8Array, position: string, title: string): HTMLElement {
  const found = pictureOf(bytes);
  if (!found) return el("p", { class: "soft" }, text("picture-not"));
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: found.type }));
  const image = el("img", {
    src: address,
    alt: text("picture-alt", { position, title: shown(title, 80) }),
    decoding: "async",
    width: String(found.width),
    height: String(found.height),
  });
  image.addEventListener("error", () => image.replaceWith(el("p", { class: "soft" }, text("picture-not"))));
  return image;
}

function words(bytes: Uint8Array, most: number): HTMLElement {
  // The cut may go through a character; up to three bytes of it are left out.
  const cut = [0, 1, 2, 3]
    .map((less) => textOf(bytes.subarray(0, Math.max(0, most - less))))
    .find((one) => one !== undefined);
  if (cut === undefined) return el("p", { class: "soft" }, text("preview-not"));
  const box = el("div", {}, el("pre", { tabindex: "0", dir: "auto" }, shownLines(cut)));
  if (most < bytes.length)
    box.append(
      el("p", { class: "soft" }, text("text-cut", { shown: bytesText(most), total: bytesText(bytes.length) })),
    );
  return box;
}

function clear(place: HTMLElement): void {
  for (const image of place.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  place.replaceChildren();
}

/** Pictures that are no secrets come as they are scrolled to, a few at a time. */
function showWhenSeen(place: HTMLElement, control: HTMLButtonElement): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      if (place.childElementCount === 0) control.click();
    },
    { rootMargin: "200px" },
  );
  watch.observe(place);
}
