// The report of the checker in the words `sigu verify --json` uses, so that the two can be compared whole.
import { load } from "./load.mjs";

const { seenBy, strangers } = await load("outside/cosignature");

const id = (at) => `${at.log}-${at.seq}`;
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const plain = (value) => (typeof value === "bigint" ? Number(value) : value);

function content(state) {
  const { is, ...rest } = state;
  if (is === "erased") return { erased: { by: id(rest.by) } };
  if (is === "matches-late") return { [is]: { sha256: rest.sha256, size: rest.bytes.length } };
  return is === "matches" ? { [is]: rest } : is;
}

/** As short as it can be written. */
const instant = (date) => date.toISOString().replace(/\.?0*Z$/, "Z");
const later = (date, ms) => instant(new Date(date.getTime() + ms));

function service({ service, request, token, defect }, { digests }) {
  if (!token) return { service, request, end: { refused: defect } };
  const root = token.path.at(-1).fingerprint;
  const said = {
    gen_time: instant(token.genTime),
    not_after: later(token.genTime, token.accuracyMs),
    signer: token.signer,
    root,
    token: token.sha256,
  };
  return { service, request, end: { [digests.has(root) ? "shown" : "claimed"]: said } };
}

function ots({ blocks, pending, headerRefused }, { digests }) {
  const block = ({ height, merkleRoot, header }) => ({
    height,
    merkle_root: merkleRoot,
    end: header
      ? {
          [digests.has(header.hash) ? "shown" : "claimed"]: {
            hash: header.hash,
            not_after: later(header.time, 2 * 3600 * 1000),
          },
        }
      : "no-header",
  });
  return { leads: { blocks: blocks.map(block), pending, header_refused: headerRefused } };
}

function witnesses(cosignatures, { keys }) {
  const seen = typeof cosignatures === "object" ? seenBy(cosignatures, keys) : undefined;
  if (!seen) return "refused";
  const shown = seen.map(({ key, at }) => ({ name: key.name, at: instant(at) }));
  return { lines: { shown, strangers: strangers(cosignatures, keys) } };
}

const stamp = (one, trust) => ({
  size: Number(one.size),
  tied: one.tied,
  services: one.services.map((each) => service(each, trust)),
  ots: one.ots === undefined ? null : one.ots === "refused" ? one.ots : ots(one.ots, trust),
  witnesses: one.cosignatures === undefined ? null : witnesses(one.cosignatures, trust),
});

function bound({ at, by, claim }) {
  const { is, key, round, ...rest } = by;
  const said = { ...rest, ...(key && { name: key.name }), ...(round !== undefined && { round: Number(round) }) };
  return { at: instant(at), by: { [is]: said }, claim };
}

function bracket({ beacon, notBefore, notAfter, widthSeconds, contradiction, claimsOnly }) {
  return {
    beacon: beacon ?? null,
    not_before: notBefore ? bound(notBefore) : null,
    not_after: notAfter.map(bound),
    width_seconds: widthSeconds ?? null,
    contradiction,
    claims_only: claimsOnly,
  };
}

function item(one) {
  return {
    position: id(one.position),
    kind: one.kind,
    claimed_at: one.claimedAt,
    withheld: one.withheld,
    fields: Object.fromEntries([...one.fields].map(([name, value]) => [name, plain(value)])),
    undisclosed_digests: one.undisclosedDigests,
    content: content(one.content),
    in_log: one.inLog,
    late: one.late,
    not_before: one.notBefore ? { ...one.notBefore, round: Number(one.notBefore.round) } : null,
    bracket: bracket(one.bracket),
  };
}

function log(one, report) {
  const entries = Object.entries({ continues: null, ...one }).map(([name, value]) => [snake(name), plain(value)]);
  const wire = Object.fromEntries(entries);
  if (wire.continues) wire.continues = { ...wire.continues, size: Number(wire.continues.size) };
  const stamps = report.outside.stamps.filter((each) => each.log === one.number);
  return { ...wire, stamps: stamps.map((each) => stamp(each, report.trust)) };
}

export function wire(report) {
  const outcome = (one) => (typeof one === "object" ? { passed: { count: one.passed } } : one);
  return {
    grade: report.grade,
    findings: report.findings.map((one) => ({
      code: one.code,
      path: one.path ?? null,
      detail: one.detail ?? null,
    })),
    logs: report.logs.map((one) => log(one, report)),
    items: report.items.map(item),
    papers: report.papers.map(({ restsOn, paper, made, erased, absent }) => ({
      paper: id(paper),
      made: id(made),
      rests_on: restsOn.map(id),
      erased: erased.map(id),
      absent: absent.map(id),
    })),
    checks: report.checks.map((one) => ({ check: one.check, outcome: outcome(one.outcome) })),
    outside_time: typeof report.outsideTime === "object" ? { shown: report.outsideTime } : report.outsideTime,
    rounds: [...report.outside.rounds].map(([round, shown]) => ({
      round: Number(round),
      holds: shown !== undefined,
    })),
    export: report.export ? id(report.export) : null,
    files: report.files,
    bytes: report.bytes,
  };
}
