// What outsiders say about when, each with what it rests on.
import { idText } from "../item-id.ts";
import { VerifyingKey } from "../log/key.ts";
import { type Cosignatures, witnessed } from "../outside/cosignature.ts";
import { BLOCK_CLOCK_MS } from "../outside/opentimestamps.ts";
import type { NotBefore } from "../log/leaf.ts";
import { QUICKNET, timeOf, TOKEN_BEACON } from "../outside/beacon.ts";
import type { ServiceStamp, Stamp } from "../outside/stamped.ts";
import type { ItemReport, Report } from "../report.ts";
import { el } from "./element.ts";
import { shown } from "./shown.ts";
import { localTime, text } from "./words.ts";

/** What the reader trusts: fingerprints of root certificates, however they were written. */
export interface Trust {
  entered: string;
  /** `undefined` while nothing was typed. */
  change: (entered: string) => void;
  add: (files: File[]) => void;
}

const fingerprints = (entered: string): Set<string> =>
  new Set(
    entered
      .replace(/:/g, "")
      .toLowerCase()
      .match(/[0-9a-f]{64}/g) ?? [],
  );

/** Whether any outsider gives a time at all. */
export const hasOutsideTime = (report: Report): boolean =>
  report.outside.stamps.some(
    (stamp) =>
      stamp.holds &&
      (stamp.services.some((one) => one.token) || (typeof stamp.ots === "object" && stamp.ots.blocks.length > 0)),
  );

export function outside(report: Report, trust: Trust): HTMLElement {
  const { stamps, rounds, badRounds } = report.outside;
  const box = el("div", { id: "outside" });
  if (!hasOutsideTime(report)) {
    box.append(
      el("div", { class: "callout" }, el("strong", {}, text("since-none")), el("p", {}, text("since-none-why"))),
    );
  }
  const trusted = fingerprints(trust.entered);
  const keys = trust.entered.split("\n").flatMap((line) => VerifyingKey.parse(line.trim(), 4) ?? []);
  for (const stamp of stamps) box.append(stampBox(stamp, trusted, keys));
  const newest = [...rounds.values()].sort((a, b) => (a.round < b.round ? -1 : 1)).at(-1);
  if (newest)
    box.append(
      el(
        "p",
        {},
        text("outside-rounds", { count: rounds.size, at: localTime(timeOf(newest.round).toISOString()) }),
      ),
    );
  if (badRounds.length > 0)
    box.append(el("p", { class: "bad" }, text("outside-bad-rounds", { count: badRounds.length })));
  if (stamps.some((stamp) => stamp.services.length > 0 || stamp.cosignatures)) box.append(trustField(trust));
  return box;
}

function stampBox(stamp: Stamp, trusted: Set<string>, keys: VerifyingKey[]): HTMLElement {
  const lines: (HTMLElement | false)[] = stamp.services.map((service) => serviceLine(service, trusted));
  if (stamp.ots === "wrong") lines.push(el("li", { class: "bad" }, text("outside-ots-wrong")));
  else if (stamp.ots) {
    for (const { height, merkleRoot } of stamp.ots.blocks.slice(0, 4)) {
      lines.push(el("li", {}, text("outside-block", { height }), " ", el("code", {}, merkleRoot)));
    }
    if (stamp.header) {
      const at = localTime(new Date(stamp.header.time.getTime() + BLOCK_CLOCK_MS).toISOString());
      lines.push(el("li", {}, text("outside-header", { at }), " ", el("code", {}, stamp.header.hash)));
    }
    if (stamp.ots.blocks.length === 0) lines.push(el("li", {}, text("outside-pending")));
  }
  if (stamp.cosignatures) lines.push(...witnessLines(stamp.cosignatures, keys));
  return el(
    "div",
    { class: `callout ${!stamp.holds ? "warn" : isVouched(stamp, trusted, keys) ? "good" : ""}` },
    el(
      "strong",
      {},
      text(stamp.holds ? "outside-stamp" : "outside-stamp-wrong", { log: stamp.log, size: stamp.size }),
    ),
    stamp.holds && el("ul", {}, ...lines),
  );
}

