// Judges every package of a folder and says the report of each, one JSON line a package, in the order of the names.
// What another verifier wants to be compared with:   node judge.mjs FOLDER
import { openAsBlob } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { load } from "./load.mjs";
import { wire } from "./wire.mjs";

const { verify } = await load("verify/verify");
const folder = process.argv[2];
for (const name of (await readdir(folder)).filter((one) => one.endsWith(".zip")).sort()) {
  const report = await verify(await openAsBlob(join(folder, name)));
  process.stdout.write(JSON.stringify({ name, ...wire(report) }) + "\n");
}
