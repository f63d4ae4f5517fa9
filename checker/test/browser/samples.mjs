// What the pages are looked at with: a good bundle with everything in it, an altered one, and the empty page.
import { readFile } from "node:fs/promises";
import { deflateSync, crc32 } from "node:zlib";
import { forge } from "../forge.mjs";

/** A picture of a made-up order page: stripes and a box. */
function png(width, height) {
  const rows = Buffer.alloc((width * 3 + 1) * height, 0xf4);
  for (let y = 0; y < height; y++) {
    rows[y * (width * 3 + 1)] = 0;
    const bar = y < 46 ? [31, 95, 91] : y % 60 < 14 && y > 80 && y < height - 60 ? [205, 210, 214] : undefined;
    const end = bar && y >= 46 ? width * (0.4 + (((y / 60) | 0) % 3) / 6) : width;
    for (let x = y < 46 ? 0 : 24; bar && x < end; x++) rows.set(bar, y * (width * 3 + 1) + 1 + x * 3);
  }
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export async function samples(vectors) {
  const order = {
    order: "A-1",
    "order.title": "Steam 充值卡 100 元",
    "order.no": "DK20260301",
    "order.amount_fen": 9900,
  };
  const full = forge(
    [
      { kind: "order.opened", fields: order },
      {
        fields: {
          order: "A-1",
          slot: "transaction",
          "file.name": "订单页 截图.png",
          "blob.media_type": "image/png",
          source: "capture",
          secret: false,
        },
        content: png(720, 420),
        ext: "png",
      },
      {
        fields: { order: "A-1", slot: "voucher", "file.name": "微信支付凭证.pdf", source: "file", secret: false },
        content: "%PDF-1.7",
        ext: "pdf",
      },
      {
        fields: {
          order: "A-1",
          slot: "delivery",
          "file.name": "卡密.txt",
          source: "text",
          secret: true,
          "secret.masked": "7Q…XA (14)",
        },
        content: "7QKD-ZT4M-90XA",
        ext: "txt",
      },
      {
        kind: "message.recorded",
        fields: {
          order: "A-1",
          direction: "in",
          channel: "platform",
          said_at: "2026-11-22T07:58:00Z",
          text: "卡密没问题，是你自己输错了。",
        },
      },
      {
        fields: { order: "A-1", slot: "chat", "file.name": "与客服的聊天.txt", source: "file", secret: false },
        content: "买家：卡密显示已被使用。\n客服：卡密没问题，是你自己输错了。\n",
        ext: "txt",
      },
      { fields: { slot: "recording" } },
      {
        kind: "document.made",
        fields: { order: "A-1", item: "1-3", "document.kind": "complaint", "document.rests_on": ["1-2", "1-4"] },
      },
    ],
    { withheld: ["1-7 blob.sha256", "1-7 blob.size", "1-7 file.name"] },
  );
  return { start: undefined, good: full, altered: await readFile(new URL("bad-leaf-number.zip", vectors)) };
}
