// Judges every package of a folder and says the report of each, one JSON line a package, in the order of the names.
// What another verifier wants to be compared with:   node judge.mjs FOLDER [ROOTS POLICY HEADER]
//
// ROOTS are certificates of timestamp services, POLICY names witnesses, HEADER is a block of Bitcoin: whom the reader believes.
import { createHash } from "node:crypto";
import { openAsBlob, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { load } from "./load.mjs";
import { wire } from "./wire.mjs";

const { verify } = await load("verify/verify");
const { readCertificates } = await load("outside/certificate");
const { VerifyingKey } = await load("log/key");
const [folder, roots, policy, header] = process.argv.slice(2);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const witness = (line) => VerifyingKey.parse(/^witness \S+ (\S+)/.exec(line)?.[1] ?? "", 4) ?? [];
const believed = roots && {
  roots: readCertificates(new Uint8Array(readFileSync(roots))),
  keys: readFileSync(policy, "utf8").split("\n").flatMap(witness),
  blocks: [sha256(sha256(readFileSync(header))).reverse().toString("hex")],
};
for (const name of (await readdir(folder)).filter((one) => one.endsWith(".zip")).sort()) {
  const report = await verify(await openAsBlob(join(folder, name)), believed || {});
  process.stdout.write(JSON.stringify({ name, ...wire(report) }) + "\n");
}
