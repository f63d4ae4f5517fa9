// What is inside a delivery before it is sealed: 4 bytes of length, a header in JSON, the files' bytes in order.
// The receiver reads it in crates/server/src/container.rs.

export type Role =
  | "screenshot-visible"
  | "screenshot-full"
  | "mhtml"
  | "dom"
  | "resources"
  | "text"
  | "recording-piece";

export interface CapturedFile {
  name: string;
  media_type: string;
  role: Role;
  bytes: Uint8Array;
}

/** What a delivery says of itself, without its files. */
export interface Facts {
  order: string;
  slot: string;
  url: string;
  title: string;
  taken_at: string;
  viewport: { width: number; height: number; scale: number };
  zoom: number;
  user_agent: string;
  pieces?: number;
  gaps?: string[];
}

export function buildContainer(facts: Facts, files: CapturedFile[]): Uint8Array<ArrayBuffer> {
  const described = files.map(({ name, media_type, role, bytes }) => ({ name, media_type, size: bytes.length, role }));
  const header = new TextEncoder().encode(JSON.stringify({ ...facts, files: described }));
  const total = files.reduce((sum, file) => sum + file.bytes.length, 4 + header.length);
  const out = new Uint8Array(total);
  new DataView(out.buffer).setUint32(0, header.length);
  out.set(header, 4);
  let at = 4 + header.length;
  for (const file of files) {
    out.set(file.bytes, at);
    at += file.bytes.length;
  }
  return out;
}
