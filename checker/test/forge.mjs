// A writer of bundles, for tests: whatever fields and contents it is given, the result is consistent.
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { crc32 } from "node:zlib";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const hex = (bytes) => sha256(bytes).toString("hex");
const bytesOf = (part) => (typeof part === "string" ? Buffer.from(part) : part);

const ORIGIN = "sigu/v1/cccccccccccccccc";
const seed = Buffer.alloc(32, 7);
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
  format: "der",
  type: "pkcs8",
});
const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
const publicKey = spki.subarray(-32);
const typed = Buffer.concat([Buffer.of(1), publicKey]);
const keyId = sha256(Buffer.concat([Buffer.from(`${ORIGIN}\n`), typed])).subarray(0, 4);
const vkey = `${ORIGIN}+${keyId.toString("hex")}+${typed.toString("base64")}`;
export const fingerprint = hex(publicKey);

const disclose = ([name, value], n) => {
  const salt = sha256(`${n} ${name}`).subarray(0, 16).toString("base64url");
  return Buffer.from(JSON.stringify([salt, name, value])).toString("base64url");
};

/** A leaf and its disclosure lines, in order of the field names. */
function leaf(kind, seq, fields, nb) {
  const lines = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((field) => disclose(field, seq));
  const sd = [...lines, `${seq} decoy`].map((line) => sha256(line).toString("base64url")).sort();
  const nonce = sha256(`nonce ${seq}`).subarray(0, 16).toString("base64url");
  const at = new Date(Date.UTC(2026, 10, 22, 8, 0, 0) + seq * 1000).toISOString();
  const json = JSON.stringify({ _sd: sd, _sd_alg: "sha-256", at, kind, ...(nb && { nb }), nonce, seq, v: 1 });
  return { bytes: Buffer.from(json), disclosures: lines.map((line) => `${line}\n`).join("") };
}

const leafHash = (one) => sha256(Buffer.concat([Buffer.of(0), one.bytes]));
const node = (left, right) => sha256(Buffer.concat([Buffer.of(1), left, right]));
/** Every level of the tree; a last node without sibling is passed up. */
function levels(leaves) {
  const all = [leaves.map(leafHash)];
  while (all.at(-1).length > 1) {
    const below = all.at(-1);
    all.push(
      Array.from({ length: Math.ceil(below.length / 2) }, (_, at) => {
        const [left, right] = [below[2 * at], below[2 * at + 1]];
        return right ? node(left, right) : left;
      }),
    );
  }
  return all;
}

const pathOf = (all, index) =>
  all
    .slice(0, -1)
    .flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
    .map((one) => one.toString("base64"));

/** A list of files and digests, in order of the paths. */
const list = (files, keep) =>
  files
    .filter(([path]) => keep(path))
    .map(([path, bytes]) => `${hex(bytes)}  ${path}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join("");

/**
 * Makes a bundle of `items`, each `{kind, fields, content, ext, nb}`: fields as they are to be disclosed, content as bytes
 * or text. `beside` gives further files for the checkpoint before the export and its size: those whose value is
 * `CONSISTENCY` become the proof from there to the checkpoint of the package. Returns the ZIP.
 */
export const CONSISTENCY = Symbol("consistency");

export function forge(items, { identifier = "A-1", withheld = [], beside = () => [] } = {}) {
  const leaves = [leaf("genesis", 0, { "log.vkey": vkey })];
  const files = [];
  for (const { kind = "evidence.fixed", fields = {}, content, ext = "bin", nb } of items) {
    const seq = leaves.length;
    const own =
      content === undefined ? {} : { "blob.sha256": hex(bytesOf(content)), "blob.size": bytesOf(content).length };
    leaves.push(leaf(kind, seq, { ...own, ...fields }, nb));
    if (content !== undefined) files.push([`data/items/1-${seq}.${ext}`, bytesOf(content)]);
  }
  const exported = leaves.length;
  const oxum = [
    ["data/index.html", "<!doctype html>\n"],
    ["data/index.json", "[]\n"],
  ].map(([path, text]) => [path, bytesOf(text)]);
  files.push(...oxum);
  const payload = `${files.reduce((sum, [, bytes]) => sum + bytes.length, 0)}.${files.length}`;
  const put = (path, part) => files.push([path, bytesOf(part)]);
  put("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  put(
    "bag-info.txt",
    `Bagging-Date: 2026-11-22\nBag-Software-Agent: sigu/1 bundle\nExternal-Identifier: ${identifier}\nPayload-Oxum: ${payload}\n`,
  );
  put("trust/VERIFY.md", "#\n");
  put("trust/check-inclusion.sh", "#\n");
  put("trust/logs/1/log.vkey", `${vkey}\n`);
  put(
    "trust/logs/1/log.pem",
    `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64")}\n-----END PUBLIC KEY-----\n`,
  );
  const putLeaf = (one, seq) => {
    put(`trust/logs/1/leaves/${seq}.json`, one.bytes);
    put(`trust/logs/1/disclosures/${seq}.txt`, one.disclosures);
  };
  leaves.forEach(putLeaf);
  const stamped = leaves.length;
  const proofs = beside(noteOf(leaves), stamped);
  const isLate = ([path]) => path.endsWith("/consistency.txt");
  for (const [path, part] of proofs.filter((one) => !isLate(one))) put(path, part);
  const contents = list(files, () => true);
  put("trust/contents.txt", contents);
  leaves.push(
    leaf("export.made", exported, {
      "export.contents_sha256": hex(contents),
      "export.withheld": withheld,
      order: "A-1",
    }),
  );
  putLeaf(leaves[exported], exported);
  seal(leaves, put);
  const right = consistency(leaves.map(leafHash), stamped).map((one) => `${one}\n`);
  for (const [path, part] of proofs.filter(isLate)) put(path, part === CONSISTENCY ? right.join("") : part);
  put(
    "manifest-sha256.txt",
    list(files, (path) => path.startsWith("data/")),
  );
  put(
    "tagmanifest-sha256.txt",
    list(files, (path) => !path.startsWith("data/")),
  );
  return zip(`sigu-20261122-1-${exported}`, files);
}

