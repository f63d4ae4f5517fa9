//! The check before buying: every risk as a factor of its own, and what to save before paying (S54–S58, D8, D11).

mod address;
mod checklist;
mod factors;
mod prices;
mod whom;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::dossier::table::{Table, words};
use crate::dossier::{BasisPoints, Dossier, IdentityGap, Known, Rate};
use crate::report::Part;
use crate::{GoodsKind, House};

pub use address::Address;
pub use checklist::{Ticked, checklist};
pub use prices::OwnPrices;
pub use whom::{KnownBy, Whom, whom};
pub use words::{FactorKind, Reason, Verdict};

/// What the user is about to buy; what is not known stays absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Intent {
    /// The merchant, by any spelling.
    pub merchant: Option<String>,
    /// The platform, by its profile, name or host.
    pub platform: Option<String>,
    /// What kind of goods it is.
    pub goods: Option<GoodsKind>,
    /// The price, in 分.
    pub price_fen: i64,
    /// What such goods usually cost, in 分.
    pub typical_price_fen: Option<i64>,
    /// What one paid oneself for goods of this kind; it counts where nobody says what is usual.
    pub own_prices: Option<OwnPrices>,
    /// Whether escrow is offered (S56).
    pub escrow: Option<bool>,
    /// Whether coverage is offered (S57).
    pub coverage: Option<bool>,
    /// Who is to get the money, as the payment page names them.
    pub payee: Option<String>,
    /// The dispute rate the platform shows now, in hundredths of a percent.
    pub shown_rate_bp: Option<BasisPoints>,
    /// The deposit the platform shows now, in 分.
    pub deposit_fen: Option<i64>,
    /// Whether the seller asks to deal or pay outside the platform (S36).
    pub off_platform_asked: bool,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// Nothing but the reason.
    None,
    /// Two amounts, in 分: what was found, and what it is held against.
    Amounts {
        /// What was found.
        found_fen: i64,
        /// What it is held against.
        against_fen: i64,
    },
    /// The own rate, against the limit.
    Own {
        /// The rate with its sample.
        rate: Rate,
        /// The limit, which it has to be below.
        limit_bp: BasisPoints,
    },
    /// The rate the platform shows, against the limit.
    Shown {
        /// The rate.
        rate_bp: BasisPoints,
        /// The limit, which it has to be below.
        limit_bp: BasisPoints,
    },
    /// Earlier purchases.
    History {
        /// Orders.
        orders: u32,
        /// Disputed ones.
        disputed: u32,
        /// Disputes that ended without success.
        unresolved: u32,
    },
    /// What is missing of who the merchant is.
    Gaps {
        /// Which.
        gaps: Vec<IdentityGap>,
    },
    /// A price beside what one paid oneself.
    Prices {
        /// The price, in 分.
        found_fen: i64,
        /// What one paid oneself, for how many.
        own: OwnPrices,
    },
    /// Which rules of the platform are on file.
    Rules {
        /// How many articles.
        articles: u32,
        /// When one of them was last looked up.
        last: Known<Date>,
        /// Days after which to look again.
        days: u32,
    },
    /// A name.
    Name {
        /// The name.
        name: String,
    },
}

/// One factor with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Which.
    pub kind: FactorKind,
    /// How it stands.
    pub verdict: Verdict,
    /// Why, as a code.
    pub reason: Reason,
    /// What it rests on.
    pub detail: Detail,
    /// Why, in words.
    pub text: Bilingual,
}

coded! {
    /// What follows from all factors together.
    Advice {
        /// Nothing speaks against it, and something speaks for it.
        Ok = "ok",
        /// Something is doubtful, or nothing is known.
        Careful = "careful",
        /// Something speaks against it.
        BetterNot = "better_not",
    }
}

impl Advice {
    /// Returns its words, from `data/dossier.toml`.
    pub fn text(self) -> &'static Bilingual {
        words(&Table::get().advice, self.code())
    }

    /// Derives the advice from the factors, which stay visible beside it (S58).
    ///
    /// Any bad factor: better not. Else a warning of a factor that weighs alone (`weighs` in `data/dossier.toml`), or
    /// no good factor among those that can speak for a purchase (`supports`): careful. Unknown never speaks for it.
    /// That there is no escrow or no coverage weighs nothing alone: for what is expensive, `high_value` speaks.
    pub fn of(factors: &[Factor]) -> Self {
        if factors.iter().any(|factor| factor.verdict == Verdict::Bad) {
            return Self::BetterNot;
        }
        let doubtful = |factor: &Factor| factor.verdict == Verdict::Warn && factor.kind.text().weighs;
        let speaks_for = |factor: &Factor| factor.verdict == Verdict::Good && factor.kind.text().supports;
        if factors.iter().any(doubtful) || !factors.iter().any(speaks_for) {
            return Self::Careful;
        }
        Self::Ok
    }
}

/// One thing to save before paying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaveFirst {
    /// Which part of the evidence it becomes.
    pub part: Part,
    /// What to save.
    pub what: Bilingual,
    /// What it is good for.
    pub why: Bilingual,
}

/// The check: all factors, the advice, and what to save first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurchaseCheck {
    /// Every factor, known or not, in the order of [`FactorKind`].
    pub factors: Vec<Factor>,
    /// What follows from them.
    pub advice: Advice,
    /// Whether it counts as high in value (S56).
    pub high_value: bool,
    /// What to save before paying (S1–S4).
    pub save_first: Vec<SaveFirst>,
}

impl PurchaseCheck {
    /// Returns one factor.
    pub fn factor(&self, kind: FactorKind) -> Option<&Factor> {
        self.factors.iter().find(|factor| factor.kind == kind)
    }
}

/// Checks a purchase before it is made, with the merchant's dossier where there is one.
///
/// What the intent says was seen now and wins over the dossier's notes, and those over the platform's profile.
/// Rules of the platform count as they were captured by `now`.
pub fn check(house: &House, dossier: Option<&Dossier>, intent: &Intent, now: Timestamp) -> PurchaseCheck {
    let question = factors::Question::new(house, dossier, intent, now);
    let factors = question.factors();
    let advice = Advice::of(&factors);
    let save_first = save_first(question.coverage_offered());
    PurchaseCheck { factors, advice, high_value: is_high_value(intent), save_first }
}

/// Tells whether a purchase is high in value: by its kind, or from the threshold on (S56, own default).
pub fn is_high_value(intent: &Intent) -> bool {
    let table = Table::get();
    let kind =
        intent.goods.is_some_and(|goods| table.high_value_goods.iter().any(|code| code == goods.code()));
    kind || intent.price_fen >= i64::from(table.number("high_value"))
}

fn save_first(coverage: bool) -> Vec<SaveFirst> {
    let rows = Table::get().save_first.iter().filter(|row| coverage || !row.with_coverage);
    rows.map(|row| SaveFirst { part: row.part, what: row.what.clone(), why: row.why.clone() }).collect()
}
