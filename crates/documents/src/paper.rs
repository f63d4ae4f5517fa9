//! A paper before it is set: what it says, block by block, and which exhibits it rests on.
//!
//! A sentence of fact is a [`Fact`], and a fact without an exhibit cannot be made. Everything else (headings, labels,
//! claims, law) is plain text. Renderers know blocks and nothing of cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use sigu_evidence::ItemId;
use typst::foundations::Bytes;

use crate::kind::{Kind, Lang};
use crate::plot::Plot;

/// What one paper says.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    /// Which.
    pub kind: Kind,
    /// In which language its words are.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// One line that tells this paper from others of its kind: the order, the merchant, the year.
    pub about: String,
    /// When the newest thing it tells of was logged: its date, by the device's clock.
    #[serde(serialize_with = "crate::times::serialize")]
    pub as_of: Timestamp,
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// The names of the exhibits it cites, by number.
    pub exhibits: BTreeMap<u32, String>,
    /// The items it rests on: change or erase one, and it no longer holds.
    pub rests_on: BTreeSet<ItemId>,
    /// The text to paste into a form or a chat, where the paper has one.
    pub paste: Option<Paste>,
    /// What the sender has to know and the receiver does not: where it goes, what to attach, what to look over.
    pub guide: Vec<String>,
}

/// A text to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paste {
    /// The words.
    pub text: String,
    /// How many characters it has (Unicode scalar values).
    pub chars: usize,
    /// The most it may have.
    pub max_chars: usize,
    /// What was shortened or left out to fit.
    pub shortened: Vec<String>,
}

/// A piece of a paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading of level 1 or 2 below the title.
    Heading {
        /// 1 or 2.
        level: u8,
        /// Its words.
        text: String,
        /// The exhibit that begins here, so that others can name its page.
        exhibit: Option<u32>,
    },
    /// Words that state no fact of the case.
    Para {
        /// The runs.
        spans: Vec<Span>,
    },
    /// Sentences of fact, run on as one paragraph.
    Facts {
        /// The sentences.
        facts: Vec<Fact>,
        /// Whether the exhibits stand in footnotes; else behind each sentence.
        footnotes: bool,
    },
    /// Names and values.
    Fields {
        /// The rows.
        rows: Vec<Field>,
    },
    /// A table with a head that repeats on every page.
    Table {
        /// The columns.
        columns: Vec<Column>,
        /// The rows, each with as many cells as there are columns.
        rows: Vec<Vec<Vec<Span>>>,
        /// Whether it needs a page turned on its side.
        wide: bool,
    },
    /// A list.
    List {
        /// Whether it is numbered.
        numbered: bool,
        /// The entries.
        items: Vec<Vec<Span>>,
    },
    /// Words of others as they stand, line by line.
    Quote {
        /// The words, masked.
        text: String,
    },
    /// A picture; a long one goes on over as many pages as it needs.
    Picture {
        /// Its place in [`Pictures`].
        picture: usize,
        /// What it shows, in words.
        alt: String,
        /// What stands below it.
        caption: String,
    },
    /// A text as a QR code, with the text beside it.
    Code {
        /// The text, exactly as the code holds it.
        text: String,
        /// The code as SVG.
        svg: String,
        /// What it is, in words.
        alt: String,
    },
    /// Numbers as bars.
    Plot(Plot),
    /// Lines to sign on.
    Signature {
        /// The label of each line.
        lines: Vec<String>,
    },
    /// Small print.
    Note {
        /// The runs.
        spans: Vec<Span>,
    },
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "span", content = "of", rename_all = "snake_case")]
pub enum Span {
    /// Plain.
    Text(String),
    /// Names an exhibit by its number: a link where the exhibit is in the same paper.
    Exhibit(u32),
    /// The bare number of an exhibit, where a column says what it is; else as [`Span::Exhibit`].
    Number(u32),
    /// The page on which an exhibit begins, where it is in the same paper.
    PageOf(u32),
    /// Words that a later version has and the earlier had not.
    Added(String),
    /// Words that an earlier version had and the later has not.
    Removed(String),
}

impl Span {
    /// Plain words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A cell or a value of plain words; empty words make an empty cell.
    pub(crate) fn cell(words: impl Into<String>) -> Vec<Span> {
        let words = words.into();
        if words.is_empty() { Vec::new() } else { vec![Span::Text(words)] }
    }
}

/// One name and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Vec<Span>,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Its share of the width, in parts.
    pub width: u32,
}

