//! The way up: which bodies to turn to, in which order, how each step stands, and what to mind (S37, S45–S48, §3.9).
//!
//! The steps are those of the scenario's row, after the merchant. A step that is not open here is dropped with the reason,
//! and where no platform takes complaints the payment channel stands in (D3). Wording is `data/route.toml`.

mod state;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use state::StepState;

use crate::View;
use crate::bilingual::Bilingual;
use crate::claim::ClaimKind;
use crate::coded::coded;
use crate::ladder::Ladder;
use crate::platform::SellerType;
use crate::report::{Body, CoverageBought, DecisionMade, PayChannel, PaymentSeen, Role, StepTaken, Verdict};
use crate::scenario::{Scenario, Table};
use crate::step::Step;

coded! {
    /// What a route says of a step.
    RouteNote {
        /// The shop takes no complaints (D3).
        NoAppeal = "no_appeal",
        /// Only buyers with an account can complain, and the purchase was made as a guest (D3).
        LoginOnly = "login_only",
        /// There is no coverage.
        NoCoverage = "no_coverage",
        /// It was paid from the platform's balance, so no payment channel is involved.
        PaidFromBalance = "paid_from_balance",
        /// The payment channel stands in for the platform (D3).
        StandsIn = "stands_in",
        /// The platform has decided against the buyer: a person can review it (L-PRM-19).
        Decided = "decided",
        /// A review needs a decision first (L-PRM-19).
        NeedsDecision = "needs_decision",
        /// The merchant has to be asked first.
        AskMerchantFirst = "ask_merchant_first",
        /// The merchant still has time to answer.
        AwaitAnswer = "await_answer",
        /// The steps before it come first.
        EarlierStepsFirst = "earlier_steps_first",
        /// It need not wait for the steps before it.
        NeedNotWait = "need_not_wait",
        /// The platform takes complaints for a short time only, so do not wait for the merchant (D1).
        ShortWindow = "short_window",
        /// The platform's own time is over; the legal ways remain (D4, S48).
        WindowOver = "window_over",
        /// The platform has a lane of its own for virtual goods (S45).
        VirtualLane = "virtual_lane",
        /// The coverage's own time to claim runs (S57).
        CoverageTime = "coverage_time",
        /// Nobody has named the company or person behind the shop (R15).
        IdentityMissing = "identity_missing",
        /// Payment may still be stopped: minutes count (L-ATF-20).
        StopPayment = "stop_payment",
        /// The channel is not known; use the one that was paid with.
        ChannelUnknown = "channel_unknown",
        /// A step already taken may make this body refuse (L-CRM-16(2)).
        MayBeRefused = "may_be_refused",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reports: Vec<Scenario>,
    bodies: Vec<BodyRow>,
    channels: Vec<ChannelRow>,
    note: Vec<NoteRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyRow {
    step: Step,
    bodies: Vec<Body>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelRow {
    channel: PayChannel,
    bodies: Vec<Body>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteRow {
    code: RouteNote,
    text: Bilingual,
}

static TEXTS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/route.toml")).expect("data/route.toml is checked by its tests")
});

impl RouteNote {
    /// Returns the note in words, from `data/route.toml`.
    pub fn text(self) -> &'static Bilingual {
        let found = TEXTS.note.iter().find(|row| row.code == self);
        &found.expect("data/route.toml has every note, checked by its tests").text
    }
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouteStep {
    /// Its place in the ladder.
    pub step: Step,
    /// Whom to turn to, the first choice first; several are ways side by side.
    pub bodies: Vec<Body>,
    /// How it stands.
    pub state: StepState,
    /// Whether it need not wait for the steps before it.
    pub early: bool,
    /// The platform's lane for virtual goods, to be asked for first (S45).
    pub lane: Option<Bilingual>,
    /// Why it is here or stands so.
    pub why: Vec<RouteNote>,
    /// What to mind before taking it.
    pub warnings: Vec<RouteNote>,
    /// What is special about it in this scenario.
    pub note: Option<Bilingual>,
}

/// A step that may close another one when taken first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderTrap {
    /// The step that closes.
    pub taken: Step,
    /// The step that may then be refused.
    pub closes: Step,
    /// The rule, by its id in the law table.
    pub basis: String,
    /// What to tell the user before the choice.
    pub note: Bilingual,
}

/// Whether reporting to the police is an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PoliceOption {
    /// Whether payment may still be stopped, so that minutes count (L-ATF-20).
    pub at_once: bool,
}

