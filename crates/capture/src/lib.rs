//! CAPTURE: what the buyer sees, as bytes and with the conditions under which it was seen.
//!
//! `devtools` speaks to a browser, `browser` finds and starts one, `traffic` writes down everything it received,
//! `page` fixes what is on the screen, `recording` films a tab, `environment` says under which conditions.
//! `archive` packs what was received as WACZ; `import` looks at files made elsewhere; `readable` makes a watched page text.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod archive;
pub mod browser;
pub mod clock;
pub mod devtools;
pub mod dialogs;
pub mod downloads;
pub mod environment;
pub mod exchange;
#[cfg(feature = "hands")]
pub mod hands;
pub mod import;
pub mod ocr;
pub mod page;
pub mod panel;
pub mod readable;
pub mod recording;
pub mod render;
pub mod traffic;
