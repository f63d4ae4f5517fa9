// Drives the built extension in a real browser against a real receiver: pairs, fixes, waits while the app is closed.
// The caller runs the receiver: a line on standard output asks it for something, a line on standard input answers.
//   node drive.mjs CHROMIUM DIST CODE [SCREENSHOTS]
import { createInterface } from "node:readline";
import { createServer } from "node:http";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Browser, until } from "./browser.mjs";

const [chromium, dist, code, shots] = process.argv.slice(2);

const stdin = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** Says where we are and waits for the caller. */
async function tell(event, more = {}) {
  process.stdout.write(JSON.stringify({ event, ...more }) + "\n");
  return (await stdin.next()).value;
}

/** A shop's order page: taller than the window, with a bar that stays at the top. */
const part = (n) => `<div style="padding-top:60px">第 ${n} 段 part-${n}</div>`;
const PAGE = `<!doctype html><meta charset="utf-8"><title>订单详情 DK20260301</title>
<style>body{margin:0}header{position:fixed;top:0;width:100%;height:50px;background:#146}
div{height:400px}div:nth-child(odd){background:#fde}</style>
<header>shop</header>${[1, 2, 3, 4, 5].map(part).join("")}`;

const shop = createServer((_, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(PAGE);
});
await new Promise((done) => shop.listen(0, "127.0.0.1", done));
const address = `http://shop.example:${shop.address().port}/order/1?no=DK20260301`;

// Rights that are asked for at the first use need a dialog no script may answer: here they are given at once.
const folder = await mkdtemp(join(tmpdir(), "sigu-extension-"));
await cp(dist, folder, { recursive: true });
const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
manifest.permissions.push(...manifest.optional_permissions);
delete manifest.optional_permissions;
await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
// Pictures show the Chinese words, whatever languages this browser was packed with.
if (shots) await cp(join(folder, "_locales/zh_CN"), join(folder, "_locales/en"), { recursive: true });

const rules = "--host-resolver-rules=MAP shop.example 127.0.0.1";
const browser = await Browser.start(chromium, ["--lang=zh-CN", rules]);

/** Clicks the toolbar button on the shop's tab, as a user does; returns the popup. */
async function popup(id) {
  const ofShop = (target) => target.type === "tab" && target.url.includes("shop.example");
  const own = (target) => target.type === "page" && target.url.endsWith("/popup.html");
  const tab = await until("the shop's tab", async () => (await browser.targets(ofShop))[0]);
  await until("no popup", async () => (await browser.targets(own)).length === 0);
  await browser.call("Extensions.triggerAction", { id, targetId: tab.targetId });
  const target = await until("the popup", async () => (await browser.targets(own))[0]);
  const shown = await browser.attach(target.targetId);
  await until("the popup's state", () => shown.run("document.querySelector('#state')?.textContent"));
  return shown;
}

async function picture(shown, name) {
  if (!shots) return;
  const { data } = await browser.call("Page.captureScreenshot", { format: "png" }, shown.sessionId);
  await writeFile(join(shots, `${name}.png`), Buffer.from(data, "base64"));
}

/** What the popup says, once nothing is under way. */
const noteOf = (shown) =>
  shown.run(`(() => {
    const busy = document.querySelector('#fix').disabled;
    return busy || document.querySelector('#note').hidden ? '' : document.querySelector('#note-text').textContent;
  })()`);

async function fix(shown, slot) {
  await until("the order's slots", () => shown.run(`!!document.querySelector('input[value=${slot}]')`));
  await shown.run(`document.querySelector('input[value=${slot}]').click()`);
  await shown.run("document.querySelector('#fix').click()");
  return await until("the end of the capture", () => noteOf(shown));
}

const close = (shown) => shown.run("window.close()").catch(() => {});
const stateIs = (shown, kind) =>
  until(`the state ${kind}`, () => shown.run(`document.querySelector('#state').classList.contains('${kind}')`));
/** The queue itself is asked: the popup shows it a moment later. */
const nothingWaits = (shown) =>
  until("the queue to be empty", async () => (await shown.run(QUEUE)).count === 0);

