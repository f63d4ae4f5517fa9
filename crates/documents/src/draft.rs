//! A paper under construction: its blocks, its exhibits, and what it still lacks.

use std::collections::BTreeMap;

use sigu_case::catalogue::{CatalogueRow, catalogue};
use sigu_case::{ItemId, Slot};

use crate::kind::{Kind, Lang};
use crate::paper::{Block, Column, Fact, Field, Numbering, Paper, Paste, Pictures, Span};
use crate::source::Case;
use crate::words::Words;

/// A paper with its pictures.
#[derive(Debug, Clone)]
pub struct Made {
    /// What it says.
    pub paper: Paper,
    /// Its pictures.
    pub pictures: Pictures,
}

/// Something a paper cannot do without.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Missing {
    /// What it is, in the language of the paper.
    pub name: String,
    /// Where it is filled in.
    pub how: String,
}

/// Why there is no paper: a blank would stand where these belong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} things are missing", .missing.len())]
pub struct Refused {
    /// What is missing, each once.
    pub missing: Vec<Missing>,
}

/// A paper while it is written, of one order unless it says what else it is made of.
pub(crate) struct Draft<'a, S = Case<'a>> {
    pub(crate) case: &'a S,
    pub(crate) words: Words,
    /// The catalogue that numbers the exhibits.
    pub(crate) rows: Vec<CatalogueRow>,
    pub(crate) numbers: Numbering,
    pub(crate) pictures: Pictures,
    blocks: Vec<Block>,
    guide: Vec<String>,
    paste: Option<Paste>,
    missing: Vec<Missing>,
    about: About,
}

/// What a paper is about.
pub(crate) struct About {
    /// The line that tells it from others of its kind.
    pub(crate) line: String,
    /// The order at which what is missing is filled in; empty where there is no one order.
    pub(crate) order: String,
    /// When the newest thing it tells of was logged.
    pub(crate) as_of: jiff::Timestamp,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(case: &'a Case<'a>, lang: Lang) -> Self {
        let order = case.view.order.id.to_string();
        let line = Words::of(lang).say("paper-about", &[("order", &order)]);
        let about = About { line, order, as_of: case.as_of() };
        Self::about(case, catalogue(case.view), about, lang)
    }

    /// Returns the exhibits of a slot whose content is still there, in the order of the log.
    pub(crate) fn of_slot(&self, slot: Slot) -> Vec<ItemId> {
        let kept = self.case.view.order.exhibits.iter().filter(|one| one.manifest().is_some());
        kept.filter(|one| one.slot == slot).map(|one| one.item).collect()
    }
}

impl<'a, S> Draft<'a, S> {
    /// Begins a paper whose exhibits are numbered by these rows.
    pub(crate) fn about(case: &'a S, rows: Vec<CatalogueRow>, about: About, lang: Lang) -> Self {
        let (numbers, words) = (Numbering::of(&rows), Words::of(lang));
        let (blocks, guide, paste, missing) = (Vec::new(), Vec::new(), None, Vec::new());
        let pictures = Pictures::default();
        Self { case, words, rows, numbers, pictures, blocks, guide, paste, missing, about }
    }

    pub(crate) fn word(&self, key: &str) -> String {
        self.words.word(key)
    }

    pub(crate) fn say(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.words.say(key, values)
    }

