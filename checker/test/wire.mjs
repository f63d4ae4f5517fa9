// The report of the checker in the words `sigu verify --json` uses, so that the two can be compared whole.

const id = (at) => `${at.log}-${at.seq}`;
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const plain = (value) => (typeof value === "bigint" ? Number(value) : value);

function content(state) {
  const { is, ...rest } = state;
  if (is === "erased") return { erased: { by: id(rest.by) } };
  if (is === "matches-late") return { [is]: { sha256: rest.sha256, size: rest.bytes.length } };
  return is === "matches" ? { [is]: rest } : is;
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
  };
}

function log(one) {
  const entries = Object.entries({ continues: null, ...one }).map(([name, value]) => [snake(name), plain(value)]);
  const wire = Object.fromEntries(entries);
  if (wire.continues) wire.continues = { ...wire.continues, size: Number(wire.continues.size) };
  return wire;
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
    logs: report.logs.map(log),
    items: report.items.map(item),
    papers: report.papers.map(({ restsOn, paper, made, erased, absent }) => ({
      paper: id(paper),
      made: id(made),
      rests_on: restsOn.map(id),
      erased: erased.map(id),
      absent: absent.map(id),
    })),
    checks: report.checks.map((one) => ({ check: one.check, outcome: outcome(one.outcome) })),
    export: report.export ? id(report.export) : null,
    files: report.files,
    bytes: report.bytes,
  };
}
