//! The manifest of an item: what a fixed item says of itself, as fields a leaf can commit to.
//!
//! Claims of the local machine, not proofs: a file's name and time are what its owner's disk said. Text is
//! taken as it comes, NFC is the caller's to do. Spec: `docs/formats/item-manifest.md`.

use crate::content_id::ContentId;
use crate::field::{FieldError, Fields, MAX_INT};

/// Most characters of a file name or of the masked form of a secret.
pub const MAX_TEXT_CHARS: usize = 255;
/// Most characters of a media type.
pub const MAX_MEDIA_TYPE_CHARS: usize = 127;

const SHA256: &str = "blob.sha256";
const SIZE: &str = "blob.size";
const MEDIA_TYPE: &str = "blob.media_type";
const FILE_NAME: &str = "file.name";
const MODIFIED_AT: &str = "file.modified_at";
const SOURCE: &str = "source";
const SECRET: &str = "secret";
const MASKED: &str = "secret.masked";

/// Where an item's bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file on disk; written `file`.
    File,
    /// A pipe into the program; written `stdin`.
    Stdin,
    /// Text typed or pasted; written `text`.
    Text,
    /// A capture of a page or a recording of a tab; written `capture`.
    Capture,
}

impl Source {
    /// Returns the source's word in the fields.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stdin => "stdin",
            Self::Text => "text",
            Self::Capture => "capture",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::File, Self::Stdin, Self::Text, Self::Capture]
            .into_iter()
            .find(|source| source.as_str() == word)
    }
}

/// What a fixed item says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemManifest {
    /// The SHA-256 of the item's bytes.
    pub content: ContentId,
    /// How many bytes it has, at most 2^53 − 1.
    pub size: u64,
    /// Lower-case `type/subtype` (RFC 6838) without parameters.
    pub media_type: String,
    /// The file's own name without folders: at most 255 characters, no control characters, no `/`.
    pub file_name: Option<String>,
    /// Where the bytes came from.
    pub source: Source,
    /// When the file says it was last changed: RFC 3339 in UTC with `Z`, up to nine decimals.
    pub modified_at: Option<String>,
    /// Whether the content is a card secret, to be shown masked only.
    pub secret: bool,
    /// The masked form of the secret; only where `secret` is true.
    pub masked: Option<String>,
}

/// Why fields are not a manifest, or a manifest cannot become fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// A field is missing or of the wrong kind.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A field's value is outside what this field may be.
    #[error("field {name} has a value it cannot have")]
    Value {
        /// The field.
        name: &'static str,
    },
}

impl ItemManifest {
    /// Writes the manifest as fields; refuses what [`from_fields`](Self::from_fields) would not read.
    pub fn to_fields(&self) -> Result<Fields, ManifestError> {
        self.check()?;
        let mut fields = Fields::new();
        fields.put(SHA256, self.content.to_string())?;
        fields.put(SIZE, i64::try_from(self.size).map_err(|_| bad(SIZE))?)?;
        fields.put(MEDIA_TYPE, self.media_type.as_str())?;
        fields.put(SOURCE, self.source.as_str())?;
        fields.put(SECRET, self.secret)?;
        let optional =
            [(FILE_NAME, &self.file_name), (MODIFIED_AT, &self.modified_at), (MASKED, &self.masked)];
        for (name, text) in optional {
            if let Some(text) = text {
                fields.put(name, text.as_str())?;
            }
        }
        Ok(fields)
    }

    /// Reads the manifest's fields; fields of other names are not looked at.
    pub fn from_fields(fields: &Fields) -> Result<Self, ManifestError> {
        let manifest = Self {
            content: fields.require_text(SHA256)?.parse().map_err(|_| bad(SHA256))?,
            size: u64::try_from(fields.require_int(SIZE)?).map_err(|_| bad(SIZE))?,
            media_type: fields.require_text(MEDIA_TYPE)?.to_owned(),
            file_name: optional_text(fields, FILE_NAME)?,
            source: Source::parse(fields.require_text(SOURCE)?).ok_or(bad(SOURCE))?,
            modified_at: optional_text(fields, MODIFIED_AT)?,
            secret: fields.require_flag(SECRET)?,
            masked: optional_text(fields, MASKED)?,
        };
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let all = |text: &Option<String>, holds: fn(&str) -> bool| text.as_deref().is_none_or(holds);
        require(self.size <= MAX_INT.unsigned_abs(), SIZE)?;
        require(is_media_type(&self.media_type), MEDIA_TYPE)?;
        require(all(&self.file_name, is_file_name), FILE_NAME)?;
        require(all(&self.modified_at, is_utc_instant), MODIFIED_AT)?;
        require(all(&self.masked, is_plain_text), MASKED)?;
        require(self.secret || self.masked.is_none(), MASKED)
    }
}

