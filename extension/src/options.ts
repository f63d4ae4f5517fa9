// The options page: the pairing, the queue, and the rights asked for only when they are wanted.
import { unpair } from "./app";
import { clockTime, size, text, translate } from "./i18n";
import { ask, type News, type Reply } from "./messages";
import { discard, entries, type Entry, retryRefused } from "./queue";
import { paired } from "./store";

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

const RIGHTS = ["pageCapture", "tabCapture"] as const;

async function start(): Promise<void> {
  translate(document);
  element("unpair").addEventListener("click", () => {
    if (confirm(text("unpair_sure"))) void unpair().then(show);
  });
  element("deliver").addEventListener("click", () => void deliver());
  for (const right of RIGHTS) {
    element(right).addEventListener("change", () => void change(right));
  }
  chrome.runtime.onMessage.addListener((news: News) => {
    if (news.to === "pages" && news.news === "changed") void show();
  });
  await show();
}

async function show(): Promise<void> {
  const pairing = await paired();
  element("paired").hidden = pairing === undefined;
  element("unpaired").hidden = pairing !== undefined;
  if (pairing) {
    element("app").textContent = `sigu ${pairing.version} · 127.0.0.1:${pairing.port}`;
    element("paired-at").textContent = clockTime(pairing.paired_at);
    element("recipient").textContent = pairing.recipient;
  }
  await showQueue();
  await showRights();
}

async function showQueue(): Promise<void> {
  const waiting = await entries();
  element("queue").hidden = waiting.length === 0;
  element("queue-empty").hidden = waiting.length > 0;
  element("queue").querySelector("tbody")?.replaceChildren(...waiting.map(row));
}

function row(entry: Entry): HTMLTableRowElement {
  const line = document.createElement("tr");
  const cell = (words: string) => {
    line.insertCell().textContent = words;
  };
  cell(clockTime(entry.made_at));
  cell(text(`kind_${entry.kind}`));
  cell(size(entry.sealed.length));
  cell(entry.refused === undefined ? text("waits") : text("refused", entry.refused));
  const button = Object.assign(document.createElement("button"), { className: "quiet", textContent: text("discard") });
  button.addEventListener("click", () => {
    if (entry.seq !== undefined && confirm(text("discard_sure"))) void discard(entry.seq).then(show);
  });
  line.insertCell().append(button);
  return line;
}

async function deliver(): Promise<void> {
  await retryRefused();
  const done = await ask<Extract<Reply, { done: "delivered" }>>({ to: "background", ask: "deliver" });
  const { delivered, left } = done.round;
  element("delivered").textContent = text("delivered", String(delivered), String(left));
  await show();
}

/** Firefox has neither right: the part is not shown there. */
async function showRights(): Promise<void> {
  element("rights").hidden = !chrome.offscreen;
  const now = await chrome.permissions.getAll();
  for (const right of RIGHTS) {
    element<HTMLInputElement>(right).checked = now.permissions?.includes(right) ?? false;
  }
}

async function change(right: (typeof RIGHTS)[number]): Promise<void> {
  const wanted = { permissions: [right] };
  if (element<HTMLInputElement>(right).checked) await chrome.permissions.request(wanted);
  else await chrome.permissions.remove(wanted);
  await showRights();
}

void start();
