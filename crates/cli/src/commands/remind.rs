//! `sigu remind`: who is told of clocks, when not, what is planned and what was told; and telling now.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use sigu_case::clock::ClockKind;
use sigu_case::remind::{Distance, Quiet};
use sigu_server::answers::{self, ChannelShown, Planned, PutOff, Tested, ToldOf};
use sigu_server::reminding::channel::{Field, Wrong};
use sigu_server::reminding::{
    AHEAD, Channel, ChannelKind, NotPutOff, Passed, Plan, Say, Settings, Ways, calendar, pass, put_off,
    saying, test, told,
};
use sigu_server::told::clock_name;
use sigu_vault::{Agenda, JobBook, Vault};
use zeroize::Zeroizing;

use super::capture::runtime;
use super::order::plain_table;
use crate::args::remind::{
    CalendarArgs, ChannelAddArgs, ChannelsCommand, QuietArgs, RemindCommand, SnoozeArgs,
};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome, clock, times};

/// How many lines are listed on the terminal.
const LISTED: usize = 60;
/// Most bytes of a file of addresses and keys.
const MAX_SECRETS: u64 = 64 << 10;

pub(super) fn run(context: &Context<'_>, own: &RemindCommand) -> Outcome {
    let keys = Keys::of(context)?;
    match own {
        RemindCommand::List => list(context, &keys),
        RemindCommand::Test(own) => try_out(context, &keys, own.channel),
        RemindCommand::Channels(ChannelsCommand::List) => channels(context, &keys),
        RemindCommand::Channels(ChannelsCommand::Add(own)) => add(context, &keys, own),
        RemindCommand::Channels(ChannelsCommand::Remove(own)) => remove(context, &keys, own.id),
        RemindCommand::Quiet(own) => quiet(context, &keys, own),
        RemindCommand::Say(own) => {
            let say = if own.say == Say::Nothing.code() { Say::Nothing } else { Say::Label };
            change(&keys, |settings| settings.say = say)?;
            Ok(Answer::new(context.words.word("remind-said"), json!({ "say": say })))
        }
        RemindCommand::Snooze(own) => snooze(context, &keys, own),
        RemindCommand::Calendar(own) => as_calendar(context, &keys, own),
        RemindCommand::Run => now(context, &keys),
        RemindCommand::Log => log(context, &keys),
    }
}

/// Changes how the user wants it.
fn change<T>(keys: &Keys, work: impl FnOnce(&mut Settings) -> T) -> Result<T, Problem> {
    keys.with(|vault| {
        let mut settings = Settings::read(vault)?;
        let done = work(&mut settings);
        settings.keep(vault, clock::now())?;
        Ok(done)
    })
}

fn planned(keys: &Keys, vault: &Vault, agendas: &[Agenda]) -> Result<(Plan, JobBook), Problem> {
    let book = JobBook::open(keys.places())?;
    Ok((Plan::read(vault, &book, agendas, clock::now(), AHEAD)?, book))
}

fn list(context: &Context<'_>, keys: &Keys) -> Outcome {
    let words = context.words;
    let plan = keys.with(|vault| Ok(planned(keys, vault, &vault.agendas()?)?.0))?;
    let ahead: Vec<_> = plan.ahead(clock::now()).collect();
    let json = json!({ "planned": ahead.iter().map(|one| Planned::of(one)).collect::<Vec<_>>() });
    if ahead.is_empty() {
        return Ok(Answer::new(words.word("remind-planned-none"), json));
    }
    let head = ["remind-col-at", "col-order", "col-clock", "col-due-at", "remind-col-distance"];
    let mut table = plain_table(head.map(|key| words.word(key)));
    for one in ahead.iter().take(LISTED) {
        table.add_row([
            times::show(one.at),
            one.clock.order.to_string(),
            clock_name(one.clock.kind, words),
            times::show(one.clock.due_at),
            saying::distance(one.distance, words),
        ]);
    }
    let mut text = table.to_string();
    if ahead.len() > LISTED {
        text = format!("{text}\n{}", words.say("due-more", &[("count", (ahead.len() - LISTED).to_string())]));
    }
    Ok(Answer::new(text, json))
}

