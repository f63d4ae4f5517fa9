//! 提醒: who is told of clocks, when not, what comes next and what was told; the calendar; a test for each channel.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use sigu_case::clock::ClockKind;
use sigu_documents::times;
use sigu_vault::{Error, JobBook, Vault};

use crate::desk::form::{Field as Typing, Typed};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::Instant;
use crate::reminding::channel::{Field, Wrong};
use crate::reminding::{
    AHEAD, Channel, ChannelKind, NotPutOff, Plan, Say, Settings, put_off, saying, test, told,
};
use crate::told::clock_name;

const PATH: &str = "/settings/reminders";
/// What can have been done, as the address says it after a change.
const DONE: [&str; 5] = ["kept", "added", "removed", "calendar", "stopped"];
/// How much of what is planned and told is shown.
const SHOWN: usize = 20;
/// How long the button of a clock puts it off.
const SNOOZED: SignedDuration = SignedDuration::from_hours(2);

#[derive(Template)]
#[template(path = "reminders.html")]
struct Page<'a> {
    frame: Frame<'a>,
    noted: String,
    /// What a test did not bring about.
    failed: String,
    channels: Vec<Row>,
    /// The kinds that can be added, each with its name.
    kinds: Vec<(&'static str, String)>,
    /// The kind that is being added; empty for none.
    kind: &'static str,
    kind_word: String,
    fields: Vec<Typing>,
    quiet: Vec<Typing>,
    say: &'static str,
    calendar: bool,
    /// The address of the calendar, when it was asked for.
    address: String,
    planned: Vec<Line>,
    told: Vec<Line>,
    wrong: Vec<String>,
}

struct Row {
    id: u32,
    name: String,
    place: String,
    state: String,
    /// `good`, `soon` or `quiet`.
    mood: &'static str,
}

struct Line {
    order: String,
    clock: String,
    /// How far from its due time, or how it ended and where.
    about: String,
    at: Instant,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
    /// The kind to add.
    #[serde(default)]
    kind: String,
}

type Pairs = Vec<(String, String)>;

/// What was done before the page is drawn again.
#[derive(Default)]
struct Shown {
    noted: String,
    failed: String,
    /// Whether the address of the calendar is shown.
    address: bool,
    kind: Option<ChannelKind>,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let done = DONE.iter().find(|one| **one == asked.done);
            let noted = done.map(|one| visit.words.word(&format!("remind-done-{one}"))).unwrap_or_default();
            let kind = ChannelKind::from_code(&asked.kind);
            let typed = Typed::new(&visit.words, Vec::new());
            html(&drawn(visit, vault, &typed, &Shown { noted, kind, ..Shown::default() })?)
        })
        .await
}

fn drawn<'a>(visit: &'a Visit, vault: &Vault, typed: &Typed<'_>, shown: &Shown) -> Result<Page<'a>, Refusal> {
    let (words, now) = (&visit.words, visit.now);
    let book = JobBook::open(&visit.desk.app.places)?;
    let agendas = visit.at_hand().agendas(vault)?;
    let plan = Plan::read(vault, &book, agendas.lines(), now, AHEAD)?;
    let settings = &plan.settings;
    let fields = shown.kind.map(|kind| fields(typed, kind)).unwrap_or_default();
    let quiet = quiet_fields(settings, words);
    let planned = plan.ahead(now).take(SHOWN).map(|one| Line {
        order: one.clock.order.to_string(),
        clock: clock_name(one.clock.kind, words),
        about: saying::distance(one.distance, words),
        at: Instant::of(one.at, now, words),
    });
    let named =
        |id: u32| settings.channel(id).map(|one| saying::channel_name(one, words)).unwrap_or_default();
    let told = told(vault, &book)?.into_iter().take(SHOWN).map(|one| Line {
        clock: clock_name(one.clock, words),
        about: format!("{} · {}", words.word(&saying::state_key(one.state)), named(one.channel)),
        at: Instant::of(one.since, now, words),
        order: one.order,
    });
    let kinds =
        ChannelKind::ALL.map(|kind| (kind.code(), words.word(&format!("remind-kind-{}", kind.code()))));
    let address = visit.desk.calendar_address(settings).filter(|_| shown.address);
    Ok(Page {
        frame: Frame { path: PATH, live: "", ..visit.frame("vault") },
        noted: shown.noted.clone(),
        failed: shown.failed.clone(),
        channels: rows(&plan, &book, visit)?,
        kind_word: shown.kind.map(|kind| kinds[place(kind)].1.clone()).unwrap_or_default(),
        kinds: kinds.into(),
        kind: shown.kind.map(ChannelKind::code).unwrap_or_default(),
        wrong: typed.beside_none(fields.iter().chain(&quiet)),
        fields,
        quiet,
        say: settings.say.code(),
        calendar: settings.calendar.is_some(),
        address: address.unwrap_or_default(),
        planned: planned.collect(),
        told: told.collect(),
    })
}

