//! Width and height of a picture, where they are cheap to find.

/// Pixels, by the head of the format; `None` when the head is cut or the format unknown.
pub(super) fn of(bytes: &[u8], media_type: &str) -> Option<(u32, u32)> {
    match media_type {
        "image/png" => Some((be32(bytes, 16)?, be32(bytes, 20)?)),
        "image/gif" => Some((le16(bytes, 6)?, le16(bytes, 8)?)),
        "image/bmp" => Some((le32(bytes, 18)?, le32(bytes, 22)?.cast_signed().unsigned_abs())),
        "image/jpeg" => jpeg(bytes),
        "image/webp" => webp(bytes),
        "image/heif" | "image/avif" => heif(bytes),
        _ => None,
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

/// The first start-of-frame segment (ITU T.81 §B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    for _ in 0..1000 {
        let marker = *bytes.get(at + 1)?;
        match (bytes[at], marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xc4 | 0xc8 | 0xcc) => at += 2 + be16(bytes, at + 2)? as usize,
            (0xff, 0xc0..=0xcf) => return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?)),
            (0xff, 0x01 | 0xd0..=0xd7) => at += 2,
            (0xff, 0xda | 0xd9) => return None,
            (0xff, _) => at += 2 + be16(bytes, at + 2)? as usize,
            _ => return None,
        }
    }
    None
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => {
            let side = |at| Some(le32(bytes, at)? & 0xff_ffff);
            Some((side(24)? + 1, (le32(bytes, 26)? >> 8) + 1))
        }
        b"VP8 " => Some((le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff)),
        b"VP8L" => {
            let bits = le32(bytes, 21)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// The largest `ispe` property (ISO/IEC 23008-12 §6.5.3): tiles and thumbnails are smaller.
fn heif(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = &bytes[..bytes.len().min(64 << 10)];
    let found = head.windows(4).enumerate().filter(|(_, window)| *window == b"ispe");
    let sizes = found.filter_map(|(at, _)| Some((be32(head, at + 8)?, be32(head, at + 12)?)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}
