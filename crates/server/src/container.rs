//! What is inside a delivery once it is opened: a header in JSON, then the bytes of its files in the header's order.
//!
//! ```text
//! 4 bytes   length of the header, big-endian, at most MAX_HEADER_BYTES
//! header    UTF-8 JSON: Header
//! bytes     of files[0], files[1], … without anything between or after them
//! ```

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest header, in bytes.
pub const MAX_HEADER_BYTES: usize = 256 << 10;
/// Most files in one delivery.
pub const MAX_FILES: usize = 64;
const MAX_TEXT_CHARS: usize = 4096;
const MAX_NAME_CHARS: usize = 200;

/// The size of what the user saw, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Viewport {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Device pixels in one CSS pixel.
    pub scale: f64,
}

/// One file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name, without folders.
    pub name: String,
    /// Lower-case `type/subtype`.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is of the page.
    pub role: Role,
}

/// What a file is of the page it was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What the window showed.
    ScreenshotVisible,
    /// The whole page, put together from tiles.
    ScreenshotFull,
    /// The page with its resources in one file (RFC 2557).
    Mhtml,
    /// The document as the browser had it, as HTML.
    Dom,
    /// Resources that could be read, in a ZIP.
    Resources,
    /// The text a reader sees.
    Text,
    /// A piece of a recording.
    RecordingPiece,
}

/// What a delivery says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The label of the order.
    pub order: String,
    /// The slot its files belong to, by code.
    pub slot: String,
    /// The page's address.
    pub url: String,
    /// The page's title.
    pub title: String,
    /// When it was taken, by the browser's clock.
    pub taken_at: Timestamp,
    /// What the user saw.
    pub viewport: Viewport,
    /// The zoom of the tab; 1 is 100 %.
    pub zoom: f64,
    /// The browser.
    pub user_agent: String,
    /// How many pieces the recording has; only in the message that ends one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u32>,
    /// What was not taken and why, in words of the extension's codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// Its files, in the order of their bytes.
    pub files: Vec<FileEntry>,
}

/// Why bytes are not a delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// The bytes end before the header does.
    #[error("the container ends inside its header")]
    Truncated,
    /// The header is too long, not JSON, or not of this form.
    #[error("the header is not one: {0}")]
    Header(String),
    /// The files' sizes are not those of the bytes.
    #[error("the header speaks of {told} bytes, {there} are there")]
    Sizes {
        /// By the header.
        told: u64,
        /// In fact.
        there: u64,
    },
    /// A value of the header cannot be.
    #[error("{0} cannot be that")]
    Value(&'static str),
}

/// A delivery taken apart: the header, its own bytes, and where each file's bytes lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The header.
    pub header: Header,
    /// Where the header's own bytes lie: they are fixed as they came.
    pub header_bytes: Range<usize>,
    /// Where each file lies.
    pub files: Vec<Range<usize>>,
}

/// Takes a delivery apart. Nothing is copied.
///
/// # Errors
/// Says what is wrong; no byte may be missing and none left over.
pub fn parse(bytes: &[u8]) -> Result<Parts, ContainerError> {
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(ContainerError::Truncated)?;
    let length = u32::from_be_bytes(*length) as usize;
    if length > MAX_HEADER_BYTES {
        return Err(ContainerError::Header(format!("{length} bytes")));
    }
    let text = rest.get(..length).ok_or(ContainerError::Truncated)?;
    let header: Header =
        serde_json::from_slice(text).map_err(|error| ContainerError::Header(error.to_string()))?;
    check(&header)?;
    let mut at = 4 + length;
    let there = (bytes.len() - at) as u64;
    let told = header.files.iter().fold(0u64, |sum, file| sum.saturating_add(file.size));
    if told != there {
        return Err(ContainerError::Sizes { told, there });
    }
    let mut files = Vec::with_capacity(header.files.len());
    for file in &header.files {
        // The sum fits into the bytes that are there, so each part does.
        let end = at + usize::try_from(file.size).map_err(|_| ContainerError::Value("size"))?;
        files.push(at..end);
        at = end;
    }
    Ok(Parts { header, header_bytes: 4..4 + length, files })
}

