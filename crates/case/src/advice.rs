//! Everything the engines say of one order at one instant, in one value: what `sigu advise` and `sigu case show` tell.

use jiff::Timestamp;
use serde::Serialize;

use crate::basis::{Basis, Cited, basis};
use crate::catalogue::{CatalogueRow, catalogue};
use crate::category::{CategoryAdvice, advise};
use crate::clock::{Clock, ClockKind, clocks, earliest_own};
use crate::diagnosis::{Diagnosis, diagnose};
use crate::flag::{Flag, OrderTimeCheck, flags, order_time_check};
use crate::law;
use crate::merit::{Merit, merit};
use crate::next::{NextStep, next_step};
use crate::pitfall::{Pitfall, pitfalls_in};
use crate::platform;
use crate::readiness::{Readiness, readiness};
use crate::remedy::{ClaimAdvice, claim_for};
use crate::route::{Route, route};
use crate::scenario::{LegalRisk, Scenario, Table};
use crate::strength::{ExhibitStrength, FactStrength, exhibit_strength, fact_strength};
use crate::subslots::{PaymentMap, SubSlotState, payment_map, sub_slots};
use crate::timeline::{TimelineRow, timeline};
use crate::{Completeness, Order, View};

/// What can be said of an order at an instant.
#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    /// The instant.
    pub at: Timestamp,
    /// The platform profile that applied, by its id.
    pub profile: String,
    /// The one next step.
    pub next: NextStep,
    /// What went wrong.
    pub diagnosis: Diagnosis,
    /// All that depends on what went wrong; `None` while nothing did.
    pub dispute: Option<Dispute>,
    /// Contradictions, gaps and risks.
    pub flags: Vec<Flag>,
    /// Whether the time inside the order number fits.
    pub order_time_check: Option<OrderTimeCheck>,
    /// Every clock, soonest first.
    pub clocks: Vec<Clock>,
    /// The soonest clock the buyer has to meet.
    pub earliest_own: Option<ClockKind>,
    /// The four fixations.
    pub completeness: Completeness,
    /// Their sub-slots.
    pub sub_slots: Vec<SubSlotState>,
    /// Which payment was for what (S14).
    pub payments: PaymentMap,
    /// How strong each piece of evidence is.
    pub exhibits: Vec<ExhibitStrength>,
    /// How strong each fact stands.
    pub facts: Vec<FactStrength>,
    /// Why evidence is rejected, and weak actions.
    pub pitfalls: Vec<Pitfall>,
    /// The catalogue of evidence.
    pub catalogue: Vec<CatalogueRow>,
    /// What was said and when, with silences.
    pub timeline: Vec<TimelineRow>,
}

/// What depends on the scenario.
#[derive(Debug, Clone, Serialize)]
pub struct Dispute {
    /// The scenario.
    pub scenario: Scenario,
    /// The right category here, and the wrong ones people choose.
    pub category: CategoryAdvice,
    /// What a complaint needs, and what of it is missing.
    pub readiness: Readiness,
    /// How good the case is.
    pub merit: Merit,
    /// What to claim.
    pub claim: ClaimAdvice,
    /// What it rests on.
    pub basis: Basis,
    /// Which way to go.
    pub route: Route,
    /// Legal risks of the buyer's own (D12).
    pub risks: Vec<LegalRisk>,
}

impl Advice {
    /// Asks every engine. `view` holds the order as it stood at that instant; `others` are searched for the same payment.
    pub fn of(view: &View<'_>, others: &[Order]) -> Self {
        let diagnosis = diagnose(view);
        let clocks = clocks(view);
        Self {
            at: view.now,
            profile: view.profile.id.clone(),
            next: next_step(view),
            pitfalls: pitfalls_in(view, diagnosis.scenario),
            dispute: diagnosis.scenario.map(|scenario| Dispute::of(view, scenario)),
            diagnosis,
            flags: flags(view),
            order_time_check: order_time_check(view),
            earliest_own: earliest_own(&clocks).map(|clock| clock.kind),
            clocks,
            completeness: Completeness::of(&view.order),
            sub_slots: sub_slots(view),
            payments: payment_map(view, others),
            exhibits: view.order.exhibits.iter().map(|exhibit| exhibit_strength(view, exhibit)).collect(),
            facts: fact_strength(view),
            catalogue: catalogue(view),
            timeline: timeline(view),
        }
    }
}

impl Dispute {
    /// Asks what depends on the scenario.
    pub fn of(view: &View<'_>, scenario: Scenario) -> Self {
        Self {
            scenario,
            category: advise(scenario, view.profile),
            readiness: readiness(view, scenario),
            merit: merit(view, scenario),
            claim: claim_for(view, scenario),
            basis: basis(view, scenario),
            route: route(view, scenario),
            risks: Table::get().risks(scenario, view.order.facts.goods),
        }
    }

    /// Returns the statutes that carry the claim, best first.
    pub fn laws(&self) -> Vec<law::Citation> {
        let main = self.basis.main().filter_map(|line| match &line.citation {
            Cited::Citation(citation) => Some(citation.as_ref().clone()),
            _ => None,
        });
        main.collect()
    }

    /// Returns the platform's rules that may be cited.
    pub fn rules(&self) -> Vec<platform::Citation> {
        self.basis.rules.iter().map(|line| line.citation.clone()).collect()
    }
}
