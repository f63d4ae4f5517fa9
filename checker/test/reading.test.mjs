// The parts that read: strict texts, JSON without surprises, checksums, files in pieces, pictures.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { crc32 as zlibCrc32 } from "node:zlib";
import { forge } from "./forge.mjs";
import { load } from "./load.mjs";

test("base64 has one spelling", async () => {
  const { fromBase64, fromBase64Url, toBase64, toBase64Url } = await load("bytes");
  for (let length = 0; length < 40; length++) {
    const bytes = new Uint8Array(createHash("sha512").update(`${length}`).digest().subarray(0, length));
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes);
  }
  for (const bad of [
    "A",
    "AA",
    "AAA",
    "AB==",
    "AAB=",
    "AAAA=",
    "A===",
    "AAAA\n",
    "AA==AA==",
    "__==",
    "====",
    "=",
  ]) {
    assert.equal(fromBase64(bad), undefined, bad);
  }
  for (const bad of ["A", "AB", "AAB", "AA==", "++++", "AAAA\n"]) assert.equal(fromBase64Url(bad), undefined, bad);
});

test("texts are compared by their bytes", async () => {
  const { compareBytes } = await load("bytes");
  const texts = ["", "a", "ab", "b", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{1f600}", "a\u{1f600}", "卡"];
  for (const a of texts) {
    for (const b of texts)
      assert.equal(Math.sign(compareBytes(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)), `${a} ${b}`);
  }
});

test("JSON without a second meaning", async () => {
  const { parseJson } = await load("json");
  assert.deepEqual(parseJson(' ["a\\u00e9\\n", -12, true, null, []] '), ["aé\n", -12n, true, null, []]);
  assert.equal(parseJson("18446744073709551615"), 18446744073709551615n);
  const bad = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    "01",
    "1.0",
    "1e3",
    "-0",
    "+1",
    "[1,]",
    "[1 2]",
    '"\\ud800"',
    '"\u0001"',
    '"\\x"',
    "{'a':1}",
    "[",
    '"',
    "",
    " ",
    "nul",
    "1 2",
    "\ufeff1",
    `${"[".repeat(200)}${"]".repeat(200)}`,
    "123456789012345678901234",
    "NaN",
  ];
  for (const text of bad) assert.equal(parseJson(text), undefined, text);
});

test("CRC-32 of any length and place", async () => {
  const { crc32 } = await load("crc32");
  const bytes = new Uint8Array(createHash("shake256", { outputLength: 300 }).update("x").digest());
  for (let from = 0; from < 8; from++) {
    for (const length of [0, 1, 15, 16, 31, 32, 33, 64, 200]) {
      const part = bytes.slice().subarray(from, from + length);
      assert.equal(crc32(part), zlibCrc32(part), `${from} ${length}`);
      assert.equal(crc32(part.subarray(9), crc32(part.subarray(0, 9))), zlibCrc32(part));
    }
  }
});

test("a large file in pieces hashes like the whole", async () => {
  const { cutRuns, measureRun } = await load("hash/measure");
  const bytes = Buffer.alloc(20 * 2 ** 20 + 7, "abcdefg");
  const [run] = cutRuns([{ offset: 3, size: bytes.length - 3 }]);
  let ticked = 0;
  for (const whole of [1, 64 * 2 ** 20]) {
    const [one] = await measureRun(new Blob([bytes]), run, whole, (more) => (ticked += more));
    assert.equal(one.sha256, createHash("sha256").update(bytes.subarray(3)).digest("hex"));
    assert.equal(one.crc32, zlibCrc32(bytes.subarray(3)));
  }
  assert.equal(ticked, 2 * (bytes.length - 3));
});

test("headers widen exactly when a size, an offset or a count demands it", async () => {
  const { central, end, local } = await load("zip/header");
  const full = 0xffff_ffffn;
  const lengths = (size, offset) => {
    const facts = { name: "n", size, crc32: 7, offset };
    const [l, c] = [local(facts), central(facts)];
    assert.deepEqual(l.slice(4, 6), c.slice(6, 8), "both headers need the same version");
    return [l.length - 31, c.length - 47, l[4]];
  };
  assert.deepEqual(lengths(full - 1n, full - 1n), [0, 0, 20]);
  assert.deepEqual(lengths(full, 0n), [20, 20, 45]);
  assert.deepEqual(lengths(0n, full), [0, 12, 45]);
  assert.deepEqual(lengths(5n << 30n, 6n << 30n), [20, 28, 45]);
  const tails = [
    [65_534n, 1n, 1n],
    [65_535n, 1n, 1n],
    [1n, full, 1n],
    [1n, 1n, full],
  ].map((one) => end(...one).length);
  assert.deepEqual(tails, [22, 98, 98, 98]);
});