fn place(kind: ChannelKind) -> usize {
    ChannelKind::ALL.iter().position(|one| *one == kind).unwrap_or_default()
}

fn rows(plan: &Plan, book: &JobBook, visit: &Visit) -> Result<Vec<Row>, Error> {
    let standing = plan.standing(book)?;
    let row = |(one, standing): (&Channel, &Option<_>)| {
        let failures = standing.as_ref().map(|standing: &crate::reminding::Standing| standing.failures);
        Row {
            id: one.id,
            name: saying::channel_name(one, &visit.words),
            place: one.place(),
            state: saying::standing(standing.as_ref(), &visit.words, times::minute),
            mood: match failures {
                None => "quiet",
                Some(0) => "good",
                Some(_) => "soon",
            },
        }
    };
    Ok(plan.settings.channels.iter().zip(&standing).map(row).collect())
}

fn fields(typed: &Typed<'_>, kind: ChannelKind) -> Vec<Typing> {
    let one = |(field, needed): &(Field, bool)| {
        let label = format!("remind-{}-{}", field.name(), kind.code());
        let drawn = match field {
            Field::Key => typed.secret(field.name(), &label),
            _ => typed.line(field.name(), &label),
        };
        if *needed { drawn.must() } else { drawn }
    };
    let mut all: Vec<Typing> = kind.fields().iter().map(one).collect();
    all.push(typed.line("name", "remind-field-name").must());
    if kind != ChannelKind::Desktop {
        all.push(typed.tick("clear", "remind-field-clear"));
    }
    all
}

fn quiet_fields(settings: &Settings, words: &crate::Words) -> Vec<Typing> {
    let mut own = Typed::new(words, Vec::new());
    if let Some(quiet) = settings.quiet {
        own.suggest("span", quiet.to_string());
    }
    if settings.urgent_in_quiet {
        own.suggest("urgent", "yes");
    }
    vec![own.line("span", "remind-quiet-span").must(), own.tick("urgent", "remind-quiet-urgent")]
}

/// Makes a change; what is wrong stands beside what was typed.
pub(super) async fn change(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    let what =
        pairs.iter().find(|(name, _)| name == "what").map(|(_, what)| what.clone()).unwrap_or_default();
    if what == "test" {
        return try_out(visit, &pairs).await;
    }
    visit.answer(move |visit, vault| made(visit, vault, &what, Typed::new(&visit.words, pairs))).await
}

fn made(visit: &Visit, vault: &Vault, what: &str, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    let mut settings = Settings::read(vault)?;
    let done = match what {
        "add" => {
            let kind = ChannelKind::from_code(&typed.raw("kind")).ok_or_else(Refusal::not_found)?;
            match settings.add(channel(&typed, kind, visit)) {
                Ok(_) => "added",
                Err(wrong) => return again(visit, vault, typed, kind, wrong),
            }
        }
        "remove" => {
            let known = typed.raw("id").parse().is_ok_and(|id| settings.remove(id));
            if known { "removed" } else { return Err(Refusal::not_found()) }
        }
        "quiet" => {
            let span = typed.raw("span");
            settings.quiet = match span.trim() {
                "" | "off" => None,
                span => match span.parse() {
                    Ok(quiet) => Some(quiet),
                    Err(_) => {
                        typed.refuse("form", visit.words.word("remind-quiet-wrong"));
                        let page = html(&drawn(visit, vault, &typed, &Shown::default())?)?;
                        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
                    }
                },
            };
            settings.urgent_in_quiet = typed.ticked("urgent");
            settings.say = if typed.raw("say") == Say::Nothing.code() { Say::Nothing } else { Say::Label };
            "kept"
        }
        "calendar-show" => {
            let shown = Shown { address: true, ..Shown::default() };
            return html(&drawn(visit, vault, &typed, &shown)?);
        }
        "calendar" => {
            let before = settings.calendar.is_some();
            settings.renew_calendar();
            keep(visit, vault, &mut settings)?;
            let noted = if before { visit.words.word("remind-done-calendar") } else { String::new() };
            let shown = Shown { address: true, noted, ..Shown::default() };
            return html(&drawn(visit, vault, &typed, &shown)?);
        }
        "calendar-stop" => {
            settings.calendar = None;
            "stopped"
        }
        _ => return Err(Refusal::not_found()),
    };
    keep(visit, vault, &mut settings)?;
    Ok(Redirect::to(&format!("{PATH}?done={done}")).into_response())
}

