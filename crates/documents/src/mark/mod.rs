//! Marked copies of pictures (S31, S32): arrows, boxes and numbers that point, covers that hide. The original is read,
//! never changed.
//!
//! **What is covered cannot be had back.** A cover is painted over the pixels, and so is a mosaic: its blocks are made
//! of their place alone and of nothing below them, since a blur or a coarse picture of a short code can be undone by
//! trying codes. No transparency and no metadata of the original get into the copy: no EXIF, preview, colour profile,
//! text, or second frame. In JPEG and WebP a pixel outside a cover may still depend on what is below it, because both
//! are coded in blocks; there a cover grows to whole blocks. What stands beside a cover is not hidden: a corner of a
//! letter that sticks out is seen, and so is the width of the cover.
//!
//! The same picture and marks give the same bytes.

mod hide;
mod read;
mod shapes;

use std::fmt;
use std::str::FromStr;

use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use tiny_skia::{IntSize, Pixmap};

use read::Opened;

/// Most bytes of an original.
pub const MAX_BYTES: usize = 64 << 20;
/// Most pixels of an original.
pub const MAX_PIXELS: u64 = 100_000_000;
/// Longest side of an original, in pixels.
pub const MAX_SIDE: u32 = 65_535;
/// Most marks on one copy.
pub const MAX_MARKS: usize = 200;

/// A place in a picture, in pixels from the left and the top, as the picture is seen: EXIF orientation is applied first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
}

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its left edge.
    pub x: u32,
    /// Its upper edge.
    pub y: u32,
    /// How wide it is, at least 1.
    pub width: u32,
    /// How high it is, at least 1.
    pub height: u32,
}

/// A mark. It is written as on the command line: `box 10,20,300,40`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A frame around an area.
    Box(Area),
    /// An arrow.
    Arrow {
        /// Where it begins.
        from: Point,
        /// Where its head is.
        to: Point,
    },
    /// A number in a circle.
    Number {
        /// From 1 to 99.
        number: u8,
        /// Its middle.
        at: Point,
    },
    /// An area painted over in one colour.
    Cover(Area),
    /// An area painted over in blocks that look as if it were blurred.
    Mosaic(Area),
}

impl Mark {
    /// Tells whether nothing of what is below it is left.
    pub const fn covers(&self) -> bool {
        matches!(self, Self::Cover(_) | Self::Mosaic(_))
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x, self.y, self.width, self.height)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Box(area) => write!(f, "box {area}"),
            Self::Arrow { from, to } => write!(f, "arrow {},{},{},{}", from.x, from.y, to.x, to.y),
            Self::Number { number, at } => write!(f, "number {number},{},{}", at.x, at.y),
            Self::Cover(area) => write!(f, "cover {area}"),
            Self::Mosaic(area) => write!(f, "mosaic {area}"),
        }
    }
}

/// A text that is no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mark")]
pub struct NoMark;

impl FromStr for Mark {
    type Err = NoMark;

    /// Reads what [`Mark`] writes; whether it lies within a picture is for [`check`] to say.
    fn from_str(text: &str) -> Result<Self, NoMark> {
        let (kind, numbers) = text.split_once(' ').ok_or(NoMark)?;
        let read: Result<Vec<u32>, _> = numbers.split(',').map(str::parse).collect();
        let area = |x, y, width, height| Area { x, y, width, height };
        match (kind, read.map_err(|_| NoMark)?.as_slice()) {
            ("box", &[x, y, width, height]) => Ok(Self::Box(area(x, y, width, height))),
            ("cover", &[x, y, width, height]) => Ok(Self::Cover(area(x, y, width, height))),
            ("mosaic", &[x, y, width, height]) => Ok(Self::Mosaic(area(x, y, width, height))),
            ("arrow", &[x, y, x2, y2]) => {
                Ok(Self::Arrow { from: Point { x, y }, to: Point { x: x2, y: y2 } })
            }
            ("number", &[number, x, y]) => {
                let number = u8::try_from(number).map_err(|_| NoMark)?;
                Ok(Self::Number { number, at: Point { x, y } })
            }
            _ => Err(NoMark),
        }
    }
}

