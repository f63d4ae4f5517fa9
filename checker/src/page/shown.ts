// Making foreign text fit to be seen: names may try to look like something else.

const MAX_SHOWN = 600;
/** Controls, marks that turn the direction of writing, and blanks that have no width. */
const UNSEEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** One line of foreign text: what cannot be seen is named, what is too long is cut. */
export function shown(text: string, most = MAX_SHOWN): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(UNSEEN, name).replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Foreign text of several lines. */
export function shownLines(text: string): string {
  return text.replace(UNSEEN, (mark) => (mark === "\n" || mark === "\t" ? mark : mark === "\r" ? "" : name(mark)));
}

const name = (mark: string): string => `‹U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}›`;