fn keep(visit: &Visit, vault: &Vault, settings: &mut Settings) -> Result<(), Error> {
    settings.keep(vault, visit.now)?;
    visit.desk.reminders_changed();
    Ok(())
}

fn channel(typed: &Typed<'_>, kind: ChannelKind, visit: &Visit) -> Channel {
    let mut channel = Channel::of(kind, visit.now);
    channel.name = typed.raw("name").trim().to_owned();
    channel.clear = typed.ticked("clear");
    for (field, _) in kind.fields() {
        channel.fill(*field, &typed.raw(field.name()));
    }
    channel
}

fn again(
    visit: &Visit,
    vault: &Vault,
    mut typed: Typed<'_>,
    kind: ChannelKind,
    wrong: Wrong,
) -> Result<Response, Refusal> {
    typed.refuse(wrong.field, visit.words.word(&format!("remind-wrong-{}", wrong.why.code())));
    // What is to be secret is typed again and not sent back.
    typed.put(Field::Key.name(), String::new());
    let shown = Shown { kind: Some(kind), ..Shown::default() };
    let page = html(&drawn(visit, vault, &typed, &shown)?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Sends the message that shows that a channel works, and says what came of it.
async fn try_out(visit: Visit, pairs: &Pairs) -> Response {
    let id = pairs.iter().find(|(name, _)| name == "id").and_then(|(_, id)| id.parse::<u32>().ok());
    let desk = visit.desk.clone();
    let read = tokio::task::spawn_blocking(move || desk.app.with_vault(Settings::read)).await;
    let settings = match read {
        Ok(Ok(settings)) => settings,
        Ok(Err(error)) => return visit.refuse(&error.into()),
        Err(_) => return visit.refuse(&Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")),
    };
    let Some(channel) = id.and_then(|id| settings.channel(id)) else {
        return visit.refuse(&Refusal::not_found());
    };
    let said_in = settings.words(&visit.desk.words);
    let sent = test(&visit.desk.ways(), channel, &said_in, visit.now).await;
    let name = saying::channel_name(channel, &visit.words);
    let shown = match sent {
        Ok(said) => {
            let values = [("name", name), ("said", said)];
            Shown { noted: visit.words.say("remind-test-sent", &values), ..Shown::default() }
        }
        Err(error) => {
            let values = [("name", name), ("why", saying::why(&error, &visit.words))];
            Shown { failed: visit.words.say("remind-test-failed", &values), ..Shown::default() }
        }
    };
    visit
        .answer(move |visit, vault| {
            html(&drawn(visit, vault, &Typed::new(&visit.words, Vec::new()), &shown)?)
        })
        .await
}

/// Puts the reminders of a clock off for two hours.
pub(super) async fn snooze(Path(label): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let typed = Typed::new(&visit.words, pairs);
            let kind = ClockKind::from_code(&typed.raw("clock")).ok_or_else(Refusal::not_found)?;
            let (book, agendas) = (JobBook::open(&visit.desk.app.places)?, visit.at_hand().agendas(vault)?);
            let agendas: Vec<_> = agendas.lines().collect();
            match put_off(vault, &book, &agendas, (&label, kind), Some(SNOOZED), visit.now) {
                // One that ends before, or is gone, needs no putting off.
                Ok(_) | Err(NotPutOff::TooLate(_) | NotPutOff::NoClock) => {}
                Err(NotPutOff::Vault(error)) => return Err(error.into()),
            }
            visit.desk.reminders_changed();
            Ok(Redirect::to(PATH).into_response())
        })
        .await
}
