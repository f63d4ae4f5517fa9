//! Searching the vault by words: the index finds candidates by keyed words, the texts that are sealed beside decide.
//!
//! Nothing readable lies in the database: [`index`] says what does. A text is an answer only if every word stands in it.

pub(crate) mod index;

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use sigu_case::search::{Fold, Marked, Query, Target};
use sigu_case::{ItemId, OrderId};
use sigu_evidence::RowKey;

use self::index::{Index, Row};
use crate::error::Result;
use crate::projection::{self, OrderSummary, order_key};
use crate::rows;
use crate::sheet::Sheet;
use crate::vault::Vault;

/// Parts of a query that the index is asked for; more narrow nothing down that the texts would not.
const MOST_PARTS: usize = 24;

/// Where words were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The order; `None` for what belongs to none, such as notes of a merchant.
    pub order: Option<String>,
    /// What the texts are about.
    pub target: Target,
    /// When it happened, was said, or was fixed.
    pub at: jiff::Timestamp,
    /// The texts in which words stand.
    pub texts: Vec<Marked>,
}

/// The answer to a search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What was found, recorded last first.
    pub hits: Vec<Hit>,
    /// Whether there is more than was asked for.
    pub more: bool,
}

impl Vault {
    /// Finds what has all words of `text`, recorded last first, at most `limit`.
    ///
    /// Words of one Chinese character are looked for in label, product and merchant of orders only. Letters and digits are
    /// found from four in a row on anywhere, fewer as words of their own. A text without any of them finds nothing.
    ///
    /// # Errors
    /// Damage in the index; `rebuild` makes it again.
    pub fn search(&self, text: &str, limit: usize) -> Result<Found> {
        self.search_among(text, limit, || self.sheet(None))
    }

    /// As [`Vault::search`], for someone who has the lines of all orders at hand: they are asked for only for words
    /// that are too short for the index.
    ///
    /// # Errors
    /// As [`Vault::search`].
    pub fn search_among(
        &self,
        text: &str,
        limit: usize,
        lines: impl FnOnce() -> Result<Arc<Sheet<OrderSummary>>>,
    ) -> Result<Found> {
        let Some(query) = Query::read(text) else { return Ok(Found::default()) };
        if self.store().call(|connection| Ok(!index::is_there(connection)?))? {
            // A vault of an earlier version: whoever writes first makes the index.
            drop(self.begin_write()?);
        }
        let row = self.row_key();
        let parts = query.tokens();
        if parts.is_empty() {
            let orders = by_lines(&*lines()?, &query);
            return self.store().call(move |connection| by_orders(connection, &row, &orders, &query, limit));
        }
        self.store().call(move |connection| {
            let index = Index::new(&row);
            let asked: Vec<String> = parts.iter().take(MOST_PARTS).map(|part| index.word(part)).collect();
            let mut rows = connection.prepare_cached(
                "SELECT rowid FROM search_words WHERE search_words MATCH ?1 ORDER BY rowid DESC",
            )?;
            let found = rows.query_map([asked.join(" ")], |columns| columns.get::<_, i64>(0))?;
            gather(connection, &index, &query, limit, found.map(|id| Ok(id?)))
        })
    }

    /// Returns the line of one order in the list of orders; `None` if there is none of that label.
    ///
    /// # Errors
    /// Damage in the projections.
    pub fn order_summary(&self, id: &OrderId) -> Result<Option<OrderSummary>> {
        let row = self.row_key();
        let key = order_key(&row, id);
        self.store().call(move |connection| projection::summary(connection, &row, &key))
    }
}

/// Opens candidates in their order and takes those that have the words.
fn gather(
    connection: &Connection,
    index: &Index,
    query: &Query,
    limit: usize,
    candidates: impl Iterator<Item = Result<i64>>,
) -> Result<Found> {
    let mut found = Found::default();
    for id in candidates {
        let Some(row) = index.row(connection, id?)? else { continue };
        let Some(hit) = hit(row, query) else { continue };
        if found.hits.len() == limit {
            found.more = true;
            break;
        }
        found.hits.push(hit);
    }
    Ok(found)
}

fn hit(row: Row, query: &Query) -> Option<Hit> {
    let places = query.places(row.texts.iter().map(|(_, text)| text.as_str()))?;
    let marked = row.texts.into_iter().zip(places).filter(|(_, marks)| !marks.is_empty());
    let texts = marked.map(|((part, text), marks)| Marked { part, text, marks }).collect();
    Some(Hit { order: row.order, target: row.target, at: row.at, texts })
}

/// For words that are too short for the index: looks through label, product and merchant of every order.
fn by_lines(lines: &Sheet<OrderSummary>, query: &Query) -> Vec<[u8; 32]> {
    let found = lines.keyed().filter(|(_, line)| {
        let texts = [Some(line.order.as_str()), line.title.as_deref(), line.merchant.as_deref()];
        query.places(texts.into_iter().flatten()).is_some()
    });
    found.map(|(key, _)| *key).collect()
}

/// What stands first in these orders, recorded last first.
fn by_orders(
    connection: &Connection,
    row: &RowKey,
    orders: &[[u8; 32]],
    query: &Query,
    limit: usize,
) -> Result<Found> {
    let mut first = connection.prepare_cached("SELECT min(id) FROM case_events WHERE order_key = ?1")?;
    let mut ids: Vec<i64> = Vec::with_capacity(orders.len());
    for order in orders {
        ids.extend(
            first.query_row([order], |columns| columns.get::<_, Option<i64>>(0)).optional()?.flatten(),
        );
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    gather(connection, &Index::new(row), query, limit, ids.into_iter().map(Ok))
}

/// The folded words of texts, as the index knows them.
fn parts(row: &Row) -> std::collections::BTreeSet<String> {
    row.texts.iter().flat_map(|(_, text)| sigu_case::search::tokens(Fold::of(text).chars())).collect()
}

/// The place of a row as associated data.
fn place(id: i64) -> Vec<u8> {
    let item: ItemId = rows::item_of(id);
    format!("search {item}").into_bytes()
}
