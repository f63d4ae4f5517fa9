// Hashing in workers, made from the page's own bytes: nothing is loaded from anywhere.
import { type Hashing, hashHere, WHOLE_BYTES } from "./here.ts";
import { cutRuns, type Measured, type Run } from "./measure.ts";
import type { Answer, Order } from "./worker.ts";

/** The source of the worker, put here by the build. */
declare const WORKER_SOURCE: string;

const MAX_WORKERS = 4;
/** With so much memory, larger contents are hashed whole, one at a time; WebCrypto is many times faster than any script. */
const ROOMY_GIB = 8;
const ROOMY_WHOLE_BYTES = 2 ** 30;
/** From this size on, a content waits until no other such one is in memory. */
const ALONE_FROM_BYTES = 256 * 2 ** 20;

/** A file could not be read to its end. */
export class Unreadable extends Error {}

/** Hashes in workers until `signal` ends it; where there can be none, in the page. */
export function hashInWorkers(signal: AbortSignal): Hashing {
  return async (file, files, progress) => {
    const workers = startWorkers();
    if (workers.length === 0) return await hashHere(file, files, progress);
    const runs = cutRuns(files);
    const total = files.reduce((sum, one) => sum + one.size, 0);
    let done = 0;
    const tick = (bytes: number): void => progress({ done: (done += bytes), total });
    const alone = oneAtATime();
    try {
      return (await Promise.all(workers.map((worker) => work(worker, file, runs, tick, signal, alone)))).flat();
    } finally {
      for (const worker of workers) worker.terminate();
    }
  };
}

function startWorkers(): Worker[] {
  const count = Math.min(navigator.hardwareConcurrency || 2, MAX_WORKERS);
  const address = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
  try {
    const trusted = trustedAddress(address);
    return Array.from({ length: count }, () => new Worker(trusted));
  } catch {
    return [];
  } finally {
    // Workers have their source by the time this is heard.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

interface Policy {
  createScriptURL(address: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;
let policy: Policy | undefined;

/** The policy of the page lets nothing become a script but what passes here: the worker's own source. */
function trustedAddress(address: string): string {
  if (typeof trustedTypes === "undefined") return address;
  policy ??= trustedTypes.createPolicy("sigu-worker", { createScriptURL: (one) => one });
  return policy.createScriptURL(address);
}

/** Takes run after run from the common list. */
async function work(
  worker: Worker,
  file: Blob,
  runs: Run[],
  tick: (bytes: number) => void,
  signal: AbortSignal,
  alone: Turns,
): Promise<Measured[]> {
  const { deviceMemory = 0 } = navigator as { deviceMemory?: number };
  const wholeBytes = deviceMemory >= ROOMY_GIB ? ROOMY_WHOLE_BYTES : WHOLE_BYTES;
  const all: Measured[] = [];
  for (let run = runs.shift(); run; run = runs.shift()) {
    const order = { file, run, wholeBytes };
    const measure = (): Promise<Measured[]> => ask(worker, order, tick, signal);
    const size = run.to - run.from;
    all.push(...(await (size >= ALONE_FROM_BYTES && size <= wholeBytes ? alone(measure) : measure())));
  }
  return all;
}

type Turns = (work: () => Promise<Measured[]>) => Promise<Measured[]>;

function oneAtATime(): Turns {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const now = before.then(work);
    before = now.catch(() => {});
    return now;
  };
}

function ask(
  worker: Worker,
  order: Order,
  tick: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Measured[]> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ("tick" in data) tick(data.tick);
      else if ("done" in data) resolve(data.done);
      else reject(new Unreadable(data.fault));
    };
    worker.onerror = (event) => reject(new Unreadable(event.message));
    worker.postMessage(order);
  });
}