/// Why there is no copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// The original is larger than [`MAX_BYTES`], [`MAX_PIXELS`] or [`MAX_SIDE`] allow.
    #[error("the picture is too large")]
    TooLarge,
    /// The original is no PNG, JPEG, WebP or GIF, or is broken.
    #[error("not a picture that can be read: {0}")]
    Unreadable(String),
    /// There is nothing to draw.
    #[error("no marks")]
    NoMarks,
    /// There are more than [`MAX_MARKS`].
    #[error("{0} marks are too many")]
    TooManyMarks(usize),
    /// A mark lies outside the picture, or partly so.
    #[error("{mark} is not within the {width} × {height} pixels of the picture")]
    Outside {
        /// The mark.
        mark: Mark,
        /// The picture's width as it is seen.
        width: u32,
        /// The picture's height as it is seen.
        height: u32,
    },
    /// A mark shows nothing: an area without extent, an arrow without length.
    #[error("{0} has no extent")]
    Empty(Mark),
    /// A number is not from 1 to 99.
    #[error("{0} is not from 1 to 99")]
    Number(Mark),
}

/// Draws marks on a copy of a picture and returns it as PNG, without metadata. What covers is painted first, so that
/// arrows and numbers on it are seen; the rest in the order given.
///
/// # Errors
/// See [`MarkError`]; nothing is drawn in part.
pub fn draw(original: &[u8], marks: &[Mark]) -> Result<Vec<u8>, MarkError> {
    match marks.len() {
        0 => return Err(MarkError::NoMarks),
        many if many > MAX_MARKS => return Err(MarkError::TooManyMarks(many)),
        _ => {}
    }
    let Opened { mut picture, blocks } = read::open(original)?;
    let (width, height) = picture.dimensions();
    marks.iter().try_for_each(|mark| check(*mark, width, height))?;
    for mark in marks {
        match mark {
            Mark::Cover(area) => hide::cover(&mut picture, blocks.around(*area, width, height)),
            Mark::Mosaic(area) => hide::mosaic(&mut picture, blocks.around(*area, width, height)),
            _ => {}
        }
    }
    let size = IntSize::from_wh(width, height).ok_or(MarkError::TooLarge)?;
    // Every pixel is opaque by now, so that plain and premultiplied are the same.
    let mut canvas = Pixmap::from_vec(picture.into_raw(), size).ok_or(MarkError::TooLarge)?;
    marks.iter().for_each(|mark| shapes::draw(&mut canvas, *mark));
    png(canvas.take(), width, height)
}

/// Reads how wide and high a picture is as it is seen, without its pixels.
///
/// # Errors
/// See [`MarkError`].
pub fn size(original: &[u8]) -> Result<(u32, u32), MarkError> {
    read::size(original)
}

/// Tells whether a mark can be drawn on a picture of this size.
///
/// # Errors
/// See [`MarkError`].
pub fn check(mark: Mark, width: u32, height: u32) -> Result<(), MarkError> {
    let point = |at: Point| at.x < width && at.y < height;
    let area = |of: Area| {
        of.x.checked_add(of.width).is_some_and(|right| right <= width)
            && of.y.checked_add(of.height).is_some_and(|below| below <= height)
    };
    let (inside, empty) = match mark {
        Mark::Box(of) | Mark::Cover(of) | Mark::Mosaic(of) => (area(of), of.width == 0 || of.height == 0),
        Mark::Arrow { from, to } => (point(from) && point(to), from == to),
        Mark::Number { number, .. } if !(1..=99).contains(&number) => return Err(MarkError::Number(mark)),
        Mark::Number { at, .. } => (point(at), false),
    };
    match (inside, empty) {
        (_, true) => Err(MarkError::Empty(mark)),
        (false, _) => Err(MarkError::Outside { mark, width, height }),
        (true, false) => Ok(()),
    }
}

/// Writes RGBA without its alpha, in place: a long screenshot is hundreds of megabytes.
fn png(mut pixels: Vec<u8>, width: u32, height: u32) -> Result<Vec<u8>, MarkError> {
    let count = pixels.len() / 4;
    for place in 0..count {
        pixels.copy_within(place * 4..place * 4 + 3, place * 3);
    }
    pixels.truncate(count * 3);
    let mut file = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive);
    encoder
        .write_image(&pixels, width, height, image::ExtendedColorType::Rgb8)
        .map_err(|error| MarkError::Unreadable(error.to_string()))?;
    Ok(file)
}
