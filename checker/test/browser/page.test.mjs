// The page as a person uses it: choosing, comparing a key, stopping, two languages; and what it looks like.
// SIGU_CHECKER_SHOTS=FOLDER also takes pictures.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fingerprint, forge } from "../forge.mjs";
import { samples } from "./samples.mjs";
import { Room } from "./room.mjs";

const VECTORS = new URL("../../../vectors/bundle/", import.meta.url);
const AXE = new URL("../../../crates/server/tests/axe/node_modules/axe-core/axe.min.js", import.meta.url);
const JUDGE = `axe.run(document, { resultTypes: ["violations"] }).then((done) => done.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join("; ")))`;

let room, folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sigu-page-"));
  room = await Room.open();
});
after(async () => {
  await room?.end();
  await rm(folder, { recursive: true, force: true });
});

async function file(name, bytes) {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

test("the page says of every vector what the verifier says", async () => {
  for (const name of (await readdir(VECTORS)).filter((one) => one.endsWith(".zip"))) {
    const said = await room.judge(new URL(name, VECTORS));
    const wanted = /^bad-(.*?)(--.*)?\.zip$/.exec(name)?.[1];
    assert.equal(said.grade, wanted ? "altered" : "consistent", name);
    if (wanted) assert.ok(said.codes.includes(wanted), `${name}: ${said.codes}`);
  }
  assert.deepEqual(await room.wrong(), []);
});

test("a key received earlier fits, or does not", async () => {
  await room.judge(await file("key.zip", forge([{ content: "x", ext: "txt" }])));
  const enter = (text) =>
    room.run(`(() => {
    const field = document.querySelector("#fingerprint");
    field.focus();
    field.value = ${JSON.stringify(text)};
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const focused = document.activeElement === field;
    return [document.querySelector(".verdict").className, document.querySelector("#fits").className, focused];
  })()`);
  assert.deepEqual(await enter(fingerprint.replace(/.{8}/g, "$& ")), [
    "verdict key-confirmed",
    "fits is-fits",
    true,
  ]);
  assert.deepEqual(await enter("0".repeat(64)), ["verdict altered", "fits is-differs", true]);
  // Nothing was altered, and the page does not say so.
  assert.match(await room.run("document.querySelector('#grade').textContent"), /不是你给的那把密钥/);
  assert.deepEqual(await enter("nonsense"), ["verdict consistent", "fits is-malformed", true]);
  assert.deepEqual(await enter(""), ["verdict consistent", "fits is-empty", true]);
});

test("a file is dropped, and two are one too many", async () => {
  const drop = (...names) =>
    room.run(`(() => {
    globalThis.__before = document.querySelector("#grade, [role=alert]");
    const data = new DataTransfer();
    for (const name of ${JSON.stringify(names)}) data.items.add(new File(["PK"], name));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
  })()`);
  await drop("a.zip");
  assert.deepEqual((await room.judged()).codes, ["not-a-zip"]);
  await drop("a.zip", "b.zip");
  assert.match((await room.judged()).said, /一次只核对一个/);
});

test("a later disclosure is taken in", async () => {
  await room.judge(await file("late.zip", forge([{ content: "x", ext: "txt" }])));
  const late = { format: "sigu-disclosure/v1", origin: "elsewhere", seq: 1, disclosures: [] };
  await room.choose(await file("late.json", JSON.stringify(late)), "#late");
  assert.deepEqual((await room.judged()).codes, ["late-unknown-log"]);
});

test("a sealed file is named, with what to do", async () => {
  const said = await room.judge(await file("sigu-1.zip.age", "age-encryption.org/v1\n-> X25519 x\n"));
  assert.match(said.said, /age --decrypt .*sigu-1\.zip\.age/);
  assert.match(said.text, /收件人/);
});

test("reading can be stopped", async () => {
  await room.reload();
  const path = await file("large.zip", forge([{ content: Buffer.alloc(300 * 2 ** 20), ext: "mp4" }]));
  await room.choose(path);
  await room.run(`new Promise((done) => {
    const look = () => { const stop = document.querySelector(".reading button"); stop ? done(stop.click()) : setTimeout(look, 1); };
    look();
  })`);
  assert.match((await room.judged()).said, /已停止/);
});

test("two languages, two widths, light and dark, on paper: readable for all", async () => {
  const axe = await readFile(AXE, "utf8");
  const shots = process.env.SIGU_CHECKER_SHOTS;
  for (const [name, bytes] of Object.entries(await samples(VECTORS))) {
    const path = bytes && (await file(`${name}.zip`, bytes));
    for (const [language, width, dark] of [
      ["zh-CN", 1440, false],
      ["zh-CN", 390, true],
      ["en", 1440, true],
      ["en", 390, false],
    ]) {
      await room.look({ width, dark });
      await room.reload(language);
      if (path) await room.judge(path);
      await room.openAll();
      await room.run(axe);
      const what = `${name} ${language} ${width} ${dark ? "dark" : "light"}`;
      assert.deepEqual(await room.run(JUDGE), [], what);
      assert.ok(
        (await room.run("document.documentElement.scrollWidth")) <= width,
        `${what}: wider than the window`,
      );
      assert.equal(await room.run("document.documentElement.lang"), language);
      if (shots) await room.picture(join(shots, `${what.replaceAll(" ", "-")}.png`), { width, dark });
    }
    if (shots) await room.picture(join(shots, `${name}-print.png`), { width: 800, dark: false, media: "print" });
    assert.deepEqual(await room.wrong(), [], name);
  }
});

test("the whole way with the keyboard", async () => {
  await room.look({ width: 1440 });
  await room.reload();
  const press = async (key) => {
    for (const type of ["keyDown", "keyUp"])
      await room.call("Input.dispatchKeyEvent", {
        type,
        key,
        code: key,
        windowsVirtualKeyCode: key === "Tab" ? 9 : 13,
      });
  };
  const reached = [];
  for (let at = 0; at < 3; at++) {
    await press("Tab");
    reached.push(await room.run("document.activeElement.id"));
  }
  assert.deepEqual(reached, ["skip", "language", "file"]);
  await room.judge(new URL("good-two-logs.zip", VECTORS));
  assert.equal(await room.run("document.activeElement.id"), "grade");
});
