//! Pictures of a whole page: tiles put together without loss; what is collapsed laid open by a style of the
//! browser's own, which the page does not contain.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::time::Duration;

use super::asking::Asking;
use super::{Gap, Limits, Look, Picture, Role};
use crate::devtools::CallError;

/// Height of one tile in CSS pixels: small enough for every graphics card.
const TILE: f64 = 4_000.0;
/// Most device pixels of height in one picture file; a taller page gets several.
const TALLEST: u32 = 40_000;
/// How long one tile may take; a page of many thousand elements is laid out anew for each.
const DRAWING: Duration = Duration::from_secs(20);
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
    asking: &Asking,
    look: &Look,
    limits: &Limits,
    gaps: &mut Vec<Gap>,
) -> Vec<Picture> {
    if look.full_height > f64::from(limits.height) {
        gaps.push(Gap::new("page.too_tall", format!("{} > {}", look.full_height, limits.height)));
    }
    let (mut pictures, lost) = stitched(asking, look, look.full_height, Role::Screenshot, limits).await;
    gaps.extend(lost.map(|why| Gap::new("page.no_picture", why)));
    if look.collapsed > 0 && !pictures.is_empty() {
        match expanded(asking, look, limits).await {
            Ok((more, lost)) => {
                pictures.extend(more);
                gaps.extend(lost.map(|why| Gap::new("page.no_expanded_picture", why)));
            }
            Err(error) => gaps.push(Gap::new("page.no_expanded_picture", error.to_string())),
        }
    }
    pictures
}

async fn expanded(asking: &Asking, look: &Look, limits: &Limits) -> Result<Stitched, CallError> {
    asking.call("DOM.enable", json!({})).await?;
    asking.call("CSS.enable", json!({})).await?;
    let tree = asking.call("Page.getFrameTree", json!({})).await?;
    let frame = &tree["frameTree"]["frame"]["id"];
    let sheet = asking.call("CSS.createStyleSheet", json!({ "frameId": frame, "force": true })).await?;
    let id = &sheet["styleSheetId"];
    asking.call("CSS.setStyleSheetText", json!({ "styleSheetId": id, "text": OPEN })).await?;
    let metrics = asking.call("Page.getLayoutMetrics", json!({})).await;
    let height = metrics.ok().and_then(|metrics| metrics["cssContentSize"]["height"].as_f64());
    let pictures = stitched(asking, look, height.unwrap_or(look.full_height), Role::Expanded, limits).await;
    // The page is put back whatever came of the picture.
    asking.call("CSS.setStyleSheetText", json!({ "styleSheetId": id, "text": "" })).await?;
    asking.call("CSS.disable", json!({})).await?;
    Ok(pictures)
}

/// Pictures, and why they do not reach the end of the page if they do not.
type Stitched = (Vec<Picture>, Option<String>);

async fn stitched(asking: &Asking, look: &Look, height: f64, role: Role, limits: &Limits) -> Stitched {
    let height = height.min(f64::from(limits.height));
    let width = look.full_width.min(8_000.0);
    let beyond = height > look.height || width > look.width;
    let (mut stack, mut lost, mut y) = (Stack::new(role), None, 0.0);
    while y < height && lost.is_none() {
        let clip = Clip { x: 0.0, y, width, height: (height - y).min(TILE) };
        match taken(asking, &clip, beyond).await {
            Ok(png) => stack.push(png),
            Err(error) => lost = Some(format!("{y} px: {error}")),
        }
        y += TILE;
    }
    match stack.finish() {
        Ok(pictures) => (pictures, lost),
        Err(error) => (Vec::new(), Some(error.to_string())),
    }
}

/// Takes the picture of one part of the page, as PNG.
pub(super) async fn shot(asking: &Asking, clip: &Clip) -> Result<Vec<u8>, CallError> {
    taken(asking, clip, true).await
}

/// A page that fits into the viewport is not asked to draw beyond it: that would tell it of a change of size.
async fn taken(asking: &Asking, clip: &Clip, beyond: bool) -> Result<Vec<u8>, CallError> {
    let ask = json!({ "format": "png", "captureBeyondViewport": beyond, "optimizeForSpeed": true,
        "clip": { "x": clip.x, "y": clip.y, "width": clip.width, "height": clip.height, "scale": 1 } });
    let answer = asking.call_within("Page.captureScreenshot", ask, DRAWING).await?;
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
        let row = row.data();
        let written = match samples {
            3 => out.write_all(row),
            4.. => out
                .write_all(&row.chunks_exact(4).flat_map(|one| [one[0], one[1], one[2]]).collect::<Vec<_>>()),
            grey => out.write_all(&row.chunks_exact(grey).flat_map(|one| [one[0]; 3]).collect::<Vec<_>>()),
        };
        written.map_err(|error| refused(error.to_string()))?;
    }
    Ok(())
}
