// The queue: sealed deliveries in the order they were made. One goes only when the app says it is durable.
import { ask } from "./store";

export type Kind = "capture" | "piece" | "end";

/** A sealed delivery. In clear stands only what delivering needs. */
export interface Entry {
  seq?: number;
  id: string;
  kind: Kind;
  /** The number of a piece. */
  n?: number;
  made_at: string;
  sealed: Uint8Array;
  /** Why the app will not take it: it stays until the user decides. */
  refused?: string;
}

/** What the app answered. */
export type Answer = { outcome: "kept"; items: number } | { outcome: "refused"; code: string } | { outcome: "later" };

export interface Round {
  delivered: number;
  items: number;
  left: number;
  refused: number;
}

export async function enqueue(entry: Omit<Entry, "seq">): Promise<void> {
  await ask("queue", "readwrite", (store) => store.add(entry));
}

export async function entries(): Promise<Entry[]> {
  return (await ask("queue", "readonly", (store) => store.getAll())) as Entry[];
}

async function keys(): Promise<number[]> {
  return (await ask("queue", "readonly", (store) => store.getAllKeys())) as number[];
}

export const length = (): Promise<number> => ask("queue", "readonly", (store) => store.count());

export async function discard(seq: number): Promise<void> {
  await ask("queue", "readwrite", (store) => store.delete(seq));
}

async function one(seq: number): Promise<Entry | undefined> {
  return (await ask("queue", "readonly", (store) => store.get(seq))) as Entry | undefined;
}

/** Lets refused deliveries be tried again. */
export async function retryRefused(): Promise<void> {
  for (const entry of await entries()) {
    if (entry.refused !== undefined) {
      const { refused: _, ...again } = entry;
      await ask("queue", "readwrite", (store) => store.put(again));
    }
  }
}

/**
 * Delivers in order until the app cannot be reached. One delivery lies in memory at a time; a refused one does not
 * stop the others, except that the end of a recording waits for its pieces.
 */
export async function deliverAll(send: (entry: Entry) => Promise<Answer>): Promise<Round> {
  const round: Round = { delivered: 0, items: 0, left: 0, refused: 0 };
  for (const seq of await keys()) {
    const entry = await one(seq);
    if (!entry || entry.refused !== undefined) continue;
    const answer = await send(entry);
    if (answer.outcome === "later") break;
    if (answer.outcome === "refused") {
      await ask("queue", "readwrite", (store) => store.put({ ...entry, refused: answer.code }));
      continue;
    }
    await discard(seq);
    round.delivered += 1;
    round.items += answer.items;
  }
  const left = await entries();
  round.left = left.length;
  round.refused = left.filter((entry) => entry.refused !== undefined).length;
  return round;
}
