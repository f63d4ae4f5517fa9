//! What leaves says no more than label, clock, time and next step: nothing else of a richly filled vault is in any payload.

use std::collections::BTreeSet;

use serde_json::Value;
use sigu_case::{Command, OrderFacts, OrderId};
use sigu_server::reminding::channel::Field;
use sigu_server::reminding::{AHEAD, ChannelKind, Plan, Say, Settings, Ways, calendar, pass};
use sigu_server::{App, Words};
use sigu_vault::{Disk, JobBook, Vault};

use super::forms::channels;
use super::mail::Server;
use super::no_screen;
use super::receivers::Receivers;
use crate::support::outside::net;
use crate::support::{Filled, SECRETS, now as end};

/// What a reminder may say, in which values of a case occur by chance.
fn allowed(orders: &[OrderId], words: &Words) -> String {
    let mut all: Vec<String> = orders.iter().map(ToString::to_string).collect();
    for kind in sigu_case::clock::ClockKind::ALL {
        let key = kind.code().replace('_', "-");
        all.push(kind.code().to_owned());
        all.extend(["clock", "clock-after", "clock-stop"].map(|head| words.word(&format!("{head}-{key}"))));
    }
    all.push(words.word("remind-follow-up-step"));
    all.join("\n")
}

/// Every text and number of a value, as somebody would find it.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(all) => all.values().for_each(|one| leaves(one, found)),
        Value::Array(all) => all.iter().for_each(|one| leaves(one, found)),
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => {}
        Value::String(text) => {
            found.extend(text.split_whitespace().map(str::to_owned));
        }
        Value::Number(number) => {
            found.insert(number.to_string());
            // An amount as people write it.
            if let Some(fen) = number.as_i64() {
                found.insert(format!("{}.{:02}", fen / 100, fen % 100));
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
}

/// All that is known of the orders, as far as it tells something: no instants, codes of the product, or single characters.
fn known(vault: &Vault) -> (Vec<OrderId>, BTreeSet<String>) {
    let orders: Vec<OrderId> = vault.agendas().unwrap().into_iter().map(|agenda| agenda.order).collect();
    let mut found = BTreeSet::new();
    for order in &orders {
        let order = vault.order(order).unwrap().unwrap();
        for value in [
            serde_json::to_value(&order.facts).unwrap(),
            serde_json::to_value(&order.exhibits).unwrap(),
            serde_json::to_value(&order.reports).unwrap(),
        ] {
            leaves(&value, &mut found);
        }
        for message in &order.messages {
            let words = message.text.iter().flat_map(|text| text.split_whitespace());
            found.extend(words.map(str::to_owned));
        }
    }
    found.extend(SECRETS.map(str::to_owned));
    (orders, found)
}

/// Buys everything once more, an hour ago: the clocks of the cases have run out, these run.
fn buy_again(vault: &Vault) {
    let (now, ago) = (end(), end() - super::hours(1));
    let agendas = vault.agendas().unwrap();
    let again = agendas.into_iter().map(|agenda| {
        let order = vault.order(&agenda.order).unwrap().unwrap();
        let facts = OrderFacts {
            paid_at: Some(ago),
            delivered_at: Some(ago),
            created_at: None,
            credited_at: None,
            handed_over_at: None,
            confirmed_at: None,
            activated_at: None,
            revealed_at: None,
            ..order.facts
        };
        Command::OpenOrder { order: format!("{}-again", agenda.order).parse().unwrap(), facts }
    });
    let again = again.collect();
    vault.execute(again, now).unwrap();
}

#[tokio::test]
async fn no_value_of_a_filled_case_leaves_in_any_form() {
    let filled = Filled::new().await;
    let (receivers, server) = (Receivers::new().await, Server::new().await);
    let (app, at) = (filled.app.clone(), "2026-08-01T00:00:00Z".parse().unwrap());
    let (orders, values) = filled.with(|vault| {
        buy_again(vault);
        let mut settings = Settings::default();
        settings.quiet = None;
        for mut channel in channels(&receivers) {
            channel.added_at = at;
            settings.add(channel).unwrap();
        }
        settings.add(server.channel(at)).unwrap();
        settings.keep(vault, at).unwrap();
        known(vault)
    });
    assert!(values.len() > 200, "the vault is filled: {}", values.len());
    let ways = Ways { net: Some(net()), desktop: no_screen };
    // Until the windows of the last purchases are over, so that every reminder of theirs is told.
    let mut sent = String::new();
    for hour in 0..30 {
        let now = end() + super::hours(hour);
        let plan = plan(&app, now);
        pass(&app.places, &plan, &ways, &Words::chinese(), now, true).await.unwrap();
    }
    let came = receivers.came();
    assert!(came.len() > 20, "{}", came.len());
    came.iter().for_each(|one| sent.push_str(&format!("{}\n", one.body)));
    let mails = server.taken();
    assert!(!mails.is_empty());
    mails.iter().for_each(|mail| sent.push_str(&mail.text()));
    let feed = filled.with(|vault| {
        let (agendas, settings) = (vault.agendas().unwrap(), Settings::read(vault).unwrap());
        calendar::feed(&agendas, &settings, &Words::chinese(), end())
    });
    // Half past anything is 3000 in a time of a calendar.
    let feed = feed.replace("\r\n ", "");
    feed.lines()
        .filter(|line| !line.starts_with("DT") && !line.starts_with("LAST-MODIFIED"))
        .for_each(|line| sent.push_str(line));
    let said = allowed(&orders, &Words::chinese());
    let tells = |value: &&String| value.chars().count() >= 4 && !said.contains(value.as_str());
    let leaked: Vec<&String> =
        values.iter().filter(tells).filter(|value| sent.contains(value.as_str())).collect();
    let around = leaked.iter().map(|one| {
        let at = sent.find(one.as_str()).unwrap_or_default();
        sent[..at].chars().rev().take(40).collect::<String>().chars().rev().collect::<String>()
    });
    assert!(leaked.is_empty(), "{leaked:?} after {:?}", around.collect::<Vec<_>>());
    // The other way round: the same search finds what does leave.
    assert!(orders.iter().any(|order| sent.contains(order.as_str())));
}

fn plan(app: &App, now: jiff::Timestamp) -> std::sync::Arc<Plan> {
    let vault = Vault::open(&app.places, &app.identity.get().unwrap(), Disk::default()).unwrap();
    let (book, agendas) = (JobBook::open(&app.places).unwrap(), vault.agendas().unwrap());
    let plan = Plan::read(&vault, &book, &agendas, now, AHEAD).unwrap();
    vault.close().unwrap();
    std::sync::Arc::new(plan)
}

#[tokio::test]
async fn nothing_means_not_even_the_label() {
    let filled = Filled::new().await;
    let receivers = Receivers::new().await;
    let at: jiff::Timestamp = "2026-08-01T00:00:00Z".parse().unwrap();
    filled.with(|vault| {
        let mut settings = Settings::default();
        (settings.quiet, settings.say) = (None, Say::Nothing);
        let mut channel = sigu_server::reminding::Channel::of(ChannelKind::Json, at);
        channel.fill(Field::Url, &receivers.url("json"));
        settings.add(channel).unwrap();
        settings.keep(vault, at).unwrap();
    });
    // The fresh order was delivered an hour and a half ago.
    let now = end();
    let ways = Ways { net: Some(net()), desktop: no_screen };
    pass(&filled.app.places, &plan(&filled.app, now), &ways, &Words::chinese(), now, true).await.unwrap();
    let came = receivers.came();
    assert_eq!(came.len(), 1);
    let feed = filled.with(|vault| {
        let (agendas, settings) = (vault.agendas().unwrap(), Settings::read(vault).unwrap());
        calendar::feed(&agendas, &settings, &Words::chinese(), now)
    });
    assert!(feed.contains("BEGIN:VEVENT"));
    for text in [came[0].body.to_string(), feed] {
        for label in ["C01", "C02", "C03", "C04", "C05", "dk01"] {
            assert!(!text.contains(label), "{label} in {text}");
        }
        assert!(!text.contains("申诉") && !text.contains("归档"), "{text}");
    }
}