test("the key a reader knows", async () => {
  const { verify } = await load("verify/verify");
  const { expectedFingerprint, withExpectedKey } = await load("verify/expected");
  const { fingerprint } = await import("./forge.mjs");
  const report = await verify(new Blob([forge([{ content: "x" }])]));
  assert.equal(report.grade, "consistent");
  const typed = ` ${fingerprint.toUpperCase().replace(/.{4}/g, "$& ")}\n`;
  assert.equal(withExpectedKey(report, expectedFingerprint(typed)).grade, "key-confirmed");
  const other = withExpectedKey(report, "0".repeat(64));
  assert.deepEqual([other.grade, other.findings.map((one) => one.code)], ["altered", ["key-unexpected"]]);
  for (const bad of ["", "abc", `${fingerprint}0`, "g".repeat(64)])
    assert.equal(expectedFingerprint(bad), undefined, bad);
});

test("what was disclosed later", async () => {
  const { verify } = await load("verify/verify");
  const { parseLate } = await load("late");
  const file = new Blob([forge([{ fields: { slot: "chat" } }])]);
  const late = (change) => ({
    format: "sigu-disclosure/v1",
    origin: "sigu/v1/cccccccccccccccc",
    seq: 1,
    disclosures: [],
    ...change,
  });
  const judge = async (change) => {
    const read = parseLate(Buffer.from(JSON.stringify(late(change))));
    return read && (await verify(file, { disclosures: [read] })).findings.map((one) => one.code);
  };
  assert.deepEqual(await judge({}), []);
  assert.deepEqual(await judge({ origin: "x" }), ["late-unknown-log"]);
  assert.deepEqual(await judge({ seq: 9 }), ["late-unknown-leaf"]);
  assert.deepEqual(await judge({ content: "AAAA" }), ["late-content-unclaimed"]);
  const foreign = Buffer.from(JSON.stringify(["A".repeat(22), "note", "x"])).toString("base64url");
  assert.deepEqual(await judge({ disclosures: [foreign] }), ["late-no-match"]);
  for (const bad of [
    { format: "x" },
    { more: 1 },
    { seq: -1 },
    { seq: "1" },
    { content: "A" },
    { disclosures: ["x"] },
  ]) {
    assert.equal(await judge(bad), undefined, JSON.stringify(bad));
  }
});

test("a sealed file is named as such", async () => {
  const { Sealed, verify } = await load("verify/verify");
  await assert.rejects(
    verify(new Blob(["age-encryption.org/v1\n-> X25519 "])),
    (error) => error.constructor.name === Sealed.name,
  );
});

test("pictures are known by their bytes and their size", async () => {
  const { pictureOf } = await load("page/picture");
  const png = (width, height) => {
    const bytes = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), Buffer.alloc(20)]);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };
  assert.deepEqual(pictureOf(png(3, 4)), { type: "image/png", width: 3, height: 4 });
  const jpeg = Buffer.from("ffd8ffe000044a46ffc0000b080004000301011100", "hex");
  assert.deepEqual(pictureOf(jpeg), { type: "image/jpeg", width: 3, height: 4 });
  const none = [
    png(0, 4),
    png(100_000, 100_000),
    Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    Buffer.alloc(0),
    jpeg.subarray(0, 9),
    Buffer.from("GIF89a"),
  ];
  for (const bytes of none) assert.equal(pictureOf(bytes), undefined);
});

test("foreign text shows what it hides", async () => {
  const { shown, shownLines } = await load("page/shown");
  assert.equal(shown("a\u202egnp.exe\u0000\n"), "a‹U+202E›gnp.exe‹U+0000›‹U+000A›");
  assert.equal(shown("x".repeat(2000)).length, 601);
  assert.equal(shownLines("a\r\nb\u2066"), "a\nb‹U+2066›");
});
