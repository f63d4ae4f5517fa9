// Both languages say the same things, and every word the code asks for is there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "./load.mjs";

const top = fileURLToPath(new URL("..", import.meta.url));
const book = (name) => JSON.parse(readFileSync(join(top, "words", `${name}.json`), "utf8"));
const [zh, en] = [book("zh-CN"), book("en")];
const sources = readdirSync(join(top, "src"), { recursive: true }).filter((name) => name.endsWith(".ts"));
const source = sources.map((name) => readFileSync(join(top, "src", name), "utf8")).join("\n");

test("the keys and the places for values are the same", () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  const places = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const key of Object.keys(zh)) {
    assert.ok(zh[key].trim() !== "" && en[key].trim() !== "", key);
    assert.deepEqual(places(zh[key]), places(en[key]), key);
  }
});

test("every finding and check has words", async () => {
  const { CHECKS, FINDING_CODES } = await load("finding");
  const wanted = [
    ...FINDING_CODES.map((code) => `finding-${code}`),
    ...CHECKS.flatMap((check) => [`check-${check}`, `about-${check}`]),
  ];
  assert.deepEqual(
    wanted.filter((key) => !(key in zh)),
    [],
  );
  const defects = [...readFileSync(join(top, "src/outside/refused.ts"), "utf8").matchAll(/"([a-z-]+)"/g)].map(
    ([, defect]) => `defect-${defect}`,
  );
  assert.ok(defects.length > 12);
  assert.deepEqual(
    defects.filter((key) => !(key in zh)),
    [],
  );
});

test("no word is without use", () => {
  const used = (key) =>
    source.includes(`"${key}"`) ||
    /^(finding|about|check|kind|slot|field|grade|content|link|key|defect)-/.test(key);
  assert.deepEqual(
    Object.keys(zh).filter((key) => !used(key)),
    [],
  );
});

test("the slots of a case have names", () => {
  const exhibit = readFileSync(join(top, "../crates/case/src/exhibit.rs"), "utf8");
  const slots = [...exhibit.matchAll(/Self::\w+ => "(\w+)"/g)].map(([, code]) => code);
  assert.ok(slots.length >= 7);
  assert.deepEqual(
    slots.filter((slot) => !(`slot-${slot}` in zh)),
    [],
  );
});

test("foreign text never becomes markup in the source", () => {
  assert.doesNotMatch(
    source,
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function/,
  );
});
