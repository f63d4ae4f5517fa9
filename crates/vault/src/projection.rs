//! Projections: rows for lists and look-ups that follow the log and remember how far they came.
//!
//! They can be dropped and made again (`rebuild`). What they show of an order is sealed; what stays in clear are keyed
//! ids: which leaf belongs to which order, and which blob it names.

pub(crate) mod figures;
pub(crate) mod pages;

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sigu_case::clock::{Brief, foreseen};
use sigu_case::dossier::Figures;
use sigu_case::report::{Outcome, Report};
use sigu_case::{Completeness, Event, House, ItemId, Order, OrderId, Recorded, State, wire};
use sigu_evidence::{BlobName, NameKey, RowKey, RowSealer, match_all};
use sigu_ledger::Leaf;

use crate::append::NewLeaf;
use crate::error::{Damage, Result};
use crate::search::index::{self, Index};
use crate::vault::Vault;
use crate::{outside, rows, store};
use pages::PageSummary;

/// A line of the list of orders. It holds nothing that depends on the time of looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSummary {
    /// The label.
    pub order: String,
    /// The product.
    pub title: Option<String>,
    /// The amount in 分.
    pub amount_fen: Option<i64>,
    /// When the trade was completed.
    pub completed_at: Option<Timestamp>,
    /// When all should be archived.
    pub archive_due_at: Option<Timestamp>,
    /// How many of the four fixations are complete.
    pub complete: usize,
    /// Exhibits that are kept.
    pub exhibits: usize,
    /// Messages.
    pub messages: usize,
    /// Fixations' needs that were met only after the window.
    pub late: usize,
    /// The merchant, by the name the order uses.
    pub merchant: Option<String>,
    /// How it ended, once it is closed.
    pub outcome: Option<Outcome>,
}

/// The clocks of an order as they will run if nothing more happens; [`Brief::running`] tells which do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The label.
    pub order: OrderId,
    /// Its clocks that nothing has stopped; of a closed order only those that outlast the end.
    pub clocks: Vec<Brief>,
}

impl Agenda {
    fn of(order: &Order, house: &House) -> Self {
        let mut clocks = Brief::of(&foreseen(order, house));
        if order.closed().is_some() {
            clocks.retain(|clock| clock.kind.outlasts_the_end());
        }
        Self { order: order.id.clone(), clocks }
    }

    /// The label, a line feed, the clocks.
    fn encode(&self) -> Vec<u8> {
        [self.order.as_str().as_bytes(), b"\n", &Brief::encode(&self.clocks)].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let order = std::str::from_utf8(&bytes[..end]).ok()?.parse().ok()?;
        Some(Self { order, clocks: Brief::decode(&bytes[end + 1..])? })
    }
}

impl OrderSummary {
    fn of(order: &Order) -> Self {
        let completeness = Completeness::of(order);
        let archive_due_at = match completeness.archive {
            sigu_case::ArchiveClock::Running { due_at, .. } => Some(due_at),
            sigu_case::ArchiveClock::Unknown => None,
        };
        let needs = completeness.fixations.iter().flat_map(|fixation| &fixation.needs);
        Self {
            order: order.id.to_string(),
            title: order.facts.title.clone(),
            amount_fen: order.facts.amount_fen,
            completed_at: order.facts.completed_at(),
            archive_due_at,
            complete: completeness.complete(),
            exhibits: order.exhibits.iter().filter(|exhibit| exhibit.manifest().is_some()).count(),
            messages: order.messages.len(),
            late: needs.filter(|need| need.late_by_s().is_some()).count(),
            merchant: order.facts.merchant.clone(),
            outcome: order.closed(),
        }
    }
}

/// The keyed id of an order in clear columns.
pub(crate) fn order_key(row: &RowKey, order: &OrderId) -> [u8; 32] {
    row.mac("order", order.as_str().as_bytes())
}

/// The keyed id of what belongs to no order: merchants, rules, profiles.
pub(crate) fn house_key(row: &RowKey) -> [u8; 32] {
    row.mac("house", b"")
}