fn channels(context: &Context<'_>, keys: &Keys) -> Outcome {
    let words = context.words;
    let (plan, standing) = keys.with(|vault| {
        let (plan, book) = planned(keys, vault, &[])?;
        let standing = plan.standing(&book)?;
        Ok((plan, standing))
    })?;
    let all = plan.settings.channels.iter().zip(&standing);
    let shown: Vec<_> = all.clone().map(|(one, standing)| ChannelShown::of(one, standing.as_ref())).collect();
    let json = json!({
        "channels": shown,
        "quiet": plan.settings.quiet.map(|quiet| quiet.to_string()),
        "urgent_in_quiet": plan.settings.urgent_in_quiet,
        "say": plan.settings.say,
        "calendar": plan.settings.calendar.is_some(),
    });
    let mut lines: Vec<String> = all
        .map(|(one, standing)| {
            let stands = saying::standing(standing.as_ref(), words, times::show);
            let (name, place) = (saying::channel_name(one, words), one.place());
            let parts = [one.id.to_string(), name, place, stands];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
        })
        .collect();
    if lines.is_empty() {
        lines.push(words.word("remind-none"));
    }
    lines.push(quiet_words(plan.settings.quiet, words));
    Ok(Answer::new(lines.join("\n"), json))
}

fn quiet_words(quiet: Option<Quiet>, words: &Words) -> String {
    match quiet {
        Some(quiet) => words.say("remind-quiet-set", &[("span", quiet.to_string())]),
        None => words.word("remind-quiet-off"),
    }
}

fn add(context: &Context<'_>, keys: &Keys, own: &ChannelAddArgs) -> Outcome {
    let words = context.words;
    let kind = ChannelKind::from_code(&own.kind).expect("the command line takes no other kind");
    let mut channel = Channel::of(kind, clock::now());
    channel.name = own.name.clone().unwrap_or_default().trim().to_owned();
    channel.clear = own.clear;
    channel.fill(Field::From, own.from.as_deref().unwrap_or_default());
    channel.fill(Field::User, own.user.as_deref().unwrap_or_default());
    secrets(context, own.secrets.as_deref(), &mut channel)?;
    let id = keys.with(|vault| {
        let mut settings = Settings::read(vault)?;
        let id = settings.add(channel).map_err(|wrong| refused(wrong, words))?;
        settings.keep(vault, clock::now())?;
        Ok(id)
    })?;
    Ok(Answer::new(words.say("remind-added", &[("id", id.to_string())]), json!({ "id": id, "kind": kind })))
}

fn refused(wrong: Wrong, words: &Words) -> Problem {
    let why = words.word(&format!("remind-wrong-{}", wrong.why.code()));
    Problem::refused("refused-channel", &[("field", wrong.field.to_owned()), ("why", why)])
}

/// Reads what must not stand on a command line: typed without echo, or as lines `url=…` from a file or standard input.
fn secrets(context: &Context<'_>, file: Option<&Path>, channel: &mut Channel) -> Result<(), Problem> {
    let asked: Vec<Field> = channel.kind.fields().iter().map(|(field, _)| *field).collect();
    let asked = asked.into_iter().filter(|field| matches!(field, Field::Url | Field::Key | Field::To));
    let typed = file.is_none() && std::io::stdin().is_terminal();
    if typed {
        for field in asked {
            let name = context.words.word(&format!("remind-{}-{}", field.name(), channel.kind.code()));
            let prompt = context.words.say("remind-ask-field", &[("field", name)]);
            let text = rpassword::prompt_password(format!("{prompt} "));
            let text = text.map_err(|error| Problem::usage("usage-prompt", &[("why", error.to_string())]))?;
            channel.fill(field, &Zeroizing::new(text));
        }
        return Ok(());
    }
    if asked.count() == 0 {
        return Ok(());
    }
    let text = lines(file)?;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let field = line.split_once('=').and_then(|(name, text)| {
            let fields = [Field::Url, Field::Key, Field::To];
            Some((fields.into_iter().find(|field| field.name() == name.trim())?, text))
        });
        let wrong = || Problem::usage("usage-remind-secrets", &[("line", (number + 1).to_string())]);
        let (field, text) = field.ok_or_else(wrong)?;
        channel.fill(field, text);
    }
    Ok(())
}

fn lines(file: Option<&Path>) -> Result<Zeroizing<String>, Problem> {
    let mut text = Zeroizing::new(String::new());
    let (name, read) = match file.filter(|path| *path != Path::new("-")) {
        None => ("-".to_owned(), std::io::stdin().take(MAX_SECRETS).read_to_string(&mut text)),
        Some(path) => {
            let opened = std::fs::File::open(path);
            let read = opened.and_then(|file| file.take(MAX_SECRETS).read_to_string(&mut text));
            (path.display().to_string(), read)
        }
    };
    read.map_err(|error| Problem::usage("usage-unreadable", &[("path", name), ("why", error.to_string())]))?;
    Ok(text)
}

fn unknown(id: u32) -> Problem {
    Problem::refused("refused-unknown-channel", &[("id", id.to_string())])
}

