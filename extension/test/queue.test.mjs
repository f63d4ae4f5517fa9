// The queue: order, deletion only after the acknowledgement, refusals kept, the app away.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const queue = await load("queue");
const made_at = "2026-03-01T08:00:00.000Z";
const entry = (id, more = {}) => ({ id, kind: "capture", made_at, sealed: new Uint8Array([1]), ...more });
const accept = async () => ({ outcome: "kept", items: 1 });

test.beforeEach(async () => {
  for (const { seq } of await queue.entries()) await queue.discard(seq);
});

test("goes in order and is empty when all is acknowledged", async () => {
  for (const id of ["a", "b", "c"]) await queue.enqueue(entry(id));
  const sent = [];
  const round = await queue.deliverAll(async ({ id }) => {
    sent.push(id);
    return { outcome: "kept", items: 2 };
  });
  assert.deepEqual(sent, ["a", "b", "c"]);
  assert.deepEqual(round, { delivered: 3, items: 6, left: 0, refused: 0 });
});

test("nothing is deleted before the acknowledgement, and the app away stops the round", async () => {
  for (const id of ["a", "b"]) await queue.enqueue(entry(id));
  let seen = 0;
  const round = await queue.deliverAll(async () => {
    seen += await queue.length();
    return { outcome: "later" };
  });
  assert.equal(seen, 2);
  assert.deepEqual(round, { delivered: 0, items: 0, left: 2, refused: 0 });
  const left = await queue.entries();
  assert.deepEqual(left.map(({ id }) => id), ["a", "b"]);
});

test("a refused delivery stays, does not stop the others, and can be tried again", async () => {
  for (const id of ["a", "b"]) await queue.enqueue(entry(id));
  const refuse = async ({ id }) => (id === "a" ? { outcome: "refused", code: "unknown_order" } : accept());
  assert.deepEqual(await queue.deliverAll(refuse), { delivered: 1, items: 1, left: 1, refused: 1 });
  await queue.deliverAll(async () => assert.fail("a refused delivery was sent again"));
  assert.equal((await queue.entries())[0].refused, "unknown_order");
  await queue.retryRefused();
  assert.equal((await queue.deliverAll(accept)).left, 0);
});

test("what comes in during a round is delivered by the next", async () => {
  await queue.enqueue(entry("a"));
  const round = await queue.deliverAll(async ({ id }) => {
    if (id === "a") await queue.enqueue(entry("b"));
    return accept();
  });
  assert.deepEqual(round, { delivered: 1, items: 1, left: 1, refused: 0 });
  assert.equal((await queue.deliverAll(accept)).delivered, 1);
});
