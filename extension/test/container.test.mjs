// The container's bytes, and that what is sealed opens with the vault's key alone.
import assert from "node:assert/strict";
import test from "node:test";
import { Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { load } from "./load.mjs";

const { buildContainer } = await load("container");
const { seal } = await load("seal");

const facts = {
  order: "dk01",
  slot: "chat",
  url: "https://a.example/",
  title: "聊天",
  taken_at: "2026-03-01T08:00:00.000Z",
  viewport: { width: 1000, height: 800, scale: 1 },
  zoom: 1,
  user_agent: "test",
};
const utf8 = (text) => new TextEncoder().encode(text);
const file = (name, text) => ({ name, media_type: "text/plain", role: "text", bytes: utf8(text) });

function parse(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  const files = header.files.map(({ size }) => new TextDecoder().decode(bytes.subarray(at, (at += size))));
  return { header, files, rest: bytes.length - at };
}

test("a container is a length, a header and the files in its order", () => {
  const bytes = buildContainer(facts, [file("a.txt", "一"), file("b.txt", ""), file("c.txt", "three")]);
  const { header, files, rest } = parse(bytes);
  assert.deepEqual(files, ["一", "", "three"]);
  assert.equal(rest, 0);
  assert.equal(header.title, "聊天");
  assert.deepEqual(header.files[0], { name: "a.txt", media_type: "text/plain", size: 3, role: "text" });
});

test("what is sealed is an age file that only the vault's key opens", async () => {
  const [own, other] = [await generateIdentity(), await generateIdentity()];
  const plain = buildContainer(facts, [file("a.txt", "卡密")]);
  const sealed = await seal(plain, await identityToRecipient(own));
  assert.ok(Buffer.from(sealed).toString("latin1").startsWith("age-encryption.org/v1\n"));
  const open = async (identity) => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return await decrypter.decrypt(sealed);
  };
  assert.deepEqual(await open(own), plain);
  await assert.rejects(open(other));
});
