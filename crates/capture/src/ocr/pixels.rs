//! PNG and JPEG as grey pixels, and grey pixels as PNG.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, EncodingError, Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{MAX_BYTES, MAX_PIXELS, Refusal};

/// A picture in 256 shades, row by row.
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) shades: Vec<u8>,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Grey, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let grey = match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes)?,
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes)?,
        _ => return Err(Refusal::NotAPicture),
    };
    if grey.shades.len() != grey.width * grey.height || grey.shades.is_empty() {
        return Err(Refusal::Broken("its size does not fit its pixels".to_owned()));
    }
    Ok(grey)
}

fn fits(width: usize, height: usize) -> Result<(), Refusal> {
    let pixels = width.checked_mul(height).ok_or(Refusal::TooLarge)?;
    if pixels > MAX_PIXELS { Err(Refusal::TooLarge) } else { Ok(()) }
}

fn png(bytes: &[u8]) -> Result<Grey, Refusal> {
    let broken = |error: png::DecodingError| Refusal::Broken(error.to_string());
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_PIXELS * 8 });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    fits(width, height)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(Refusal::TooLarge)?];
    let frame = reader.next_frame(&mut pixels).map_err(broken)?;
    pixels.truncate(frame.buffer_size());
    let shades = match frame.color_type {
        ColorType::Grayscale | ColorType::Indexed => pixels,
        ColorType::GrayscaleAlpha => pixels.chunks_exact(2).map(|p| on_white(p[0], p[1])).collect(),
        ColorType::Rgb => pixels.chunks_exact(3).map(|p| shade(p[0], p[1], p[2])).collect(),
        ColorType::Rgba => pixels.chunks_exact(4).map(|p| on_white(shade(p[0], p[1], p[2]), p[3])).collect(),
    };
    Ok(Grey { width, height, shades })
}

/// Luma of ITU-R BT.601.
fn shade(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

fn on_white(shade: u8, cover: u8) -> u8 {
    let (shade, cover) = (u32::from(shade), u32::from(cover));
    u8::try_from((shade * cover + 255 * (255 - cover)) / 255).unwrap_or(u8::MAX)
}

fn jpeg(bytes: &[u8]) -> Result<Grey, Refusal> {
    let broken = |error: zune_jpeg::errors::DecodeErrors| Refusal::Broken(error.to_string());
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(u16::MAX.into())
        .set_max_height(u16::MAX.into());
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(broken)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| Refusal::Broken("no size".to_owned()))?;
    fits(width, height)?;
    Ok(Grey { width, height, shades: decoder.decode().map_err(broken)? })
}

pub(super) fn encode(grey: &Grey) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut bytes, side(grey.width), side(grey.height));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&grey.shades)?;
    Ok(bytes)
}