fn remove(context: &Context<'_>, keys: &Keys, id: u32) -> Outcome {
    if !change(keys, |settings| settings.remove(id))? {
        return Err(unknown(id));
    }
    Ok(Answer::new(context.words.word("remind-removed"), json!({ "removed": id })))
}

fn quiet(context: &Context<'_>, keys: &Keys, own: &QuietArgs) -> Outcome {
    let span = match own.span.as_str() {
        "off" => None,
        span => {
            let wrong = |_| Problem::usage("usage-quiet", &[("value", span.to_owned())]);
            Some(span.parse::<Quiet>().map_err(wrong)?)
        }
    };
    let urgent = change(keys, |settings| {
        settings.quiet = span;
        if let Some(urgent) = &own.urgent {
            settings.urgent_in_quiet = urgent == "yes";
        }
        settings.urgent_in_quiet
    })?;
    let json = json!({ "quiet": span.map(|span| span.to_string()), "urgent_in_quiet": urgent });
    Ok(Answer::new(quiet_words(span, context.words), json))
}

fn snooze(context: &Context<'_>, keys: &Keys, own: &SnoozeArgs) -> Outcome {
    let words = context.words;
    let named = [("order", own.order.clone()), ("clock", own.clock.clone())];
    let no_clock = || Problem::refused("refused-no-such-clock", &named);
    let kind = ClockKind::from_code(&own.clock).ok_or_else(no_clock)?;
    let wrong = || Problem::usage("usage-snooze", &[("value", own.after.clone())]);
    let span = match own.after.as_str() {
        "off" => None,
        text => match text.parse() {
            Ok(Distance::Before { minutes }) => Some(SignedDuration::from_mins(i64::from(minutes))),
            _ => return Err(wrong()),
        },
    };
    let now = clock::now();
    let done = keys.with(|vault| {
        let (book, agendas) = (JobBook::open(keys.places())?, vault.agendas()?);
        let agendas: Vec<&Agenda> = agendas.iter().collect();
        Ok(put_off(vault, &book, &agendas, (&own.order, kind), span, now))
    })?;
    let (clock, until) = done.map_err(|error| match error {
        NotPutOff::NoClock => no_clock(),
        NotPutOff::TooLate(at) => Problem::refused("refused-snooze-late", &[("at", times::show(at))]),
        NotPutOff::Vault(error) => error.into(),
    })?;
    let mut values = vec![("order", clock.order.to_string()), ("clock", clock_name(clock.kind, words))];
    let json = answers::json(&PutOff::of(&clock, until));
    let text = match until {
        Some(until) => {
            values.push(("at", times::show(until)));
            words.say("remind-snoozed", &values)
        }
        None => words.say("remind-woken", &values),
    };
    Ok(Answer::new(text, json))
}

fn as_calendar(context: &Context<'_>, keys: &Keys, own: &CalendarArgs) -> Outcome {
    let words = context.words;
    if let Some(wish) = &own.subscribe {
        return subscribe(context, keys, wish);
    }
    let text = keys.with(|vault| {
        let (agendas, settings) = (vault.agendas()?, Settings::read(vault)?);
        Ok(calendar::feed(&agendas, &settings, words, clock::now()))
    })?;
    let count = text.matches("BEGIN:VEVENT").count();
    let Some(path) = &own.out else { return Ok(Answer::new(text.clone(), json!({ "calendar": text }))) };
    super::write_private(path, text)?;
    let path = path.display().to_string();
    let values = [("path", path.clone()), ("count", count.to_string())];
    Ok(Answer::new(words.say("remind-calendar-written", &values), json!({ "path": path, "clocks": count })))
}

fn subscribe(context: &Context<'_>, keys: &Keys, wish: &str) -> Outcome {
    let words = context.words;
    let secret = change(keys, |settings| {
        match wish {
            "off" => settings.calendar = None,
            "on" if settings.calendar.is_some() => {}
            _ => settings.renew_calendar(),
        }
        settings.calendar.clone()
    })?;
    let Some(secret) = secret else {
        return Ok(Answer::new(words.word("remind-done-stopped"), json!({ "url": null })));
    };
    // The desk chooses its port when it is opened, unless it is given one.
    let url = format!("http://127.0.0.1:PORT/calendar/{}.ics", secret.show());
    Ok(Answer::new(words.say("remind-calendar-at", &[("url", url.clone())]), json!({ "url": url })))
}

/// The ways out; the net is set up only where a channel needs it.
fn ways(settings: &Settings) -> Result<Ways, Problem> {
    Ok(Ways::new(if settings.needs_net() { Some(super::stamp::net()?) } else { None }))
}