/// Follows one batch of leaves inside its transaction.
pub(crate) fn follow_batch(
    connection: &Connection,
    row: &RowKey,
    at: Timestamp,
    items: &[ItemId],
    leaves: &[NewLeaf],
    state: &State,
) -> Result<()> {
    let recorded = items.iter().zip(leaves).filter_map(|(item, leaf)| {
        let event = leaf.event.clone()?;
        Some((Recorded { item: *item, at, event }, leaf.blob))
    });
    let touched = place(connection, row, recorded.collect())?;
    if leaves.iter().any(|leaf| matches!(leaf.event, Some(Event::Reported(Report::ProfileAdded(_))))) {
        // A profile may change the clocks of any order.
        let mut all = State::default();
        load_all(connection, row, &mut all)?;
        summarise(connection, row, &all, |_| true)?;
    } else {
        summarise(connection, row, state, |key| touched.contains(key))?;
    }
    pages::follow(
        connection,
        row,
        items.iter().zip(leaves).filter_map(|(item, leaf)| Some((*item, leaf.event.as_ref()?))),
    )?;
    Index::new(row).follow(connection, &touched, state)?;
    let Some(last) = items.last() else { return Ok(()) };
    connection
        .prepare_cached("INSERT OR REPLACE INTO followers(log, size) VALUES (?1, ?2)")?
        .execute(params![last.log, rows::signed(last.seq + 1)])?;
    Ok(())
}

/// Writes down which order each event belongs to, and returns the keys of those orders.
fn place(
    connection: &Connection,
    row: &RowKey,
    events: Vec<(Recorded, Option<BlobName>)>,
) -> Result<BTreeSet<[u8; 32]>> {
    let mut touched = BTreeSet::new();
    for (recorded, blob) in &events {
        let Some(key) = owner(connection, row, &recorded.event)? else { continue };
        connection
            .prepare_cached("INSERT INTO case_events(id, order_key, blob) VALUES (?1, ?2, ?3)")?
            .execute(params![rows::row_id(recorded.item), key, blob.as_ref().map(BlobName::to_string)])?;
        touched.insert(key);
    }
    Ok(touched)
}

/// Makes the summaries of those orders of a state that `wanted` picks by their key.
fn summarise(
    connection: &Connection,
    row: &RowKey,
    state: &State,
    wanted: impl Fn(&[u8; 32]) -> bool,
) -> Result<()> {
    let house = House::of(state);
    let with_figures = figures::are_there(connection)?;
    for order in state.orders() {
        let key = order_key(row, &order.id);
        if wanted(&key) {
            put_summary(connection, row, &key, &OrderSummary::of(order), &Agenda::of(order, &house))?;
            if with_figures {
                figures::put(connection, row, &key, &Figures::of(order, &house))?;
            }
        }
    }
    Ok(())
}

/// The key of the order an event belongs to; an erasure belongs to the order of what it erases.
fn owner(connection: &Connection, row: &RowKey, event: &Event) -> Result<Option<[u8; 32]>> {
    Ok(match event {
        Event::ContentErased { item, .. } => key_of_item(connection, *item)?,
        Event::PageFixed(fixed) => Some(pages::key(row, &fixed.page)),
        _ => Some(event.order().map_or_else(|| house_key(row), |order| order_key(row, order))),
    })
}

fn key_of_item(connection: &Connection, item: ItemId) -> Result<Option<[u8; 32]>> {
    Ok(connection
        .prepare_cached("SELECT order_key FROM case_events WHERE id = ?1")?
        .query_row([rows::row_id(item)], |row| row.get(0))
        .optional()?)
}

fn put_summary(
    connection: &Connection,
    row: &RowKey,
    key: &[u8; 32],
    summary: &OrderSummary,
    agenda: &Agenda,
) -> Result<()> {
    let plain = serde_json::to_vec(summary).expect("a summary always serialises");
    let sealed = row.seal(&summary_aad(key), &plain, &mut crate::os_entropy);
    connection
        .prepare_cached("INSERT OR REPLACE INTO case_orders(order_key, summary, agenda) VALUES (?1, ?2, ?3)")?
        .execute(params![
            key,
            sealed,
            row.seal(&agenda_aad(key), &agenda.encode(), &mut crate::os_entropy)
        ])?;
    Ok(())
}

fn summary_aad(key: &[u8; 32]) -> Vec<u8> {
    [b"summary ".as_slice(), key].concat()
}

fn agenda_aad(key: &[u8; 32]) -> Vec<u8> {
    [b"agenda ".as_slice(), key].concat()
}

