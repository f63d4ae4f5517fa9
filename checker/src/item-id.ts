// Which leaf is meant: the number of its log, from 1, and its index in it, from 0; written `1-17`.
import { decimal } from "./bytes.ts";

export interface ItemId {
  readonly log: number;
  readonly seq: bigint;
}

export const idText = (at: ItemId): string => `${at.log}-${at.seq}`;

export function logNumber(text: string): number | undefined {
  const value = decimal(text);
  return value !== undefined && value > 0n && value < 1n << 32n ? Number(value) : undefined;
}

export function parseId(text: string): ItemId | undefined {
  const dash = text.indexOf("-");
  if (dash < 0) return undefined;
  const log = logNumber(text.slice(0, dash));
  const seq = decimal(text.slice(dash + 1));
  return log === undefined || seq === undefined ? undefined : { log, seq };
}

export function compareIds(a: ItemId, b: ItemId): number {
  if (a.log !== b.log) return a.log - b.log;
  return a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0;
}

/** Values by leaf, handed out in the order of the leaves. */
export class ById<Value> {
  #values = new Map<string, { at: ItemId; value: Value }>();

  get(at: ItemId): Value | undefined {
    return this.#values.get(idText(at))?.value;
  }

  has(at: ItemId): boolean {
    return this.#values.has(idText(at));
  }

  set(at: ItemId, value: Value): void {
    this.#values.set(idText(at), { at, value });
  }

  getOrMake(at: ItemId, make: () => Value): Value {
    const there = this.get(at);
    if (there !== undefined) return there;
    const made = make();
    this.set(at, made);
    return made;
  }

  sorted(): { at: ItemId; value: Value }[] {
    return [...this.#values.values()].sort((a, b) => compareIds(a.at, b.at));
  }
}