fn try_out(context: &Context<'_>, keys: &Keys, only: Option<u32>) -> Outcome {
    let words = context.words;
    let settings = keys.with(|vault| Ok(Settings::read(vault)?))?;
    let wanted: Vec<&Channel> =
        settings.channels.iter().filter(|one| only.is_none_or(|id| one.id == id)).collect();
    if wanted.is_empty() {
        return Err(only.map_or_else(|| Problem::refused("refused-no-channels", &[]), unknown));
    }
    let (ways, said_in) = (ways(&settings)?, settings.words(words));
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    for channel in wanted {
        let sent = runtime()?.block_on(test(&ways, channel, &said_in, clock::now()));
        let name = saying::channel_name(channel, words);
        lines.push(match &sent {
            Ok(said) => words.say("remind-test-sent", &[("name", name), ("said", said.clone())]),
            Err(error) => {
                words.say("remind-test-failed", &[("name", name), ("why", saying::why(error, words))])
            }
        });
        all.push(Tested::of(channel.id, &sent));
    }
    let exit = u8::from(all.iter().any(|one| !one.taken));
    Ok(Answer::new(lines.join("\n"), json!({ "tested": all })).with_exit(exit))
}

fn now(context: &Context<'_>, keys: &Keys) -> Outcome {
    let words = context.words;
    let now = clock::now();
    let plan = keys.with(|vault| Ok(planned(keys, vault, &vault.agendas()?)?.0))?;
    if plan.settings.channels.is_empty() {
        return Err(Problem::refused("refused-no-channels", &[]));
    }
    let (ways, plan) = (ways(&plan.settings)?, Arc::new(plan));
    let passed = runtime()?.block_on(pass(keys.places(), &plan, &ways, words, now, true))?;
    let exit = u8::from(!passed.failed.is_empty());
    Ok(Answer::new(passed_words(&passed, &plan.settings, words), passed_json(&passed)).with_exit(exit))
}

fn passed_words(passed: &Passed, settings: &Settings, words: &Words) -> String {
    let mut lines = Vec::new();
    for channel in &settings.channels {
        let name = saying::channel_name(channel, words);
        let told: Vec<_> = passed.told.iter().filter(|one| one.channel == channel.id).collect();
        let late = told.iter().filter(|one| one.late).count();
        if !told.is_empty() {
            let late = if late == 0 {
                String::new()
            } else {
                words.say("remind-ran-late", &[("count", late.to_string())])
            };
            let values = [("channel", name.clone()), ("count", told.len().to_string()), ("late", late)];
            lines.push(words.say("remind-ran-told", &values));
        }
        for one in passed.failed.iter().filter(|one| one.channel == channel.id) {
            let why = saying::why(&one.why, words);
            lines.push(words.say("remind-ran-failed", &[("channel", name.clone()), ("why", why)]));
        }
    }
    if lines.is_empty() {
        lines.push(words.word("remind-ran-none"));
    }
    lines.extend(passed.next.map(|next| words.say("remind-ran-next", &[("at", times::show(next))])));
    lines.join("\n")
}

fn passed_json(passed: &Passed) -> serde_json::Value {
    let told = passed.told.iter().map(
        |one| json!({ "channel": one.channel, "late": one.late, "reminder": Planned::of(&one.reminder) }),
    );
    let failed = passed.failed.iter().map(|one| {
        let (why, next) = (&one.why, one.next);
        json!({
            "channel": one.channel, "why": why.code, "detail": why.detail, "next": next, "waiting": one.waiting,
        })
    });
    json!({ "told": told.collect::<Vec<_>>(), "failed": failed.collect::<Vec<_>>(), "next": passed.next })
}

fn log(context: &Context<'_>, keys: &Keys) -> Outcome {
    let words = context.words;
    let (all, settings) = keys.with(|vault| {
        let book = JobBook::open(keys.places())?;
        Ok((told(vault, &book)?, Settings::read(vault)?))
    })?;
    let json = json!({ "told": all.iter().map(ToldOf::of).collect::<Vec<_>>() });
    if all.is_empty() {
        return Ok(Answer::new(words.word("remind-told-none"), json));
    }
    let head = ["remind-col-at", "remind-col-channel", "col-order", "col-clock", "remind-col-state"];
    let mut table = plain_table(head.map(|key| words.word(key)));
    for one in all.iter().take(LISTED) {
        let channel = settings.channel(one.channel);
        table.add_row([
            times::show(one.since),
            channel.map_or_else(|| one.channel.to_string(), |channel| saying::channel_name(channel, words)),
            one.order.clone(),
            clock_name(one.clock, words),
            words.word(&saying::state_key(one.state)),
        ]);
    }
    Ok(Answer::new(table.to_string(), json))
}
