//! A version that was seen becomes evidence: its bytes and its text are fixed, a rule it shows is captured, and where it
//! is the product page of an open order, it is fixed there too.

use jiff::Timestamp;
use sigu_case::page::{PageChange, PageFixed, article_of, fit};
use sigu_case::report::{
    CaptureMade, ItemDescribed, Kind as _, ObservationMade, Observed, PageKind, PageWatched, Part, Place,
    RuleCaptured,
};
use sigu_case::watch::{Comparison, announced};
use sigu_case::{Command, ItemId, MAX_TEXT_CHARS, Order, OrderId, Slot, State};
use sigu_evidence::{ContentId, ItemManifest, Source as Origin};
use sigu_vault::{Error, Ingested, PageLast, PageSummary, Source, Vault};

use super::fetch::Whole;

/// Longest account of a change in a note, in characters.
const MAX_ACCOUNT: usize = 1_800;

/// A version to be kept.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) watched: PageWatched,
    pub(super) whole: Whole,
    pub(super) seen_at: Timestamp,
    /// The version it was compared with; `None` for the first.
    pub(super) before: Option<ItemId>,
    /// How it differs.
    pub(super) change: Option<(PageChange, Comparison)>,
}

/// Fixes versions, all in one commit. Gives the leaf of each; `None` where another process was first.
///
/// # Errors
/// Fails as the vault does; then nothing of it was logged.
pub(super) fn keep(vault: &Vault, found: &mut [Found], at: Timestamp) -> Result<Vec<Option<ItemId>>, Error> {
    let pages = vault.pages()?;
    let fresh: Vec<bool> = found.iter().map(|one| is_new(&pages, one)).collect();
    let mut new: Vec<&mut Found> =
        found.iter_mut().zip(&fresh).filter(|(_, fresh)| **fresh).map(|(one, _)| one).collect();
    if new.is_empty() {
        return Ok(vec![None; fresh.len()]);
    }
    let bodies = new.iter_mut().map(|one| Source::Bytes(std::mem::take(&mut one.whole.body))).collect();
    let taken: Result<Vec<Ingested>, _> = vault.ingest(bodies, &|_| {})?.into_iter().collect();
    let taken = taken.expect("bytes that are in memory can be read");
    let (house, orders) = (vault.house()?, open_orders(vault, &new)?);
    let mut places = Vec::new();
    vault.execute_from(
        |first| {
            let mut commands: Vec<Command> = Vec::new();
            for (one, taken) in new.iter().zip(&taken) {
                let here = ItemId { log: first.log, seq: first.seq + commands.len() as u64 };
                places.push(here);
                let place =
                    |commands: &[Command]| ItemId { log: first.log, seq: first.seq + commands.len() as u64 };
                commands.push(Command::FixPage(Box::new(version(one, taken))));
                commands.extend(rule(one, here, &house).map(|rule| Command::Report(rule.into())));
                for order in orders.iter().filter(|order| concerns(order, one)) {
                    let exhibit = place(&commands);
                    commands.extend(silent_edit(one, taken, &order.id, exhibit));
                }
            }
            commands
        },
        at,
    )?;
    let mut places = places.into_iter();
    Ok(fresh.into_iter().map(|fresh| fresh.then(|| places.next()).flatten()).collect())
}

/// Whether the newest version is still another one.
fn is_new(pages: &[PageSummary], one: &Found) -> bool {
    let last = pages.iter().find(|page| page.page == one.watched.page).and_then(|page| page.last.as_ref());
    let digest = |last: &PageLast| last.text_sha256 == text_digest(one).to_string();
    !last.is_some_and(digest)
}

fn text_digest(one: &Found) -> ContentId {
    ContentId::of(one.whole.text.as_bytes())
}