/// Reads the clocks of all orders.
fn agendas(connection: &Connection, row: &RowKey) -> Result<Vec<Agenda>> {
    let sealer = row.sealer();
    let mut query = connection.prepare("SELECT order_key, agenda FROM case_orders")?;
    let mut found = query.query([])?;
    let mut all = Vec::new();
    while let Some(columns) = found.next()? {
        let key: [u8; 32] = columns.get(0)?;
        all.push(open_agenda(&sealer, &key, columns.get_ref(1)?.as_blob().unwrap_or_default())?);
    }
    Ok(all)
}

pub(crate) fn open_agenda(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Agenda> {
    let damage = |what: String| Damage::row("case_orders", crate::keys::hex(&key[..4]), what);
    let plain = sealer.open(&agenda_aad(key), sealed).map_err(|error| damage(error.to_string()))?;
    Ok(Agenda::decode(&plain).ok_or_else(|| damage("agenda".to_owned()))?)
}

/// Replays the events of one order, as the log and its disclosures have them.
fn load(connection: &Connection, row: &RowKey, key: &[u8; 32], state: &mut State) -> Result<()> {
    each(connection, row, key, |recorded| state.apply(recorded))
}

/// Reads the events of one key, in the order of the log.
fn each(connection: &Connection, row: &RowKey, key: &[u8; 32], mut take: impl FnMut(Recorded)) -> Result<()> {
    let mut query = connection.prepare_cached(
        "SELECT leaves.id, bytes, disclosures FROM case_events JOIN leaves USING (id) WHERE order_key = ?1 ORDER BY leaves.id",
    )?;
    let mut found = query.query([key])?;
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
        if let Some(recorded) = read_event(row, item, &bytes, &sealed)? {
            take(recorded);
        }
    }
    Ok(())
}

/// Replays everything.
fn load_all(connection: &Connection, row: &RowKey, state: &mut State) -> Result<()> {
    let mut query = connection.prepare("SELECT id, bytes, disclosures FROM leaves ORDER BY id")?;
    let mut found = query.query([])?;
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
        if let Some(recorded) = read_event(row, item, &bytes, &sealed)? {
            state.apply(recorded);
        }
    }
    Ok(())
}

/// Reads a leaf and its disclosures as an event of the case; `None` for leaves that are not the case's.
pub(crate) fn read_event(
    row: &RowKey,
    item: ItemId,
    bytes: &[u8],
    sealed: &[u8],
) -> Result<Option<Recorded>> {
    let damage = |what: String| Damage::row("leaves", item, what);
    let leaf = Leaf::parse(bytes).map_err(|error| damage(error.to_string()))?;
    let disclosures = rows::open_disclosures(row, item, sealed)?;
    let fields = match_all(&leaf.sd, &disclosures).map_err(|error| damage(error.to_string()))?;
    let event = wire::v1::from_wire(&leaf.kind, &fields).map_err(|error| damage(error.to_string()))?;
    let at = leaf.at.parse().map_err(|_| damage("time".to_owned()))?;
    Ok(event.map(|event| Recorded { item, at, event }))
}

/// Makes all projections again from the log.
pub(crate) fn rebuild(connection: &Connection, row: &RowKey, name: &NameKey) -> Result<u64> {
    connection.execute_batch("DELETE FROM case_events; DELETE FROM case_orders; DELETE FROM followers;")?;
    index::clear(connection)?;
    figures::clear(connection)?;
    pages::clear(connection)?;
    let mut query = connection.prepare("SELECT id, bytes, disclosures FROM leaves ORDER BY id")?;
    let mut found = query.query([])?;
    let mut events = Vec::new();
    let mut state = State::default();
    let mut count = 0;
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
        count += 1;
        if let Some(mut recorded) = read_event(row, item, &bytes, &sealed)? {
            if let Event::PageFixed(fixed) = &mut recorded.event {
                // Long, and no projection reads it.
                fixed.text = None;
            }
            state.apply(recorded.clone());
            let blob = blob_of(&recorded.event, name);
            events.push((recorded, blob));
        }
    }
    let seen: Vec<(ItemId, Event)> = pages::among(&events);
    let touched = place(connection, row, events)?;
    pages::follow(connection, row, seen.iter().map(|(item, event)| (*item, event)))?;
    summarise(connection, row, &state, |_| true)?;
    Index::new(row).follow(connection, &touched, &state)?;
    for log in rows::logs(connection)? {
        connection.execute(
            "INSERT INTO followers(log, size) VALUES (?1, ?2)",
            params![log.log, rows::signed(log.size)],
        )?;
    }
    Ok(count)
}

