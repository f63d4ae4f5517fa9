// Builds the extension for each browser into dist/, and a zip of each for its store.
import { build } from "esbuild";
import { zipSync } from "fflate";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");

/** What each browser wants beyond the common manifest. */
const browsers = {
  chrome: {
    minimum_chrome_version: "116",
    background: { service_worker: "background.js", type: "module" },
    // Asked for at the first use, not at installation.
    optional_permissions: ["pageCapture", "tabCapture"],
    permissions: ["offscreen"],
  },
  firefox: {
    background: { scripts: ["background.js"], type: "module" },
    browser_specific_settings: {
      gecko: {
        id: "extension@sigu.invalid",
        // The first to know `data_collection_permissions`.
        strict_min_version: "140.0",
        data_collection_permissions: { required: ["none"] },
      },
    },
  },
};

async function files(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort();
}

async function zip(folder, to) {
  const parts = {};
  for (const path of await files(folder)) {
    // One time for all files: the same sources give the same bytes.
    parts[relative(folder, path)] = [await readFile(path), { mtime: "2026-01-01T00:00:00" }];
  }
  await writeFile(to, zipSync(parts, { level: 9 }));
}

const common = JSON.parse(await readFile(join(here, "manifest.json"), "utf8"));
await rm(dist, { recursive: true, force: true });
for (const [name, own] of Object.entries(browsers)) {
  const out = join(dist, name);
  await mkdir(out, { recursive: true });
  const entries = ["background", "popup", "options", "recorder"];
  await build({
    entryPoints: entries.map((entry) => join(here, "src", `${entry}.ts`)),
    outdir: out,
    bundle: true,
    format: "esm",
    target: ["chrome116", "firefox140"],
    charset: "utf8",
    legalComments: "eof",
    logLevel: "warning",
  });
  for (const folder of ["pages", "icons", "_locales"]) {
    const to = folder === "pages" ? out : join(out, folder);
    await cp(join(here, folder), to, { recursive: true, filter: (path) => !path.endsWith(".svg") });
  }
  const permissions = [...common.permissions, ...(own.permissions ?? [])];
  const manifest = { ...common, ...own, permissions };
  await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await zip(out, join(dist, `sigu-${name}-${common.version}.zip`));
}
// Edge takes Chrome's package as it is.
await cp(join(dist, `sigu-chrome-${common.version}.zip`), join(dist, `sigu-edge-${common.version}.zip`));
