// The local app, as the extension speaks to it: on 127.0.0.1 only, with the token of the pairing.
import type { Answer, Entry } from "./queue";
import { forget, keep, kept, paired, type Paired } from "./store";

export interface Need {
  need: string;
  slot: string;
  required: boolean;
  present: boolean;
}

export interface Fixation {
  kind: string;
  complete: boolean;
  needs: Need[];
}

export interface Clock {
  code: string;
  own: boolean;
  due_at: string | null;
}

export interface Order {
  order: string;
  title: string | null;
  complete: number;
  fixations: Fixation[];
  clocks: Clock[];
  next: { code: string; say: { zh: string; en: string }; due_at: string | null };
}

export interface Orders {
  now: string;
  orders: Order[];
}

/** Why the app did not do it: a code, for the messages. */
export class AppProblem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }
}

const ASK_MS = 5_000;
const SEND_MS = 180_000;

async function request(port: number, path: string, init: RequestInit, ms: number): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(ms),
    });
  } catch {
    throw new AppProblem("closed", 0);
  }
  const body = (await response.json().catch(() => ({}))) as { error?: { code?: string } };
  if (!response.ok) throw new AppProblem(body.error?.code ?? `http_${response.status}`, response.status);
  return body;
}

/** The port of a code such as 43817-K7QD-T2MX; undefined where it is none. */
export function portOf(code: string): number | undefined {
  const match = /^\s*(\d{2,5})[\s-]+([0-9a-z]{4})[\s-]*([0-9a-z]{4})\s*$/i.exec(code);
  const port = Number(match?.[1]);
  return match && port > 0 && port < 65536 ? port : undefined;
}

export async function pair(code: string, name: string): Promise<Paired> {
  const port = portOf(code);
  if (port === undefined) throw new AppProblem("code_form", 0);
  const init = { method: "POST", body: JSON.stringify({ code, name }), headers: { "content-type": "application/json" } };
  const answer = (await request(port, "/api/v1/pair", init, ASK_MS)) as {
    token: string;
    recipient: string;
    app: { version: string };
  };
  if (!answer.token || !answer.recipient?.startsWith("age1")) throw new AppProblem("answer", 0);
  const pairing: Paired = {
    port,
    token: answer.token,
    recipient: answer.recipient,
    version: answer.app.version,
    paired_at: new Date().toISOString(),
  };
  await keep("paired", pairing);
  await forget("orders");
  return pairing;
}

export async function unpair(): Promise<void> {
  await forget("paired");
  await forget("orders");
  await forget("choice");
}

/** The open orders: fresh where the app answers, else as last seen. */
export async function orders(): Promise<{ list: Orders | undefined; problem?: AppProblem }> {
  const pairing = await paired();
  if (!pairing) return { list: undefined };
  try {
    const init = { headers: { authorization: `Bearer ${pairing.token}` } };
    const list = (await request(pairing.port, "/api/v1/orders", init, ASK_MS)) as Orders;
    await keep("orders", list);
    return { list };
  } catch (problem) {
    return { list: await kept<Orders>("orders"), problem: problem as AppProblem };
  }
}

function place(entry: Entry): string {
  if (entry.kind === "piece") return `/api/v1/recordings/${entry.id}/pieces/${entry.n}`;
  if (entry.kind === "end") return `/api/v1/recordings/${entry.id}/end`;
  return "/api/v1/captures";
}

/** Answers of the app that another try will not change. */
const FINAL = [400, 404, 409, 413, 422];

/** Sends one sealed delivery. Acknowledged means durable in the vault (a piece: durable beside it). */
export async function send(entry: Entry): Promise<Answer> {
  const pairing = await paired();
  if (!pairing) return { outcome: "later" };
  const headers = {
    authorization: `Bearer ${pairing.token}`,
    "content-type": "application/octet-stream",
    "sigu-delivery": entry.id,
  };
  try {
    const body = entry.sealed as Uint8Array<ArrayBuffer>;
    const answer = (await request(pairing.port, place(entry), { method: "POST", body, headers }, SEND_MS)) as {
      items?: string[];
      kept?: number;
    };
    if (answer.items === undefined && answer.kept === undefined) return { outcome: "later" };
    return { outcome: "kept", items: answer.items?.length ?? 0 };
  } catch (error) {
    const problem = error as AppProblem;
    return FINAL.includes(problem.status) ? { outcome: "refused", code: problem.code } : { outcome: "later" };
  }
}
