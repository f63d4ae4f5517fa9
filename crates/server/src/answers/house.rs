//! What belongs to no one order: merchants, platforms, rules, law, the log, what is found.

use serde::Serialize;
use sigu_case::dossier::Dossier;
use sigu_case::ladder::Rung;
use sigu_case::law::{self, Article, Citation, Statute};
use sigu_case::platform;
use sigu_case::purchase_check::{PurchaseCheck, Whom};
use sigu_case::report::{Kind, Logged, RuleCaptured};
use sigu_case::review::Review;
use sigu_case::{House, ItemId, State};
use sigu_vault::{Error, Hit, LogEntry, Vault};
use utoipa::ToSchema;

use super::shapes;
use crate::buying::Opened;

/// All merchants: `sigu merchant list`.
#[derive(Serialize, ToSchema)]
pub struct Merchants {
    /// Dossiers from one's own orders.
    #[schema(value_type = Vec<shapes::Dossier>)]
    pub merchants: Vec<Dossier>,
}

/// One merchant: `sigu merchant show`.
#[derive(Serialize, ToSchema)]
pub struct Merchant {
    /// The dossier.
    #[schema(value_type = shapes::Dossier)]
    pub merchant: Dossier,
}

/// A look before buying: `sigu check-merchant`.
#[derive(Serialize, ToSchema)]
pub struct MerchantCheck {
    /// Whom the address or the name stands for.
    #[schema(value_type = shapes::Whom)]
    pub whom: Whom,
    /// What speaks for and against it, and what to save first.
    #[schema(value_type = shapes::PurchaseCheck)]
    pub check: PurchaseCheck,
    /// The order that was opened before the payment, if one was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<OpenedFirst>,
}

/// An order that was opened before the payment: `sigu check-merchant --save`.
#[derive(Serialize, ToSchema)]
pub struct OpenedFirst {
    /// Its label.
    order: String,
    /// The page of the offer, or the note of its address.
    #[schema(value_type = Option<String>)]
    item: Option<ItemId>,
    /// What came of fetching the page: `page`, or why it was not had.
    fetched: &'static str,
}

impl OpenedFirst {
    /// Tells of it.
    pub fn of(opened: &Opened) -> Self {
        Self { order: opened.order.to_string(), item: opened.item, fetched: opened.fetched.code() }
    }
}

/// A month of purchases: `sigu review`.
#[derive(Serialize, ToSchema)]
pub struct MonthReview {
    /// The figures, and what they mean.
    #[schema(value_type = shapes::Review)]
    pub review: Review,
}

/// All platform profiles: `sigu profile list`.
#[derive(Serialize, ToSchema)]
pub struct Profiles<'a> {
    /// The profiles.
    #[schema(value_type = Vec<shapes::PlatformProfile>)]
    profiles: &'a [platform::Profile],
    /// Why profiles of the user's own could not be read.
    unreadable: &'a [String],
}

impl<'a> Profiles<'a> {
    /// Tells of all profiles.
    pub fn of(house: &'a House) -> Self {
        Self { profiles: house.registry().profiles(), unreadable: &house.unreadable }
    }
}

/// One platform profile: `sigu profile show`.
#[derive(Serialize, ToSchema)]
pub struct Profile<'a> {
    /// The profile, each value with source, date and confidence.
    #[schema(value_type = shapes::PlatformProfile)]
    pub profile: &'a platform::Profile,
}

/// Captured versions of platforms' rules: `sigu rule list`.
#[derive(Serialize, ToSchema)]
pub struct Rules<'a> {
    /// The versions, in the order of the log.
    #[schema(value_type = Vec<shapes::NoteShown>)]
    rules: Vec<&'a Logged>,
}

impl<'a> Rules<'a> {
    /// Tells of all versions.
    pub fn of(state: &'a State) -> Self {
        let rules = state.house().iter().filter(|logged| RuleCaptured::of(&logged.report).is_some());
        Self { rules: rules.collect() }
    }
}

/// Statutes and articles: `sigu law`.
#[derive(Serialize, ToSchema)]
pub struct Laws {
    /// The statutes.
    #[schema(value_type = Vec<shapes::Statute>)]
    statutes: &'static [Statute],
    /// The articles.
    #[schema(value_type = Vec<shapes::Article>)]
    articles: &'static [Article],
}

impl Laws {
    /// Tells of all that is embedded.
    pub fn all() -> Self {
        let table = law::Table::get();
        Self { statutes: table.statutes(), articles: table.articles() }
    }
}

/// An article on a day: `sigu law ID`.
#[derive(Serialize, ToSchema)]
pub struct Law {
    /// What it says, whether it was in force, how sure that is.
    #[schema(value_type = shapes::Citation)]
    pub citation: Citation,
}

/// Every body one can turn to: `sigu ladder`.
#[derive(Serialize, ToSchema)]
pub struct Ladder<'a> {
    /// The steps, in order.
    #[schema(value_type = Vec<shapes::Rung>)]
    pub steps: Vec<&'a Rung>,
}

/// A log: its number, its key and how long it is.
#[derive(Serialize, ToSchema)]
pub struct Head {
    /// Its number.
    log: u32,
    /// Its key, as others write it.
    vkey: String,
    /// The key's fingerprint, to compare.
    fingerprint: String,
    /// How many leaves it has.
    size: u64,
}

/// The log, leaf by leaf: `sigu log`.
#[derive(Serialize, ToSchema)]
pub struct Log {
    /// The logs.
    pub logs: Vec<Head>,
    /// The leaves, oldest first, texts masked.
    #[schema(value_type = Vec<shapes::LogEntry>)]
    pub entries: Vec<LogEntry>,
}

impl Log {
    /// Reads the last leaves; all of them without a number.
    ///
    /// # Errors
    /// Fails as the vault does.
    pub fn of(vault: &Vault, last: Option<usize>) -> Result<Self, Error> {
        let head = |(log, vkey, fingerprint, size)| Head { log, vkey, fingerprint, size };
        Ok(Self { logs: vault.logs()?.into_iter().map(head).collect(), entries: vault.log(last)? })
    }
}

/// What was found: `sigu search`.
#[derive(Serialize, ToSchema)]
pub struct Found {
    /// The words that were asked for.
    pub query: String,
    /// Where they stand, last recorded first; texts masked.
    #[schema(value_type = Vec<shapes::Hit>)]
    pub hits: Vec<Hit>,
    /// Whether there is more than was asked for.
    pub more: bool,
}