/** Whether anybody the reader trusts has seen it; what came along with the package is no more than a claim. */
function isVouched(stamp: Stamp, trusted: Set<string>, keys: VerifyingKey[]): boolean {
  const { services, cosignatures } = stamp;
  const roots = services.map((service) => service.token?.path.at(-1)?.fingerprint ?? "");
  return (
    roots.some((root) => trusted.has(root)) ||
    (cosignatures !== undefined && keys.some((key) => witnessed(cosignatures, key).at))
  );
}

function witnessLines(cosignatures: Cosignatures, keys: VerifyingKey[]): HTMLElement[] {
  const known = keys.map((key) => ({ key, ...witnessed(cosignatures, key) }));
  const lines = known.flatMap(({ key, at, wrong }) => {
    const name = shown(key.name, 80);
    if (at)
      return [el("li", {}, el("b", {}, text("outside-witnessed", { at: localTime(at.toISOString()), name })))];
    return wrong ? [el("li", { class: "bad" }, text("outside-witness-wrong", { name }))] : [];
  });
  const others = cosignatures.names.filter((name) => !keys.some((key) => key.name === name)).slice(0, 20);
  const names = others.map((name) => shown(name, 80)).join(text("comma"));
  return names ? [...lines, el("li", {}, text("outside-witnesses", { names }))] : lines;
}

function serviceLine({ service, token, defect }: ServiceStamp, trusted: Set<string>): HTMLElement {
  const name = shown(service, 60);
  if (!token)
    return el(
      "li",
      { class: "bad" },
      text("outside-token-wrong", { name }),
      " ",
      text(`defect-${defect ?? "malformed"}`),
    );
  const latest = new Date(token.genTime.getTime() + token.accuracyMs);
  const root = token.path[token.path.length - 1]!;
  const known = trusted.has(root.fingerprint);
  return el(
    "li",
    {},
    el("b", {}, text("outside-token", { at: localTime(latest.toISOString()) })),
    " ",
    el("bdi", {}, shown(token.signer, 160)),
    el(
      "p",
      { class: known ? "fits is-fits" : "soft" },
      text(known ? "outside-root-trusted" : "outside-root-claimed", { root: shown(root.subjectText, 160) }),
    ),
    el("code", { class: "path", "data-root": root.fingerprint }, root.fingerprint),
  );
}

function trustField(trust: Trust): HTMLElement {
  const field = el("textarea", {
    id: "roots",
    rows: "2",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "roots-hint",
  });
  field.value = trust.entered;
  field.addEventListener("change", () => trust.change(field.value));
  const input = el("input", {
    type: "file",
    id: "root-file",
    class: "unseen",
    accept: ".pem,.crt,.cer,.der",
    multiple: "",
  });
  input.addEventListener("change", () => trust.add([...(input.files ?? [])]));
  return el(
    "div",
    {},
    el("label", { for: "roots", class: "label" }, text("outside-trust")),
    field,
    el("p", { id: "roots-hint", class: "soft" }, text("outside-trust-hint")),
    input,
    el("label", { for: "root-file", class: "second" }, text("outside-trust-file")),
  );
}

/** What a leaf's beacon value shows. */
export function notBeforeText(item: ItemReport, report: Report): string | undefined {
  const { notBefore } = item;
  if (!notBefore) return undefined;
  if (notBefore.chain === TOKEN_BEACON) return tokenBeaconText(notBefore, report);
  const known = notBefore.chain === QUICKNET ? report.outside.rounds.get(notBefore.round) : undefined;
  if (!known) return text("not-before-claimed", { round: notBefore.round });
  const holds = known.randomness === notBefore.rand;
  return text(holds ? "not-before-holds" : "not-before-wrong", {
    round: known.round,
    at: localTime(timeOf(known.round).toISOString()),
    position: idText(item.position),
  });
}

/** A token as a beacon: its digest could not be foretold before it was signed. */
function tokenBeaconText(notBefore: NotBefore, report: Report): string {
  const tokens = report.outside.stamps.flatMap((stamp) =>
    stamp.services.flatMap((service) => service.token ?? []),
  );
  const token = tokens.find((one) => one.sha256 === notBefore.rand);
  if (!token || BigInt(Math.floor(token.genTime.getTime() / 1000)) !== notBefore.round)
    return text("not-before-token-claimed");
  const earliest = new Date(token.genTime.getTime() - token.accuracyMs);
  return text("not-before-token", { at: localTime(earliest.toISOString()), signer: shown(token.signer, 120) });
}
