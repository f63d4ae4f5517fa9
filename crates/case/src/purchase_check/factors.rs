//! Each factor for itself.

use jiff::{Timestamp, ToSpan};

use super::{Detail, Factor, FactorKind, Intent, Reason, is_high_value};
use crate::bilingual::Bilingual;
use crate::calendar::day_of;
use crate::claim::yuan;
use crate::dossier::table::Table;
use crate::dossier::{BasisPoints, Dossier, IdentityGap, is_one_of};
use crate::platform::{Profile, SellerType};
use crate::scenario::{LegalRisk, Table as Scenarios};
use crate::strategy::rules_on_file;
use crate::{GoodsKind, House};

/// What is asked, with all that may answer it.
pub(super) struct Question<'a> {
    house: &'a House,
    profile: Option<&'a Profile>,
    dossier: Option<&'a Dossier>,
    intent: &'a Intent,
    now: Timestamp,
}

impl<'a> Question<'a> {
    pub(super) fn new(
        house: &'a House,
        dossier: Option<&'a Dossier>,
        intent: &'a Intent,
        now: Timestamp,
    ) -> Self {
        let profile = intent.platform.as_deref().and_then(|key| house.registry().find(key));
        Self { house, profile, dossier, intent, now }
    }

    pub(super) fn factors(&self) -> Vec<Factor> {
        FactorKind::ALL.iter().map(|kind| self.factor(*kind)).collect()
    }

    fn factor(&self, kind: FactorKind) -> Factor {
        let (reason, detail) = match kind {
            FactorKind::Deposit => self.deposit(),
            FactorKind::OwnRate => self.own_rate(),
            FactorKind::ShownRate => self.shown_rate(),
            FactorKind::Escrow => (self.escrow(), Detail::None),
            FactorKind::Coverage => (self.coverage(), Detail::None),
            FactorKind::HighValue => self.high_value(),
            FactorKind::History => self.history(),
            FactorKind::Identity => self.identity(),
            FactorKind::Price => self.price(),
            FactorKind::Payee => self.payee(),
            FactorKind::SellerType => (self.seller_type(), Detail::None),
            FactorKind::LegalRisk => (self.legal_risk(), Detail::None),
            FactorKind::OffPlatform => (self.off_platform(), Detail::None),
            FactorKind::Rules => self.rules(),
        };
        let (verdict, words) = reason.row();
        let text = filled(reason, words, &detail);
        Factor { kind, verdict, reason, detail, text }
    }

    /// S54: sufficient when it is at least the price.
    fn deposit(&self) -> (Reason, Detail) {
        let noted = self.dossier.and_then(|dossier| dossier.deposit.value()).map(|seen| seen.amount_fen);
        let Some(found_fen) = self.intent.deposit_fen.or(noted) else {
            return (Reason::DepositUnknown, Detail::None);
        };
        let against_fen = self.intent.price_fen;
        // A shop without any deposit covers nothing, whatever the price.
        let covers = found_fen > 0 && found_fen >= against_fen;
        let reason = if covers { Reason::DepositCovers } else { Reason::DepositShort };
        (reason, Detail::Amounts { found_fen, against_fen })
    }

    fn limit_bp(&self) -> BasisPoints {
        self.house.parameters().get("dispute_rate").value
    }

    /// S55: strictly below the limit; of few orders only the interval can tell.
    fn own_rate(&self) -> (Reason, Detail) {
        let Some(rate) = self.dossier.map(|dossier| dossier.dispute_rate) else {
            return (Reason::OwnNone, Detail::None);
        };
        let limit_bp = self.limit_bp();
        let (Some(below), Some(interval)) = (rate.is_below(limit_bp), rate.interval.value()) else {
            return (Reason::OwnNone, Detail::None);
        };
        let few = rate.of < Table::get().number("few_orders");
        let reason = match (few, below) {
            (true, _) if interval.high_bp < limit_bp => Reason::OwnFewBelow,
            (true, _) if interval.low_bp >= limit_bp => Reason::OwnFewNotBelow,
            (true, _) => Reason::OwnFew,
            (false, true) => Reason::OwnBelow,
            (false, false) => Reason::OwnNotBelow,
        };
        (reason, Detail::Own { rate, limit_bp })
    }

    /// S55, D8: the platform's own number stands apart.
    fn shown_rate(&self) -> (Reason, Detail) {
        let noted = self.dossier.and_then(|dossier| dossier.shown_rate.value()).map(|seen| seen.rate_bp);
        let Some(rate_bp) = self.intent.shown_rate_bp.or(noted) else {
            return (Reason::ShownUnknown, Detail::None);
        };
        let limit_bp = self.limit_bp();
        let reason = if rate_bp < limit_bp { Reason::ShownBelow } else { Reason::ShownNotBelow };
        (reason, Detail::Shown { rate_bp, limit_bp })
    }

