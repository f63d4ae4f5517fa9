// Loads a source module of the checker into node.
import { build } from "esbuild";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export async function load(name) {
  const entry = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
  // In a file and not in a data: address, which would stand whole in every stack.
  const folder = await mkdtemp(join(tmpdir(), "sigu-checker-"));
  const outfile = join(folder, "module.mjs");
  await build({ entryPoints: [entry], bundle: true, format: "esm", outfile, logLevel: "warning" });
  try {
    return await import(outfile);
  } finally {
    await rm(folder, { recursive: true });
  }
}
