//! Platform profiles: how each kind of shop takes complaints, and the rules it is held to (§2.7, D1–D3).

mod built_in;
mod check;
mod fact;
mod facts;
mod file;
mod form;
mod kind;
mod registry;
mod rules;
mod watch;

pub use check::{ProfileFinding, ProfileProblem, label_of};
pub use fact::{Fact, Provenance};
pub use facts::Facts;
pub use form::{CategoryMapping, OwnCategory, Unmapped};
pub use kind::{
    Appeal, AppealWindow, ChatKind, EvidenceLimit, Note, NoteTopic, RefundDestination, SellerType, Settlement,
};
pub use registry::{ProfileError, Registry};
pub use rules::{
    Citation, InForce, NOTICE_DAYS, NOTICE_DAYS_IMPORTANT, Notice, NoticeVerdict, RuleBook, RuleVersion,
};
pub(crate) use watch::ends_clause;
pub use watch::{
    WatchTopic, WatchUnit, WatchedChange, WatchedValue, watched_changes, watched_topics, watched_values,
};

use serde::Serialize;

use crate::bilingual::Bilingual;

/// What is known of one platform or one kind of shop; an absent fact is unknown and shown as 待核验.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The profile's own name, such as `qs`.
    pub id: String,
    /// Its name for people.
    pub name: Bilingual,
    /// Other names under which it is found.
    pub aliases: Vec<String>,
    /// Hosts of shops that run it; only a user's own profile names any.
    pub hosts: Vec<String>,
    /// Which type of seller the buyer meets (domain §2.1).
    pub seller_type: SellerType,
    /// The software or kind of application, such as `QS` or `closed_app`; `None` when unknown.
    pub system: Option<String>,
    /// The built-in profile a user's profile is based on.
    pub based_on: Option<String>,
    /// Everything with a source.
    pub facts: Facts,
    /// Captured rules, in the order of the file (S27, S50).
    pub rules: Vec<RuleVersion>,
}

impl Profile {
    /// Returns how long the platform takes complaints, if known (D1); the clock engine computes instants.
    pub fn window(&self) -> Option<AppealWindow> {
        self.facts.appeal_window.as_ref().map(|fact| fact.value)
    }

    /// Tells whether a complaint form is open to a buyer (D3): to a guest, or to one with an account.
    ///
    /// `None` when nobody knows.
    pub fn takes_complaints(&self, guest: bool) -> Option<bool> {
        self.facts.appeal.as_ref().map(|fact| match fact.value {
            Appeal::None => false,
            Appeal::LoginOnly => !guest,
            Appeal::Form => true,
        })
    }

    /// Returns the profile's rules as a book that answers by instant.
    pub fn rule_book(&self) -> RuleBook {
        RuleBook::new(self.rules.clone())
    }
}