/** RFC 9162 §2.1.4.1, in base64. */
function consistency(hashes, old, whole = true) {
  if (old === hashes.length) return whole ? [] : [rootOf(hashes).toString("base64")];
  const half = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const [left, right] = [hashes.slice(0, half), hashes.slice(half)];
  return old <= half
    ? [...consistency(left, old, whole), rootOf(right).toString("base64")]
    : [...consistency(right, old - half, false), rootOf(left).toString("base64")];
}

function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  const half = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return node(rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

function noteOf(leaves) {
  const text = `${ORIGIN}\n${leaves.length}\n${rootOf(leaves.map(leafHash)).toString("base64")}\n`;
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]).toString("base64");
  return `${text}\n\u2014 ${ORIGIN} ${signature}\n`;
}

function seal(leaves, put) {
  const all = levels(leaves);
  const note = noteOf(leaves);
  put("trust/logs/1/checkpoint.note", note);
  leaves.forEach((_, seq) => {
    const hashes = pathOf(all, seq)
      .map((hash) => `${hash}\n`)
      .join("");
    put(`trust/logs/1/proofs/${seq}.tlog-proof`, `c2sp.org/tlog-proof@v1\nindex ${seq}\n${hashes}\n${note}`);
  });
}

/** Packs files as the profile of the format demands; no file here needs ZIP64, but their number may. */
export function zip(name, files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  const byPath = files.map(([path, bytes]) => [`${name}/${path}`, bytes]).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, bytes] of byPath) {
    const common = Buffer.alloc(26);
    [20, 0x0800, 0, 0, 0x21].forEach((value, at) => common.writeUInt16LE(value, at * 2));
    [crc32(bytes), bytes.length, bytes.length].forEach((value, at) => common.writeUInt32LE(value, 10 + at * 4));
    common.writeUInt16LE(path.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.of(0x50, 0x4b, 1, 2, 0x1e, 3), common, rest, Buffer.from(path));
    parts.push(Buffer.of(0x50, 0x4b, 3, 4), common, Buffer.from(path), bytes);
    offset += 30 + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...directory, end(byPath.length, size, offset)]);
}

function end(count, size, offset) {
  const wide = Buffer.alloc(count >= 0xffff ? 76 : 0);
  if (wide.length > 0) {
    wide.write("PK\x06\x06", "latin1");
    wide.writeBigUInt64LE(44n, 4);
    [0x31e, 45].forEach((value, at) => wide.writeUInt16LE(value, 12 + at * 2));
    [count, count, size, offset].forEach((value, at) => wide.writeBigUInt64LE(BigInt(value), 24 + at * 8));
    wide.write("PK\x06\x07", 56, "latin1");
    wide.writeBigUInt64LE(BigInt(offset + size), 64);
    wide.writeUInt32LE(1, 72);
  }
  const last = Buffer.alloc(22);
  last.write("PK\x05\x06", "latin1");
  [8, 10].forEach((at) => last.writeUInt16LE(Math.min(count, 0xffff), at));
  last.writeUInt32LE(size, 12);
  last.writeUInt32LE(offset, 16);
  return Buffer.concat([wide, last]);
}
