//! Pictures of a whole page: tiles put together without loss; what is collapsed laid open by a style of the
//! browser's own, which the page does not contain.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::time::Duration;

use super::{Gap, Limits, Look, Picture, Role};
use crate::devtools::{CallError, Session};

/// Height of one tile in CSS pixels: small enough for every graphics card.
const TILE: f64 = 4_000.0;
/// Most device pixels of height in one picture file; a taller page gets several.
const TALLEST: u32 = 40_000;
const OPEN: &str = "details:not([open])::details-content{content-visibility:visible!important;display:block!important}\
    .collapse:not(.show){display:block!important;height:auto!important;visibility:visible!important;opacity:1!important}";

/// A part of the page in CSS pixels.
pub(super) struct Clip {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Takes the picture of the whole page, and a second one where something was collapsed.
pub(super) async fn whole(
    session: &Session,
    look: &Look,
    limits: &Limits,
    gaps: &mut Vec<Gap>,
) -> Vec<Picture> {
    if look.full_height > f64::from(limits.height) {
        gaps.push(Gap::new("page.too_tall", format!("{} > {}", look.full_height, limits.height)));
    }
    let mut pictures =
        match stitched(session, look.full_width, look.full_height, Role::Screenshot, limits).await {
            Ok(pictures) => pictures,
            Err(error) => {
                gaps.push(Gap::new("page.no_picture", error.to_string()));
                return Vec::new();
            }
        };
    if look.collapsed > 0 {
        match expanded(session, look, limits).await {
            Ok(more) => pictures.extend(more),
            Err(error) => gaps.push(Gap::new("page.no_expanded_picture", error.to_string())),
        }
    }
    pictures
}

async fn expanded(session: &Session, look: &Look, limits: &Limits) -> Result<Vec<Picture>, CallError> {
    session.call("DOM.enable", json!({})).await?;
    session.call("CSS.enable", json!({})).await?;
    let tree = session.call("Page.getFrameTree", json!({})).await?;
    let frame = &tree["frameTree"]["frame"]["id"];
    let sheet = session.call("CSS.createStyleSheet", json!({ "frameId": frame, "force": true })).await?;
    let id = &sheet["styleSheetId"];
    session.call("CSS.setStyleSheetText", json!({ "styleSheetId": id, "text": OPEN })).await?;
    let metrics = session.call("Page.getLayoutMetrics", json!({})).await?;
    let height = metrics["cssContentSize"]["height"].as_f64().unwrap_or(look.full_height);
    let pictures = stitched(session, look.full_width, height, Role::Expanded, limits).await;
    session.call("CSS.setStyleSheetText", json!({ "styleSheetId": id, "text": "" })).await?;
    session.call("CSS.disable", json!({})).await?;
    pictures
}

async fn stitched(
    session: &Session,
    width: f64,
    height: f64,
    role: Role,
    limits: &Limits,
) -> Result<Vec<Picture>, CallError> {
    let height = height.min(f64::from(limits.height));
    let width = width.min(8_000.0);
    let mut stack = Stack::new(role);
    let mut y = 0.0;
    while y < height {
        let clip = Clip { x: 0.0, y, width, height: (height - y).min(TILE) };
        stack.push(shot(session, &clip).await?);
        y += TILE;
    }
    stack.finish()
}

/// Takes the picture of one part of the page, as PNG.
pub(super) async fn shot(session: &Session, clip: &Clip) -> Result<Vec<u8>, CallError> {
    let ask = json!({ "format": "png", "captureBeyondViewport": true, "optimizeForSpeed": true,
        "clip": { "x": clip.x, "y": clip.y, "width": clip.width, "height": clip.height, "scale": 1 } });
    let answer = session.call_within("Page.captureScreenshot", ask, Duration::from_secs(15)).await?;
    let data = answer["data"].as_str().unwrap_or_default();
    STANDARD.decode(data).map_err(|error| refused(error.to_string()))
}

fn refused(message: String) -> CallError {
    CallError::Refused { method: "Page.captureScreenshot".to_owned(), message }
}

/// Tiles of one page, from top to bottom.
struct Stack {
    role: Role,
    tiles: Vec<Vec<u8>>,
}

impl Stack {
    const fn new(role: Role) -> Self {
        Self { role, tiles: Vec::new() }
    }

    fn push(&mut self, png: Vec<u8>) {
        self.tiles.push(png);
    }

    /// Puts the tiles together; one tile stays the file the browser made.
    fn finish(self) -> Result<Vec<Picture>, CallError> {
        let sizes = self.tiles.iter().map(|tile| size(tile)).collect::<Result<Vec<_>, _>>()?;
        let mut pictures = Vec::new();
        let mut begin = 0;
        while begin < self.tiles.len() {
            let (mut end, mut height) = (begin, 0);
            while end < self.tiles.len() && (end == begin || height + sizes[end].1 <= TALLEST) {
                height += sizes[end].1;
                end += 1;
            }
            let number = u32::try_from(pictures.len() + 1).unwrap_or(u32::MAX);
            let width = sizes[begin].0;
            let png = match &self.tiles[begin..end] {
                [one] => one.clone(),
                several => joined(several, width, height)?,
            };
            pictures.push(Picture { role: self.role, number, png, width, height });
            begin = end;
        }
        Ok(pictures)
    }
}

pub(super) fn size(png: &[u8]) -> Result<(u32, u32), CallError> {
    let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info();
    let reader = reader.map_err(|error| refused(error.to_string()))?;
    Ok((reader.info().width, reader.info().height))
}

/// Puts tiles of one width below each other, row by row.
fn joined(tiles: &[Vec<u8>], width: u32, height: u32) -> Result<Vec<u8>, CallError> {
    let bad = |error: png::EncodingError| refused(error.to_string());
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(bad)?;
    let mut stream = writer.stream_writer().map_err(bad)?;
    for tile in tiles {
        copy_rows(tile, width, &mut stream)?;
    }
    stream.finish().map_err(bad)?;
    writer.finish().map_err(bad)?;
    Ok(out)
}

fn copy_rows(tile: &[u8], width: u32, out: &mut impl std::io::Write) -> Result<(), CallError> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(tile));
    decoder.set_transformations(png::Transformations::STRIP_16 | png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|error| refused(error.to_string()))?;
    if reader.info().width != width {
        return Err(refused("tiles of different width".to_owned()));
    }
    let samples = reader.output_color_type().0.samples();
    while let Some(row) = reader.next_row().map_err(|error| refused(error.to_string()))? {
        let rgb: Vec<u8> = match samples {
            1 => row.data().iter().flat_map(|grey| [*grey; 3]).collect(),
            2 => row.data().chunks_exact(2).flat_map(|grey| [grey[0]; 3]).collect(),
            _ => row.data().chunks_exact(samples).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect(),
        };
        out.write_all(&rgb).map_err(|error| refused(error.to_string()))?;
    }
    Ok(())
}