/** What lies in the queue, as somebody with this browser's files could read it. */
const QUEUE = `new Promise((done) => {
  indexedDB.open("sigu").onsuccess = ({ target }) => {
    const all = target.result.transaction("queue").objectStore("queue").getAll();
    all.onsuccess = () => {
      const latin = all.result.map(({ sealed }) => new TextDecoder("latin1").decode(sealed)).join("");
      const clear = JSON.stringify(all.result.map(({ sealed, ...rest }) => rest));
      done({
        count: all.result.length,
        age: latin.startsWith("age-encryption.org/v1"),
        found: /part-1|shop\\.example|dk01/.test(latin + clear),
      });
    };
  };
})`;

/** The pieces of the recording that runs, or -1, as the extension remembers it. */
const PIECES = `new Promise((done) => {
  indexedDB.open("sigu").onsuccess = ({ target }) => {
    const recording = target.result.transaction("kept").objectStore("kept").get("recording");
    recording.onsuccess = () => done(recording.result?.pieces ?? -1);
  };
})`;

async function drive() {
  const { id } = await browser.call("Extensions.loadUnpacked", { path: folder });
  const page = await browser.open(address);
  await page.run("scrollTo(0, 120)");

  let shown = await popup(id);
  await picture(shown, "unpaired");
  const enter = (text) => `document.querySelector('#code').value = '${text}'; document.querySelector('#pair').click()`;
  await shown.run(enter(code.replace(/-.*/, "-0000-0000")));
  await until("the word that the code is wrong", () => shown.run("!document.querySelector('#pair-problem').hidden"));
  await shown.run(enter(code));
  await until("the order", () => shown.run("document.querySelector('#order').value === 'dk01'"));
  await picture(shown, "paired");
  const words = await fix(shown, "transaction");
  await picture(shown, "fixed");
  const scroll = await page.run("scrollY");
  await close(shown);
  await tell("fixed", { words, address, scroll });

  await tell("close");
  shown = await popup(id);
  await stateIs(shown, "closed");
  const waiting = await fix(shown, "description");
  await picture(shown, "waiting");
  await tell("queued", { waiting, ...(await shown.run(QUEUE)) });

  await tell("open");
  await close(shown);
  shown = await popup(id);
  await stateIs(shown, "open");
  await nothingWaits(shown);
  await tell("delivered");

  // The browser closes the popup when the recording starts: the background is asked instead.
  const isWorker = (target) => target.type === "service_worker" && target.url.includes(id);
  const worker = await browser.attach((await browser.targets(isWorker))[0].targetId);
  await shown.run("document.querySelector('#record').click()").catch(() => {});
  await until("the recording to run", async () => (await worker.run(PIECES)) >= 0);
  await page.run("setInterval(() => { document.body.style.background = '#' + (100 + Date.now() % 900) }, 40)");
  await until("two pieces", async () => (await worker.run(PIECES)) >= 2);
  await close(shown);
  shown = await popup(id);
  await until("the button that stops", () => shown.run("document.querySelector('#record').textContent !== ''"));
  await picture(shown, "recording");
  await shown.run("document.querySelector('#record').click()").catch(() => {});
  await until("the recording to end", async () => (await worker.run(PIECES)) === -1);
  await nothingWaits(worker);
  await tell("recorded");
  if (shots) await looks(shown, `chrome-extension://${id}/options.html`);
}

/** Pictures of the pages in light and dark, to be looked at; the popup goes when another tab comes to the front. */
async function looks(shown, options) {
  const both = async (name, target) => {
    for (const value of ["light", "dark"]) {
      const features = [{ name: "prefers-color-scheme", value }];
      await browser.call("Emulation.setEmulatedMedia", { features }, target.sessionId);
      await picture(target, `${name}-${value}`);
    }
  };
  await both("popup", shown);
  await both("options", await browser.open(options));
}

try {
  await drive();
} finally {
  await browser.end();
  shop.close();
  await rm(folder, { recursive: true, force: true });
  process.stdin.destroy();
}
