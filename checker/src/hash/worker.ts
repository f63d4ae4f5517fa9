// One worker: measures the runs it is given, one after the other.
import { measureRun, type Measured, type Run } from "./measure.ts";

export interface Order {
  file: Blob;
  run: Run;
  wholeBytes: number;
}

export type Answer = { tick: number } | { done: Measured[] } | { fault: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage: (answer: Answer) => void;
};

scope.onmessage = ({ data: { file, run, wholeBytes } }) => {
  measureRun(file, run, wholeBytes, (tick) => scope.postMessage({ tick })).then(
    (done) => scope.postMessage({ done }),
    (error: unknown) => scope.postMessage({ fault: String(error) }),
  );
};
