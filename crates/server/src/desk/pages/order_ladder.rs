//! 阶梯: every body one can turn to, in this order's own way first; what each can do, wants and closes.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use sigu_case::advice::Advice;
use sigu_case::bilingual::Bilingual;
use sigu_case::confidence::CheckStatus;
use sigu_case::ladder::{Clock, Ladder, Rung};
use sigu_case::report::Body;
use sigu_case::route::{RouteNote, RouteStep, StepState};
use sigu_case::step::Step;
use sigu_case::{House, View};
use sigu_vault::Vault;

use super::one_order;
use super::order::{Head, key_of};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::Instant;
use crate::words::Words;

#[derive(Template)]
#[template(path = "order_ladder.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    /// Whether the way is this order's own; without a problem noted it is the whole ladder.
    own: bool,
    traps: Vec<String>,
    police: Option<String>,
    steps: Vec<Shown>,
    others: Vec<Shown>,
}

/// A body on the page.
struct Shown {
    code: &'static str,
    name: String,
    /// How it stands: `taken`, `now`, `later`, `closed`; empty outside the order's own way.
    state: &'static str,
    /// When it was taken.
    at: Option<Instant>,
    /// Why it stands so, what to mind, what is special here.
    why: Vec<String>,
    mind: Vec<String>,
    can: String,
    cannot: String,
    wants: Vec<String>,
    ways: Vec<(String, String)>,
    clocks: Vec<String>,
    closed_by: Vec<String>,
    notes: Vec<String>,
    /// Where the step is taken or noted, for each body it may be taken with: words and path.
    links: Vec<(String, String)>,
}

pub(super) async fn page(Path(id): Path<String>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &id)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, id: &str) -> Result<Page<'a>, Refusal> {
    let order = one_order(vault, id)?;
    let state = vault.house()?;
    let house = House::of(&state);
    let advice = Advice::of(&View::new(&order, &house, visit.now), &[]);
    let words = &visit.words;
    let route = advice.dispute.as_ref().map(|dispute| &dispute.route);
    let mut own: Vec<&RouteStep> =
        route.iter().flat_map(|route| route.steps.iter().chain(&route.dropped)).collect();
    own.sort_by_key(|step| Ladder::get().rungs().iter().position(|rung| rung.code == step.step));
    let rest = Ladder::get().rungs().iter().filter(|rung| own.iter().all(|step| step.step != rung.code));
    let rest = rest.map(|rung| shown(rung, words)).collect();
    let police = route
        .and_then(|route| route.police)
        .map(|police| words.word(if police.at_once { "ladder-police-now" } else { "ladder-police" }));
    Ok(Page {
        frame: visit.frame("orders"),
        head: Head::of(&order, visit),
        tab: "appeal",
        own: route.is_some(),
        traps: route
            .iter()
            .flat_map(|route| &route.order_traps)
            .map(|trap| words.pick(&trap.note).to_owned())
            .collect(),
        police,
        steps: own.into_iter().filter_map(|step| on_the_way(step, id, visit)).collect(),
        others: rest,
    })
}

fn rung_of(step: Step) -> Option<&'static Rung> {
    Ladder::get().rungs().iter().find(|rung| rung.code == step)
}

/// A step of the order's own way, with how it stands.
fn on_the_way(step: &RouteStep, order: &str, visit: &Visit) -> Option<Shown> {
    let words = &visit.words;
    let (state, at, closed) = match step.state {
        StepState::Taken { at } => ("taken", Some(Instant::of(at, visit.now, words)), None),
        StepState::Now => ("now", None, None),
        StepState::NotYet => ("later", None, None),
        StepState::NotAvailable { why } | StepState::Closed { why } => ("closed", None, Some(why)),
    };
    let say = |note: &RouteNote| words.pick(note.text()).to_owned();
    let mut why: Vec<String> = closed.iter().chain(&step.why).map(say).collect();
    why.extend(step.lane.iter().chain(&step.note).map(|text| words.pick(text).to_owned()));
    why.dedup();
    let links = step.bodies.iter().map(|body| {
        if *body == Body::Merchant {
            return (words.word("tab-talk"), format!("/orders/{order}/talk"));
        }
        let name = words.word(&format!("body-{}", key_of(body)));
        let say = words.say("ladder-note", &[("body", name)]);
        (say, format!("/orders/{order}/note?what=step&body={}", body.code()))
    });
    Some(Shown {
        state,
        at,
        why,
        mind: step.warnings.iter().map(say).collect(),
        links: if matches!(state, "now" | "later") { links.collect() } else { Vec::new() },
        ..shown(rung_of(step.step)?, words)
    })
}

/// What the ladder says of a body.
fn shown(rung: &Rung, words: &Words) -> Shown {
    let ladder = Ladder::get();
    let own = |text: &Bilingual| words.pick(text).to_owned();
    let field = |code: &String| ladder.field(code).map_or_else(|| code.clone(), |field| own(&field.label));
    let closer = |closer: &&Rung| {
        let values = [("step", closer.code.code().to_owned()), ("body", own(&closer.body))];
        words.say("ladder-closed-by", &values)
    };
    Shown {
        code: rung.code.code(),
        name: own(&rung.body),
        state: "",
        at: None,
        why: Vec::new(),
        mind: Vec::new(),
        can: own(&rung.can),
        cannot: own(&rung.cannot),
        wants: rung.fields.iter().map(field).collect(),
        ways: rung.routes.iter().map(|way| (own(&way.name), own(&way.entry))).collect(),
        clocks: rung.clocks.iter().map(|clock| counted(clock, words)).collect(),
        closed_by: ladder.closers_of(rung.code).iter().map(closer).collect(),
        notes: rung.notes.iter().map(own).collect(),
        links: Vec::new(),
    }
}

/// What a clock of a body counts, and whether the number is checked.
fn counted(clock: &Clock, words: &Words) -> String {
    let n = clock.n.map_or_else(String::new, |n| format!(" {n}"));
    let kind = words.word(&format!("ladder-{}", key_of(&clock.kind)));
    let unsure = match clock.status() {
        CheckStatus::Checked => String::new(),
        status @ CheckStatus::ToBeChecked => words.aside(words.pick(&status.label())),
    };
    format!("{}{n} {kind}{unsure}", words.pick(&clock.what))
}