/// The way up in one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Route {
    /// The steps that are open or were taken, in order.
    pub steps: Vec<RouteStep>,
    /// Steps of the scenario that are not open here; each says why.
    pub dropped: Vec<RouteStep>,
    /// What to know before a consumer association, an authority or a court is asked before 12315.
    pub order_traps: Vec<OrderTrap>,
    /// Whether reporting to the police is an option.
    pub police: Option<PoliceOption>,
}

impl Route {
    /// Returns the steps that can be taken now, in order.
    pub fn now(&self) -> impl Iterator<Item = &RouteStep> {
        self.steps.iter().filter(|step| step.state == StepState::Now)
    }
}

/// Returns the way up in `scenario`, as the order stood at `view.now`. Never fails.
pub fn route(view: &View<'_>, scenario: Scenario) -> Route {
    let row = Table::get().row(scenario);
    let (mut steps, mut dropped) = (Vec::new(), Vec::new());
    for (step, note) in wanted(view, scenario) {
        let barred = barred(view, step);
        let mut one = RouteStep {
            step,
            bodies: bodies(view, scenario, step),
            state: StepState::NotYet,
            early: row.early.contains(&step) || (row.police_at_once && step == Step::E7),
            lane: lane(view, step),
            why: Vec::new(),
            warnings: Vec::new(),
            note,
        };
        match barred {
            Some(why) => {
                one.state = StepState::NotAvailable { why };
                dropped.push(one);
            }
            None => steps.push(one),
        }
    }
    stand_in(&mut steps, &dropped, view, scenario);
    state::fill(view, &mut steps, row.police_at_once);
    let order_traps = traps(&steps);
    let police = row.police_option.then_some(PoliceOption { at_once: row.police_at_once });
    Route { steps, dropped, order_traps, police }
}

/// The merchant, the scenario's steps, and what the case adds: coverage, and a review of a decision.
fn wanted(view: &View<'_>, scenario: Scenario) -> Vec<(Step, Option<Bilingual>)> {
    let row = Table::get().row(scenario);
    let mut wanted = vec![(Step::E0, None)];
    wanted
        .extend(row.steps.iter().filter(|one| one.step != Step::E0).map(|one| (one.step, one.note.clone())));
    let has = |wanted: &[(Step, Option<Bilingual>)], step| wanted.iter().any(|(one, _)| *one == step);
    let after = |wanted: &[(Step, Option<Bilingual>)]| {
        wanted.iter().position(|(one, _)| *one == Step::E1).map_or(1, |at| at + 1)
    };
    let covered = view.order.of_kind::<CoverageBought>().next().is_some();
    if covered && row.claims.contains(&ClaimKind::CoveragePayout) && !has(&wanted, Step::Coverage) {
        wanted.insert(after(&wanted), (Step::Coverage, None));
    }
    if decided_against(view) && !has(&wanted, Step::E2) {
        wanted.insert(after(&wanted), (Step::E2, None));
    }
    wanted
}

fn decided_against(view: &View<'_>) -> bool {
    let against = |one: &DecisionMade| one.body == Body::Platform && one.verdict != Verdict::ForBuyer;
    view.order.of_kind::<DecisionMade>().any(|(_, one)| against(one))
}

