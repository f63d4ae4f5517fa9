// How far the reading is, and the way to stop it.
import type { Progress } from "../hash/here.ts";
import { button, el } from "./element.ts";
import { shown } from "./shown.ts";
import { bytesText, text } from "./words.ts";

const DRAW_EVERY_MS = 100;
const ANSWER_EVERY_MS = 40;

export function reading(name: string, stop: AbortController): HTMLElement {
  const what = text("reading", { name: shown(name, 120) });
  return el(
    "div",
    { class: "reading" },
    el("p", {}, what),
    el("progress", { id: "progress", max: "1", value: "0", "aria-label": what }),
    el("p", { id: "progress-text", class: "soft" }),
    button(text("cancel"), "second", () => stop.abort()),
  );
}

let drawnAt = 0;
export function progress({ done, total }: Progress): void {
  const now = performance.now();
  if (now - drawnAt < DRAW_EVERY_MS && done < total) return;
  drawnAt = now;
  const bar = document.querySelector<HTMLProgressElement>("#progress");
  if (!bar) return;
  bar.value = total === 0 ? 1 : done / total;
  const read = text("read-of", { done: bytesText(done), total: bytesText(total) });
  document.querySelector("#progress-text")!.textContent = done < total ? read : text("judging");
}

/** Lets the page answer now and then, and ends the work when it was stopped. */
export function pauseFor(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < ANSWER_EVERY_MS) return;
    await new Promise((done) => setTimeout(done));
    signal.throwIfAborted();
    last = performance.now();
  };
}