/// Puts a delivery together; the inverse of [`parse`]. The extension does the same in its own language.
///
/// # Errors
/// Refuses a header [`parse`] would refuse.
pub fn build(header: &Header, files: &[&[u8]]) -> Result<Vec<u8>, ContainerError> {
    let text = serde_json::to_vec(header).map_err(|error| ContainerError::Header(error.to_string()))?;
    let length = u32::try_from(text.len()).map_err(|_| ContainerError::Header("too long".to_owned()))?;
    let mut out = length.to_be_bytes().to_vec();
    out.extend(text);
    files.iter().for_each(|file| out.extend(*file));
    parse(&out)?;
    Ok(out)
}

fn check(header: &Header) -> Result<(), ContainerError> {
    let fits = |text: &str, max: usize| text.chars().count() <= max;
    let number = |value: f64| value.is_finite() && (0.0..=1e6).contains(&value);
    let viewport = &header.viewport;
    let rules = [
        (header.files.len() <= MAX_FILES, "files"),
        (fits(&header.order, MAX_NAME_CHARS), "order"),
        (fits(&header.url, 65_536), "url"),
        (fits(&header.title, MAX_TEXT_CHARS), "title"),
        (fits(&header.user_agent, MAX_TEXT_CHARS), "user_agent"),
        (number(viewport.width) && number(viewport.height) && number(viewport.scale), "viewport"),
        (number(header.zoom), "zoom"),
        (header.gaps.len() <= MAX_FILES && header.gaps.iter().all(|gap| fits(gap, MAX_NAME_CHARS)), "gaps"),
    ];
    if let Some((_, name)) = rules.iter().find(|(holds, _)| !holds) {
        return Err(ContainerError::Value(name));
    }
    header.files.iter().try_for_each(check_file)
}

fn check_file(file: &FileEntry) -> Result<(), ContainerError> {
    let name = &file.name;
    let bad = name.is_empty()
        || name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
        || matches!(name.as_str(), "." | "..");
    if bad {
        return Err(ContainerError::Value("name"));
    }
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&^_.+-".contains(&byte)
            })
    };
    let good = file.media_type.len() <= 127
        && file.media_type.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    if good { Ok(()) } else { Err(ContainerError::Value("media_type")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(files: Vec<FileEntry>) -> Header {
        Header {
            order: "dk01".to_owned(),
            slot: "transaction".to_owned(),
            url: "https://shop.example/order/1".to_owned(),
            title: "订单".to_owned(),
            taken_at: "2026-03-01T08:00:00Z".parse().unwrap(),
            viewport: Viewport { width: 1280.0, height: 800.0, scale: 1.25 },
            zoom: 1.0,
            user_agent: "test".to_owned(),
            pieces: None,
            gaps: Vec::new(),
            files,
        }
    }

    fn file(name: &str, size: u64) -> FileEntry {
        FileEntry {
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            size,
            role: Role::ScreenshotFull,
        }
    }

    #[test]
    fn what_is_built_is_read_back() {
        let header = header(vec![file("a.txt", 3), file("b.txt", 0), file("c.txt", 2)]);
        let bytes = build(&header, &[b"one", b"", b"22"]).unwrap();
        let parts = parse(&bytes).unwrap();
        assert_eq!(parts.header, header);
        let read: Vec<&[u8]> = parts.files.iter().map(|range| &bytes[range.clone()]).collect();
        assert_eq!(read, [b"one".as_slice(), b"", b"22"]);
    }

    #[test]
    fn shortened_or_lengthened_bytes_are_refused() {
        let bytes = build(&header(vec![file("a.txt", 3)]), &[b"one"]).unwrap();
        for end in 0..bytes.len() {
            assert!(parse(&bytes[..end]).is_err(), "{end}");
        }
        assert!(parse(&[bytes.as_slice(), b"x"].concat()).is_err());
    }

    #[test]
    fn foreign_names_types_and_sizes_are_refused() {
        for name in ["", "..", "a/b", "a\\b", "a\u{0}", &"长".repeat(201)] {
            let bad = header(vec![file(name, 0)]);
            assert_eq!(build(&bad, &[b""]), Err(ContainerError::Value("name")), "{name}");
        }
        let mut bad = file("a", 0);
        bad.media_type = "Text/Plain; charset=utf-8".to_owned();
        assert_eq!(build(&header(vec![bad]), &[b""]), Err(ContainerError::Value("media_type")));
        let huge = header(vec![file("a", u64::MAX), file("b", 5)]);
        assert!(matches!(build(&huge, &[b"", b""]), Err(ContainerError::Sizes { .. })));
        let many = header((0..=MAX_FILES).map(|_| file("a", 0)).collect());
        assert_eq!(build(&many, &[]), Err(ContainerError::Value("files")));
    }
}
