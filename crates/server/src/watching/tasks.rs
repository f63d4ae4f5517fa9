//! What a change of a watched page asks for: a look by a day, where it touches an open order or a merchant one knows (S52).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sigu_case::calendar::day_of;
use sigu_case::page::{PageChange, PageLabel, declared};
use sigu_case::platform::RuleVersion;
use sigu_case::report::PageWatched;
use sigu_case::strategy::{NoticeGiven, review_day};
use sigu_case::{House, ItemId, Order, OrderId};
use sigu_vault::{Error, OrderSummary, PageChanged, PageSummary, Vault};

/// How long a change stays among what is to be done, from when it was seen or takes effect.
const STAYS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A change of substance that touches someone.
#[derive(Debug, Clone)]
pub struct WatchTask {
    /// The page, as it was declared.
    pub watched: PageWatched,
    /// The version that changed it.
    pub item: ItemId,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// The day to have looked at it.
    pub review_by: Date,
    /// Whether it was announced early enough (L-PRM-12/13), where the page gives its dates.
    pub notice: NoticeGiven,
    /// Open orders it touches.
    pub orders: Vec<OrderId>,
    /// Merchants one bought from whom it touches.
    pub merchants: Vec<String>,
}

/// Returns what recent changes ask for, the soonest day first.
///
/// # Errors
/// Damage in the vault.
pub fn tasks(vault: &Vault, now: Timestamp) -> Result<Vec<WatchTask>, Error> {
    let recent: Vec<(PageLabel, PageChanged)> =
        vault.pages()?.into_iter().filter_map(|page| recent(page, now)).collect();
    if recent.is_empty() {
        return Ok(Vec::new());
    }
    let state = vault.house()?;
    let (house, pages) = (House::of(&state), declared(state.house()));
    let lines = vault.orders()?;
    let mut open = Vec::new();
    for line in lines.iter().filter(|line| line.outcome.is_none()) {
        let Ok(id) = line.order.parse::<OrderId>() else { continue };
        open.extend(vault.order(&id)?);
    }
    let mut tasks: Vec<WatchTask> = recent
        .iter()
        .filter_map(|(label, change)| task(pages.get(label)?.1, change, &house, &open, &lines))
        .filter(|task| !task.orders.is_empty() || !task.merchants.is_empty())
        .collect();
    tasks.sort_by(|one, other| {
        (one.review_by, &one.watched.page).cmp(&(other.review_by, &other.watched.page))
    });
    Ok(tasks)
}

/// The last change of substance of a page, while it is fresh or not yet in force.
fn recent(page: PageSummary, now: Timestamp) -> Option<(PageLabel, PageChanged)> {
    let last = page.changes.into_iter().rev().find(|change| change.change == PageChange::Substance)?;
    let fresh = now.duration_since(last.seen_at) <= STAYS;
    let ahead = last.in_force_from.is_some_and(|from| from >= day_of(now));
    (fresh || ahead).then_some((page.page, last))
}

fn task(
    watched: &PageWatched,
    change: &PageChanged,
    house: &House,
    open: &[Order],
    lines: &[OrderSummary],
) -> Option<WatchTask> {
    let touched = open.iter().filter(|order| touches(watched, house, order));
    let known = watched.merchant.iter().filter(|own| {
        lines.iter().any(|line| line.merchant.as_deref().is_some_and(|name| name.trim() == own.trim()))
    });
    Some(WatchTask {
        watched: watched.clone(),
        item: change.item,
        seen_at: change.seen_at,
        review_by: review_day(change.seen_at, change.in_force_from),
        notice: NoticeGiven::of(&dates(watched, change)),
        orders: touched.map(|order| order.id.clone()).collect(),
        merchants: known.cloned().collect(),
    })
}

/// The dates of a change, as a version of a rule has them.
fn dates(watched: &PageWatched, change: &PageChanged) -> RuleVersion {
    RuleVersion {
        platform: watched.platform.clone().unwrap_or_default(),
        title: watched.title.clone().unwrap_or_default(),
        article: watched.article.clone().unwrap_or_default(),
        text: String::new(),
        in_force_from: change.in_force_from,
        in_force_to: None,
        published_at: change.published_on,
        snapshot: Some(change.item),
        retrieved_at: Some(change.seen_at),
    }
}

/// Whether a page is about an open order: it is bound to it, or of its merchant or its platform.
fn touches(watched: &PageWatched, house: &House, order: &Order) -> bool {
    if let Some(bound) = &watched.bound_to {
        return *bound == order.id;
    }
    let merchant =
        |own: &String| order.facts.merchant.as_deref().is_some_and(|name| name.trim() == own.trim());
    let key = |name: &str| {
        let found = house.registry().find(name);
        found.map_or_else(|| name.trim().to_lowercase(), |profile| profile.id.clone())
    };
    let of_platform = |own: &String| {
        let keys = [order.facts.profile.as_deref(), order.facts.platform.as_deref()];
        keys.into_iter().flatten().any(|name| key(name) == key(own))
    };
    match (&watched.merchant, &watched.platform) {
        // A page of one merchant says nothing of the others on its platform.
        (Some(own), _) => merchant(own),
        (None, Some(own)) => of_platform(own),
        (None, None) => false,
    }
}
