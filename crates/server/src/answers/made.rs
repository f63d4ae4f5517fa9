//! Files that were fixed, papers, marked copies.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::{ItemId, Lateness};
use sigu_documents::{Kind, Made, Paste};
use sigu_evidence::{ContentId, ItemManifest, mask_text};
use utoipa::ToSchema;

use super::shapes;
use crate::making;

/// What a file is; of a secret its mask, and no more of its digest than tells two copies apart.
#[derive(Serialize, ToSchema)]
pub struct File {
    /// Its name, masked.
    pub name: Option<String>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex; of a secret the first eight digits.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Whether it is a card secret.
    pub secret: bool,
    /// What may be shown of a secret.
    pub masked: Option<String>,
}

impl File {
    /// Tells of a file by its manifest.
    pub fn of(manifest: &ItemManifest) -> Self {
        Self {
            name: manifest.file_name.as_deref().map(mask_text),
            size: manifest.size,
            sha256: if manifest.secret { manifest.content.prefix8() } else { manifest.content.to_string() },
            media_type: manifest.media_type.clone(),
            secret: manifest.secret,
            masked: manifest.masked.clone(),
        }
    }
}

/// A file that was fixed just now: `sigu fix`.
#[derive(Serialize, ToSchema)]
pub struct Fixed {
    /// Its place in the log.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// The file.
    #[serde(flatten)]
    pub file: File,
    /// When it was fixed.
    pub fixed_at: Timestamp,
    /// How that stands to the archive window.
    #[schema(value_type = shapes::Lateness)]
    pub lateness: Lateness,
}

/// Something that was not fixed.
#[derive(Serialize, ToSchema)]
pub struct NotFixed {
    /// What it was called.
    pub path: String,
    /// Why, as a code.
    pub code: &'static str,
    /// Why, in more words.
    pub why: String,
}

/// A paper that was made and fixed: `sigu doc`.
#[derive(Serialize, ToSchema)]
pub struct PaperMade<'a> {
    /// Its place in the log; absent for one that was only written.
    #[schema(value_type = Option<String>)]
    pub item: Option<ItemId>,
    /// Which paper.
    #[schema(value_type = shapes::PaperKind)]
    pub kind: Kind,
    /// Its pages, where it has pages.
    pub pages: Option<usize>,
    /// Bytes.
    pub bytes: usize,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Words to paste elsewhere.
    #[schema(value_type = Option<shapes::Paste>)]
    pub paste: Option<&'a Paste>,
    /// What to do with it.
    pub guide: &'a [String],
    /// The leaves it rests on.
    #[schema(value_type = Vec<String>)]
    pub rests_on: &'a std::collections::BTreeSet<ItemId>,
}

impl<'a> PaperMade<'a> {
    /// Tells of a paper and its file.
    pub fn of(made: &'a Made, file: &making::File, pages: Option<usize>, item: Option<ItemId>) -> Self {
        Self {
            item,
            kind: made.paper.kind,
            pages,
            bytes: file.bytes.len(),
            sha256: ContentId::of(&file.bytes).to_string(),
            paste: made.paper.paste.as_ref(),
            guide: &made.paper.guide,
            rests_on: &made.paper.rests_on,
        }
    }
}

/// A paper of an order.
#[derive(Serialize, ToSchema)]
pub struct Paper {
    /// Its place in the log.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// Which paper.
    #[schema(value_type = shapes::PaperKind)]
    pub kind: String,
    /// `pdf`, `md` or `txt`.
    pub format: String,
    /// The leaves it rests on.
    #[schema(value_type = Vec<String>)]
    pub rests_on: Vec<ItemId>,
    /// Those of them that are there no more: with one the paper holds no more.
    #[schema(value_type = Vec<String>)]
    pub erased: Vec<ItemId>,
}

/// A paper that can be made now.
#[derive(Serialize, ToSchema)]
pub struct PaperReady {
    /// Which paper.
    #[schema(value_type = shapes::PaperKind)]
    pub kind: Kind,
    /// Its words, to paste elsewhere.
    #[schema(value_type = Option<shapes::Paste>)]
    pub paste: Option<Paste>,
    /// What to do with it.
    pub guide: Vec<String>,
}

/// Something a paper lacks.
#[derive(Serialize, ToSchema)]
pub struct Missing {
    /// What.
    pub name: String,
    /// How it is filled in.
    pub how: String,
}

/// A paper that cannot be made yet.
#[derive(Serialize, ToSchema)]
pub struct PaperLacking {
    /// Which paper.
    #[schema(value_type = shapes::PaperKind)]
    pub kind: Kind,
    /// What it lacks.
    pub missing: Vec<Missing>,
}

/// The papers of an order: `sigu doc list`; the API adds what can be made.
#[derive(Serialize, ToSchema)]
pub struct Papers {
    /// Those that were made, oldest first.
    pub papers: Vec<Paper>,
    /// Those that can be made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ready: Vec<PaperReady>,
    /// Those that lack something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<PaperLacking>,
}

impl Papers {
    /// Tells of those that were made.
    pub fn of(made: &[(&sigu_case::report::DocumentMade, Vec<ItemId>)]) -> Self {
        let paper = |(one, erased): &(&sigu_case::report::DocumentMade, Vec<ItemId>)| Paper {
            item: one.document,
            kind: one.kind.clone(),
            format: one.format.clone(),
            rests_on: one.rests_on.clone(),
            erased: erased.clone(),
        };
        Self { papers: made.iter().map(paper).collect(), ready: Vec::new(), lacking: Vec::new() }
    }
}

/// A marked copy that was fixed: `sigu mark`.
#[derive(Serialize, ToSchema)]
pub struct Marked {
    /// Its place in the log.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// The original's.
    #[schema(value_type = String)]
    pub of: ItemId,
    /// Whether it covers anything.
    pub covers: bool,
    /// The marks.
    pub marks: Vec<String>,
    /// Bytes.
    pub bytes: usize,
    /// SHA-256 of the copy, in hex.
    pub sha256: String,
    /// The first eight digits of the original's.
    pub sha256_of_original: String,
}
