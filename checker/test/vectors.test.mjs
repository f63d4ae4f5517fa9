// The checker reads the vectors of every format it reads; the file name says whether it must.
import assert from "node:assert/strict";
import { openAsBlob, readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { load } from "./load.mjs";

const folder = (name) => new URL(`../../vectors/${name}/`, import.meta.url);
const bytes = (kind, name) => new Uint8Array(readFileSync(new URL(name, folder(kind))));
const text = (kind, name) => readFileSync(new URL(name, folder(kind)), "utf8");
/** Calls `reads` with every vector of a kind: good ones are read, bad ones are not. */
function walk(kind, ending, reads) {
  const names = readdirSync(folder(kind)).filter((name) => /^(good|bad)-/.test(name) && name.endsWith(ending));
  assert.ok(names.length > 3, `${kind}: ${names.length} vectors`);
  for (const name of names) assert.equal(Boolean(reads(name)), name.startsWith("good-"), `${kind}/${name}`);
}

test("leaves", async () => {
  const { parseLeaf } = await load("log/leaf");
  walk("leaf", ".json", (name) => parseLeaf(bytes("leaf", name)));
});

test("notes and their keys", async () => {
  const { VerifyingKey } = await load("log/key");
  const { isSignedBy, parseNote } = await load("log/note");
  const names = new Set(readdirSync(folder("note")));
  const keyOf = (name) => {
    const own = name.replace(/\.note$/, ".vkey");
    return VerifyingKey.parse(text("note", names.has(own) ? own : "key.vkey").trimEnd());
  };
  walk("note", ".note", (name) => {
    const [note, key] = [parseNote(bytes("note", name)), keyOf(name)];
    return note && key && isSignedBy(note, key);
  });
  const bad = [...names].filter((name) => name.startsWith("bad-") && name.endsWith(".vkey"));
  for (const name of bad) {
    if (!names.has(name.replace(/\.vkey$/, ".note")))
      assert.equal(VerifyingKey.parse(text("note", name).replace(/\n$/, "")), undefined, name);
  }
});

test("checkpoints", async () => {
  const { VerifyingKey } = await load("log/key");
  const { verifyCheckpoint } = await load("log/checkpoint");
  const key = VerifyingKey.parse(text("checkpoint", "key.vkey").trimEnd());
  // In a bundle a second signature is refused: nothing there would cover it.
  walk(
    "checkpoint",
    ".note",
    (name) =>
      name === "good-cosigned.note" || typeof verifyCheckpoint(bytes("checkpoint", name), key) === "object",
  );
  assert.equal(verifyCheckpoint(bytes("checkpoint", "good-cosigned.note"), key), "checkpoint-malformed");
});

test("proofs of inclusion", async () => {
  const { VerifyingKey } = await load("log/key");
  const { verifyCheckpoint } = await load("log/checkpoint");
  const { parseProof } = await load("log/tlog-proof");
  const { isIncluded, leafHash } = await load("log/tree");
  const key = VerifyingKey.parse(text("tlog-proof", "key.vkey").trimEnd());
  const leaf = leafHash(bytes("tlog-proof", "leaf.json"));
  walk("tlog-proof", ".tlog-proof", (name) => {
    const proof = parseProof(bytes("tlog-proof", name));
    // `extra` is no part of a bundle.
    if (!proof) return text("tlog-proof", name).includes("\nextra ") && name.startsWith("good-");
    const checkpoint = verifyCheckpoint(proof.note, key);
    return (
      typeof checkpoint === "object" &&
      isIncluded(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    );
  });
});

test("inclusion and consistency in trees", async () => {
  const { isConsistent, isIncluded } = await load("log/tree");
  const hash = (digits) => Uint8Array.from(Buffer.from(digits, "hex"));
  const all = readdirSync(folder("merkle")).map((name) => ({ name, ...JSON.parse(text("merkle", name)) }));
  let seen = 0;
  for (const { name, consistency: c, inclusion: i } of all) {
    if (!c && !i) continue;
    const holds = c
      ? isConsistent(BigInt(c.old), BigInt(c.new), hash(c.old_root), hash(c.new_root), c.proof.map(hash))
      : isIncluded(hash(i.leaf_hash ?? i.leaf), BigInt(i.index), BigInt(i.size), i.proof.map(hash), hash(i.root));
    assert.equal(holds, name.startsWith("good-"), name);
    seen++;
  }
  assert.ok(seen > 10, `${seen}`);
});

test("disclosures, alone and together", async () => {
  const { digestOf, open, parseDisclosure } = await load("log/disclosure");
  walk("disclosure", ".txt", (name) => {
    const [encoded, digest] = name.startsWith("good-")
      ? text("disclosure", name).split("\n")
      : [text("disclosure", name)];
    const read = parseDisclosure(encoded);
    return read && (digest === undefined || digestOf(read) === digest);
  });
  walk("disclosure", ".json", (name) => {
    const set = JSON.parse(text("disclosure", name));
    return open(set._sd, set.disclosures.map(parseDisclosure)) instanceof Map;
  });
});

test("bundles", async () => {
  const { verify } = await load("verify/verify");
  const { FINDING_CODES } = await load("finding");
  for (const name of readdirSync(folder("bundle")).filter((one) => one.endsWith(".zip"))) {
    const report = await verify(await openAsBlob(new URL(name, folder("bundle"))));
    const codes = report.findings.map((finding) => finding.code);
    const wanted = /^bad-(.*?)(--.*)?\.zip$/.exec(name)?.[1];
    if (wanted) assert.ok(FINDING_CODES.includes(wanted) && codes.includes(wanted), `${name}: ${codes}`);
    assert.equal(report.grade, wanted ? "altered" : "consistent", name);
  }
});

test("the codes are those of the other verifier", async () => {
  const { FINDING_CODES } = await load("finding");
  const source = readFileSync(new URL("../../crates/bundle/src/finding.rs", import.meta.url), "utf8");
  const theirs = [...source.matchAll(/^ {4}([A-Z]\w+) => \w+,$/gm)].map(([, name]) =>
    name
      .replace(/(?<=.)[A-Z]/g, "-$&")
      .toLowerCase()
      .replace(/-a-zip$/, "-a-zip"),
  );
  assert.ok(theirs.length > 60);
  assert.deepEqual([...FINDING_CODES].sort(), theirs.sort());
});