fn optional_text(fields: &Fields, name: &str) -> Result<Option<String>, FieldError> {
    match fields.require_text(name) {
        Ok(text) => Ok(Some(text.to_owned())),
        Err(FieldError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn require(holds: bool, name: &'static str) -> Result<(), ManifestError> {
    if holds { Ok(()) } else { Err(bad(name)) }
}

const fn bad(name: &'static str) -> ManifestError {
    ManifestError::Value { name }
}

fn is_plain_text(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_TEXT_CHARS && !text.chars().any(char::is_control)
}

fn is_file_name(name: &str) -> bool {
    is_plain_text(name) && !name.contains('/') && name != "." && name != ".."
}

fn is_media_type(text: &str) -> bool {
    let word = |word: &str| {
        let first = word.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        first && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let halves = text.split_once('/').is_some_and(|(kind, subtype)| word(kind) && word(subtype));
    lower && halves && text.len() <= MAX_MEDIA_TYPE_CHARS
}

/// `YYYY-MM-DDTHH:MM:SS[.d{1,9}]Z`, a day of the calendar and a time of that day; no leap second.
fn is_utc_instant(text: &str) -> bool {
    let Some((whole, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let shape = "dddd-dd-ddTdd:dd:dd".bytes().zip(whole.bytes());
    let shaped =
        shape.into_iter().all(|(want, got)| if want == b'd' { got.is_ascii_digit() } else { want == got });
    if !shaped || !is_fraction_and_zone(rest) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| {
        whole.get(range).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(u32::MAX)
    };
    let (day, last) = (number(8..10), days_of_month(number(0..4), number(5..7)));
    (1..=last).contains(&day) && number(11..13) < 24 && number(14..16) < 60 && number(17..19) < 60
}

fn is_fraction_and_zone(rest: &str) -> bool {
    match rest.strip_prefix('.').map(|decimals| decimals.strip_suffix('Z')) {
        None => rest == "Z",
        Some(None) => false,
        Some(Some(digits)) => (1..=9).contains(&digits.len()) && digits.bytes().all(|d| d.is_ascii_digit()),
    }
}

/// Days of a month of the Gregorian calendar; 0 for no month.
const fn days_of_month(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> ItemManifest {
        ItemManifest {
            content: ContentId::of(b"7QKD-ZT4M-90XA"),
            size: 14,
            media_type: "text/plain".into(),
            file_name: Some("卡密 截图.txt".into()),
            source: Source::File,
            modified_at: Some("2026-11-22T08:00:00.123Z".into()),
            secret: true,
            masked: Some("7Q…XA (14)".into()),
        }
    }

    #[test]
    fn fields_read_back() {
        let bare = ItemManifest {
            file_name: None,
            modified_at: None,
            secret: false,
            masked: None,
            source: Source::Text,
            ..full()
        };
        for (manifest, count) in [(full(), 8), (bare, 5)] {
            let mut fields = manifest.to_fields().unwrap();
            assert_eq!(fields.len(), count);
            fields.put("order.no", "A1").unwrap();
            assert_eq!(ItemManifest::from_fields(&fields), Ok(manifest));
        }
    }

    #[test]
    fn values_outside_their_field_are_refused() {
        let check = |name: &'static str, change: fn(&mut ItemManifest)| {
            let mut manifest = full();
            change(&mut manifest);
            assert_eq!(manifest.to_fields(), Err(ManifestError::Value { name }));
        };
        check(SIZE, |m| m.size = 1 << 53);
        check(MEDIA_TYPE, |m| m.media_type = "text".into());
        check(MEDIA_TYPE, |m| m.media_type = "Text/plain".into());
        check(MEDIA_TYPE, |m| m.media_type = "text/plain; charset=utf-8".into());
        check(FILE_NAME, |m| m.file_name = Some("a\nb".into()));
        check(FILE_NAME, |m| m.file_name = Some("a\u{85}".into()));
        check(FILE_NAME, |m| m.file_name = Some("../a".into()));
        check(FILE_NAME, |m| m.file_name = Some("..".into()));
        check(FILE_NAME, |m| m.file_name = Some(String::new()));
        check(FILE_NAME, |m| m.file_name = Some("卡".repeat(256)));
        check(MASKED, |m| m.masked = Some("a\u{7f}".into()));
        check(MASKED, |m| m.secret = false);
    }

    #[test]
    fn instants_are_utc_and_of_the_calendar() {
        for good in ["2026-11-22T08:00:00Z", "2024-02-29T23:59:59.999999999Z", "2000-02-29T00:00:00.0Z"] {
            assert!(is_utc_instant(good), "{good}");
        }
        let bad = "2026-11-22 2026-11-22T08:00:00 2026-11-22T08:00:00+08:00 2026-11-22T08:00:00.Z \
            2026-11-22T08:00:00.1234567890Z 2026-02-29T08:00:00Z 2100-02-29T08:00:00Z 2026-13-01T00:00:00Z \
            2026-00-01T00:00:00Z 2026-11-31T00:00:00Z 2026-11-00T00:00:00Z 2026-11-22T24:00:00Z \
            2026-11-22T08:60:00Z 2026-11-22T08:00:60Z 2026-11-22t08:00:00z +026-11-22T08:00:00Z \
            2026-11-22T08:00:00ZZ 二〇二六-11-22T08:00Z";
        for text in bad.split_ascii_whitespace() {
            assert!(!is_utc_instant(text), "{text}");
        }
    }
}