pub(crate) fn blob_of(event: &Event, name: &NameKey) -> Option<BlobName> {
    match event {
        Event::EvidenceFixed { manifest: Some(manifest), .. } => Some(name.name(&manifest.content)),
        Event::PageFixed(fixed) => fixed.manifest.as_ref().map(|manifest| name.name(&manifest.content)),
        _ => None,
    }
}

/// All projection rows, unsealed, in a form that can be compared.
#[derive(PartialEq, Eq)]
pub(crate) struct Rows {
    events: Vec<(i64, Vec<u8>, Option<String>)>,
    orders: Vec<(Vec<u8>, OrderSummary)>,
    agendas: Vec<Agenda>,
    figures: Vec<(Vec<u8>, Figures)>,
    pages: Vec<(Vec<u8>, PageSummary)>,
    words: Vec<(i64, Vec<u8>, u64)>,
    followers: Vec<(u32, i64)>,
}

/// Reads all projection rows.
pub(crate) fn dump(connection: &Connection, row: &RowKey) -> Result<Rows> {
    let events = connection
        .prepare("SELECT id, order_key, blob FROM case_events ORDER BY id")?
        .query_map([], |columns| Ok((columns.get(0)?, columns.get(1)?, columns.get(2)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let orders = summaries(connection, row)?;
    let followers = connection
        .prepare("SELECT log, size FROM followers ORDER BY log")?
        .query_map([], |columns| Ok((columns.get(0)?, columns.get(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut agendas = agendas(connection, row)?;
    agendas.sort_by(|one, other| one.order.cmp(&other.order));
    let words = Index::new(row).dump(connection)?;
    let figures = figures::dump(connection, row)?;
    let pages = pages::dump(connection, row)?;
    Ok(Rows { events, orders, agendas, figures, pages, words, followers })
}

pub(crate) fn summaries(connection: &Connection, row: &RowKey) -> Result<Vec<(Vec<u8>, OrderSummary)>> {
    let sealer = row.sealer();
    let mut query = connection.prepare("SELECT order_key, summary FROM case_orders ORDER BY order_key")?;
    let mut found = query.query([])?;
    let mut all = Vec::new();
    while let Some(columns) = found.next()? {
        let key: [u8; 32] = columns.get(0)?;
        let sealed = columns.get_ref(1)?.as_blob().unwrap_or_default();
        all.push((key.to_vec(), open_summary(&sealer, &key, sealed)?));
    }
    Ok(all)
}

pub(crate) fn open_summary(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<OrderSummary> {
    let damage = |what: String| Damage::row("case_orders", crate::keys::hex(&key[..4]), what);
    let plain = sealer.open(&summary_aad(key), sealed).map_err(|error| damage(error.to_string()))?;
    Ok(serde_json::from_slice(&plain).map_err(|error| damage(error.to_string()))?)
}

/// Reads the line of one order.
pub(crate) fn summary(connection: &Connection, row: &RowKey, key: &[u8; 32]) -> Result<Option<OrderSummary>> {
    let sealed: Option<Vec<u8>> = connection
        .prepare_cached("SELECT summary FROM case_orders WHERE order_key = ?1")?
        .query_row([key], |columns| columns.get(0))
        .optional()?;
    sealed.map(|sealed| open_summary(&row.sealer(), key, &sealed)).transpose()
}

impl Vault {
    /// Returns a line for each order, by label.
    pub fn orders(&self) -> Result<Vec<OrderSummary>> {
        let row = self.row_key();
        let mut orders = self.store().call(move |connection| summaries(connection, &row))?;
        orders.sort_by(|(_, one), (_, other)| one.order.cmp(&other.order));
        Ok(orders.into_iter().map(|(_, summary)| summary).collect())
    }

    /// Returns the clocks of all orders, in no order.
    pub fn agendas(&self) -> Result<Vec<Agenda>> {
        let row = self.row_key();
        self.store().call(move |connection| agendas(connection, &row))
    }

    /// Returns everything: all orders, and what belongs to none.
    pub fn state(&self) -> Result<State> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let mut state = State::default();
            load_all(connection, &row, &mut state)?;
            Ok(state)
        })
    }

    /// Returns one order with all that hangs on it; `None` if there is none of that label.
    pub fn order(&self, id: &OrderId) -> Result<Option<Order>> {
        let mut state = State::default();
        self.load_order(id, &mut state)?;
        Ok(state.order(id).cloned())
    }

    /// Returns what belongs to no order: merchants, rules, profiles.
    pub fn house(&self) -> Result<State> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let mut state = State::default();
            load(connection, &row, &house_key(&row), &mut state)?;
            Ok(state)
        })
    }

    /// Returns what belongs to no order, and these orders.
    pub fn state_of<'a>(&self, orders: impl IntoIterator<Item = &'a OrderId>) -> Result<State> {
        let mut state = self.house()?;
        for order in orders {
            self.load_order(order, &mut state)?;
        }
        Ok(state)
    }

    pub(crate) fn load_order(&self, id: &OrderId, state: &mut State) -> Result<()> {
        let row = self.row_key();
        let key = order_key(&row, id);
        let loaded = self.store().call(move |connection| {
            let mut state = State::default();
            load(connection, &row, &key, &mut state)?;
            Ok(state)
        })?;
        state.merge(loaded);
        Ok(())
    }

    /// Takes an item into a state where it is a version of a watched page.
    pub(crate) fn load_page_version(&self, item: ItemId, state: &mut State) -> Result<()> {
        let row = self.row_key();
        let found = self.store().call(move |connection| {
            let Some((bytes, sealed)) = rows::leaf(connection, item)? else { return Ok(None) };
            read_event(&row, item, &bytes, &sealed)
        })?;
        if let Some(found) = found.filter(|found| matches!(found.event, Event::PageFixed(_))) {
            state.apply(found);
        }
        Ok(())
    }

    /// Returns the label of the order an item belongs to.
    pub(crate) fn order_of(&self, item: ItemId) -> Result<Option<OrderId>> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let Some(key) = key_of_item(connection, item)? else { return Ok(None) };
            if pages::is_one(connection, &key)? {
                return Ok(None);
            }
            let mut state = State::default();
            load(connection, &row, &key, &mut state)?;
            Ok(state.orders().next().map(|order| order.id.clone()))
        })
    }

    /// Makes the tables a vault of an earlier version has not. Under the write lock.
    pub(crate) fn make_room(&self) -> Result<()> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let (indexed, figured) = (index::is_there(connection)?, figures::are_there(connection)?);
            let (attested, paged) = (outside::table::are_there(connection)?, pages::are_there(connection)?);
            if indexed && figured && attested && paged {
                return Ok(());
            }
            let transaction = connection.transaction()?;
            let mut state = State::default();
            if !(indexed && figured) {
                load_all(&transaction, &row, &mut state)?;
            }
            if !indexed {
                transaction.execute_batch(index::SCHEMA)?;
                let keys = state.orders().map(|order| order_key(&row, &order.id));
                let touched = keys.chain([house_key(&row)]).collect();
                Index::new(&row).follow(&transaction, &touched, &state)?;
            }
            if !figured {
                transaction.execute_batch("DROP TABLE IF EXISTS case_figures")?;
                transaction.execute_batch(figures::SCHEMA)?;
                let house = House::of(&state);
                for order in state.orders() {
                    let key = order_key(&row, &order.id);
                    figures::put(&transaction, &row, &key, &Figures::of(order, &house))?;
                }
            }
            if !attested {
                outside::table::add(&transaction)?;
            }
            if !paged {
                // Before this version no leaf was of a page.
                transaction.execute_batch(pages::SCHEMA)?;
            }
            store::set_version(&transaction)?;
            transaction.commit()?;
            Ok(())
        })
    }

    /// Drops all projections and makes them again from the log. Returns the number of leaves read.
    ///
    /// # Errors
    /// Reports a leaf that cannot be read as damage; the old rows then stay.
    pub fn rebuild(&self) -> Result<u64> {
        let _lock = self.begin_write()?;
        let row = self.row_key();
        let name = NameKey::from_bytes(*self.keys.name.as_bytes());
        self.store().call(move |connection| {
            let transaction = connection.transaction()?;
            let count = rebuild(&transaction, &row, &name)?;
            transaction.commit()?;
            Ok(count)
        })
    }
}
