// What outsiders say about when, by the vectors of each: timestamps, rounds of the beacon, proofs of OpenTimestamps.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { load } from "./load.mjs";

const folder = (name) => new URL(`../../vectors/${name}/`, import.meta.url);
const bytes = (kind, name) => new Uint8Array(readFileSync(new URL(name, folder(kind))));
const sha256 = (data) => new Uint8Array(createHash("sha256").update(data).digest());
const names = (kind, ending) =>
  readdirSync(folder(kind)).filter((name) => /^(good|bad)-/.test(name) && name.endsWith(ending));

test("timestamps", async () => {
  const { verifyReply } = await load("outside/token");
  const { readCertificates } = await load("outside/certificate");
  const roots = ["root.pem", "root-of-old.pem"].flatMap((name) => readCertificates(bytes("rfc3161", name)));
  const others = readCertificates(bytes("rfc3161", "others.pem"));
  const imprint = sha256(bytes("rfc3161", "stamped.note"));
  const judge = (name) =>
    verifyReply(bytes("rfc3161", name), imprint, bytes("rfc3161", "request.tsq"), {
      roots,
      others: name.includes("no-embedded") ? others : [],
    });
  const all = names("rfc3161", ".tsr");
  assert.ok(all.length > 60, `${all.length}`);
  for (const name of all) {
    const token = await judge(name).catch((error) => error.defect ?? Promise.reject(error));
    // Browsers know neither SM3 nor SM2.
    const wanted = name.startsWith("good-") && !/sm[23]/.test(name);
    assert.equal(typeof token === "object", wanted, `${name}: ${typeof token === "object" ? "verified" : token}`);
  }
  const token = await judge("good-fraction-of-three-digits.tsr");
  assert.equal(token.genTime.toISOString(), "2026-11-22T08:00:00.123Z");
  assert.deepEqual(
    [token.genTimeText, token.accuracyMs, token.signer],
    ["20261122080000.123Z", 1500, "CN=TSA, O=Vectors, C=CN"],
  );
  assert.equal(token.path.at(-1).fingerprint, roots[0].fingerprint);
  await assert.rejects(
    verifyReply(bytes("rfc3161", "good-whole-seconds.tsr"), sha256("x"), undefined, { roots, others: [] }),
    { defect: "imprint" },
  );
  await assert.rejects(
    verifyReply(bytes("rfc3161", "good-whole-seconds.tsr"), imprint, undefined, { roots: [], others: [] }),
    { defect: "path" },
  );
});

test("no reply that was touched or made up breaks the reader", async () => {
  const { verifyReply } = await load("outside/token");
  const { readCertificates } = await load("outside/certificate");
  const imprint = sha256(bytes("rfc3161", "stamped.note"));
  const roots = readCertificates(bytes("rfc3161", "root.pem"));
  const others = readCertificates(bytes("rfc3161", "others.pem"));
  /** Verified, or refused by name; anything else is a fault of the reader. */
  const judge = (reply) =>
    verifyReply(reply, imprint, undefined, { roots, others }).catch(
      (error) => error.defect ?? Promise.reject(error),
    );
  let refused = 0;
  for (const name of ["good-rsa-sha256.tsr", "good-p384-sha384.tsr", "good-open-lengths.tsr"]) {
    const good = bytes("rfc3161", name);
    for (let at = 0; at < good.length; at += 5) {
      const touched = good.slice();
      touched[at] ^= 1 << (at % 8);
      if (typeof (await judge(touched)) === "string") refused++;
    }
  }
  assert.ok(refused > 300, `${refused}`);
  const nested = [0x80, 0x84].map((length) => new Uint8Array(60_000).map((_, at) => (at % 2 ? length : 0x30)));
  for (const made of [
    Uint8Array.of(0x30, 0x80),
    new Uint8Array(60_000).fill(0x30),
    new Uint8Array(0),
    ...nested,
  ]) {
    assert.equal(await judge(made), "malformed");
  }
});

test("rounds of the beacon", async () => {
  const { timeOf, verifyRound } = await load("outside/beacon");
  for (const name of names("drand", ".json"))
    assert.equal(verifyRound(bytes("drand", name)) !== undefined, name.startsWith("good-"), name);
  assert.equal(timeOf(27_946_612n).toISOString(), "2026-04-20T00:00:00.000Z");
});

test("proofs of OpenTimestamps", async () => {
  const { readHeader, readOts } = await load("outside/opentimestamps");
  for (const name of names("opentimestamps", ".ots")) {
    const proof = bytes("opentimestamps", name);
    // Of the digests a proof can be about, a bundle knows SHA-256 alone.
    const known = proof[32] === 0x08;
    assert.equal(readOts(proof, proof.slice(33, 65)) !== undefined, name.startsWith("good-") && known, name);
    assert.equal(readOts(proof, new Uint8Array(32)), undefined, name);
  }
  const height = (name, about) =>
    readOts(bytes("opentimestamps", name), sha256(bytes("opentimestamps", about))).blocks.map((one) => one.height);
  assert.deepEqual(height("good-example-hello-world.ots", "hello-world.txt"), [358391]);
  const { blocks, pending } = readOts(
    bytes("opentimestamps", "good-attested.ots"),
    sha256(bytes("opentimestamps", "stamped.note")),
  );
  // A header holds the root the other way round than it is usually written.
  const root = Buffer.from(bytes("opentimestamps", "block.header").slice(36, 68).reverse()).toString("hex");
  assert.deepEqual([blocks.map((one) => one.merkleRoot), pending > 0], [[root], true]);
  const header = bytes("opentimestamps", "block.header");
  const { hash, time } = readHeader(header, root);
  assert.equal(hash, Buffer.from(sha256(sha256(header)).reverse()).toString("hex"));
  assert.equal(time.getTime() / 1000, Buffer.from(header).readUInt32LE(68));
  const harder = header.slice();
  harder[75] = 3;
  assert.deepEqual(
    [readHeader(harder, root), readHeader(header, "0".repeat(64)), readHeader(header.slice(1), root)],
    [undefined, undefined, undefined],
  );
});

test("cosignatures of witnesses", async () => {
  const { VerifyingKey } = await load("log/key");
  const { readCosignatures, seenBy } = await load("outside/cosignature");
  const key = VerifyingKey.parse(Buffer.from(bytes("cosignature", "witness.vkey")).toString().trim(), 4);
  for (const name of names("cosignature", ".cosig")) {
    const read = readCosignatures(bytes("cosignature", name), bytes("cosignature", "checkpoint.note"));
    assert.equal(((read && seenBy(read, [key])) ?? []).length > 0, name.startsWith("good-"), name);
  }
});
