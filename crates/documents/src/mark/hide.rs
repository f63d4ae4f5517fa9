//! What hides: areas painted over, with whatever else depends on what was there.

use image::metadata::Orientation;
use image::{Rgba, RgbaImage};

use super::Area;

const COVER: Rgba<u8> = Rgba([0x26, 0x26, 0x26, 0xff]);
const GREYS: [u8; 5] = [0x9a, 0xb4, 0x86, 0xc2, 0xa6];

/// The side of the blocks in which colours of JPEG (4:2:0) and pixels of WebP are coded.
const BLOCK: u32 = 16;
/// How far a decoder smooths beyond a block.
const SMOOTHED: u32 = 2;

/// The blocks a picture was coded in, as they lie in the picture that is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocks {
    coded: bool,
    /// Whether they are counted from the right edge.
    from_right: bool,
    /// Whether they are counted from the lower edge.
    from_below: bool,
}

impl Blocks {
    /// Every pixel stands for itself.
    pub(super) const fn none() -> Self {
        Self { coded: false, from_right: false, from_below: false }
    }

    /// Blocks counted from the corner where the stored picture begins.
    pub(super) const fn coded(orientation: Orientation) -> Self {
        let (from_right, from_below) = match orientation {
            Orientation::NoTransforms | Orientation::Rotate90FlipH => (false, false),
            Orientation::FlipHorizontal | Orientation::Rotate90 => (true, false),
            Orientation::FlipVertical | Orientation::Rotate270 => (false, true),
            Orientation::Rotate180 | Orientation::Rotate270FlipH => (true, true),
        };
        Self { coded: true, from_right, from_below }
    }

    /// Returns the area with all blocks it touches, within a picture of this size.
    pub(super) fn around(self, area: Area, width: u32, height: u32) -> Area {
        if !self.coded {
            return area;
        }
        let (x, right) = grown(area.x, area.x + area.width, width, self.from_right);
        let (y, below) = grown(area.y, area.y + area.height, height, self.from_below);
        Area { x, y, width: right - x, height: below - y }
    }
}

/// Grows `begin..end` on a side of that length to whole blocks and what is smoothed with them.
fn grown(begin: u32, end: u32, length: u32, from_end: bool) -> (u32, u32) {
    let (begin, end) = if from_end { (length - end, length - begin) } else { (begin, end) };
    let begin = (begin / BLOCK * BLOCK).saturating_sub(SMOOTHED);
    let end = (end.div_ceil(BLOCK) * BLOCK + SMOOTHED).min(length);
    if from_end { (length - end, length - begin) } else { (begin, end) }
}

/// Paints an area over in one colour.
pub(super) fn cover(picture: &mut RgbaImage, area: Area) {
    paint(picture, area, |_, _| COVER);
}

/// Paints an area over in grey blocks that depend on nothing but their place in it.
pub(super) fn mosaic(picture: &mut RgbaImage, area: Area) {
    let side = (area.width.min(area.height) / 3).clamp(4, 24);
    paint(picture, area, |x, y| {
        let (column, row) = ((x - area.x) / side, (y - area.y) / side);
        let grey = GREYS[((column * 3 + row * 7 + column * row) % 5) as usize];
        Rgba([grey, grey, grey, 0xff])
    });
}

fn paint(picture: &mut RgbaImage, area: Area, colour: impl Fn(u32, u32) -> Rgba<u8>) {
    for y in area.y..area.y + area.height {
        for x in area.x..area.x + area.width {
            picture.put_pixel(x, y, colour(x, y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_grows_to_the_blocks_of_the_stored_picture() {
        let area = Area { x: 20, y: 20, width: 10, height: 10 };
        assert_eq!(Blocks::none().around(area, 100, 100), area);
        let upright = Blocks::coded(Orientation::NoTransforms).around(area, 100, 100);
        assert_eq!(upright, Area { x: 14, y: 14, width: 20, height: 20 });
        let turned = Blocks::coded(Orientation::Rotate90).around(area, 100, 100);
        assert_eq!(turned, Area { x: 18, y: 14, width: 20, height: 20 });
        let whole = Area { x: 0, y: 0, width: 100, height: 100 };
        assert_eq!(Blocks::coded(Orientation::Rotate180).around(whole, 100, 100), whole);
    }
}
