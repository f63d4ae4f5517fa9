//! Whether a picture can be shown: it is decoded once before a paper is set, so that a broken file spoils no paper.

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterFormat, RasterImage};

/// Most bytes of a picture in a paper.
pub(crate) const MOST: usize = 64 << 20;

/// Tells why a picture cannot be shown, if it cannot.
pub(crate) fn check(bytes: &Bytes) -> Result<(), String> {
    if bytes.len() > MOST {
        return Err("too large".to_owned());
    }
    let format = ExchangeFormat::detect(bytes).ok_or("not a picture of a kind that papers show")?;
    RasterImage::plain(bytes.clone(), RasterFormat::Exchange(format))
        .map(|_| ())
        .map_err(|error| error.to_string())
}
