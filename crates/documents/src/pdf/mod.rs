//! Setting a paper as PDF: PDF/A-3a and PDF/UA-1, tagged, fonts embedded, the same bytes for the same paper.
//!
//! One template sets every paper. Nothing of the paper is ever Typst markup: the template gets it as JSON and shows
//! strings as strings, so that no chat message can run in it. The paper's own manifest is attached to the file.

pub(crate) mod glyphs;
pub(crate) mod picture;
mod world;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp as PdfTimestamp};

use crate::manifest::Manifest;
use crate::paper::{Paper, Pictures};
use world::PaperWorld;

/// Why a paper could not be set: each is a mistake of ours, since every paper is checked before.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The setter gave up.
    #[error("the paper could not be set: {0}")]
    Set(String),
    /// The paper cannot be written as PDF/A.
    #[error("the paper could not be written as PDF/A: {0}")]
    Write(String),
}

/// A paper as PDF.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The signs that no font of ours has; they stand as `[U+20BB7]`.
    pub rare: Vec<char>,
}

/// Sets a paper. The same paper, pictures and version give the same bytes.
///
/// # Errors
/// When the setter refuses it, which is a mistake of ours.
pub fn set(paper: &Paper, pictures: &Pictures) -> Result<Pdf, PdfError> {
    let (paper, rare) = glyphs::replace_rare(paper);
    let manifest = Manifest::of(&paper);
    let world = PaperWorld::new(&paper, pictures, &manifest, &rare);
    let compiled = typst::compile::<PagedDocument>(&world);
    let written = compiled.output.map_err(|errors| PdfError::Set(words(&errors))).and_then(|document| {
        let bytes =
            typst_pdf::pdf(&document, &options(&paper)).map_err(|errors| PdfError::Write(words(&errors)))?;
        Ok(Pdf { bytes, pages: document.pages().len(), rare })
    });
    // Nothing of a paper stays in memory once it is written.
    comemo::evict(0);
    written
}

fn options(paper: &Paper) -> PdfOptions {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]).expect("they go together");
    PdfOptions {
        ident: Smart::Custom(format!("sigu/{}/{}/{}", paper.kind.code(), paper.about, paper.as_of)),
        creator: Smart::Custom(Some(concat!("sigu ", env!("CARGO_PKG_VERSION")).to_owned())),
        timestamp: timestamp(paper.as_of),
        standards,
        ..PdfOptions::default()
    }
}

fn timestamp(at: Timestamp) -> Option<PdfTimestamp> {
    let at = at.to_zoned(TimeZone::UTC);
    let [month, day, hour, minute, second] =
        [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(|part| u8::try_from(part).ok());
    let date = Datetime::from_ymd_hms(i32::from(at.year()), month?, day?, hour?, minute?, second?)?;
    Some(PdfTimestamp::new_utc(date))
}

fn words(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}
