// Bytes from text and back.

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place += 1) out[place] = binary.charCodeAt(place);
  return out;
}

/** The bytes of a data: URL in base64. */
export const fromDataUrl = (url: string): Uint8Array<ArrayBuffer> => fromBase64(url.slice(url.indexOf(",") + 1));

export async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
