//! The codes of the check, and their words in `data/dossier.toml`.

use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::dossier::table::Table;

coded! {
    /// What is looked at, each for itself (S58).
    FactorKind {
        /// 保证金 (S54)
        Deposit = "deposit",
        /// Own dispute rate (S55).
        OwnRate = "own_rate",
        /// The platform's dispute rate (S55).
        ShownRate = "shown_rate",
        /// 担保交易 (S56)
        Escrow = "escrow",
        /// 包赔 or insurance (S57).
        Coverage = "coverage",
        /// What is expensive needs escrow or coverage (S56, S57).
        HighValue = "high_value",
        /// Earlier purchases (S53).
        History = "history",
        /// Who the merchant is (S7).
        Identity = "identity",
        /// A price far below what is usual.
        Price = "price",
        /// Who gets the money (S14).
        Payee = "payee",
        /// The type of seller, with or without a way to complain (§2.1, D3).
        SellerType = "seller_type",
        /// A trade that may itself be unlawful (D12).
        LegalRisk = "legal_risk",
        /// The wish to leave the platform (S36).
        OffPlatform = "off_platform",
        /// The platform's rules on file (S50).
        Rules = "rules",
    }
}

coded! {
    /// How a factor stands; unknown is not good (S54).
    Verdict {
        /// Speaks for it.
        Good = "good",
        /// Asks for care.
        Warn = "warn",
        /// Speaks against it.
        Bad = "bad",
        /// Not known.
        Unknown = "unknown",
    }
}

coded! {
    /// Why a factor got its verdict.
    Reason {
        /// The deposit is at least the price.
        DepositCovers = "deposit_covers",
        /// It is less.
        DepositShort = "deposit_short",
        /// Nobody saw it.
        DepositUnknown = "deposit_unknown",
        /// Own rate below the limit.
        OwnBelow = "own_below",
        /// Own rate not below it.
        OwnNotBelow = "own_not_below",
        /// Few orders, and even the upper end is below.
        OwnFewBelow = "own_few_below",
        /// Few orders, and even the lower end is not below.
        OwnFewNotBelow = "own_few_not_below",
        /// Too few orders to say.
        OwnFew = "own_few",
        /// No order yet.
        OwnNone = "own_none",
        /// The shown rate is below the limit.
        ShownBelow = "shown_below",
        /// It is not.
        ShownNotBelow = "shown_not_below",
        /// None is shown.
        ShownUnknown = "shown_unknown",
        /// Escrow is offered.
        EscrowOffered = "escrow_offered",
        /// It is not.
        EscrowMissing = "escrow_missing",
        /// Nobody said.
        EscrowUnknown = "escrow_unknown",
        /// The profile says so, unverified (待核验).
        EscrowUnverified = "escrow_unverified",
        /// Coverage is offered.
        CoverageOffered = "coverage_offered",
        /// It is not.
        CoverageMissing = "coverage_missing",
        /// Nobody said.
        CoverageUnknown = "coverage_unknown",
        /// Not high in value.
        ValueUsual = "value_usual",
        /// High in value, with escrow or coverage.
        ValueProtected = "value_protected",
        /// High in value, and neither is known to be offered.
        ValueUnprotected = "value_unprotected",
        /// Bought before without a dispute.
        HistoryGood = "history_good",
        /// Disputes, none of them lost.
        HistoryDisputed = "history_disputed",
        /// Disputes that ended without success.
        HistoryUnresolved = "history_unresolved",
        /// Never bought from.
        HistoryNone = "history_none",
        /// Nothing is missing of who it is.
        IdentityKnown = "identity_known",
        /// Something is.
        IdentityGaps = "identity_gaps",
        /// Nothing is known.
        IdentityUnknown = "identity_unknown",
        /// A usual price.
        PriceUsual = "price_usual",
        /// Far below what is usual.
        PriceLow = "price_low",
        /// Not far below what one paid oneself.
        PriceUsualOwn = "price_usual_own",
        /// Far below it.
        PriceLowOwn = "price_low_own",
        /// Nobody knows what is usual.
        PriceUnknown = "price_unknown",
        /// The money goes to the merchant or the platform.
        PayeeMatches = "payee_matches",
        /// It goes to somebody else.
        PayeeUnrelated = "payee_unrelated",
        /// Nobody knows to whom.
        PayeeUnknown = "payee_unknown",
        /// The platform takes complaints.
        SellerWithAppeal = "seller_with_appeal",
        /// There is nowhere to complain (D3).
        SellerNoAppeal = "seller_no_appeal",
        /// The platform is not known.
        SellerUnknown = "seller_unknown",
        /// Trading accounts may itself be unlawful (L-ATF-31).
        AccountTrade = "account_trade",
        /// Nothing of the kind is known of such goods.
        NoLegalRisk = "no_legal_risk",
        /// The kind of goods is not known.
        LegalRiskUnknown = "legal_risk_unknown",
        /// The seller asks to leave the platform.
        OffPlatformAsked = "off_platform_asked",
        /// Not asked so far.
        StaysOnPlatform = "stays_on_platform",
        /// Rules are on file, and were looked at of late.
        RulesFresh = "rules_fresh",
        /// They are, and were not.
        RulesOld = "rules_old",
        /// None is.
        RulesNone = "rules_none",
        /// The platform is not known.
        RulesUnknown = "rules_unknown",
    }
}

/// What the data says of one factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FactorText {
    /// Its name.
    pub name: &'static Bilingual,
    /// Why it is looked at (S60).
    pub why: &'static Bilingual,
    /// The requirement it comes from.
    pub source: &'static str,
    /// Whether its warning alone asks for care.
    pub weighs: bool,
    /// Whether it can be what speaks for a purchase.
    pub supports: bool,
}

impl FactorKind {
    /// Returns what `data/dossier.toml` says of it.
    pub fn text(self) -> FactorText {
        let mut rows = Table::get().factor.iter();
        let row = rows
            .find(|row| row.code == self.code())
            .expect("data/dossier.toml has every factor, checked by its tests");
        let (name, why, source) = (&row.name, &row.why, row.source.as_str());
        FactorText { name, why, source, weighs: row.weighs, supports: row.supports }
    }
}

impl Reason {
    /// Returns the verdict that goes with it, and its words with their slots.
    pub(super) fn row(self) -> (Verdict, &'static Bilingual) {
        let row = Table::get().reason.iter().find(|row| row.code == self.code());
        let row = row.expect("data/dossier.toml has every reason, checked by its tests");
        let verdict = Verdict::from_code(&row.verdict);
        (verdict.expect("data/dossier.toml has verdicts only, checked by its tests"), &row.text)
    }
}
