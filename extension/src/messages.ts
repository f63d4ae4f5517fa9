// What the parts of the extension say to each other.
import type { Step } from "./capture";
import type { Round } from "./queue";

export interface Recording {
  id: string;
  order: string;
  slot: string;
  since: string;
  pieces: number;
}

export type Ask =
  | { to: "background"; ask: "fix"; tab: number; order: string; slot: string }
  | { to: "background"; ask: "deliver" }
  | { to: "background"; ask: "record"; tab: number; order: string; slot: string }
  | { to: "background"; ask: "stop" }
  | { to: "background"; ask: "state" }
  | { to: "background"; ask: "recorded"; recording: Recording | null }
  | { to: "recorder"; ask: "start"; stream: string; recording: Recording; url: string; title: string; zoom: number }
  | { to: "recorder"; ask: "stop" };

export interface Fixed {
  done: "fixed";
  id: string;
  round: Round;
}

export interface State {
  busy: Progress | null;
  recording: Recording | null;
  left: number;
}

export type Reply = Fixed | { done: "delivered"; round: Round } | State | { done: "ok" } | { problem: string };

export interface Progress {
  step: Step;
  share: number;
}

/** Told to whoever shows it. */
export type News = { to: "pages"; news: "progress"; progress: Progress } | { to: "pages"; news: "changed" };

export async function ask<T extends Reply>(message: Ask): Promise<T> {
  const reply = (await chrome.runtime.sendMessage(message)) as Reply | undefined;
  if (reply === undefined) throw new Error("no_answer");
  if ("problem" in reply) throw new Error(reply.problem);
  return reply as T;
}

/** Tells the open pages; nobody listening is no fault. */
export function tell(news: News): void {
  void chrome.runtime.sendMessage(news).catch(() => {});
}
