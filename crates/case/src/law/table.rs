//! The table in memory: rows by code and article number.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::id::{Reference, pieces};
use super::{Article, Statute, Superseded};

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::parse(include_str!("../../data/law.toml")).expect("data/law.toml is checked by its tests")
});

/// All statutes, articles and replaced values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    statutes: Vec<Statute>,
    articles: Vec<Article>,
    superseded: Vec<Superseded>,
    /// Rows by article number; 0 is the whole instrument.
    rows: BTreeMap<String, BTreeMap<u16, usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    statute: Vec<Statute>,
    article: Vec<Article>,
    superseded: Vec<Superseded>,
}

impl Table {
    /// Returns the table that comes with the program.
    pub fn get() -> &'static Self {
        &TABLE
    }

    /// Reads a table; the error says which row is wrong.
    fn parse(text: &str) -> Result<Self, String> {
        let File { statute: statutes, article: articles, superseded } =
            toml::from_str(text).map_err(|error| error.to_string())?;
        let mut rows = BTreeMap::new();
        for statute in &statutes {
            if rows.insert(statute.code.clone(), BTreeMap::new()).is_some() {
                return Err(format!("{}: twice", statute.code));
            }
        }
        for (at, article) in articles.iter().enumerate() {
            let row =
                rows.get_mut(&article.statute).ok_or_else(|| format!("{}: no statute", article.id()))?;
            for number in numbers(&article.no).ok_or_else(|| format!("{}: no number", article.id()))? {
                if row.insert(number, at).is_some() {
                    return Err(format!("{}: twice", article.id()));
                }
            }
        }
        Ok(Self { statutes, articles, superseded, rows })
    }

    /// Returns all instruments, in the order of the dossier.
    pub fn statutes(&self) -> &[Statute] {
        &self.statutes
    }

    /// Returns all rows, grouped by instrument.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// Returns the values that no longer hold.
    pub fn superseded(&self) -> &[Superseded] {
        &self.superseded
    }

    /// Finds an instrument by its code, such as `CPL`.
    pub fn statute(&self, code: &str) -> Option<&Statute> {
        self.statutes.iter().find(|statute| statute.code == code)
    }

    /// Finds the row of an id: `L-CPL-20`, `CPL 48(6)`, `L-NCI`. Of several articles (`L-CPL-21/28`) it is
    /// the row of the first, if all are known. An unknown article or sub-item is `None`.
    pub fn find(&self, id: &str) -> Option<&Article> {
        self.find_all(id).into_iter().next()
    }

    /// Finds all rows of an id, each once; empty if any article or sub-item is unknown.
    pub fn find_all(&self, id: &str) -> Vec<&Article> {
        Reference::parse(id).and_then(|reference| self.rows_of(&reference)).unwrap_or_default()
    }

    /// Finds replaced values in a text, spaces and case aside: a page that prints one is out of date.
    pub fn superseded_in(&self, text: &str) -> Vec<&Superseded> {
        let text = squeezed(text);
        let stands = |value: &&Superseded| value.wrong.iter().any(|wrong| text.contains(&squeezed(wrong)));
        self.superseded.iter().filter(stands).collect()
    }

    /// The rows a reference names, each once; `None` if it names one that is not there.
    pub(super) fn rows_of(&self, reference: &Reference) -> Option<Vec<&Article>> {
        let rows = self.rows.get(&reference.code)?;
        let mut found: Vec<usize> = Vec::new();
        if reference.pieces.is_empty() {
            found.push(*rows.get(&0)?);
        }
        for piece in &reference.pieces {
            for number in piece.from..=piece.to {
                let at = *rows.get(&number)?;
                let known = piece.part.as_ref().is_none_or(|part| self.articles[at].parts.contains_key(part));
                if !known {
                    return None;
                }
                if !found.contains(&at) {
                    found.push(at);
                }
            }
        }
        Some(found.into_iter().map(|at| &self.articles[at]).collect())
    }
}

/// The article numbers of a row's `no`; `*` is 0.
fn numbers(no: &str) -> Option<Vec<u16>> {
    if no == "*" {
        return Some(vec![0]);
    }
    Some(pieces(no)?.iter().flat_map(|piece| piece.from..=piece.to).collect())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
