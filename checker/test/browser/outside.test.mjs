// What outsiders say about when, as the page shows it. The service is openssl, with a root made for the occasion.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { CONSISTENCY, forge } from "../forge.mjs";
import { Room } from "./room.mjs";

const QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const ROUND = JSON.parse(readFileSync(new URL("../../../vectors/drand/good-round-123.json", import.meta.url)));

const folder = mkdtempSync(join(tmpdir(), "sigu-outside-"));
const at = (name) => join(folder, name);
const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });

/** Makes a root and a service under it, once. */
function makeService() {
  writeFileSync(
    at("tsa.cnf"),
    `[req]\ndistinguished_name = dn\n[dn]\n[root]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n
[signer]\nextendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature\n
[tsa]\ndefault_tsa = tsa1\n[tsa1]\nserial = serial\ndefault_policy = 1.2.3.4\ndigests = sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\naccuracy = secs:1\n`,
  );
  writeFileSync(at("serial"), "01\n");
  const made = (name, ...words) =>
    openssl(
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-config",
      "tsa.cnf",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      ...words,
    );
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-config",
    "tsa.cnf",
    "-extensions",
    "root",
    "-subj",
    "/CN=A root",
    "-days",
    "30",
    "-keyout",
    "root.key",
    "-out",
    "root.pem",
  );
  made("signer", "-subj", "/CN=A service/O=Tests");
  openssl(
    "x509",
    "-req",
    "-in",
    "signer.csr",
    "-CA",
    "root.pem",
    "-CAkey",
    "root.key",
    "-CAcreateserial",
    "-days",
    "30",
    "-extfile",
    "tsa.cnf",
    "-extensions",
    "signer",
    "-out",
    "signer.pem",
  );
}

/** Has a note stamped: request and reply. */
function stamp(note) {
  writeFileSync(at("note"), note);
  openssl("ts", "-query", "-data", "note", "-sha256", "-cert", "-out", "a.tsq");
  openssl(
    "ts",
    "-reply",
    "-queryfile",
    "a.tsq",
    "-signer",
    "signer.pem",
    "-inkey",
    "signer.key",
    "-config",
    "tsa.cnf",
    "-section",
    "tsa1",
    "-out",
    "a.tsr",
  );
  return { request: readFileSync(at("a.tsq")), reply: readFileSync(at("a.tsr")) };
}

function stampedBundle(change = (files) => files) {
  const nb = { chain: QUICKNET, rand: ROUND.randomness, round: ROUND.round };
  return forge([{ content: "x", ext: "txt", nb }], {
    beside: (note, size) => {
      const { request, reply } = stamp(note);
      const files = {
        "checkpoint.note": note,
        "consistency.txt": CONSISTENCY,
        "a.tsq": request,
        "a.tsr": reply,
        "a.chain.pem": Buffer.concat([readFileSync(at("signer.pem")), readFileSync(at("root.pem"))]),
        "witness.cosig": "\u2014 <b>witness</b>.example AAAAAAAA\n",
      };
      const beside = Object.entries(change(files)).map(([name, part]) => [
        `trust/logs/1/stamped/${size}/${name}`,
        part,
      ]);
      return [
        ...beside,
        ["trust/beacons/quicknet-123.json", JSON.stringify({ round: ROUND.round, signature: ROUND.signature })],
      ];
    },
  });
}

let room;
before(async () => {
  makeService();
  room = await Room.open();
});
after(async () => {
  await room?.end();
  await rm(folder, { recursive: true, force: true });
});

async function judge(bundle) {
  writeFileSync(at("x.zip"), bundle);
  const said = await room.judge(at("x.zip"));
  await room.openAll();
  return { ...said, text: await room.run("document.body.innerText") };
}

test("a timestamp whose root came along is a claim until its root is known", async () => {
  const said = await judge(stampedBundle());
  assert.deepEqual([said.grade, said.codes], ["consistent", []]);
  assert.match(said.text, /不晚于 .*A service/s);
  assert.match(said.text, /根证书 CN=A root 是包里自带的/);
  assert.match(said.text, /不早于 2023-08-23 .*（drand 第 123 轮） · 不晚于 .*A service.*，只是自称/);
  assert.match(said.text, /没有你信任的外人为每一条作证/);
  assert.match(said.text, /<b>witness<\/b>\.example 的联署：没有核对/);
  assert.doesNotMatch(said.text, /没有外部时间/);
  const shots = process.env.SIGU_CHECKER_SHOTS;
  if (shots) await room.picture(join(shots, "outside.png"), { width: 1440 });
  await room.choose(at("root.pem"), "#root-file");
  await room.judged();
  assert.match(await room.run("document.querySelector('#outside').innerText"), /根证书 CN=A root 在你信任的里面/);
  const told = await room.run("document.body.innerText");
  assert.doesNotMatch(told, /只是自称|没有你信任的外人为每一条作证/);
  assert.deepEqual(await room.wrong(), []);
});

test("a timestamp of something else, or beside a foreign checkpoint, counts for nothing", async () => {
  await room.reload();
  const other = () => stamp("another note").reply;
  const about = await judge(stampedBundle((files) => ({ ...files, "a.tsr": other() })));
  assert.deepEqual([about.grade, about.codes], ["consistent", []]);
  assert.match(about.text, /a 的时间戳不成立： 说的是别的东西/);
  assert.match(about.text, /没有外部时间/);
  const foreign = await judge(
    stampedBundle((files) => ({ ...files, "consistency.txt": `${Buffer.alloc(32).toString("base64")}\n` })),
  );
  assert.deepEqual([foreign.grade, foreign.codes], ["altered", ["stamp-consistency"]]);
  assert.match(foreign.text, /与包里的对不上，旁边的时间不算数/);
  assert.match(foreign.text, /没有外部时间/);
  assert.deepEqual(await room.wrong(), []);
});
