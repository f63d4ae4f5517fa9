// The built page: the same bytes every time, all in one file, and nothing in it that may ask the network.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { page } from "../build.mjs";

const html = await page();

test("the same sources give the same bytes", async () => {
  assert.equal(await page(), html);
});

test("the policy names exactly the script and the style that are there", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  for (const name of ["script", "style"]) {
    const parts = [...html.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, "g"))];
    assert.equal(parts.length, 1, name);
    const hash = createHash("sha256").update(parts[0][1]).digest("base64");
    assert.ok(policy.includes(`${name}-src 'sha256-${hash}';`), name);
  }
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /connect-src|unsafe|https?:|\*/);
});

test("nothing is loaded, and nothing listens in markup", () => {
  const markup = html.replace(/<(script|style)>[^]*?<\/\1>/g, "");
  assert.doesNotMatch(markup, /\son\w+=|\bsrc=|<link|<iframe|<object|style=/);
  assert.doesNotMatch(html, /sourceMappingURL|\bfetch\(|XMLHttpRequest|WebSocket|importScripts|sendBeacon/);
});

test("it stays small enough to go into every bundle", () => {
  const kib = Buffer.byteLength(html) / 1024;
  assert.ok(kib < 600, `${kib} KiB`);
});
