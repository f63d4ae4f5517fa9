//! 今天: what is due, soonest first; one next step for each order, with its why; what was done since yesterday.

use askama::Template;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use sigu_case::next::next_step;
use sigu_case::review::CalendarMonth;
use sigu_case::{House, Order, View};
use sigu_vault::{Error, Vault};

use crate::agenda::{Running, running, urgent_among};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::show::{Instant, masked};
use crate::watching::said::page_name;
use crate::watching::{WatchTask, tasks};
use crate::words::Words;

/// How many clocks and steps the page has room for.
const CLOCKS: usize = 12;
const STEPS: usize = 6;
/// How many entries of the log are looked at for what was done.
const DONE: usize = 40;

#[derive(Template)]
#[template(path = "today.html")]
struct Today<'a> {
    frame: Frame<'a>,
    /// Terms that changed and touch someone.
    tasks: Vec<Task>,
    steps: Vec<Step>,
    clocks: Vec<Clock>,
    /// How many more clocks run than are shown.
    more: usize,
    done: Vec<Done>,
    /// The month to look back on, in the first days of the next.
    review: Option<String>,
    /// Whether there is any order at all.
    begun: bool,
}

/// Terms of a watched page that changed.
struct Task {
    page: String,
    say: String,
    notice: String,
    by: String,
    merchants: String,
    orders: Vec<String>,
}

/// The next step of an order.
struct Step {
    order: String,
    title: String,
    say: String,
    why: String,
    due: Option<Instant>,
}

/// A clock that runs.
struct Clock {
    order: String,
    /// Its stored name.
    code: &'static str,
    name: String,
    after: String,
    own: bool,
    due: Option<Instant>,
}

/// Something that was done, and how often.
struct Done {
    name: String,
    times: usize,
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| html(&read(visit, vault)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault) -> Result<Today<'a>, Error> {
    let (words, now) = (&visit.words, visit.now);
    let agendas = visit.at_hand().agendas(vault)?;
    let clocks = running(agendas.lines(), now);
    let more = clocks.len().saturating_sub(CLOCKS);
    let steps = steps(vault, urgent_among(vault, agendas.lines(), &clocks, STEPS)?, now, words)?;
    let clocks = clocks.iter().take(CLOCKS).map(|one| clock(one, now, words)).collect();
    let begun = !agendas.is_empty();
    let tasks = tasks(vault, now)?.iter().map(|one| task(one, words)).collect();
    let done = done(vault, now, words)?;
    let review = (begun && CalendarMonth::is_time(now)).then(|| CalendarMonth::of(now).before().to_string());
    Ok(Today { frame: visit.frame("today"), tasks, steps, clocks, more, done, review, begun })
}

fn task(one: &WatchTask, words: &Words) -> Task {
    Task {
        page: one.watched.page.to_string(),
        say: words.say("watch-task", &[("page", page_name(&one.watched))]),
        notice: words.pick(&one.notice.text()).to_owned(),
        by: one.review_by.to_string(),
        merchants: words.list(&one.merchants),
        orders: one.orders.iter().map(ToString::to_string).collect(),
    }
}

fn steps(vault: &Vault, orders: Vec<Order>, now: Timestamp, words: &Words) -> Result<Vec<Step>, Error> {
    let state = vault.house()?;
    let house = House::of(&state);
    let step = |order: Order| {
        let next = next_step(&View::new(&order, &house, now));
        Step {
            title: masked(order.facts.title.as_deref()),
            say: words.pick(&next.say).to_owned(),
            why: words.pick(&next.why).to_owned(),
            due: next.due_at.map(|at| Instant::of(at, now, words)),
            order: order.id.to_string(),
        }
    };
    Ok(orders.into_iter().map(step).collect())
}

fn clock(one: &Running, now: Timestamp, words: &Words) -> Clock {
    let key = one.clock.kind.code().replace('_', "-");
    Clock {
        order: one.order.to_string(),
        code: one.clock.kind.code(),
        name: words.word(&format!("clock-{key}")),
        after: words.word(&format!("clock-after-{key}")),
        own: one.clock.kind.is_own(),
        due: one.clock.due_at.map(|at| Instant::of(at, now, words)),
    }
}

/// What the last day brought, each kind once with its number.
fn done(vault: &Vault, now: Timestamp, words: &Words) -> Result<Vec<Done>, Error> {
    let since = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
    let mut done: Vec<Done> = Vec::new();
    for entry in vault.log(Some(DONE))?.iter().rev() {
        let fresh = entry.claimed_at.parse::<Timestamp>().is_ok_and(|at| at >= since);
        if !fresh {
            break;
        }
        let Some(name) = words.try_word(&format!("kind-{}", entry.kind.replace(['.', '_'], "-"))) else {
            continue;
        };
        match done.iter_mut().find(|one| one.name == name) {
            Some(one) => one.times += 1,
            None => done.push(Done { name, times: 1 }),
        }
    }
    Ok(done)
}
