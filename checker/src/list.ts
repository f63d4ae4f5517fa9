// Lists of files and their SHA-256, compared with what is really there. A list has one right form for given files.
import { compareBytes, textOf } from "./bytes.ts";

/** Longer lines are malformed whatever they say; what is left of one counts as the next line. */
const LINE_BYTES = 70_000;

export interface ListFindings {
  notListed(path: string): void;
  missing(path: string): void;
  differs(path: string): void;
  line(number: number): void;
}

/** Walks list and files once, both in order of the paths' bytes; returns how many lines agreed. */
export function compareList(
  list: Uint8Array,
  files: { path: string; sha256: string }[],
  report: ListFindings,
): number {
  let [next, agreed, before, number] = [0, 0, "", 0];
  for (const text of lines(list)) {
    number++;
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.*)$/s.exec(text ?? "") ?? [];
    if (path === undefined || compareBytes(path, before) <= 0) {
      report.line(number);
      continue;
    }
    while (next < files.length && compareBytes(files[next]!.path, path) < 0) report.notListed(files[next++]!.path);
    const there = files[next]?.path === path ? files[next++] : undefined;
    if (!there) report.missing(path);
    else if (there.sha256 === sha256) agreed++;
    else report.differs(path);
    before = path;
  }
  while (next < files.length) report.notListed(files[next++]!.path);
  return agreed;
}

/** The lines without their `\n`; `undefined` for one that is too long, not UTF-8, or not ended. */
function* lines(list: Uint8Array): Generator<string | undefined> {
  for (let from = 0; from < list.length;) {
    const newline = list.indexOf(10, from);
    const end = Math.min(newline < 0 ? list.length : newline + 1, from + LINE_BYTES);
    const ended = newline >= 0 && newline < end;
    yield ended ? textOf(list.subarray(from, newline)) : undefined;
    from = end;
  }
}