    pub(crate) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// A heading of level 1 or 2, by its words.
    pub(crate) fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.push(Block::Heading { level, text: text.into(), exhibit: None });
    }

    /// A paragraph that states no fact of the case.
    pub(crate) fn para(&mut self, text: impl Into<String>) {
        self.push(Block::Para { spans: vec![Span::text(text)] });
    }

    /// Small print.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.push(Block::Note { spans: vec![Span::text(text)] });
    }

    /// A paragraph of sentences of fact, those that no exhibit shows left out.
    pub(crate) fn facts(&mut self, facts: impl IntoIterator<Item = Option<Fact>>, footnotes: bool) {
        let facts: Vec<Fact> = facts.into_iter().flatten().collect();
        if !facts.is_empty() {
            self.push(Block::Facts { facts, footnotes });
        }
    }

    /// Names and values; a row without a value is left out.
    pub(crate) fn fields(&mut self, rows: Vec<(String, Vec<Span>)>) {
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        let rows: Vec<Field> = rows.map(|(name, value)| Field { name, value }).collect();
        if !rows.is_empty() {
            self.push(Block::Fields { rows });
        }
    }

    /// A table; `heads` are keys of messages with each column's share of the width.
    pub(crate) fn table(&mut self, heads: &[(&str, u32)], rows: Vec<Vec<Vec<Span>>>) {
        let columns = heads.iter().map(|(key, width)| Column { head: self.word(key), width: *width });
        let columns: Vec<Column> = columns.collect();
        let wide = columns.len() > 7;
        self.push(Block::Table { columns, rows, wide });
    }

    /// The exhibits of a cell, as the language lists them; empty where none has a number.
    pub(crate) fn marks(&mut self, proofs: &[ItemId]) -> Vec<Span> {
        let between = self.words.list(&["", ""]);
        let mut marks = Vec::new();
        for mark in self.numbers.spans(proofs) {
            if !marks.is_empty() {
                marks.push(Span::text(between.clone()));
            }
            marks.push(mark);
        }
        marks
    }

    /// Tells the sender of a row that is left out, because no exhibit shows it.
    pub(crate) fn left_out(&mut self, row: &str) {
        self.guide(self.say("guide-row-not-shown", &[("row", row)]));
    }

    /// Tells the sender of what would make the paper better and is not there; `how` may be a whole sentence.
    pub(crate) fn wanted(&mut self, name: &str, how: &str) {
        let how = how.trim_end_matches(['。', '.']);
        self.guide(self.say("guide-wanted", &[("name", name), ("how", how)]));
    }

    /// A line for the sender alone.
    pub(crate) fn guide(&mut self, line: impl Into<String>) {
        self.guide.push(line.into());
    }

    /// Asks for what is missing by the keys `missing-<what>` and `missing-<what>-how`.
    pub(crate) fn miss(&mut self, what: &str) {
        let order = self.about.order.clone();
        let name = self.word(&format!("missing-{what}"));
        let how = self.say(&format!("missing-{what}-how"), &[("order", &order)]);
        self.miss_so(name, how);
    }

    /// Asks for what is missing in the words given.
    pub(crate) fn miss_so(&mut self, name: String, how: String) {
        let missing = Missing { name, how };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }

    /// Gives the paper a text to paste.
    pub(crate) fn paste(&mut self, paste: Paste) {
        self.paste = Some(paste);
    }

    /// Returns the value, or asks for it and returns nothing to print.
    pub(crate) fn required(&mut self, what: &str, value: Option<impl Into<String>>) -> String {
        if value.is_none() {
            self.miss(what);
        }
        value.map(Into::into).unwrap_or_default()
    }

    /// Ends the paper; refuses it where something is missing.
    pub(crate) fn finish(self, kind: Kind, title: String) -> Result<Made, Refused> {
        if !self.missing.is_empty() {
            return Err(Refused { missing: self.missing });
        }
        let rests_on = self.numbers.into_used();
        let cited = self.rows.iter().filter(|row| row.covers.iter().any(|item| rests_on.contains(item)));
        let exhibits: BTreeMap<u32, String> = cited.map(|row| (row.no, row.name.clone())).collect();
        let (lang, as_of) = (self.words.lang(), self.about.as_of);
        let paper = Paper {
            kind,
            lang,
            title,
            about: self.about.line,
            as_of,
            blocks: self.blocks,
            exhibits,
            rests_on,
            paste: self.paste,
            guide: self.guide,
        };
        Ok(Made { paper, pictures: self.pictures })
    }
}
