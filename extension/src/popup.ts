// The popup: which order, what is missing, and one button that fixes the tab.
import { AppProblem, type Order, orders, pair } from "./app";
import { chinese, clockTime, left, text, translate } from "./i18n";
import { ask, type Fixed, type News, type Progress, type Recording, type Reply, type State } from "./messages";
import { type Choice, keep, kept, paired } from "./store";

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

const SOON_MS = 6 * 3_600_000;

let list: Order[] = [];
let choice: Choice = { order: "", slot: "" };
let recording: Recording | null = null;

async function start(): Promise<void> {
  translate(document);
  element("options").addEventListener("click", () => void chrome.runtime.openOptionsPage());
  element("pairing").addEventListener("submit", (event) => {
    event.preventDefault();
    void tryCode();
  });
  element("order").addEventListener("change", () => chooseOrder(element<HTMLSelectElement>("order").value));
  element("fix").addEventListener("click", () => void fix());
  element("record").addEventListener("click", () => void record());
  chrome.runtime.onMessage.addListener((news: News) => {
    if (news.to !== "pages") return;
    if (news.news === "progress") showProgress(news.progress);
    else void showWaiting();
  });
  await show();
}

async function show(): Promise<void> {
  const pairing = await paired();
  element("pairing").hidden = pairing !== undefined;
  element("main").hidden = pairing === undefined;
  await showWaiting();
  if (!pairing) {
    state("none");
    return;
  }
  // What was seen last at once; what is true now when the app answers.
  const before = await kept<{ orders: Order[] }>("orders");
  if (before) await showOrders(before.orders);
  const answer = await orders();
  if (answer.list) await showOrders(answer.list.orders);
  if (!answer.problem) {
    state("open");
    void ask({ to: "background", ask: "deliver" }).catch(() => {});
  } else if (answer.problem.status === 401 || answer.problem.status === 403) {
    state("closed", "state_revoked");
    element("pairing").hidden = false;
  } else {
    state("closed");
  }
}

function state(kind: "none" | "open" | "closed", words = `state_${kind}`): void {
  const shown = element("state");
  shown.className = `state ${kind}`;
  shown.textContent = text(words);
}

async function showWaiting(): Promise<void> {
  const now = await ask<State>({ to: "background", ask: "state" });
  recording = now.recording;
  element("waiting").textContent = now.left > 0 ? text("waiting", String(now.left)) : "";
  element("record").textContent = text(recording ? "stop" : "record");
  if (now.busy) showProgress(now.busy);
}

async function tryCode(): Promise<void> {
  const problem = element("pair-problem");
  problem.hidden = true;
  try {
    await pair(element<HTMLInputElement>("code").value, browserName());
    await show();
  } catch (error) {
    const code = error instanceof AppProblem ? error.code : "failed";
    problem.textContent = chrome.i18n.getMessage(`problem_${code}`) || text("problem_failed");
    problem.hidden = false;
  }
}

function browserName(): string {
  const agent = navigator.userAgent;
  const name = /Firefox\/\d+|Edg\/\d+|Chrome\/\d+/g;
  return agent.match(name)?.at(-1)?.replace("Edg", "Edge").replace("/", " ") ?? "browser";
}

async function showOrders(found: Order[]): Promise<void> {
  list = found;
  const select = element<HTMLSelectElement>("order");
  select.replaceChildren(
    ...found.map((order) => new Option([order.order, order.title].filter(Boolean).join(" · "), order.order)),
  );
  const none = found.length === 0;
  element("empty").hidden = !none;
  element("of-order").hidden = none;
  if (none) return;
  const before = choice.order ? choice : await kept<Choice>("choice");
  const known = found.some((order) => order.order === before?.order);
  chooseOrder(known && before ? before.order : (found[0]?.order ?? ""));
}