fn manifest(one: &Found, taken: &Ingested) -> ItemManifest {
    let ending = if one.whole.media_type == "text/plain" { "txt" } else { "html" };
    ItemManifest {
        content: taken.content,
        size: taken.size,
        media_type: one.whole.media_type.clone(),
        file_name: Some(format!("{}.{ending}", one.watched.page)),
        source: Origin::Capture,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

fn version(one: &Found, taken: &Ingested) -> PageFixed {
    let (text, cut) = fit(&one.whole.text);
    let dates = announced(text);
    PageFixed {
        page: one.watched.page.clone(),
        seen_at: one.seen_at,
        url: Some(one.whole.url.chars().take(2_000).collect()),
        status: one.whole.status.map(u32::from),
        profile: Some(one.whole.profile.to_owned()),
        text: Some(text.to_owned()),
        cut,
        text_sha256: Some(text_digest(one)),
        before: one.before,
        change: one.change.as_ref().map(|(change, _)| *change),
        in_force_from: dates.in_force_from,
        published_on: dates.published,
        manifest: Some(manifest(one, taken)),
    }
}

/// The rule a version shows, where its words are not those captured last.
fn rule(one: &Found, snapshot: ItemId, house: &State) -> Option<RuleCaptured> {
    let page = &one.watched;
    let (PageKind::Rule, Some(platform), Some(title), Some(article)) =
        (page.kind, &page.platform, &page.title, &page.article)
    else {
        return None;
    };
    let whole = one.whole.text.as_str();
    let text: String =
        article_of(whole, article).unwrap_or(whole).trim().chars().take(MAX_TEXT_CHARS).collect();
    let own =
        |rule: &&RuleCaptured| (&rule.platform, &rule.title, &rule.article) == (platform, title, article);
    let captured = house.house().iter().filter_map(|logged| RuleCaptured::of(&logged.report));
    let last = captured.filter(own).max_by_key(|rule| rule.at).and_then(|rule| rule.text.as_deref());
    let words = |text: &str| text.split_whitespace().collect::<String>();
    if text.is_empty() || last.is_some_and(|last| words(last) == words(&text)) {
        return None;
    }
    let dates = announced(whole);
    Some(RuleCaptured {
        at: one.seen_at,
        platform: platform.clone(),
        title: title.clone(),
        article: article.clone(),
        text: Some(text),
        in_force_from: dates.in_force_from,
        in_force_to: None,
        published_on: dates.published,
        snapshot: Some(snapshot),
    })
}

/// The orders that are not closed, where any of these versions changed what stood before.
fn open_orders(vault: &Vault, found: &[&mut Found]) -> Result<Vec<Order>, Error> {
    if found.iter().all(|one| one.change.is_none()) {
        return Ok(Vec::new());
    }
    let mut open = Vec::new();
    for line in vault.orders()?.into_iter().filter(|line| line.outcome.is_none()) {
        let Ok(id) = line.order.parse::<OrderId>() else { continue };
        open.extend(vault.order(&id)?.filter(|order| order.closed().is_none()));
    }
    Ok(open)
}

/// Whether a changed version is of the product page of this order, seen after the purchase.
fn concerns(order: &Order, one: &Found) -> bool {
    let bought = order.facts.paid_at.or(order.facts.created_at).unwrap_or(order.opened_at);
    if one.change.is_none() || bought > one.seen_at {
        return false;
    }
    match &one.watched.bound_to {
        Some(bound) => *bound == order.id,
        None => product_pages(order).any(|url| same_address(url, &one.watched.url)),
    }
}

/// The addresses at which the product of an order was captured.
fn product_pages(order: &Order) -> impl Iterator<Item = &str> {
    let described = |item: ItemId| {
        order.exhibits.iter().any(|exhibit| exhibit.item == item && exhibit.slot == Slot::Description)
    };
    let captured = order
        .of_kind::<CaptureMade>()
        .filter(move |(_, made)| made.items.iter().chain([&made.record]).any(|item| described(*item)));
    let said = order.of_kind::<ItemDescribed>().filter(move |(_, said)| described(said.item));
    let captured = captured.map(|(_, made)| made.url.as_str());
    captured.chain(said.filter_map(|(_, said)| said.url.as_deref()))
}

fn same_address(one: &str, other: &str) -> bool {
    let plain = |url: &str| url.split('#').next().unwrap_or_default().trim_end_matches('/').to_owned();
    plain(one) == plain(other)
}

/// What is logged in an order whose page was changed after the purchase: the version, its address, and that it differs.
fn silent_edit(one: &Found, taken: &Ingested, order: &OrderId, exhibit: ItemId) -> [Command; 3] {
    let account = one.change.as_ref().map(|(_, found)| account(found)).unwrap_or_default();
    let fix = Command::FixEvidence {
        order: order.clone(),
        slot: Slot::Description,
        formed_at: Some(one.seen_at),
        note: Some(account.clone()),
        manifest: manifest(one, taken),
    };
    let described = ItemDescribed {
        at: one.seen_at,
        order: order.clone(),
        item: exhibit,
        form: None,
        parts: vec![Part::Copy],
        url: Some(one.whole.url.chars().take(2_000).collect()),
        clock_off_s: None,
        continuous: None,
        original_kept: None,
        own_account: None,
        lawful: None,
        caption: None,
        proves: None,
    };
    let observed = ObservationMade {
        at: one.seen_at,
        order: order.clone(),
        state: Observed::PageChanged,
        place: Place::Shop,
        text: Some(account),
        since: None,
        count: None,
        proof: Some(exhibit),
    };
    [fix, Command::Report(described.into()), Command::Report(observed.into())]
}

/// What went and what came, line by line: `- ` before what stood there, `+ ` before what stands there now.
fn account(found: &Comparison) -> String {
    let mut lines = String::new();
    for clause in &found.clauses {
        for (sign, text) in [("- ", &clause.old), ("+ ", &clause.new)] {
            let Some(text) = text else { continue };
            lines.push_str(sign);
            lines.push_str(text.trim());
            lines.push('\n');
        }
    }
    let mut account: String = lines.trim_end().chars().take(MAX_ACCOUNT).collect();
    if account.len() < lines.trim_end().len() {
        account.push('…');
    }
    if account.is_empty() { "±".to_owned() } else { account }
}