    fn escrow(&self) -> Reason {
        let noted = self.dossier.and_then(|dossier| dossier.escrow.value()).map(|seen| seen.offered);
        let stated = self.profile.and_then(|profile| profile.facts.escrow.as_ref());
        match (self.intent.escrow.or(noted), stated) {
            (None, Some(fact)) if fact.is_unverified() => Reason::EscrowUnverified,
            (said, fact) => match said.or(fact.map(|fact| fact.value)) {
                Some(true) => Reason::EscrowOffered,
                Some(false) => Reason::EscrowMissing,
                None => Reason::EscrowUnknown,
            },
        }
    }

    fn coverage(&self) -> Reason {
        let noted = self.dossier.and_then(|dossier| dossier.coverage.value()).map(|seen| seen.offered);
        match self.intent.coverage.or(noted) {
            Some(true) => Reason::CoverageOffered,
            Some(false) => Reason::CoverageMissing,
            None => Reason::CoverageUnknown,
        }
    }

    pub(super) fn coverage_offered(&self) -> bool {
        self.coverage() == Reason::CoverageOffered
    }

    /// S56, S57: one of the two has to be known to be offered.
    fn high_value(&self) -> (Reason, Detail) {
        let against_fen = i64::from(Table::get().number("high_value"));
        let detail = Detail::Amounts { found_fen: self.intent.price_fen, against_fen };
        let protected = self.coverage_offered() || self.escrow() == Reason::EscrowOffered;
        let reason = match (is_high_value(self.intent), protected) {
            (false, _) => Reason::ValueUsual,
            (true, true) => Reason::ValueProtected,
            (true, false) => Reason::ValueUnprotected,
        };
        (reason, detail)
    }

    fn history(&self) -> (Reason, Detail) {
        let Some(dossier) = self.dossier.filter(|dossier| !dossier.orders.is_empty()) else {
            return (Reason::HistoryNone, Detail::None);
        };
        let unresolved = dossier.endings.unresolved;
        let reason = match (dossier.disputed.is_empty(), unresolved) {
            (true, _) => Reason::HistoryGood,
            (false, 0) => Reason::HistoryDisputed,
            (false, _) => Reason::HistoryUnresolved,
        };
        let (orders, disputed) = (dossier.dispute_rate.of, dossier.dispute_rate.hits);
        (reason, Detail::History { orders, disputed, unresolved })
    }

    fn identity(&self) -> (Reason, Detail) {
        match self.dossier.and_then(|dossier| dossier.identity_gaps.value()) {
            None => (Reason::IdentityUnknown, Detail::None),
            Some(gaps) if gaps.is_empty() => (Reason::IdentityKnown, Detail::None),
            Some(gaps) => (Reason::IdentityGaps, Detail::Gaps { gaps: gaps.clone() }),
        }
    }

    /// Far below: less than the share of the usual price the table sets.
    fn price(&self) -> (Reason, Detail) {
        let (found_fen, percent) = (self.intent.price_fen, Table::get().number("low_price"));
        let is_low = |against: i64| i128::from(found_fen) * 100 < i128::from(against) * i128::from(percent);
        if let Some(against_fen) = self.intent.typical_price_fen.filter(|fen| *fen > 0) {
            let reason = if is_low(against_fen) { Reason::PriceLow } else { Reason::PriceUsual };
            return (reason, Detail::Amounts { found_fen, against_fen });
        }
        match self.intent.own_prices.filter(|own| own.is_enough()) {
            Some(own) if is_low(own.median_fen) => (Reason::PriceLowOwn, Detail::Prices { found_fen, own }),
            Some(own) => (Reason::PriceUsualOwn, Detail::Prices { found_fen, own }),
            None => (Reason::PriceUnknown, Detail::None),
        }
    }

    /// S50: which of the platform's rules are on file, and whether they were looked at of late.
    fn rules(&self) -> (Reason, Detail) {
        let Some(key) = self.intent.platform.as_deref() else { return (Reason::RulesUnknown, Detail::None) };
        let (articles, last) = rules_on_file(self.house, key, self.now);
        let days = Table::get().number("rule_check_days");
        let detail = Detail::Rules { articles, last: last.into(), days };
        let fresh = last.is_some_and(|day| day.saturating_add(i64::from(days).days()) >= day_of(self.now));
        match (articles, fresh) {
            (0, _) => (Reason::RulesNone, Detail::None),
            (_, true) => (Reason::RulesFresh, detail),
            (_, false) => (Reason::RulesOld, detail),
        }
    }