function chooseOrder(label: string): void {
  const order = list.find((one) => one.order === label);
  if (!order) return;
  element<HTMLSelectElement>("order").value = label;
  const next = order.next.say;
  element("next").textContent = chinese() ? next.zh : next.en;
  element("complete").textContent = text("complete", String(order.complete));
  showClocks(order);
  const needs = order.fixations.flatMap((fixation) => fixation.needs.map((need) => ({ fixation, need })));
  const missing = needs.find(({ need }) => need.required && !need.present) ?? needs[0];
  const rows = needs.map(({ fixation, need }) => {
    const row = document.createElement("label");
    row.className = need.present ? "slot present" : "slot";
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "slot", value: need.slot });
    input.checked = need.slot === missing?.need.slot;
    input.addEventListener("change", () => chooseSlot(label, need.slot));
    const mark = Object.assign(document.createElement("span"), { className: "mark" });
    mark.title = text(need.present ? "present" : "missing");
    const name = Object.assign(document.createElement("span"), { textContent: text(`slot_${need.slot}`) });
    const group = document.createElement("span");
    group.className = "group";
    group.textContent = need.required ? text(`fixation_${fixation.kind}`) : text("optional");
    row.append(input, mark, name, group);
    return row;
  });
  element("slots").replaceChildren(...rows);
  chooseSlot(label, missing?.need.slot ?? "other");
}

function chooseSlot(order: string, slot: string): void {
  choice = { order, slot };
  element("fix").textContent = text("fix", text(`slot_${slot}`));
  void keep("choice", choice);
}

function showClocks(order: Order): void {
  const now = Date.now();
  const own = order.clocks.filter((clock) => clock.own && clock.due_at !== null).slice(0, 3);
  const shown = own.map((clock) => {
    const due = clock.due_at ?? "";
    const item = document.createElement("li");
    if (Date.parse(due) - now < SOON_MS) item.className = "soon";
    item.textContent = `${text(`clock_${clock.code}`)} ${left(due, now)}`;
    item.title = clockTime(due);
    return item;
  });
  element("clocks").replaceChildren(...shown);
}

async function tabNow(): Promise<chrome.tabs.Tab> {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  if (tab?.id === undefined) throw new Error("page_closed_to_extensions");
  return tab;
}

async function fix(): Promise<void> {
  await guarded(async () => {
    const tab = (await tabNow()).id as number;
    const done = await ask<Fixed>({ to: "background", ask: "fix", tab, ...choice });
    note(done.round.left === 0 ? text("fixed", clockTime(new Date().toISOString())) : text("sealed_waiting"));
    const answer = await orders();
    if (answer.list) await showOrders(answer.list.orders);
  });
}

async function record(): Promise<void> {
  await guarded(async () => {
    if (recording) {
      await ask<Reply>({ to: "background", ask: "stop" });
      note(text("recording_done"));
      return;
    }
    const tab = await tabNow();
    const slot = "recording";
    if (!chrome.offscreen) {
      const page = new URLSearchParams({ order: choice.order, slot, url: tab.url ?? "", title: tab.title ?? "" });
      await chrome.tabs.create({ url: `recorder.html#${page}` });
      return;
    }
    if (!(await chrome.permissions.request({ permissions: ["tabCapture"] }))) return;
    await ask<Reply>({ to: "background", ask: "record", tab: tab.id as number, order: choice.order, slot });
    note(text("recording_on"));
  });
}

/** One thing at a time; what goes wrong is said. */
async function guarded(work: () => Promise<void>): Promise<void> {
  const buttons = [element<HTMLButtonElement>("fix"), element<HTMLButtonElement>("record")];
  buttons.forEach((button) => (button.disabled = true));
  try {
    await work();
  } catch (error) {
    const code = error instanceof Error ? error.message : "failed";
    note(chrome.i18n.getMessage(`problem_${code}`) || text("problem_failed"), true);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
    await showWaiting();
  }
}

function note(words: string, warn = false): void {
  const shown = element("note");
  shown.hidden = false;
  shown.className = warn ? "note warn" : "note";
  element("note-text").textContent = words;
  element("share").hidden = true;
  shown.scrollIntoView({ block: "nearest" });
}

function showProgress(progress: Progress): void {
  note(text(`step_${progress.step}`));
  const share = element<HTMLProgressElement>("share");
  share.hidden = false;
  const done = { page: 0, visible: 0.1, full: 0.15 + 0.65 * progress.share, archive: 0.85, seal: 0.95 };
  share.value = done[progress.step];
}

void start();
