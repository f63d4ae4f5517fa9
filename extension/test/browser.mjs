// A headless Chromium driven over its debugging pipe: start, call, wait for a condition, end.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIMIT_MS = 60_000;

/** Asks again and again until the answer is truthy; fails with `what` after a minute. */
export async function until(what, question) {
  const end = Date.now() + LIMIT_MS;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await question();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited in vain for ${what}${last ? `: ${last.message}` : ""}`);
}

export class Browser {
  #calls = new Map();
  #next = 1;
  #rest = "";

  static async start(binary, extra = []) {
    const browser = new Browser();
    browser.profile = await mkdtemp(join(tmpdir(), "sigu-chromium-"));
    const flags = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
      "--remote-debugging-pipe", "--enable-unsafe-extension-debugging", "--window-size=1000,800", "--mute-audio",
      "--disable-component-update", "--disable-background-networking",
      `--user-data-dir=${browser.profile}`, ...extra, "about:blank",
    ];
    const stdio = ["ignore", "ignore", process.env.SIGU_CHROMIUM_LOG ? "inherit" : "ignore", "pipe", "pipe"];
    const env = { ...process.env, LANGUAGE: extra.includes("--lang=en-US") ? "en_US" : "zh_CN" };
    browser.process = spawn(binary, flags, { stdio, env, detached: true });
    browser.process.on("error", (error) => browser.#fail(error));
    browser.process.on("exit", () => browser.#fail(new Error("the browser ended")));
    browser.process.stdio[4].on("data", (bytes) => browser.#read(bytes.toString("utf8")));
    browser.process.stdio[3].on("error", () => {});
    return browser;
  }

  call(method, params = {}, sessionId) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, method });
      this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }

  /** Attaches to a target and returns how to evaluate in it. */
  async attach(targetId) {
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const run = async (expression) => {
      const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
      const { result, exceptionDetails } = await this.call("Runtime.evaluate", params, sessionId);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    return { sessionId, targetId, run };
  }

  async targets(wanted) {
    const filter = [{ type: "tab" }, {}];
    const { targetInfos } = await this.call("Target.getTargets", { filter });
    return targetInfos.filter(wanted);
  }

  async open(url) {
    const { targetId } = await this.call("Target.createTarget", { url });
    const page = await this.attach(targetId);
    await until(url, () => page.run("document.readyState === 'complete' && location.href !== 'about:blank'"));
    return page;
  }

  async end() {
    const gone = new Promise((done) => this.process.once("exit", done));
    await Promise.race([this.call("Browser.close").catch(() => {}), gone]);
    const force = setTimeout(() => process.kill(-this.process.pid, "SIGKILL"), 10_000);
    await gone;
    clearTimeout(force);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #read(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((one) => JSON.parse(one))) {
      const call = this.#calls.get(message.id);
      if (!call) continue;
      this.#calls.delete(message.id);
      if (message.error) call.reject(new Error(`${call.method}: ${message.error.message}`));
      else call.resolve(message.result);
    }
  }

  #fail(error) {
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
  }
}
