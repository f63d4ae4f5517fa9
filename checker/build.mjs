// Builds the page: one HTML file with everything in it, the same bytes from the same sources.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const read = (path) => readFile(join(here, path), "utf8");

/** One script as text. Names are kept, so that who reads the page can follow it. */
async function script(entry, define) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    absWorkingDir: here,
    bundle: true,
    write: false,
    format: "iife",
    target: ["chrome116", "firefox116", "safari16.4"],
    charset: "utf8",
    legalComments: "inline",
    minifyWhitespace: true,
    minifySyntax: true,
    define,
    logLevel: "warning",
  });
  return outputFiles[0].text.trimEnd();
}

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The whole page as text. */
export async function page() {
  const { version } = JSON.parse(await read("package.json"));
  const worker = await script("src/hash/worker.ts", {});
  const main = await script("src/page/main.ts", {
    WORKER_SOURCE: JSON.stringify(worker),
    VERSION: JSON.stringify(version),
  });
  const style = await read("page/style.css");
  for (const part of [main, style]) {
    if (/<\/(script|style)|<!--/i.test(part)) throw new Error("a part would end the element that holds it");
  }
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(main)}`,
    `style-src ${hashOf(style)}`,
    "img-src data: blob:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    // No text can become markup or script, whatever the script does.
    "require-trusted-types-for 'script'",
    "trusted-types sigu-worker",
  ].join("; ");
  const parts = { CSP: policy, STYLE: style, SCRIPT: main };
  return (await read("page/checker.html")).replace(/@(CSP|STYLE|SCRIPT)@/g, (_, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const html = await page();
  await mkdir(join(here, "dist"), { recursive: true });
  await writeFile(join(here, "dist/sigu-checker.html"), html);
  const bytes = Buffer.byteLength(html);
  const sha256 = createHash("sha256").update(html).digest("hex");
  process.stdout.write(`checker/dist/sigu-checker.html: ${Math.round(bytes / 1024)} KiB, SHA-256 ${sha256}\n`);
}