    fn payee(&self) -> (Reason, Detail) {
        let Some(payee) = self.intent.payee.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            return (Reason::PayeeUnknown, Detail::None);
        };
        let merchant = self.intent.merchant.iter().chain(&self.intent.platform).map(String::as_str);
        let known = self.dossier.into_iter().flat_map(Dossier::all_names);
        let operator = self.profile.and_then(|profile| profile.facts.operator_company.as_ref());
        let platform = self.profile.map(|profile| profile.name.zh.as_str());
        let names = merchant.chain(known).chain(operator.map(|fact| fact.value.as_str())).chain(platform);
        let reason = if is_one_of(payee, names) { Reason::PayeeMatches } else { Reason::PayeeUnrelated };
        (reason, Detail::Name { name: payee.to_owned() })
    }

    /// §2.1: shops of one person and deals in groups have nobody to appeal to (D3).
    fn seller_type(&self) -> Reason {
        let Some(profile) = self.profile else { return Reason::SellerUnknown };
        let alone = matches!(profile.seller_type, SellerType::T1 | SellerType::T6);
        if alone || profile.takes_complaints(false) == Some(false) {
            return Reason::SellerNoAppeal;
        }
        Reason::SellerWithAppeal
    }

    fn legal_risk(&self) -> Reason {
        match self.intent.goods {
            Some(GoodsKind::GameAccount) => Reason::AccountTrade,
            Some(_) => Reason::NoLegalRisk,
            None => Reason::LegalRiskUnknown,
        }
    }

    fn off_platform(&self) -> Reason {
        if self.intent.off_platform_asked { Reason::OffPlatformAsked } else { Reason::StaysOnPlatform }
    }
}

/// Fills the slots of a reason's words; the notice of a legal risk is the one all scenarios use.
fn filled(reason: Reason, words: &Bilingual, detail: &Detail) -> Bilingual {
    if reason == Reason::AccountTrade {
        return Scenarios::get().risk(LegalRisk::AccountTrade).notice.clone();
    }
    let fill = |slots: &[(&str, String)]| {
        slots.iter().fold(words.clone(), |text, (name, value)| text.with(name, value))
    };
    match detail {
        Detail::None => words.clone(),
        Detail::Amounts { found_fen, against_fen } => {
            fill(&[("found", yuan(*found_fen)), ("against", yuan(*against_fen))])
        }
        Detail::Own { rate, limit_bp } => {
            let interval = rate.interval.value();
            let end = |bp: Option<BasisPoints>| bp.map_or_else(|| "?".to_owned(), percent);
            fill(&[
                ("hits", rate.hits.to_string()),
                ("of", rate.of.to_string()),
                ("rate", end(rate.share_bp.value().copied())),
                ("low", end(interval.map(|interval| interval.low_bp))),
                ("high", end(interval.map(|interval| interval.high_bp))),
                ("limit", percent(*limit_bp)),
            ])
        }
        Detail::Shown { rate_bp, limit_bp } => {
            fill(&[("rate", percent(*rate_bp)), ("limit", percent(*limit_bp))])
        }
        Detail::History { orders, disputed, unresolved } => fill(&[
            ("orders", orders.to_string()),
            ("disputed", disputed.to_string()),
            ("unresolved", unresolved.to_string()),
        ]),
        Detail::Gaps { gaps } => {
            let list = |of: fn(&Bilingual) -> &str, comma: &str| {
                gaps.iter().map(|gap: &IdentityGap| of(gap.text())).collect::<Vec<_>>().join(comma)
            };
            let zh = words.zh.replace("{gaps}", &list(|text| &text.zh, "、"));
            Bilingual::new(zh, words.en.replace("{gaps}", &list(|text| &text.en, ", ")))
        }
        Detail::Prices { found_fen, own } => fill(&[
            ("found", yuan(*found_fen)),
            ("against", yuan(own.median_fen)),
            ("of", own.of.to_string()),
        ]),
        Detail::Rules { articles, last, days } => fill(&[
            ("articles", articles.to_string()),
            ("day", last.value().map_or_else(|| "?".to_owned(), ToString::to_string)),
            ("days", days.to_string()),
        ]),
        Detail::Name { name } => fill(&[("name", name.clone())]),
    }
}

/// Writes hundredths of a percent: 500 is `5%`, 1250 is `12.5%`.
fn percent(bp: BasisPoints) -> String {
    let text = format!("{}.{:02}", bp / 100, bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}