/// Why a step is not open here.
fn barred(view: &View<'_>, step: Step) -> Option<RouteNote> {
    match step {
        Step::E1 | Step::E2 if view.profile.takes_complaints(false) == Some(false) => {
            Some(RouteNote::NoAppeal)
        }
        Step::E1 | Step::E2 if is_guest(view) && view.profile.takes_complaints(true) == Some(false) => {
            Some(RouteNote::LoginOnly)
        }
        Step::E3 if paid_by(view) == Some(PayChannel::Balance) => Some(RouteNote::PaidFromBalance),
        Step::Coverage if view.order.of_kind::<CoverageBought>().next().is_none() => {
            Some(RouteNote::NoCoverage)
        }
        _ => None,
    }
}

/// A shop of one merchant sells to guests; who has complained there has an account.
fn is_guest(view: &View<'_>) -> bool {
    let complained = view.order.of_kind::<StepTaken>().any(|(_, one)| one.body == Body::Platform);
    view.profile.seller_type == SellerType::T1 && !complained
}

fn paid_by(view: &View<'_>) -> Option<PayChannel> {
    view.told::<PaymentSeen>().into_iter().next_back().map(|(_, seen, _)| seen.channel)
}

fn bodies(view: &View<'_>, scenario: Scenario, step: Step) -> Vec<Body> {
    let of_step = || TEXTS.bodies.iter().find(|row| row.step == step).map(|row| row.bodies.clone());
    let mut bodies = of_step().unwrap_or_default();
    if step == Step::E3 {
        let channel =
            paid_by(view).and_then(|channel| TEXTS.channels.iter().find(|row| row.channel == channel));
        bodies = channel.map_or(bodies, |row| row.bodies.clone());
    }
    if step == Step::E5 && !TEXTS.reports.contains(&scenario) {
        bodies.retain(|body| *body != Body::Report12315);
    }
    bodies
}

/// S45: the lane for virtual goods, where the platform has one.
fn lane(view: &View<'_>, step: Step) -> Option<Bilingual> {
    let facts = &view.profile.facts;
    let has = step == Step::E1 && facts.has_virtual_lane.as_ref().is_some_and(|fact| fact.value);
    let name = facts.virtual_lane_name.as_ref().map(|fact| fact.value.clone());
    has.then(|| name.unwrap_or_else(|| RouteNote::VirtualLane.text().clone()))
}

/// D3: where no platform takes complaints, the payment channel and 12315 stand in.
fn stand_in(steps: &mut Vec<RouteStep>, dropped: &[RouteStep], view: &View<'_>, scenario: Scenario) {
    if !dropped.iter().any(|one| one.step == Step::E1) {
        return;
    }
    for step in [Step::E3, Step::E5] {
        let there = steps.iter().chain(dropped).any(|one| one.step == step);
        if there || barred(view, step).is_some() {
            continue;
        }
        let at = steps.iter().position(|one| one.step > step).unwrap_or(steps.len());
        let stands_in = RouteStep {
            step,
            bodies: bodies(view, scenario, step),
            state: StepState::NotYet,
            early: false,
            lane: None,
            why: vec![RouteNote::StandsIn],
            warnings: Vec::new(),
            note: None,
        };
        steps.insert(at, stands_in);
    }
}

/// The order trap: the association always, the others where they are on the way (L-CRM-16(2)).
fn traps(steps: &[RouteStep]) -> Vec<OrderTrap> {
    if !steps.iter().any(|one| one.step == Step::E5) {
        return Vec::new();
    }
    let on_the_way = |step: Step| step == Step::E4 || steps.iter().any(|one| one.step == step);
    let closers = Ladder::get().closers_of(Step::E5).into_iter().filter(|rung| on_the_way(rung.code));
    let trap = |rung: &crate::ladder::Rung| {
        let closing = rung.closes.iter().find(|closing| closing.step == Step::E5)?;
        let (basis, note) = (closing.basis.clone(), closing.note.clone());
        Some(OrderTrap { taken: rung.code, closes: Step::E5, basis, note })
    };
    closers.filter_map(trap).collect()
}

/// Whether the registered name behind the shop is unknown (R15).
fn nameless(view: &View<'_>) -> bool {
    view.party(Role::Merchant).is_none_or(|party| party.legal_name.is_none())
}
