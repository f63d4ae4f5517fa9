// What the exporter opened after the package left, on top of what the package opens.
import type { Tally } from "../finding.ts";
import { ById, type ItemId } from "../item-id.ts";
import type { LateDisclosure } from "../late.ts";
import { type Disclosure, open } from "../log/disclosure.ts";
import { leafPath } from "../path.ts";
import type { LeafFacts } from "./leaves.ts";
import type { LogFacts } from "./logs.ts";

export type LateByLeaf = ById<LateDisclosure[]>;

/** Finds the log of each by its origin; what speaks of no log of the package is a finding. */
export function lateByLeaf(all: LateDisclosure[], logs: LogFacts[], tally: Tally): LateByLeaf {
  const byLeaf: LateByLeaf = new ById();
  for (const late of all) {
    const log = logs.find((one) => one.key?.name === late.origin);
    if (log) byLeaf.getOrMake({ log: log.number, seq: late.seq }, () => []).push(late);
    else tally.fail("late-unknown-log", "", late.origin);
  }
  return byLeaf;
}

export function openLate(
  facts: LeafFacts,
  sd: string[],
  atOnce: Disclosure[],
  at: ItemId,
  late: LateByLeaf,
  tally: Tally,
): void {
  let opened = atOnce;
  for (const one of late.get(at) ?? []) {
    // What the package opens already may be said again.
    const fresh = one.disclosures.filter((its) => !opened.some((other) => other.encoded === its.encoded));
    const all = [...opened, ...fresh];
    if (!(open(sd, all) instanceof Map)) {
      tally.fail("late-no-match", leafPath(at));
      continue;
    }
    opened = all;
    for (const { name, value } of one.disclosures) facts.lateFields.set(name, value);
    if (one.content) facts.lateContent = one.content;
    tally.cover("late-disclosures", 1);
  }
}
