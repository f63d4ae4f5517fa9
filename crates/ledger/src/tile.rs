//! Names, widths and bytes of tiles (C2SP tlog-tiles).
//!
//! A tile of level `l` and index `n` holds up to 256 hashes; hash `i` is the root of the perfect
//! subtree over the leaves `(n·256+i)·256^l` up to `(n·256+i+1)·256^l`. It is not a store and
//! computes no hash; note that Go's `x/mod` uses different paths (`tile/8/0/…`).

use std::fmt::Write as _;

use crate::hash::Hash;

/// How many hashes a full tile holds.
pub const TILE_WIDTH: usize = 256;

/// How many levels a tree of up to 2^64 leaves can have: 8 bits of the index each.
pub(crate) const LEVELS: u8 = 8;

/// Names one tile; ordered by level, then by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// The height of the tile: 0 holds leaf hashes, each further level is 8 tree levels up (0..=7 in use).
    pub level: u8,
    /// The position of the tile in its level, from the left.
    pub index: u64,
}

impl TileId {
    /// Returns the tile that holds the hash at `position` of `level`, and the place within it.
    pub fn containing(level: u8, position: u64) -> (Self, usize) {
        let place = (position % TILE_WIDTH as u64) as usize;
        (Self { level, index: position / TILE_WIDTH as u64 }, place)
    }

    /// Returns the path of the tile, `tile/<L>/<N>[.p/<W>]`, for a tile of `width` hashes.
    ///
    /// # Panics
    /// If `width` is not in 1..=256: an empty tile must never be written or served.
    pub fn path(&self, width: u16) -> String {
        format!("tile/{}/{}", self.level, numbered(self.index, width))
    }
}

/// Returns the path of the bundle of leaves `index·256` and following, `tile/entries/<N>[.p/<W>]`.
///
/// # Panics
/// If `width` is not in 1..=256.
pub fn entries_path(index: u64, width: u16) -> String {
    format!("tile/entries/{}", numbered(index, width))
}

fn numbered(index: u64, width: u16) -> String {
    assert!((1..=TILE_WIDTH as u16).contains(&width), "a tile holds 1 to 256 hashes, not {width}");
    let mut groups = vec![index % 1000];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(rest % 1000);
        rest /= 1000;
    }
    let mut path = String::new();
    for group in groups.iter().skip(1).rev() {
        // Writing to a String cannot fail.
        let _ = write!(path, "x{group:03}/");
    }
    let _ = write!(path, "{:03}", groups[0]);
    if usize::from(width) < TILE_WIDTH {
        let _ = write!(path, ".p/{width}");
    }
    path
}

/// Returns how many hashes tile `id` holds in a tree of `size` leaves: 0 (there is none) to 256.
pub fn tile_width(id: TileId, size: u64) -> u16 {
    if id.level >= LEVELS {
        return 0;
    }
    let hashes = size >> (8 * u32::from(id.level));
    let full = hashes / TILE_WIDTH as u64;
    match id.index.cmp(&full) {
        std::cmp::Ordering::Less => TILE_WIDTH as u16,
        std::cmp::Ordering::Equal => (hashes % TILE_WIDTH as u64) as u16,
        std::cmp::Ordering::Greater => 0,
    }
}

/// Lists every tile of a tree of `size` leaves with its width (1..=256), in order; none is empty.
pub fn tiles_of(size: u64) -> impl Iterator<Item = (TileId, u16)> {
    (0..LEVELS).flat_map(move |level| {
        let hashes = size >> (8 * u32::from(level));
        (0..hashes.div_ceil(TILE_WIDTH as u64)).map(move |index| {
            let id = TileId { level, index };
            (id, tile_width(id, size))
        })
    })
}

/// Says why bytes are not a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not 1 to 256 hashes of 32 bytes.
    #[error("a tile is 1 to 256 hashes of 32 bytes, not {bytes} bytes")]
    Length {
        /// How many bytes there were.
        bytes: usize,
    },
}

/// Returns the bytes of a tile: its hashes one after the other, 32 bytes each.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads the bytes of a tile; its width follows from their number and is left to the caller to check.
pub fn decode_tile(bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || !(1..=TILE_WIDTH).contains(&hashes.len()) {
        return Err(TileError::Length { bytes: bytes.len() });
    }
    Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_tlog_tiles() {
        let cases = [
            (0, 0, 256, "tile/0/000"),
            (0, 1_234_067, 256, "tile/0/x001/x234/067"),
            (0, 273, 112, "tile/0/273.p/112"),
            (1, 1, 17, "tile/1/001.p/17"),
            (2, 0, 1, "tile/2/000.p/1"),
            (3, 1000, 255, "tile/3/x001/000.p/255"),
            (0, u64::MAX >> 8, 256, "tile/0/x072/x057/x594/x037/x927/935"),
        ];
        for (level, index, width, path) in cases {
            assert_eq!(TileId { level, index }.path(width), path);
        }
        assert_eq!(entries_path(1_234_067, 8), "tile/entries/x001/x234/067.p/8");
    }

    #[test]
    fn seventy_thousand_leaves() {
        // The worked example of tlog-tiles.
        let tiles: Vec<_> = tiles_of(70_000).collect();
        assert_eq!(tiles.len(), 274 + 2 + 1);
        assert!(tiles.is_sorted());
        assert_eq!(tiles[272], (TileId { level: 0, index: 272 }, 256));
        assert_eq!(tiles[273], (TileId { level: 0, index: 273 }, 112));
        assert_eq!(tiles[274], (TileId { level: 1, index: 0 }, 256));
        assert_eq!(tiles[275], (TileId { level: 1, index: 1 }, 17));
        assert_eq!(tiles[276], (TileId { level: 2, index: 0 }, 1));
        assert_eq!(tiles_of(0).count(), 0);
        assert_eq!(tile_width(TileId { level: 255, index: 0 }, u64::MAX), 0);
    }

    #[test]
    fn tile_bytes() {
        let hashes: Vec<_> = (0..=255).map(|i| Hash::from_bytes([i; 32])).collect();
        assert_eq!(decode_tile(&encode_tile(&hashes)), Ok(hashes));
        for bytes in [0, 1, 31, 33, 8191, 8193, 8224] {
            assert_eq!(decode_tile(&vec![0; bytes]), Err(TileError::Length { bytes }));
        }
    }

    #[test]
    #[should_panic(expected = "1 to 256")]
    fn an_empty_tile_has_no_path() {
        TileId { level: 0, index: 0 }.path(0);
    }
}
