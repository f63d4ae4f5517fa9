//! A text as a QR code (ISO/IEC 18004), drawn as one path of squares.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

use crate::paper::Block;

/// Modules of white around the code that readers need.
const QUIET: usize = 4;

/// Draws a text as an SVG image of its own; `None` where it is longer than a code can hold.
pub fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text.as_bytes()).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for (y, row) in (0..code.size).map(|y| (y, &code[y])) {
        let mut x = 0;
        while x < code.size {
            let dark = (x..code.size).take_while(|x| row[*x].value()).count();
            if dark > 0 {
                let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
            }
            x += dark + 1;
        }
    }
    let side = code.size + 2 * QUIET;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

/// Draws a text as a block of a paper.
pub(crate) fn block(text: String, alt: String) -> Option<Block> {
    let svg = svg(&text)?;
    Some(Block::Code { text, svg, alt })
}
