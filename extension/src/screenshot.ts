// The whole page as pictures: the visible part, scrolled and put together without loss.
import { bytesOf, fromDataUrl } from "./bytes";
import { type Band, findBand, scrollBand } from "./page";

/** Browsers allow two pictures a second. */
const PAUSE_MS = 550;
/** Beyond this the picture is cut, and the capture says so. */
const MAX_TILES = 60;
/** Tallest picture, in device pixels; a longer page becomes several. */
const MAX_PART = 16_000;

interface Tile {
  at: number;
  png: Uint8Array<ArrayBuffer>;
}

export interface FullPage {
  pictures: Uint8Array[];
  gaps: string[];
}

export async function run<A extends unknown[], T>(
  tab: number,
  func: (...args: A) => T | Promise<T>,
  ...args: A
): Promise<T> {
  const [frame] = await chrome.scripting.executeScript({ target: { tabId: tab }, func, args } as never);
  return (frame as { result: T }).result;
}

export async function visible(windowId: number): Promise<Uint8Array<ArrayBuffer>> {
  return fromDataUrl(await chrome.tabs.captureVisibleTab(windowId, { format: "png" }));
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, PAUSE_MS));

/** Scrolls through the page and puts the tiles together; the page stands where it stood afterwards. */
export async function fullPage(
  tab: number,
  windowId: number,
  height: number,
  tell: (share: number) => void,
): Promise<FullPage> {
  const band = await run(tab, findBand);
  const gaps: string[] = [];
  const tiles: Tile[] = [];
  try {
    let [to, max] = [0, band.max];
    for (;;) {
      const stands = await run(tab, scrollBand, to, band.x);
      max = stands.max;
      await pause();
      if (!(await chrome.tabs.get(tab)).active) {
        gaps.push("tab_switched");
        break;
      }
      tiles.push({ at: stands.at, png: await visible(windowId) });
      tell(max === 0 ? 1 : stands.at / max);
      if (stands.at >= max - 1 || stands.at < to - 1) break;
      if (tiles.length >= MAX_TILES) {
        gaps.push("full_page_cut");
        break;
      }
      to = Math.min(max, stands.at + (band.bottom - band.top));
    }
  } finally {
    await run(tab, scrollBand, band.at, band.x);
  }
  return { pictures: await stitch(tiles, band, height), gaps };
}

/** Draws the tiles' bands one below the other; the first gives what stands above the band, the last what is below. */
async function stitch(tiles: Tile[], band: Band, height: number): Promise<Uint8Array[]> {
  const last = tiles.at(-1);
  if (!last) return [];
  const first = await decode(last.png);
  const scale = first.height / height;
  const width = first.width;
  first.close();
  const px = (css: number) => Math.round(css * scale);
  const total = px(last.at) + px(height);
  const pictures: Uint8Array[] = [];
  for (let from = 0; from < total; from += MAX_PART) {
    const part = Math.min(MAX_PART, total - from);
    const canvas = new OffscreenCanvas(width, part);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    for (const tile of tiles) {
      const top = tile === tiles[0] ? 0 : px(band.top);
      const bottom = tile === last ? px(height) : px(band.bottom);
      const y = px(tile.at) + top - from;
      if (y >= part || y + (bottom - top) <= 0) continue;
      const picture = await decode(tile.png);
      context.drawImage(picture, 0, top, width, bottom - top, 0, y, width, bottom - top);
      picture.close();
    }
    pictures.push(await bytesOf(await canvas.convertToBlob({ type: "image/png" })));
  }
  return pictures;
}

const decode = (png: Uint8Array<ArrayBuffer>): Promise<ImageBitmap> =>
  createImageBitmap(new Blob([png], { type: "image/png" }));
