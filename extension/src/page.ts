// What runs in the page's tab, in the isolated world, only after the user's click. Each function stands alone: it is
// handed over as text. It reads, it scrolls, and it puts the scroll position back; it changes nothing of the page.

export interface PageFacts {
  url: string;
  title: string;
  text: string;
  html: string;
  viewport: { width: number; height: number; scale: number };
  /** Whether frames of other sites are in it, whose text is not. */
  foreignFrames: boolean;
}

export function readPage(): PageFacts {
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
  const foreign = Array.from(document.querySelectorAll("iframe")).some((frame) => {
    try {
      return frame.contentDocument === null;
    } catch {
      return true;
    }
  });
  return {
    url: location.href,
    title: document.title,
    text: (document.body?.innerText ?? "").slice(0, 4_000_000),
    html: doctype + document.documentElement.outerHTML,
    viewport: { width: innerWidth, height: innerHeight, scale: devicePixelRatio },
    foreignFrames: foreign,
  };
}

/** Where the part that scrolls stands, in CSS pixels of the viewport, and how far it goes. */
export interface Band {
  top: number;
  bottom: number;
  at: number;
  max: number;
  x: number;
}

/**
 * Finds what scrolls: the page, or, where the page itself does not, the largest part of it that does (a chat window).
 * Bars that stay in place at the top and the bottom are left out of the band, so that they hide nothing in the picture.
 */
export function findBand(): Band {
  const root = document.scrollingElement ?? document.documentElement;
  const tall = (element: Element) => element.scrollHeight > element.clientHeight + 1;
  let scroller: Element = root;
  if (!(root.scrollHeight > innerHeight + 1)) {
    let best = (innerWidth * innerHeight) / 4;
    for (const element of document.querySelectorAll("body *")) {
      if (!tall(element) || !/auto|scroll/.test(getComputedStyle(element).overflowY)) continue;
      const area = element.clientWidth * element.clientHeight;
      if (area > best) [scroller, best] = [element, area];
    }
  }
  (globalThis as { siguScroller?: Element }).siguScroller = scroller;
  let [top, bottom] = [0, innerHeight];
  if (scroller === root) {
    for (const element of document.querySelectorAll("body *")) {
      const position = getComputedStyle(element).position;
      if (position !== "fixed" && position !== "sticky") continue;
      const box = element.getBoundingClientRect();
      if (box.width < innerWidth / 2 || box.height === 0 || box.height > innerHeight / 3) continue;
      if (position === "fixed" && box.top <= 0 && box.bottom > top) top = box.bottom;
      else if (position === "sticky" && box.height > top) top = Math.max(top, box.height);
      else if (box.bottom >= innerHeight && box.top < bottom) bottom = box.top;
    }
  } else {
    const box = scroller.getBoundingClientRect();
    top = Math.max(0, box.top + scroller.clientTop);
    bottom = Math.min(innerHeight, top + scroller.clientHeight);
  }
  if (bottom - top < innerHeight / 4) [top, bottom] = [0, innerHeight];
  const max = Math.max(0, scroller.scrollHeight - scroller.clientHeight);
  return { top: Math.ceil(top), bottom: Math.floor(bottom), at: scroller.scrollTop, max, x: scroller.scrollLeft };
}

/** Scrolls and waits until it is drawn; returns where it stands and how far it now goes. */
export async function scrollBand(to: number, x: number): Promise<{ at: number; max: number }> {
  const scroller = (globalThis as { siguScroller?: Element }).siguScroller ?? document.documentElement;
  scroller.scrollTo({ top: to, left: x, behavior: "instant" as ScrollBehavior });
  const drawn = new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  await Promise.race([drawn, new Promise((done) => setTimeout(done, 400))]);
  return { at: scroller.scrollTop, max: Math.max(0, scroller.scrollHeight - scroller.clientHeight) };
}

/** Fetches the images and style sheets the page names, as far as the page itself may read them. */
export async function readResources(): Promise<{ url: string; type: string; base64: string }[]> {
  const wanted = new Set<string>();
  for (const image of document.images) if (image.currentSrc) wanted.add(image.currentSrc);
  for (const sheet of document.styleSheets) if (sheet.href) wanted.add(sheet.href);
  const found: { url: string; type: string; base64: string }[] = [];
  let left = 20_000_000;
  const read = async (url: string) => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000), cache: "force-cache" });
      const blob = await response.blob();
      if (!response.ok || blob.size > left) return;
      left -= blob.size;
      const text = await new Promise<string>((done, fail) => {
        const reader = new FileReader();
        reader.onload = () => done(String(reader.result));
        reader.onerror = () => fail(reader.error);
        reader.readAsDataURL(blob);
      });
      found.push({ url, type: blob.type, base64: text.slice(text.indexOf(",") + 1) });
    } catch {
      // Another site's, or gone: the list of what was read says what was not.
    }
  };
  const urls = [...wanted].filter((url) => /^https?:/.test(url)).slice(0, 200);
  await Promise.all(urls.map(read));
  return found;
}
