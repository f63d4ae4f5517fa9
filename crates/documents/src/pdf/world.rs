//! The setter's world: one template, one paper as its input, our fonts, no file and no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::fonts;
use crate::manifest::Manifest;
use crate::paper::{Paper, Pictures};
use crate::words::Words;

const TEMPLATE: &str = include_str!("paper.typ");
/// The words the template itself uses.
const WORDS: [&str; 12] = [
    "pdf-page",
    "pdf-continued",
    "pdf-overlap",
    "pdf-exhibit",
    "pdf-as-of",
    "pdf-rare",
    "pdf-manifest",
    "pdf-footnote",
    "pdf-guide",
    "pdf-added",
    "pdf-removed",
    "pdf-plot-unit",
];

pub(super) struct PaperWorld {
    library: LazyHash<Library>,
    source: Source,
}

impl PaperWorld {
    pub(super) fn new(paper: &Paper, pictures: &Pictures, manifest: &Manifest, rare: &[char]) -> Self {
        let words = Words::of(paper.lang);
        let text = |key: &str| words.try_word(key).unwrap_or_default().into_value();
        let rare: Vec<String> = rare.iter().map(|sign| format!("U+{:04X}", u32::from(*sign))).collect();
        let json = serde_json::to_vec(paper).expect("a paper always serialises");
        let mut inputs = Dict::new();
        inputs.insert("paper".into(), Value::Bytes(Bytes::new(json)));
        inputs.insert(
            "pictures".into(),
            pictures.all.iter().map(|one| Value::Bytes(one.clone())).collect::<Array>().into_value(),
        );
        inputs.insert("manifest".into(), Value::Bytes(Bytes::new(manifest.to_json())));
        inputs.insert("as-of".into(), crate::times::minute(paper.as_of).into_value());
        inputs.insert("rare".into(), words.list(&rare).into_value());
        inputs.insert(
            "words".into(),
            WORDS.iter().map(|key| ((*key).into(), text(key))).collect::<Dict>().into_value(),
        );
        let library = Library::builder().with_inputs(inputs).build();
        // One name for all papers: names are kept for the life of the program.
        let path = VirtualPath::new("paper.typ").expect("a plain name");
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        Self { library: LazyHash::new(library), source: Source::new(main, TEMPLATE.to_owned()) }
    }
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts().book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
