// The built page in a real Chromium, opened from the disk as a stranger opens it, and all it does that it must not.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Browser, until } from "../../../extension/test/browser.mjs";

const PAGE = new URL("../../dist/sigu-checker.html", import.meta.url);

/** Runs in the page before its own script: writes down what happens. */
const WATCH = `(() => {
  const seen = (globalThis.__seen = []);
  for (const name of ["alert", "confirm", "prompt", "open"]) globalThis[name] = () => seen.push(name);
  addEventListener("securitypolicyviolation", (event) => seen.push("policy: " + event.violatedDirective + " " + event.blockedURI));
  addEventListener("error", (event) => seen.push("error: " + event.message));
  addEventListener("unhandledrejection", (event) => seen.push("rejection: " + event.reason));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.name.startsWith("blob:")) seen.push("loaded: " + entry.name);
  }).observe({ type: "resource", buffered: true });
})()`;

/** What a page of ours never has, whatever was dropped on it. */
const FOREIGN = `(() => {
  const bad = [...document.querySelectorAll("body iframe, body object, body embed, body svg, body style, body link, body video, body audio, body math, body form, body base, body script ~ script")];
  const listening = [...document.querySelectorAll("body *")].filter((one) => [...one.attributes].some((its) => its.name.startsWith("on")));
  const loading = [...document.querySelectorAll("img")].filter((one) => !one.src.startsWith("blob:"));
  const leading = [...document.querySelectorAll("a")].filter((one) => one.getAttribute("href") !== "#main");
  return [...bad, ...listening, ...loading, ...leading].map((one) => one.outerHTML.slice(0, 200));
})()`;

export class Room {
  static async open({ width = 1440, dark = false } = {}) {
    const room = new Room();
    room.browser = await Browser.start("chromium", ["--hide-scrollbars"]);
    room.page = await room.browser.open("about:blank#");
    for (const domain of ["Page", "DOM", "Runtime"]) await room.call(`${domain}.enable`);
    await room.call("Page.addScriptToEvaluateOnNewDocument", { source: WATCH });
    await room.look({ width, dark });
    await room.reload();
    return room;
  }

  call(method, params = {}) {
    return this.browser.call(method, params, this.page.sessionId);
  }

  run(script) {
    return this.page.run(script);
  }

  async look({ width, dark = false, height = 900, media = "" }) {
    const mobile = width < 600;
    await this.call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
    await this.call("Emulation.setEmulatedMedia", {
      media,
      features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }],
    });
  }

  async reload(language = "zh-CN") {
    await this.call("Page.navigate", { url: PAGE.href });
    await until("the page", () =>
      this.run("document.readyState === 'complete' && !!document.querySelector('#file')"),
    );
    await this.run(
      `document.documentElement.lang === "${language}" || document.querySelector("#language").click()`,
    );
  }

  /** Chooses a file as a person does, and waits for what the page says. */
  async choose(path, field = "#file") {
    await this.run("globalThis.__before = document.querySelector('#grade, [role=alert]')");
    const { root } = await this.call("DOM.getDocument");
    const { nodeId } = await this.call("DOM.querySelector", { nodeId: root.nodeId, selector: field });
    await this.call("DOM.setFileInputFiles", {
      nodeId,
      files: [path instanceof URL ? fileURLToPath(path) : path],
    });
  }

  async judged() {
    const said = "document.querySelector('#grade, [role=alert]')";
    await until("a verdict", () => this.run(`!!${said} && ${said} !== globalThis.__before`));
    return await this.run(`({
      grade: document.querySelector(".verdict")?.className.replace("verdict ", ""),
      said: ${said}.textContent,
      codes: [...new Set([...document.querySelectorAll("[data-code]")].map((one) => one.dataset.code))].sort(),
      text: document.body.innerText,
    })`);
  }

  async judge(path) {
    await this.choose(path);
    return await this.judged();
  }

  /** Opens everything that can be opened. */
  async openAll() {
    await this.run(`(async () => {
      for (let round = 0; round < 3; round++) {
        for (const one of document.querySelectorAll("details")) one.open = true;
        for (const one of document.querySelectorAll(".preview button[aria-expanded=false], button.more:not([hidden])")) one.click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }
    })()`);
    await until("previews", () =>
      this.run(
        "[...document.querySelectorAll('.preview button[aria-expanded=true]')].every((one) => one.closest('.preview').querySelector('.shown').childElementCount > 0) && [...document.images].every((one) => one.complete)",
      ),
    );
  }

  /** What happened that must not. */
  async wrong() {
    return [...(await this.run("globalThis.__seen")), ...(await this.run(FOREIGN))];
  }

  async picture(path, { width, dark, media }) {
    const height = Math.min(8000, await this.run("document.documentElement.scrollHeight"));
    await this.look({ width, dark, height, media });
    const { data } = await this.call("Page.captureScreenshot", { format: "png" });
    await writeFile(path, Buffer.from(data, "base64"));
    await this.look({ width, dark, media });
  }

  end() {
    return this.browser.end();
  }
}
