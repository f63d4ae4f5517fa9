// The background: captures on a click or the hotkey, delivers the queue, starts and stops the recorder.
import { orders, send } from "./app";
import { capture, type Step } from "./capture";
import type { Ask, Progress, Recording, Reply } from "./messages";
import { ask, tell } from "./messages";
import { deliverAll, length, type Round } from "./queue";
import { type Choice, forget, keep, kept } from "./store";

const ALARM = "deliver";

let busy: Progress | null = null;

function progress(step: Step, share: number): void {
  busy = { step, share };
  tell({ to: "pages", news: "progress", progress: busy });
}

/** One round of delivery at a time, whoever asks. */
async function deliver(): Promise<Round> {
  const round = await navigator.locks.request("sigu-deliver", () => deliverAll(send));
  await badge();
  if (round.left > round.refused) await chrome.alarms.create(ALARM, { delayInMinutes: 1 });
  tell({ to: "pages", news: "changed" });
  return round;
}

/** The number that waits stands on the button; a recording shows as a dot. */
async function badge(): Promise<void> {
  const [left, recording] = [await length(), await kept<Recording>("recording")];
  await chrome.action.setBadgeBackgroundColor({ color: recording ? "#b3261e" : "#5b6b7c" });
  await chrome.action.setBadgeText({ text: recording ? "●" : left > 0 ? String(left) : "" });
}

async function fix(tab: number, order: string, slot: string): Promise<Reply> {
  if (busy) return { problem: "busy" };
  progress("page", 0);
  try {
    await keep("choice", { order, slot } satisfies Choice);
    const id = await capture(tab, order, slot, progress);
    await badge();
    return { done: "fixed", id, round: await deliver() };
  } finally {
    busy = null;
  }
}

async function record(tab: number, order: string, slot: string): Promise<Reply> {
  if (await kept<Recording>("recording")) return { problem: "recording" };
  const recording: Recording = { id: crypto.randomUUID(), order, slot, since: new Date().toISOString(), pieces: 0 };
  const stream = await chrome.tabCapture.getMediaStreamId({ targetTabId: tab });
  const shown = await chrome.tabs.get(tab);
  if (!(await chrome.offscreen.hasDocument())) {
    await chrome.offscreen.createDocument({
      url: "recorder.html#offscreen",
      reasons: [chrome.offscreen.Reason.USER_MEDIA],
      justification: "records the tab the user asked for",
    });
  }
  const [url, title] = [shown.url ?? "", shown.title ?? ""];
  const zoom = await chrome.tabs.getZoom(tab);
  await ask({ to: "recorder", ask: "start", stream, recording, url, title, zoom });
  await keep("recording", recording);
  await badge();
  return { done: "ok" };
}

/** The recorder has something new in the queue, or has ended. */
async function recorded(recording: Recording | null): Promise<Reply> {
  if (recording) {
    await keep("recording", recording);
  } else {
    await forget("recording");
    if (chrome.offscreen && (await chrome.offscreen.hasDocument())) await chrome.offscreen.closeDocument();
  }
  await badge();
  void deliver();
  return { done: "ok" };
}

async function answer(message: Ask): Promise<Reply> {
  switch (message.ask) {
    case "fix":
      return await fix(message.tab, message.order, message.slot);
    case "deliver":
      return { done: "delivered", round: await deliver() };
    case "record":
      return await record(message.tab, message.order, message.slot);
    case "stop":
      return await ask({ to: "recorder", ask: "stop" });
    case "recorded":
      return await recorded(message.recording);
    case "state":
      return { busy, recording: (await kept<Recording>("recording")) ?? null, left: await length() };
    default:
      return { problem: "unknown" };
  }
}

chrome.runtime.onMessage.addListener((message: Ask, sender, reply) => {
  if (message.to !== "background" || sender.id !== chrome.runtime.id) return false;
  answer(message)
    .catch((error: unknown): Reply => ({ problem: codeOf(error) }))
    .then(reply);
  return true;
});

function codeOf(error: unknown): string {
  if (error instanceof Error) return "code" in error ? String(error.code) : error.message;
  return "unknown";
}

chrome.alarms.onAlarm.addListener((alarm) => {
  if (alarm.name === ALARM) void deliver();
});

chrome.runtime.onStartup.addListener(() => {
  // A recorder does not outlive its browser; what it delivered stays.
  void forget("recording").then(deliver);
});

chrome.runtime.onInstalled.addListener(() => void badge());

/** The hotkey fixes for the order and slot chosen last; without one it opens the popup. */
chrome.commands.onCommand.addListener((command, tab) => {
  if (command !== "fix-page" || tab?.id === undefined) return;
  const id = tab.id;
  void kept<Choice>("choice").then(async (choice) => {
    if (!choice) return chrome.action.openPopup();
    const done = await fix(id, choice.order, choice.slot).catch((): Reply => ({ problem: "failed" }));
    await chrome.action.setBadgeText({ text: "problem" in done ? "!" : "✓" });
    void orders();
    return undefined;
  });
});
