// Both languages say the same things, and every word the code asks for is there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { load } from "./load.mjs";

const place = (path) => new URL(`../${path}`, import.meta.url);
const read = (path) => readFileSync(place(path), "utf8");
const [zh, en] = ["zh_CN", "en"].map((name) => JSON.parse(read(`_locales/${name}/messages.json`)));
const missing = (keys) => [...keys].filter((key) => !(key in zh));

test("the keys and the placeholders are the same", () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(zh)) {
    assert.ok(zh[key].message.trim() && en[key].message.trim(), key);
    const used = (one) => [...new Set(one.message.match(/\$\w+\$/g))].sort();
    const declared = (one) => Object.keys(one.placeholders ?? {}).map((name) => `$${name}$`).sort();
    assert.deepEqual(used(zh[key]), used(en[key]), key);
    for (const one of [zh[key], en[key]]) assert.deepEqual(used(one), declared(one), key);
  }
});

test("every word that is asked for is there", () => {
  const asked = new Set();
  const find = (path, pattern) => {
    for (const [, key] of read(path).matchAll(pattern)) asked.add(key);
  };
  for (const page of readdirSync(place("pages")).filter((name) => name.endsWith(".html"))) {
    find(`pages/${page}`, /data-i18n(?:-label)?="(\w+)"/g);
  }
  for (const source of readdirSync(place("src"))) find(`src/${source}`, /\btext\("(\w+)"/g);
  find("manifest.json", /__MSG_(\w+)__/g);
  assert.ok(asked.size > 40, `${asked.size}`);
  assert.deepEqual(missing(asked), []);
});

test("every clock, slot and fixation of the case has a name", () => {
  const kinds = read("../crates/case/src/clock.rs").split("ClockKind {")[1].split("\n    }")[0];
  const clocks = [...kinds.matchAll(/= "(\w+)"/g)].map(([, code]) => code);
  const exhibit = read("../crates/case/src/exhibit.rs");
  const slots = [...exhibit.matchAll(/Self::\w+ => "(\w+)"/g)].map(([, code]) => code);
  const fixations = exhibit.split("enum FixationKind {")[1].split("}")[0];
  const four = [...fixations.matchAll(/^ {4}([A-Z]\w+),/gm)].map(([, name]) => name.toLowerCase());
  assert.ok(clocks.length >= 20 && slots.length >= 7 && four.length === 4);
  const named = (kind, codes) => codes.map((code) => `${kind}_${code}`);
  assert.deepEqual(missing([...named("clock", clocks), ...named("slot", slots), ...named("fixation", four)]), []);
});

test("a code is read as people type it", async () => {
  const { portOf } = await load("app");
  assert.equal(portOf(" 43817-k7qd-T2MX "), 43817);
  assert.equal(portOf("43817 K7QD T2MX"), 43817);
  const bad = ["", "K7QD-T2MX", "99999-K7QD-T2MX", "43817-K7QD-T2M", "0-K7QD-T2MX"];
  for (const code of bad) assert.equal(portOf(code), undefined, code);
});
