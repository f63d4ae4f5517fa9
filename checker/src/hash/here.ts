// Hashing without workers: where there are none, and in tests.
import type { PackedFile } from "../package.ts";
import { cutRuns, type Measured, measureRun } from "./measure.ts";

export interface Progress {
  done: number;
  total: number;
}

/** How files are hashed: gives what it measured in any order. */
export type Hashing = (file: Blob, files: PackedFile[], progress: (at: Progress) => void) => Promise<Measured[]>;

/** Up to this size a content is hashed whole, by the browser's own code. */
export const WHOLE_BYTES = 64 * 2 ** 20;

export const hashHere: Hashing = async (file, files, progress) => {
  const total = files.reduce((sum, one) => sum + one.size, 0);
  const measured: Measured[] = [];
  let done = 0;
  for (const run of cutRuns(files)) {
    const tick = (bytes: number): void => progress({ done: (done += bytes), total });
    measured.push(...(await measureRun(file, run, WHOLE_BYTES, tick)));
  }
  return measured;
};
