// One capture: pictures, page, text and what is known of them, sealed and put into the queue.
import { zipSync } from "fflate";
import { bytesOf, fromBase64, utf8 } from "./bytes";
import { buildContainer, type CapturedFile, type Facts } from "./container";
import { type PageFacts, readPage, readResources } from "./page";
import { enqueue, type Kind } from "./queue";
import { fullPage, run, visible } from "./screenshot";
import { seal } from "./seal";
import { paired } from "./store";

export type Step = "page" | "visible" | "full" | "archive" | "seal";
export type Tell = (step: Step, share: number) => void;

/** Why a capture is not made: a code, for the messages. */
export class CaptureProblem extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Fixes what a tab shows for a slot of an order. When it returns, the sealed delivery is durable in the queue. */
export async function capture(tab: number, order: string, slot: string, tell: Tell): Promise<string> {
  const taken_at = new Date().toISOString();
  tell("page", 0);
  const { windowId } = await chrome.tabs.get(tab);
  const page = await run(tab, readPage).catch(() => {
    throw new CaptureProblem("page_closed_to_extensions");
  });
  const zoom = await chrome.tabs.getZoom(tab);
  tell("visible", 0);
  const files: CapturedFile[] = [picture("visible.png", "screenshot-visible", await visible(windowId))];
  const full = await fullPage(tab, windowId, page.viewport.height, (share) => tell("full", share));
  full.pictures.forEach((bytes, place) => {
    const name = full.pictures.length === 1 ? "full-page.png" : `full-page-${place + 1}.png`;
    files.push(picture(name, "screenshot-full", bytes));
  });
  tell("archive", 0);
  const gaps = [...full.gaps, ...(page.foreignFrames ? ["text_of_foreign_frames"] : [])];
  files.push(...(await archived(tab, page, gaps)));
  files.push({ name: "page.txt", media_type: "text/plain", role: "text", bytes: utf8(page.text) });
  const facts: Facts = {
    order,
    slot,
    url: page.url,
    title: page.title.slice(0, 1000),
    taken_at,
    viewport: page.viewport,
    zoom,
    user_agent: navigator.userAgent,
    gaps,
  };
  tell("seal", 0);
  return await queue("capture", crypto.randomUUID(), facts, files);
}

function picture(name: string, role: CapturedFile["role"], bytes: Uint8Array): CapturedFile {
  return { name, media_type: "image/png", role, bytes };
}

/** The page as MHTML where the browser can and may; else its document and the resources it may read. */
async function archived(tab: number, page: PageFacts, gaps: string[]): Promise<CapturedFile[]> {
  const mhtml = chrome.pageCapture ? await saved(tab, gaps) : undefined;
  if (mhtml) return [{ name: "page.mhtml", media_type: "multipart/related", role: "mhtml", bytes: mhtml }];
  const files: CapturedFile[] = [
    { name: "page.html", media_type: "text/html", role: "dom", bytes: utf8(page.html) },
  ];
  const resources = await run(tab, readResources).catch(() => []);
  if (resources.length > 0) {
    const parts: Record<string, Uint8Array> = {};
    const list = resources.map(({ url, type, base64 }, place) => {
      const name = `${String(place).padStart(3, "0")}`;
      parts[name] = fromBase64(base64);
      return { name, url, type };
    });
    parts["resources.json"] = utf8(JSON.stringify(list, null, 1));
    const bytes = zipSync(parts, { level: 0 });
    files.push({ name: "resources.zip", media_type: "application/zip", role: "resources", bytes });
  }
  return files;
}

/** The browser's own archive of the page. It fails now and then on a page that is busy: asked three times. */
async function saved(tab: number, gaps: string[]): Promise<Uint8Array | undefined> {
  let why = "";
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const blob = await chrome.pageCapture.saveAsMHTML({ tabId: tab });
      if (blob) return await bytesOf(blob as Blob);
      why = "nothing";
    } catch (error) {
      why = error instanceof Error ? error.message : "unknown";
    }
    await new Promise((done) => setTimeout(done, 300));
  }
  gaps.push(`mhtml: ${why}`.slice(0, 200));
  return undefined;
}

/** Seals and puts into the queue. What is not sealed is never stored. */
export async function queue(
  kind: Kind,
  id: string,
  facts: Facts,
  files: CapturedFile[],
  n?: number,
): Promise<string> {
  const pairing = await paired();
  if (!pairing) throw new CaptureProblem("not_paired");
  const plain = buildContainer(facts, files);
  const sealed = await seal(plain, pairing.recipient);
  plain.fill(0);
  await enqueue({ id, kind, ...(n === undefined ? {} : { n }), made_at: new Date().toISOString(), sealed });
  return id;
}