/// A sentence of fact with the exhibits that show it; there is none without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    text: String,
    exhibits: Vec<u32>,
}

impl Fact {
    /// Returns its words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the numbers of the exhibits that show it, least first; never empty.
    pub fn exhibits(&self) -> &[u32] {
        &self.exhibits
    }
}

/// The numbers under which items stand in the catalogue, and what of them a paper has used.
#[derive(Debug, Default)]
pub struct Numbering {
    numbers: BTreeMap<ItemId, u32>,
    used: BTreeSet<ItemId>,
}

impl Numbering {
    /// Takes over the numbers of a catalogue.
    pub fn of(rows: &[sigu_case::catalogue::CatalogueRow]) -> Self {
        let numbers = rows.iter().flat_map(|row| row.covers.iter().map(|item| (*item, row.no)));
        Self { numbers: numbers.collect(), used: BTreeSet::new() }
    }

    /// Makes a sentence of fact; `None` where no exhibit shows it, and then it is not printed.
    pub fn fact(&mut self, text: impl Into<String>, proofs: &[ItemId]) -> Option<Fact> {
        let exhibits = self.cite(proofs);
        (!exhibits.is_empty()).then(|| Fact { text: text.into(), exhibits })
    }

    /// Returns the numbers of these items, least first, and remembers that the paper rests on them.
    pub fn cite(&mut self, proofs: &[ItemId]) -> Vec<u32> {
        let mut numbers = BTreeSet::new();
        for item in proofs {
            if let Some(no) = self.numbers.get(item) {
                numbers.insert(*no);
                self.used.insert(*item);
            }
        }
        numbers.into_iter().collect()
    }

    /// Returns the exhibit marks for these items, for cells of tables.
    pub fn spans(&mut self, proofs: &[ItemId]) -> Vec<Span> {
        self.cite(proofs).into_iter().map(Span::Exhibit).collect()
    }

    /// Remembers that the paper rests on an item that has no number of its own: a message, a report.
    pub fn rest_on(&mut self, item: ItemId) {
        self.used.insert(item);
    }

    /// Tells whether the paper rests on an item so far.
    pub fn rests_on(&self, item: ItemId) -> bool {
        self.used.contains(&item)
    }

    /// Returns what the paper rests on.
    pub fn into_used(self) -> BTreeSet<ItemId> {
        self.used
    }
}

/// The pictures of a paper, by the place that blocks name.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    pub(crate) all: Vec<Bytes>,
}

impl Pictures {
    /// Takes a picture in if it can be shown (PNG, JPEG, WebP, GIF) and returns its block.
    ///
    /// # Errors
    /// Says why not, in English for the log; the caller has words for the reader.
    pub fn add(&mut self, bytes: Vec<u8>, alt: String, caption: String) -> Result<Block, String> {
        let bytes = Bytes::new(bytes);
        crate::pdf::picture::check(&bytes)?;
        self.all.push(bytes);
        Ok(Block::Picture { picture: self.all.len() - 1, alt, caption })
    }
}

impl Paper {
    /// Visits every text that is shown.
    pub(crate) fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        visit(&mut self.title);
        visit(&mut self.about);
        self.blocks.iter_mut().for_each(|block| block.each_text(visit));
    }
}

impl Block {
    fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Heading { text, .. } | Self::Quote { text } => visit(text),
            Self::Para { spans } | Self::Note { spans } => each_span(spans, visit),
            Self::Facts { facts, .. } => facts.iter_mut().for_each(|fact| visit(&mut fact.text)),
            Self::Fields { rows } => {
                for row in rows {
                    visit(&mut row.name);
                    each_span(&mut row.value, visit);
                }
            }
            Self::Table { columns, rows, .. } => {
                columns.iter_mut().for_each(|column| visit(&mut column.head));
                rows.iter_mut().flatten().for_each(|cell| each_span(cell, visit));
            }
            Self::List { items, .. } => items.iter_mut().for_each(|item| each_span(item, visit)),
            Self::Picture { alt, caption, .. } => [alt, caption].into_iter().for_each(visit),
            Self::Code { text, alt, .. } => [text, alt].into_iter().for_each(visit),
            Self::Signature { lines } => lines.iter_mut().for_each(visit),
            Self::Plot(plot) => plot.each_text(visit),
        }
    }
}

fn each_span(spans: &mut [Span], visit: &mut dyn FnMut(&mut String)) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Added(text) | Span::Removed(text) => visit(text),
            Span::Exhibit(_) | Span::Number(_) | Span::PageOf(_) => {}
        }
    }
}
