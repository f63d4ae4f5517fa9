//! The merchant dossier 商家档案: what all purchases and notes say of a merchant (S49, S53–S55, D8).
//!
//! Nothing of it is stored: it follows from the orders and the notes, closed or not.

mod figures;
mod known;
mod money;
mod names;
mod noted;
mod of_order;
mod rate;
mod summary;
pub(crate) mod table;
mod talk;

use jiff::Timestamp;
use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::report::Observed;
use crate::{House, ItemId, Order, OrderId};

pub use figures::Figures;
pub use known::Known;
pub use money::Money;
pub use of_order::{Ending, OfOrder, went_wrong};
pub use rate::{BasisPoints, Interval, Rate};
pub use summary::{dossier, dossier_of, dossiers, dossiers_of, next_turn};
pub use talk::{Answer, Kept, Promises, Replies};

pub(crate) use figures::Stand;
pub(crate) use of_order::{disputed_since, is_one_of, name_of};
pub(crate) use summary::joined_names;

/// A deposit, as it was last seen (S54).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deposit {
    /// In 分.
    pub amount_fen: i64,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What shows it.
    pub proof: Known<ItemId>,
}

/// The dispute rate the platform shows, as it was last seen (S55).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownRate {
    /// In hundredths of a percent.
    pub rate_bp: BasisPoints,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What shows it.
    pub proof: Known<ItemId>,
}

/// Whether something was offered, as it was last seen (S56, S57).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// Whether it was.
    pub offered: bool,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What shows it.
    pub proof: Known<ItemId>,
}

/// A note of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// The words, with card secrets masked.
    pub text: String,
    /// What shows it.
    pub proof: Known<ItemId>,
}

/// How disputes ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Endings {
    /// The money came back by the payment side (D9), a replacement came, or nothing was wrong after all.
    pub resolved: u32,
    /// Closed as paid back, and nothing of the payment side shows it (D9).
    pub unproved: u32,
    /// Part of it came back, or it went to the platform's balance.
    pub partly: u32,
    /// Given up, or without success.
    pub unresolved: u32,
    /// Not at an end.
    pub open: u32,
}

impl Endings {
    /// Counts how disputes stand.
    pub fn of(disputes: impl IntoIterator<Item = Ending>) -> Self {
        let mut endings = Self::default();
        disputes.into_iter().for_each(|one| *endings.slot(one) += 1);
        endings
    }

    /// Returns how many stand so.
    pub fn count(mut self, ending: Ending) -> u32 {
        *self.slot(ending)
    }

    fn slot(&mut self, ending: Ending) -> &mut u32 {
        match ending {
            Ending::Resolved => &mut self.resolved,
            Ending::Unproved => &mut self.unproved,
            Ending::Partly => &mut self.partly,
            Ending::Unresolved => &mut self.unresolved,
            Ending::Open => &mut self.open,
        }
    }
}

/// What the goods were like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// Orders in which only good states were seen, of those in which any was.
    pub stayed_fine: Rate,
    /// In how many orders each bad state was seen.
    pub problems: Vec<(Observed, u32)>,
}

coded! {
    /// What is missing of who the merchant is (S7, R15).
    IdentityGap {
        /// No registered name was seen.
        NoLegalName = "no_legal_name",
        /// No address was seen.
        NoAddress = "no_address",
        /// No way to reach them was seen.
        NoContact = "no_contact",
        /// No licence number was seen.
        NoLicence = "no_licence",
        /// Money went to a name that is not theirs.
        PayeeUnrelated = "payee_unrelated",
        /// Registered names that do not agree: perhaps not one merchant.
        SeveralLegalNames = "several_legal_names",
    }
}

impl IdentityGap {
    /// Returns its words, from `data/dossier.toml`.
    pub fn text(self) -> &'static Bilingual {
        table::words(&table::Table::get().identity_gap, self.code())
    }
}

/// What is known of one merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dossier {
    /// The name it goes by here: the spelling met first.
    pub name: String,
    /// All spellings that were joined.
    pub names: Vec<String>,
    /// Merchants whose name a masked one fits as well: it was joined with none.
    pub could_be: Vec<String>,
    /// Where it was bought from.
    pub platforms: Vec<String>,
    /// All orders.
    pub orders: Vec<OrderId>,
    /// Orders with a problem, a notice or a step taken.
    pub disputed: Vec<OrderId>,
    /// Own dispute rate (S55).
    pub dispute_rate: Rate,
    /// The platform's, which is another thing (S55, D8).
    pub shown_rate: Known<ShownRate>,
    /// How the disputes ended.
    pub endings: Endings,
    /// Resolved disputes, of those at an end.
    pub resolved: Rate,
    /// How soon it answers.
    pub replies: Replies,
    /// Whether it keeps its promises.
    pub promises: Promises,
    /// Its deposit; unknown is not sufficient (S54).
    pub deposit: Known<Deposit>,
    /// Whether escrow was last noted as offered.
    pub escrow: Known<Offered>,
    /// Whether coverage was last noted as offered.
    pub coverage: Known<Offered>,
    /// What the goods were like.
    pub quality: Quality,
    /// The money.
    pub money: Money,
    /// Notes, oldest first.
    pub notes: Vec<Note>,
    /// When the last purchase began.
    pub last_order: Known<Timestamp>,
    /// Registered names that were seen.
    pub legal_names: Vec<String>,
    /// What is missing of who it is; unknown while there is no order and no party named.
    pub identity_gaps: Known<Vec<IdentityGap>>,
}

impl Dossier {
    /// Returns every name it is known by, registered ones too.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().chain(&self.legal_names).map(String::as_str)
    }
}

/// Returns when a purchase began: the first instant its facts know, else when it was opened here.
pub(crate) fn began(order: &Order) -> Timestamp {
    order.facts.times().into_iter().filter_map(|(_, time)| time).min().unwrap_or(order.opened_at)
}

/// Returns the platform of an order as people name it, else its profile.
pub(crate) fn platform_of(house: &House, order: &Order) -> String {
    order.facts.platform.clone().unwrap_or_else(|| house.profile(order).id.clone())
}
