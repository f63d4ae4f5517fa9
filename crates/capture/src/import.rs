//! Files that others made: what each is, and what its container says about origin and time.
//!
//! [`look`] only looks: the bytes are kept as they came. What a shop's page or a chat *says* is read by the
//! recogniser of the case engine, from [`Looked::text`]. A claim of time is a claim: cameras, servers and
//! programs are named as the voice ([`codes::clock`]), and none of them is believed here.
//!
//! Every input is hostile: no panic, bounded size, depth and time; large videos are read by seeking.

mod bill;
mod chat;
pub mod codes;
mod har;
mod image;
mod looked;
mod mail;
mod mhtml;
mod name;
mod page;
mod pdf;
mod sniff;
mod source;
mod text;
mod times;
pub(crate) mod tool;
mod video;

use std::io::{Read, Seek};
use std::path::Path;

use jiff::Timestamp;

pub(crate) use page::without_data;
pub(crate) use text::decode;

pub use looked::{Fact, Finding, Kind, Looked, MAX_CHARS, MAX_EACH, MAX_TEXT, Severity, TimeClaim};
pub use tool::Tools;

use codes::{clock, fact, finding};
use source::Source;

/// Mails and page archives are read up to this size.
const MAX_MAIL: u64 = 64 << 20;
/// PDFs are read up to this size.
const MAX_PDF: u64 = 128 << 20;
/// Pages are read up to this size: pictures inside them are large.
const MAX_PAGE: u64 = 64 << 20;
/// Other text is read up to this size.
const MAX_PLAIN: u64 = 16 << 20;

/// Looks at a file.
///
/// Takes its name if it had one, its bytes, the path at which the same bytes lie (only ffprobe needs it; the
/// file is opened for reading and never written), the installed tools, and the moment of the import, against
/// which times in the future are found. Never fails: what could not be read is a finding. Wall times without a
/// zone are read in Asia/Shanghai and marked. Blocks for as long as ffprobe may run (100 seconds at most).
pub fn look(
    name: Option<&str>,
    source: &mut (impl Read + Seek),
    path: Option<&Path>,
    tools: &Tools,
    now: Timestamp,
) -> Looked {
    let mut source = Source::new(source, path);
    let head = source.read(0, sniff::HEAD);
    let tail = source.read(source.len.saturating_sub(sniff::TAIL), sniff::TAIL);
    let (kind, media_type) = sniff::kind(&head, &tail);
    let mut looked = Looked::new(kind, media_type);
    looked.say(fact::BYTES, source.len);
    if source.len == 0 && source.failed.is_none() {
        looked.find(finding::EMPTY, Severity::Defect, "");
    }
    inside(&mut looked, &mut source, tools);
    name::look(&mut looked, name.unwrap_or_default());
    if let Some(kind) = source.failed {
        looked.find(finding::UNREADABLE, Severity::Defect, kind);
    }
    looked::compare_times(&mut looked, now);
    looked
}

fn inside<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>, tools: &Tools) {
    match looked.kind {
        Kind::Image => image::look(looked, source),
        Kind::Video | Kind::Audio => video::look(looked, source, tools),
        Kind::Mail => bytewise(looked, source, MAX_MAIL, mail::look),
        Kind::Mhtml => bytewise(looked, source, MAX_MAIL, mhtml::look),
        Kind::Pdf => {
            let len = source.len;
            bytewise(looked, source, MAX_PDF, |looked, bytes| pdf::look(looked, bytes, len));
        }
        Kind::Har => har::look(looked, source),
        Kind::Warc | Kind::Wacz => looked.find(finding::TO_VERIFY, Severity::Note, ""),
        Kind::SingleFile | Kind::Page => textual(looked, source, MAX_PAGE, page::look),
        Kind::Chat => textual(looked, source, MAX_PLAIN, chat::look),
        Kind::Bill => textual(looked, source, MAX_PLAIN, bill::look),
        Kind::Table | Kind::Json | Kind::Text => textual(looked, source, MAX_PLAIN, plain),
        Kind::Packed | Kind::Unknown => {}
    }
}

fn bounded<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>, most: u64) -> Vec<u8> {
    if source.len > most {
        looked.find(finding::READ_IN_PART, Severity::Note, format!("only the first {} MiB", most >> 20));
    }
    source.read(0, most)
}

fn bytewise<R: Read + Seek>(
    looked: &mut Looked,
    source: &mut Source<'_, R>,
    most: u64,
    read: impl FnOnce(&mut Looked, &[u8]),
) {
    let bytes = bounded(looked, source, most);
    read(looked, &bytes);
}

fn textual<R: Read + Seek>(
    looked: &mut Looked,
    source: &mut Source<'_, R>,
    most: u64,
    read: fn(&mut Looked, text::Decoded),
) {
    let bytes = bounded(looked, source, most);
    match text::decode(&bytes) {
        Some(decoded) => {
            if !decoded.clean {
                looked.find(finding::TEXT_UNKNOWN, Severity::Note, "");
            }
            read(looked, decoded);
        }
        None => looked.find(finding::TEXT_UNKNOWN, Severity::Defect, "after a readable start"),
    }
}

fn plain(looked: &mut Looked, text: text::Decoded) {
    looked.say(fact::ENCODING, text.encoding);
    looked.give_text(text.text);
}

/// Times by which a thing is said to have been made, without those of changes, passing on and printing.
#[must_use]
pub fn is_change(said_by: &str) -> bool {
    [clock::EXIF_CHANGED, clock::PNG_TIME, clock::XMP_CHANGED, clock::MP4_CHANGED, clock::PDF_CHANGED]
        .contains(&said_by)
}
