//! Opening an original: bounded, as it is seen, opaque, and without anything but its pixels.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};

use super::hide::Blocks;
use super::{MAX_BYTES, MAX_PIXELS, MAX_SIDE, MarkError};

/// Most bytes a decoder may ask for.
const MAX_MEMORY: u64 = 1 << 30;

/// A picture as it is seen.
pub(super) struct Opened {
    /// Its pixels, all opaque.
    pub(super) picture: RgbaImage,
    /// The blocks it was coded in.
    pub(super) blocks: Blocks,
}

/// A picture whose head was read, within the limits.
struct Begun<'a> {
    decoder: Box<dyn ImageDecoder + 'a>,
    format: ImageFormat,
    orientation: Orientation,
}

fn unreadable(error: image::ImageError) -> MarkError {
    match error {
        image::ImageError::Limits(_) => MarkError::TooLarge,
        other => MarkError::Unreadable(other.to_string()),
    }
}

fn begin(original: &[u8]) -> Result<Begun<'_>, MarkError> {
    if original.len() > MAX_BYTES {
        return Err(MarkError::TooLarge);
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_MEMORY);
    let format = image::guess_format(original).map_err(unreadable)?;
    let mut reader = ImageReader::with_format(Cursor::new(original), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MarkError::TooLarge);
    }
    // What cannot be read of the orientation is as good as none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Begun { decoder: Box::new(decoder), format, orientation })
}

/// How wide and high it is as it is seen.
pub(super) fn size(original: &[u8]) -> Result<(u32, u32), MarkError> {
    let Begun { decoder, orientation, .. } = begin(original)?;
    let (width, height) = decoder.dimensions();
    let turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    Ok(if turned { (height, width) } else { (width, height) })
}

pub(super) fn open(original: &[u8]) -> Result<Opened, MarkError> {
    let Begun { decoder, format, orientation } = begin(original)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    let mut picture = picture.into_rgba8();
    flatten(&mut picture);
    let blocks = match format {
        ImageFormat::Jpeg | ImageFormat::WebP => Blocks::coded(orientation),
        _ => Blocks::none(),
    };
    Ok(Opened { picture, blocks })
}

/// Puts the picture on white, as a page would show it.
fn flatten(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha < u8::MAX {
            let on_white = |colour: u8| {
                let (colour, alpha) = (u32::from(colour), u32::from(alpha));
                u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
            };
            pixel.0 = [on_white(red), on_white(green), on_white(blue), u8::MAX];
        }
    }
}
