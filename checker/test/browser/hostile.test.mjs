// Whatever a bundle says, it runs nothing, loads nothing and becomes nothing in the page.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { deflateRawSync } from "node:zlib";
import { forge, zip } from "../forge.mjs";
import { Room } from "./room.mjs";

const ATTACKS = [
  "<img src=x onerror=\"__seen.push('ran')\">",
  "<script>__seen.push('ran')</script>",
  "</script><script>__seen.push('ran')</script>",
  "<svg/onload=__seen.push('ran')>",
  "<iframe srcdoc='<script>parent.__seen.push(1)</script>'>",
  '"><a href=javascript:__seen.push(1)>x</a>',
  "javascript:__seen.push('ran')",
  "{{constructor.constructor('__seen.push(1)')()}}",
  "${__seen.push('ran')}",
  "<base href=https://example.com/>",
  "<style>*{background:url(https://example.com/x)}</style>",
  "<link rel=stylesheet href=https://example.com/x.css>",
  "<!--",
  "]]>",
  "&lt;b&gt;",
  "\u202egpj.exe",
  "\u0000\u0007\u001b[2J",
  "\ufeff\u200b\u2066",
  "a".repeat(100_000),
  "卡\u0301".repeat(3000),
  "__proto__",
  "constructor",
  "toString",
  "<form action=https://example.com><input name=q><button>go</button></form>",
  "<math><mtext><img src=x onerror=__seen.push(1)>",
  "\ud83d\ude00",
];

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="__seen.push('ran')"><script>__seen.push('ran')</script><image href="https://example.com/x"/></svg>`;
const HTML = `<!doctype html><script>parent.__seen.push('ran')</script><img src="https://example.com/x">`;

function hugePicture() {
  const bytes = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), Buffer.alloc(200)]);
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  return bytes;
}

const CONTENTS = [
  [SVG, "svg"],
  [SVG, "png"],
  [SVG, "txt"],
  [HTML, "html"],
  [HTML, "jpg"],
  [HTML, "txt"],
  [HTML, "json"],
  [hugePicture(), "png"],
  [Buffer.from("GIF89a\x01\0\x01\0/*", "latin1"), "gif"],
  [Buffer.alloc(5000, 0xff), "txt"],
  [Buffer.from("ffd8ffc00011", "hex"), "jpg"],
  [deflateRawSync(Buffer.alloc(2 ** 20)), "zip"],
  ["%PDF-1.7 /JS (app.alert(1))", "pdf"],
  ["x".repeat(400_000), "txt"],
  ["", "png"],
  ["RIFF....WEBPVP8X", "webp"],
];

/** A ZIP that is no bundle, or one that lies about itself. */
function containers() {
  const bomb = zip("t", [["a", Buffer.from("x")]]);
  bomb.writeUInt32LE(0xffff_ffff, bomb.indexOf("PK\x01\x02", "latin1") + 24);
  const counted = zip("t", [["a", Buffer.from("x")]]);
  [8, 10].forEach((at) => counted.writeUInt16LE(0xfffe, counted.length - 22 + at));
  const squeezed = zip("t", [["a", deflateRawSync(Buffer.alloc(2 ** 20))]]);
  for (const mark of ["PK\x01\x02", "PK\x03\x04"])
    squeezed.writeUInt16LE(8, squeezed.indexOf(mark, 0, "latin1") + (mark.endsWith("\x02") ? 10 : 8));
  const evil = zip("t", [["aaaaaaaaaaaaaaaaaaaaaaaaaaa", Buffer.from("x")]]);
  for (let at = evil.indexOf("aaaaaaaaa"); at >= 0; at = evil.indexOf("aaaaaaaaa", at))
    evil.write("<img src=x onerror=a()>....", at);
  return { bomb, counted, squeezed, evil, empty: Buffer.alloc(0), noise: Buffer.alloc(70_000, "PK\x05\x06") };
}

let room, folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sigu-hostile-"));
  room = await Room.open();
});
after(async () => {
  await room?.end();
  await rm(folder, { recursive: true, force: true });
});

async function judge(bytes, name = "x.zip") {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return await room.judge(path);
}

test("names, titles and texts stay texts", async () => {
  const fields = ["file.name", "item.caption", "note", "text", "capture.url", "order.title", "slot"];
  const items = fields.flatMap((field) =>
    ATTACKS.map((attack) => ({ fields: { [field]: attack, list: [attack, attack] } })),
  );
  const identifier = "<img src=x onerror=__seen.push(1)>";
  const withheld = ATTACKS.slice(0, 15).map((attack, at) => `1-${at + 1} ${attack}`);
  const said = await judge(
    forge(items, { identifier, withheld }),
    "<img src=x onerror=__seen.push(1)>.zip".replaceAll("/", ""),
  );
  assert.equal(said.grade, "consistent", said.codes.join());
  await room.openAll();
  assert.deepEqual(await room.wrong(), []);
  assert.ok((await room.run("document.body.innerText")).includes("‹U+202E›gpj.exe"));
});

test("kinds of entries stay words", async () => {
  const kinds = ["constructor", "tostring", "a._", "hasownproperty", "x".repeat(64)];
  const said = await judge(
    forge(
      kinds.map((kind) => ({
        kind,
        fields: { "export.withheld": ["x"], "document.rests_on": ["x", "1-1"], item: "1-1" },
      })),
    ),
  );
  assert.equal(said.grade, "consistent", said.codes.join());
  await room.openAll();
  assert.deepEqual(await room.wrong(), []);
});

test("contents are shown as pictures or texts, or not at all", async () => {
  const items = CONTENTS.map(([content, ext]) => ({
    content,
    ext,
    fields: { "file.name": `x.${ext}`, "blob.media_type": "text/html" },
  }));
  const said = await judge(forge(items));
  assert.equal(said.grade, "consistent", said.codes.join());
  await room.openAll();
  assert.deepEqual(await room.wrong(), []);
  assert.equal(await room.run("document.images.length"), 0);
});

test("a real picture is shown from the bytes of the bundle", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await judge(
    forge([
      { content: png, ext: "png" },
      { content: png, ext: "png", fields: { secret: true } },
    ]),
  );
  await room.run("document.querySelector('.shown').scrollIntoView()");
  const shown = "document.querySelectorAll('.shown img').length";
  await room.run(
    `new Promise((done) => { const look = () => ${shown} > 0 ? done() : requestAnimationFrame(look); look(); })`,
  );
  // The other one is a secret and waits to be asked for.
  assert.equal(await room.run(shown), 1);
  assert.deepEqual(await room.wrong(), []);
});

test("containers that lie are refused at once", async () => {
  for (const [name, bytes] of Object.entries(containers())) {
    const said = await judge(bytes, `${name}.zip`);
    assert.equal(said.grade, "altered", name);
    assert.equal(said.codes.length, 1, `${name}: ${said.codes}`);
    assert.deepEqual(await room.wrong(), [], name);
  }
});

test("counts beyond all measure are listed a few at a time", async () => {
  const files = Array.from({ length: 66_000 }, (_, at) => [`data/items/1-${at + 1}.x`, Buffer.alloc(0)]);
  const said = await judge(zip("sigu-20261122-1-1", files), "many.zip");
  assert.ok(said.codes.includes("content-unclaimed") || said.codes.includes("file-missing"), said.codes.join());
  assert.ok((await room.run("document.querySelectorAll('[data-code]').length")) <= 300);
  const many = Array.from({ length: 1500 }, (_, at) => ({ fields: { note: `${at}` } }));
  assert.equal((await judge(forge(many), "entries.zip")).grade, "consistent");
  assert.ok((await room.run("document.querySelectorAll('.item').length")) <= 120);
  assert.deepEqual(await room.wrong(), []);
});
