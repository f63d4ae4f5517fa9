// What outsiders say about when, each with what it rests on.
import { idText } from "../item-id.ts";
import { VerifyingKey } from "../log/key.ts";
import { timeOf } from "../outside/beacon.ts";
import { blockLatest, type Bound, latest, rootOf, type Trust, type Voice } from "../outside/bracket.ts";
import { type Cosignatures, seenBy, strangers } from "../outside/cosignature.ts";
import type { OtsStamp, ServiceStamp, Stamp } from "../outside/stamped.ts";
import type { ItemReport, Report } from "../report.ts";
import { el } from "./element.ts";
import { shown } from "./shown.ts";
import { localTime, text } from "./words.ts";

/** What the reader types, and who hears of it. */
export interface Believed {
  entered: string;
  change: (entered: string) => void;
  add: (files: File[]) => void;
}

/** Whom the reader believes: digests of roots and blocks, and keys of witnesses, however they were written. */
export function trustOf(entered: string): Trust {
  const digests = entered
    .replace(/:/g, "")
    .toLowerCase()
    .match(/[0-9a-f]{64}/g);
  const keys = entered.split("\n").flatMap((line) => VerifyingKey.parse(line.trim(), 4) ?? []);
  return { digests: new Set(digests ?? []), keys };
}

export function outside(report: Report, believed: Believed): HTMLElement {
  const { stamps, rounds } = report.outside;
  const box = el("div", { id: "outside" });
  if (report.outsideTime === "none") {
    box.append(
      el("div", { class: "callout" }, el("strong", {}, text("since-none")), el("p", {}, text("since-none-why"))),
    );
  }
  for (const stamp of stamps) box.append(stampBox(stamp, report.trust));
  const good = [...rounds.values()].filter((round) => round !== undefined);
  const newest = good.at(-1);
  if (newest)
    box.append(
      el(
        "p",
        {},
        text("outside-rounds", { count: good.length, at: localTime(timeOf(newest.round).toISOString()) }),
      ),
    );
  if (good.length < rounds.size)
    box.append(el("p", { class: "bad" }, text("outside-bad-rounds", { count: rounds.size - good.length })));
  if (stamps.some((stamp) => stamp.tied)) box.append(trustField(believed));
  return box;
}

function stampBox(stamp: Stamp, trust: Trust): HTMLElement {
  const lines = stamp.services.map((service) => serviceLine(service, trust));
  if (stamp.ots === "refused") lines.push(el("li", { class: "bad" }, text("outside-ots-wrong")));
  else if (stamp.ots) lines.push(...blockLines(stamp.ots, trust));
  if (stamp.cosignatures === "refused") lines.push(el("li", { class: "bad" }, text("outside-witness-malformed")));
  else if (stamp.cosignatures) lines.push(...witnessLines(stamp.cosignatures, trust));
  return el(
    "div",
    { class: `callout ${!stamp.tied ? "warn" : isVouched(stamp, trust) ? "good" : ""}` },
    el(
      "strong",
      {},
      text(stamp.tied ? "outside-stamp" : "outside-stamp-wrong", { log: stamp.log, size: stamp.size }),
    ),
    stamp.tied && el("ul", {}, ...lines),
  );
}

/** Whether anybody the reader trusts has seen it; what came along with the package is no more than a claim. */
function isVouched({ services, ots, cosignatures }: Stamp, { digests, keys }: Trust): boolean {
  const roots = services.flatMap(({ token }) => (token ? rootOf(token) : []));
  const blocks = typeof ots === "object" ? ots.blocks.flatMap(({ header }) => header?.hash ?? []) : [];
  const seen = typeof cosignatures === "object" ? seenBy(cosignatures, keys) : [];
  return [...roots, ...blocks].some((one) => digests.has(one)) || (seen ?? []).length > 0;
}

function blockLines({ blocks, headerRefused }: OtsStamp, { digests }: Trust): HTMLElement[] {
  const lines = blocks.slice(0, 4).flatMap(({ height, merkleRoot, header }) => {
    const root = el("li", {}, text("outside-block", { height }), " ", el("code", {}, merkleRoot));
    if (!header) return [root];
    const at = localTime(blockLatest(header.time).toISOString());
    const key = digests.has(header.hash) ? "outside-header-known" : "outside-header";
    return [root, el("li", {}, text(key, { at }), " ", el("code", { "data-block": header.hash }, header.hash))];
  });
  if (headerRefused) lines.push(el("li", { class: "bad" }, text("outside-header-wrong")));
  if (blocks.length === 0) lines.push(el("li", {}, text("outside-pending")));
  return lines;
}

