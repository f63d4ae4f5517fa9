//! Reminders: how they are set, channels, tests, the calendar, putting a clock off.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use serde::Deserialize;
use sigu_case::clock::ClockKind;
use sigu_vault::{Error, JobBook, Vault};
use utoipa::ToSchema;

use super::call::{Call, Reads, Sent, Writes, found, made, one_of, order, unfit};
use crate::answers::{Calendar, PutOff, Reminders, Tested};
use crate::problem::Problem;
use crate::reminding::channel::{Field, Wrong};
use crate::reminding::{
    AHEAD, Channel, ChannelKind, NotPutOff, Plan, Say, Settings, put_off, test as try_out, told,
};

/// How much of what is planned and told is answered.
const MOST: usize = 200;

fn reminders(call: &Call, vault: &Vault) -> Result<Reminders, Problem> {
    let book = JobBook::open(&call.desk.app.places)?;
    let agendas = call.at_hand().agendas(vault)?;
    let plan = Plan::read(vault, &book, agendas.lines(), call.now, AHEAD)?;
    Ok(Reminders::of(&plan, &book, &told(vault, &book)?, call.now, MOST)?)
}

/// How reminders are set, what is planned for the next fourteen days, and what was told.
#[utoipa::path(get, path = "/reminders", tag = "reminders", responses((status = 200, body = Reminders)))]
pub(super) async fn read(call: Reads) -> Response {
    call.answer(|call, vault| found(reminders(call, vault)?)).await
}

/// What can be set; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wished {
    /// The quiet hours, such as `22:30-08:00`; an empty text for none.
    quiet: Option<String>,
    /// Whether an own clock that ends within them is told of all the same.
    urgent_in_quiet: Option<bool>,
    /// How much of an order a reminder names.
    say: Option<Say>,
}

/// Sets quiet hours and what is said.
#[utoipa::path(put, path = "/reminders", tag = "reminders", request_body = Wished,
    responses((status = 200, body = Reminders)))]
pub(super) async fn set(call: Writes, Sent(sent): Sent<Wished>) -> Response {
    call.answer(move |call, vault| {
        let mut settings = Settings::read(vault)?;
        if let Some(quiet) = sent.quiet.as_deref() {
            settings.quiet = match quiet.trim() {
                "" => None,
                span => Some(span.parse().map_err(|_| unfit("quiet"))?),
            };
        }
        settings.urgent_in_quiet = sent.urgent_in_quiet.unwrap_or(settings.urgent_in_quiet);
        settings.say = sent.say.unwrap_or(settings.say);
        keep(call, vault, &mut settings)?;
        found(reminders(call, vault)?)
    })
    .await
}

fn keep(call: &Call, vault: &Vault, settings: &mut Settings) -> Result<(), Error> {
    settings.keep(vault, call.now)?;
    call.desk.reminders_changed();
    Ok(())
}

/// A channel to add. Which fields a kind has and needs says the manual; what is not its own is not kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChannel {
    /// Its kind.
    kind: ChannelKind,
    /// What it is called.
    #[serde(default)]
    name: String,
    /// The address.
    #[serde(default)]
    url: String,
    /// The key, token or password.
    #[serde(default)]
    key: String,
    /// The recipient of a mail, or the topic.
    #[serde(default)]
    to: String,
    /// The sender of a mail.
    #[serde(default)]
    from: String,
    /// The name to log in with.
    #[serde(default)]
    user: String,
    /// Whether the way may be in clear.
    #[serde(default)]
    clear: bool,
}

/// Adds a channel.
#[utoipa::path(post, path = "/reminders/channels", tag = "reminders", request_body = NewChannel,
    responses((status = 201, body = Reminders)))]
pub(super) async fn add(call: Writes, Sent(sent): Sent<NewChannel>) -> Response {
    call.answer(move |call, vault| {
        let mut channel = Channel::of(sent.kind, call.now);
        channel.name = sent.name.trim().to_owned();
        channel.clear = sent.clear;
        for (field, _) in sent.kind.fields() {
            let text = match field {
                Field::Url => &sent.url,
                Field::Key => &sent.key,
                Field::To => &sent.to,
                Field::From => &sent.from,
                Field::User => &sent.user,
            };
            channel.fill(*field, text);
        }
        let mut settings = Settings::read(vault)?;
        settings.add(channel).map_err(|wrong| refused(call, wrong))?;
        keep(call, vault, &mut settings)?;
        made(reminders(call, vault)?)
    })
    .await
}

fn refused(call: &Call, wrong: Wrong) -> Problem {
    let why = call.words.word(&format!("remind-wrong-{}", wrong.why.code()));
    let values = [("field", wrong.field.to_owned()), ("why", why)];
    Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "refused-channel", &values).of(wrong.field)
}

