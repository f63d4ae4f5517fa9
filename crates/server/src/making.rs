//! Papers and copies: how they are made of an order, fixed like evidence, and whether they still hold.

use jiff::Timestamp;
use sigu_case::report::{DocumentMade, Report};
use sigu_case::{Command, House, ItemId, Order, Slot, State, View};
use sigu_documents::{
    Case, Kind, Lang, LogHead, Made, Overview, Refused, Wishes, of_merchant, of_order, pdf, text,
};
use sigu_evidence::{ContentId, ItemManifest, Source as Origin};
use sigu_vault::{Error, Source, SourceFault, Vault};

/// A file that was made.
#[derive(Debug, Clone)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// Its type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why something was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// The vault says no, or failed.
    #[error(transparent)]
    Vault(#[from] Error),
    /// Something is missing.
    #[error(transparent)]
    Missing(#[from] Refused),
    /// It could not be drawn.
    #[error("{0}")]
    Drawn(String),
    /// It could not be taken in.
    #[error(transparent)]
    TakenIn(#[from] SourceFault),
}

/// Tells whether an item of the order still has these very bytes: then they need not be fixed again.
pub fn is_fixed_as(order: &Order, item: ItemId, file: &File) -> bool {
    let fixed = order.exhibits.iter().find(|exhibit| exhibit.item == item);
    let content = ContentId::of(&file.bytes);
    fixed.and_then(|exhibit| exhibit.manifest()).is_some_and(|manifest| manifest.content == content)
}

/// Fixes a file with its report, both or neither; `told` gets the place the file will have.
///
/// # Errors
/// Fails as the vault does; nothing is fixed then.
///
/// # Panics
/// Never: one source goes in, one answer comes out.
pub fn fix(
    vault: &Vault,
    order: &Order,
    file: &File,
    at: Timestamp,
    told: impl FnOnce(ItemId) -> Report,
) -> Result<ItemId, NotMade> {
    let ingested = vault.ingest(vec![Source::Bytes(file.bytes.clone())], &|_| {})?;
    let ingested = ingested.into_iter().next().expect("one in, one out")?;
    let manifest = ItemManifest {
        content: ingested.content,
        size: ingested.size,
        media_type: file.media_type.to_owned(),
        file_name: Some(file.name.clone()),
        source: Origin::Text,
        modified_at: None,
        secret: false,
        masked: None,
    };
    let commands = |first: ItemId| {
        let fixed = Command::FixEvidence {
            order: order.id.clone(),
            slot: Slot::Other,
            formed_at: None,
            note: None,
            manifest,
        };
        vec![fixed, Command::Report(told(first))]
    };
    Ok(vault.execute_from(commands, at)?[0])
}

/// Makes a paper over several orders.
///
/// # Errors
/// Names what is missing; fails as the vault does.
pub fn over(
    vault: &Vault,
    state: &State,
    now: Timestamp,
    make: impl FnOnce(&Overview<'_>) -> Result<Made, Refused>,
) -> Result<Made, NotMade> {
    let house = House::of(state);
    let mut items: Vec<ItemId> = state.orders().flat_map(items_of).collect();
    items.extend(house.notes().iter().map(|logged| logged.item));
    let logged_at = vault.logged_at(&items)?;
    let all = Overview { orders: state.orders().collect(), house: &house, now, logged_at: &logged_at };
    Ok(make(&all)?)
}

/// All items of an order that a paper may tell of.
pub fn items_of(order: &Order) -> Vec<ItemId> {
    let exhibits = order.exhibits.iter().map(|one| one.item);
    let messages = order.messages.iter().map(|one| one.item);
    exhibits.chain(messages).chain(order.reports.iter().map(|one| one.item)).collect()
}

/// Makes a paper of one order.
///
/// # Errors
/// Names what is missing; fails as the vault does.
pub fn paper(
    vault: &Vault,
    (view, others): (&View<'_>, &[Order]),
    wishes: &Wishes,
    kind: Kind,
    lang: Lang,
) -> Result<Made, NotMade> {
    let logged_at = vault.logged_at(&items_of(&view.order))?;
    // What cannot be read is not shown, and the paper says so; a check of the vault says why.
    let content = |item: ItemId| vault.content(item).ok();
    let log = (kind == Kind::Cover).then(|| log_head(vault)).transpose()?;
    let case = Case { view, content: &content, logged_at: &logged_at, wishes, others, log };
    Ok(of_order(kind, &case, lang)?)
}

/// Makes a paper about an order, whichever kind: of itself, or of it among the others.
///
/// # Errors
/// Names what is missing; fails as the vault does.
pub fn about(
    vault: &Vault,
    order: &Order,
    wishes: &Wishes,
    kind: Kind,
    lang: Lang,
    now: Timestamp,
) -> Result<Made, NotMade> {
    // Only these two look at other orders; reading all of them takes its time.
    let several = matches!(kind, Kind::Merchant | Kind::Payments);
    let state = if several { vault.state()? } else { vault.house()? };
    if kind == Kind::Merchant {
        return over(vault, &state, now, |all| of_merchant(all, &order.id, lang));
    }
    let house = House::of(&state);
    let others: Vec<Order> = state.orders().filter(|one| one.id != order.id).cloned().collect();
    let view = View::new(order, &house, now);
    paper(vault, (&view, &others), wishes, kind, lang)
}

/// Each kind of paper about an order, and whether it could be made.
pub type Tried = Vec<(Kind, Result<Made, Refused>)>;

/// Tries each paper without pictures, writing nothing.
///
/// # Errors
/// Fails as the vault does.
pub fn tried(
    vault: &Vault,
    order: &Order,
    state: &State,
    lang: Lang,
    now: Timestamp,
) -> Result<Tried, Error> {
    let house = House::of(state);
    let view = View::new(order, &house, now);
    let logged_at = vault.logged_at(&items_of(order))?;
    let wishes = Wishes::default();
    let log = Some(log_head(vault)?);
    let content = &|_| None;
    let case = Case { view: &view, content, logged_at: &logged_at, wishes: &wishes, others: &[], log };
    let alone = Overview { orders: vec![order], house: &house, now, logged_at: &logged_at };
    let one = |kind: &Kind| {
        let made = match kind {
            Kind::Merchant => of_merchant(&alone, &order.id, lang),
            kind => of_order(*kind, &case, lang),
        };
        (*kind, made)
    };
    Ok(Kind::ALL.iter().filter(|kind| kind.by_order()).map(one).collect())
}

/// The papers that were made of an order, each with what it rests on and is there no more.
///
/// # Errors
/// Fails as the vault does.
pub fn papers<'a>(vault: &Vault, order: &'a Order) -> Result<Vec<(&'a DocumentMade, Vec<ItemId>)>, Error> {
    // A dossier rests on other orders too; without one they need not be read.
    let several = order.of_kind::<DocumentMade>().any(|(_, one)| one.kind == Kind::Merchant.code());
    let all = if several { vault.state()? } else { vault.house()? };
    Ok(order.of_kind::<DocumentMade>().map(|(_, one)| (one, erased(order, &all, one))).collect())
}

/// Where the newest log stands, as others will know it again.
///
/// # Errors
/// Fails as the vault does.
pub fn log_head(vault: &Vault) -> Result<LogHead, Error> {
    let fingerprint = vault.logs()?.pop().map(|(_, _, fingerprint, _)| fingerprint).unwrap_or_default();
    Ok(LogHead { fingerprint, checkpoint: vault.newest_checkpoint()? })
}

/// Writes the paper in its format, named by its kind and what it is about; with its pages where it has pages.
///
/// # Errors
/// Says why it could not be drawn.
pub fn file(made: &Made, format: &str, about: &str) -> Result<(File, Option<usize>), NotMade> {
    let name = format!("{}-{about}.{format}", made.paper.kind.code());
    let text = |bytes: String, media_type| (bytes.into_bytes(), media_type, None);
    let (bytes, media_type, pages) = match format {
        "txt" => text(text::plain(&made.paper), "text/plain"),
        "md" => text(text::markdown(&made.paper), "text/markdown"),
        _ => {
            let set =
                pdf::set(&made.paper, &made.pictures).map_err(|error| NotMade::Drawn(error.to_string()))?;
            (set.bytes, "application/pdf", Some(set.pages))
        }
    };
    Ok((File { name, media_type, bytes }, pages))
}

/// Fixes the paper with what it rests on; one that was fixed before, byte for byte, is not fixed again.
///
/// # Errors
/// As [`fix`].
pub fn fix_paper(
    vault: &Vault,
    order: &Order,
    made: &Made,
    format: &str,
    file: &File,
    at: Timestamp,
) -> Result<ItemId, NotMade> {
    let same = |(_, one): &(ItemId, &DocumentMade)| is_fixed_as(order, one.document, file);
    if let Some((_, before)) = order.of_kind::<DocumentMade>().find(same) {
        return Ok(before.document);
    }
    let told = |document: ItemId| DocumentMade {
        at,
        order: order.id.clone(),
        document,
        kind: made.paper.kind.code().to_owned(),
        format: format.to_owned(),
        as_of: made.paper.as_of,
        rests_on: made.paper.rests_on.iter().copied().collect(),
    };
    fix(vault, order, file, at, |document| told(document).into())
}

/// What a paper rests on and is there no more.
pub fn erased(order: &Order, all: &State, one: &DocumentMade) -> Vec<ItemId> {
    let gone = |item: &&ItemId| {
        let exhibit = order.exhibits.iter().find(|exhibit| exhibit.item == **item);
        let message = order.messages.iter().find(|message| message.item == **item);
        exhibit.is_some_and(|exhibit| exhibit.manifest().is_none())
            || message.is_some_and(|message| message.text.is_none())
            || all.erased(**item) == Some(true)
    };
    one.rests_on.iter().filter(gone).copied().collect()
}
