//! Watched pages: how each stands, and its versions.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sigu_case::ItemId;
use sigu_case::page::PageLabel;
use sigu_case::watch::{Comparison, Noise, compare};
use sigu_vault::PageVersion;
use utoipa::ToSchema;

use crate::watching::{PageStanding, PageState};

/// All watched pages: `sigu watch list`.
#[derive(Serialize, ToSchema)]
pub struct Pages {
    /// The pages, those that are watched first.
    pub pages: Vec<Page>,
}

impl Pages {
    /// Tells of all pages.
    pub fn of(all: &[PageStanding]) -> Self {
        Self { pages: all.iter().map(Page::of).collect() }
    }
}

/// A watched page and how it stands.
#[derive(Serialize, ToSchema)]
pub struct Page {
    /// Its name.
    #[schema(value_type = String)]
    pub page: PageLabel,
    /// Its address.
    pub url: String,
    /// What the user calls it.
    pub name: Option<String>,
    /// What it is: `rule`, `after_sale`, `announcement`, `shop`, `product`.
    pub kind: String,
    /// The platform.
    pub platform: Option<String>,
    /// The merchant.
    pub merchant: Option<String>,
    /// The order whose product page it is.
    pub order: Option<String>,
    /// How often it is looked at, in hours.
    pub every_hours: u32,
    /// How it is fetched: `http` or `browser`.
    pub way: String,
    /// In one word how it stands.
    pub state: PageState,
    /// When it was looked at last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub looked_at: Option<Timestamp>,
    /// When it was read last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// When it is looked at again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
    /// What keeps it from being compared: `unreachable`, `unextractable` or `noisy`.
    pub trouble: Option<String>,
    /// Why: a code, such as `captcha`.
    pub why: Option<String>,
    /// How many versions are kept.
    pub versions: u32,
    /// When the last change was seen.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
}

impl Page {
    /// Tells of one page.
    pub fn of(one: &PageStanding) -> Self {
        let (page, versions) = (&one.watched, one.versions.as_ref());
        Self {
            page: page.page.clone(),
            url: page.url.clone(),
            name: page.name.clone(),
            kind: page.kind.code().to_owned(),
            platform: page.platform.clone(),
            merchant: page.merchant.clone(),
            order: page.bound_to.as_ref().map(ToString::to_string),
            every_hours: page.every_hours,
            way: page.way.code().to_owned(),
            state: one.state,
            looked_at: one.looked_at,
            read_at: one.read_at,
            next: one.next,
            trouble: one.trouble.as_ref().map(|trouble| trouble.kind.code().to_owned()),
            why: one.trouble.as_ref().map(|trouble| trouble.why.clone()),
            versions: versions.map_or(0, |versions| versions.versions),
            changed_at: versions.and_then(|versions| versions.changes.last()).map(|change| change.seen_at),
        }
    }
}

/// One page with its versions: `sigu watch show`.
#[derive(Serialize, ToSchema)]
pub struct PageShown {
    /// How it stands.
    pub page: Page,
    /// Its versions, oldest first.
    pub versions: Vec<VersionShown>,
}

/// A version of a page.
#[derive(Serialize, ToSchema)]
pub struct VersionShown {
    /// Its leaf.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// When it was seen.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
    /// How much it differs from the version before, as it was judged then: `wording` or `substance`.
    pub change: Option<String>,
    /// The first day in force that it announces.
    #[schema(value_type = Option<String>, format = Date)]
    pub in_force_from: Option<Date>,
    /// The day of publication that it announces.
    #[schema(value_type = Option<String>, format = Date)]
    pub published_on: Option<Date>,
    /// Its text; absent once it is erased.
    pub text: Option<String>,
    /// Whether the text is the beginning of a longer one.
    pub cut: bool,
    /// What differs from the version before that is kept, clause by clause.
    #[schema(value_type = Option<Object>)]
    pub difference: Option<Comparison>,
}

impl VersionShown {
    /// Tells of versions, each against the one before that is kept.
    pub fn of(versions: &[PageVersion]) -> Vec<Self> {
        let mut before: Option<&str> = None;
        let mut shown = Vec::new();
        for version in versions {
            let fixed = &version.fixed;
            let text = fixed.text.as_deref();
            shown.push(Self {
                item: version.item,
                seen_at: fixed.seen_at,
                change: fixed.change.map(|change| change.code().to_owned()),
                in_force_from: fixed.in_force_from,
                published_on: fixed.published_on,
                text: fixed.text.clone(),
                cut: fixed.cut,
                difference: before.zip(text).map(|(old, new)| compare(old, new, &Noise::default())),
            });
            before = text.or(before);
        }
        shown
    }
}