function witnessLines(cosignatures: Cosignatures, { keys }: Trust): HTMLElement[] {
  const seen = seenBy(cosignatures, keys);
  if (!seen) return [el("li", { class: "bad" }, text("outside-witness-wrong"))];
  const lines = seen.map(({ key, at }) => {
    const values = { at: localTime(at.toISOString()), name: shown(key.name, 80) };
    return el("li", {}, el("b", {}, text("outside-witnessed", values)));
  });
  const others = strangers(cosignatures, keys).slice(0, 20);
  const names = others.map((name) => shown(name, 80)).join(text("comma"));
  return names ? [...lines, el("li", {}, text("outside-witnesses", { names }))] : lines;
}

function serviceLine({ service, request, token, defect }: ServiceStamp, { digests }: Trust): HTMLElement {
  const name = shown(service, 60);
  if (!token)
    return el(
      "li",
      { class: "bad" },
      text("outside-token-wrong", { name }),
      " ",
      text(`defect-${defect ?? "malformed"}`),
    );
  const root = token.path.at(-1)!;
  const known = digests.has(root.fingerprint);
  return el(
    "li",
    {},
    el("b", {}, text("outside-token", { at: localTime(latest(token).toISOString()) })),
    " ",
    el("bdi", {}, shown(token.signer, 160)),
    el(
      "p",
      { class: known ? "fits is-fits" : "soft" },
      text(known ? "outside-root-trusted" : "outside-root-claimed", { root: shown(root.subjectText, 160) }),
    ),
    el("code", { class: "path", "data-root": root.fingerprint }, root.fingerprint),
    !request && el("p", { class: "soft" }, text("outside-no-request")),
  );
}

function trustField(trust: Believed): HTMLElement {
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

/** What is known of the age of an entry: not before and not after, and by whose word. */
export function bracketText({ bracket }: ItemReport): string | undefined {
  const { notBefore, notAfter, contradiction } = bracket;
  const best = notAfter.find((bound) => !bound.claim) ?? notAfter[0];
  const parts = [
    notBefore && text("bracket-from", said(notBefore)),
    best && text("bracket-to", said(best)),
    notAfter.length > 1 && text("bracket-more", { count: notAfter.length - 1 }),
    contradiction && text("bracket-contradiction"),
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join(" · ") : undefined;
}

function said({ at, by, claim }: Bound): { at: string; by: string } {
  const name = voice(by);
  return { at: localTime(at.toISOString()), by: claim ? text("voice-claim", { by: name }) : name };
}

function voice(by: Voice): string {
  switch (by.is) {
    case "service":
      return shown(by.signer, 120);
    case "block":
      return text("voice-block", { height: by.height });
    case "witness":
      return text("voice-witness", { name: shown(by.key.name, 80) });
    case "drand":
      return text("voice-drand", { round: by.round });
  }
}

/** Where the age of an entry is said, so that it can be said anew when the reader trusts somebody else. */
export function bracketLine(item: ItemReport): HTMLElement {
  const line = el("p", { class: "soft", "data-bracket": idText(item.position) });
  line.textContent = bracketText(item) ?? "";
  line.hidden = line.textContent === "";
  return line;
}

/** Says the ages anew. */
export function sayBrackets(report: Report): void {
  const byId = new Map(report.items.map((item) => [idText(item.position), item]));
  for (const line of document.querySelectorAll<HTMLElement>("[data-bracket]")) {
    const item = byId.get(line.dataset["bracket"] ?? "");
    if (item) line.replaceWith(bracketLine(item));
  }
}

/** What a leaf's beacon shows; nothing where the bracket says it. */
export function beaconText({ notBefore, bracket, position }: ItemReport): string | undefined {
  const values = { round: notBefore?.round ?? "", position: idText(position) };
  if (bracket.beacon === "differs") return text("not-before-wrong", values);
  return bracket.beacon === "absent" || bracket.beacon === "unknown" ? text("not-before-claimed") : undefined;
}