fn unknown(id: u32) -> Problem {
    Problem::refused(StatusCode::NOT_FOUND, "refused-unknown-channel", &[("id", id.to_string())])
}

/// Removes a channel.
#[utoipa::path(delete, path = "/reminders/channels/{id}", tag = "reminders",
    params(("id" = u32, Path, description = "Its number.")), responses((status = 200, body = Reminders)))]
pub(super) async fn remove(call: Writes, Path(id): Path<u32>) -> Response {
    call.answer(move |call, vault| {
        let mut settings = Settings::read(vault)?;
        if !settings.remove(id) {
            return Err(unknown(id));
        }
        keep(call, vault, &mut settings)?;
        found(reminders(call, vault)?)
    })
    .await
}

/// Sends the message that shows that a channel works.
#[utoipa::path(post, path = "/reminders/channels/{id}/test", tag = "reminders",
    params(("id" = u32, Path, description = "Its number.")), responses((status = 200, body = Tested)))]
pub(super) async fn test(call: Writes, Path(id): Path<u32>) -> Response {
    let desk = call.desk.clone();
    let read = tokio::task::spawn_blocking(move || desk.app.with_vault(Settings::read)).await;
    let settings = match read.map_err(Problem::fault).and_then(|read| read.map_err(Problem::from)) {
        Ok(settings) => settings,
        Err(problem) => return call.told(Err(problem)),
    };
    let Some(channel) = settings.channel(id) else { return call.told(Err(unknown(id))) };
    let words = settings.words(&call.desk.words);
    let sent = try_out(&call.desk.ways(), channel, &words, call.now).await;
    call.told(found(Tested::of(id, &sent)))
}

/// What is wanted of the address of the calendar.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    /// Whether the address is made anew, so that the one before is void.
    #[serde(default)]
    renew: bool,
}

/// Tells the address to subscribe to, and makes one where there is none.
#[utoipa::path(post, path = "/reminders/calendar", tag = "reminders", request_body = Subscription,
    responses((status = 200, body = Calendar)))]
pub(super) async fn subscribe(call: Writes, Sent(sent): Sent<Subscription>) -> Response {
    call.answer(move |call, vault| {
        let mut settings = Settings::read(vault)?;
        if sent.renew || settings.calendar.is_none() {
            settings.renew_calendar();
            keep(call, vault, &mut settings)?;
        }
        found(Calendar { url: call.desk.calendar_address(&settings) })
    })
    .await
}

/// Closes the address of the calendar.
#[utoipa::path(delete, path = "/reminders/calendar", tag = "reminders",
    responses((status = 200, body = Calendar)))]
pub(super) async fn unsubscribe(call: Writes) -> Response {
    call.answer(|call, vault| {
        let mut settings = Settings::read(vault)?;
        settings.calendar = None;
        keep(call, vault, &mut settings)?;
        found(Calendar { url: None })
    })
    .await
}

/// How long a clock is not told of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Snooze {
    /// The code of the clock, such as `appeal_seed`.
    clock: String,
    /// The minutes, 1 to 525600; absent to take it back.
    minutes: Option<u32>,
}

/// Puts the reminders of a clock off.
#[utoipa::path(post, path = "/orders/{order}/snooze", tag = "reminders", request_body = Snooze,
    params(("order" = String, Path, description = "The label.")),
    responses((status = 200, body = PutOff)))]
pub(super) async fn snooze(call: Writes, Path(label): Path<String>, Sent(sent): Sent<Snooze>) -> Response {
    call.answer(move |call, vault| {
        let order = order(vault, &label)?;
        let kind: ClockKind = one_of("clock", &sent.clock)?;
        if sent.minutes.is_some_and(|minutes| !(1..=525_600).contains(&minutes)) {
            return Err(unfit("minutes"));
        }
        let span = sent.minutes.map(|minutes| SignedDuration::from_mins(i64::from(minutes)));
        let (book, agendas) = (JobBook::open(&call.desk.app.places)?, call.at_hand().agendas(vault)?);
        let agendas: Vec<_> = agendas.lines().collect();
        let done = put_off(vault, &book, &agendas, (order.id.as_str(), kind), span, call.now);
        let (clock, until) = done.map_err(|error| not_put_off(error, &label, kind))?;
        call.desk.reminders_changed();
        found(PutOff::of(&clock, until))
    })
    .await
}

fn not_put_off(error: NotPutOff, label: &str, kind: ClockKind) -> Problem {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        NotPutOff::NoClock => {
            let values = [("order", label.to_owned()), ("clock", kind.to_string())];
            Problem::refused(status, "refused-no-such-clock", &values).of("clock")
        }
        NotPutOff::TooLate(at) => {
            let at = sigu_documents::times::second(at);
            Problem::refused(status, "refused-snooze-late", &[("at", at)]).of("minutes")
        }
        NotPutOff::Vault(error) => error.into(),
    }
}
