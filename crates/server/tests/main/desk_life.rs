//! The whole life of the five example cases, typed and pressed in a real Chromium at both widths in both languages;
//! in the end the desk advises what it advises on the same cases taken in whole.

mod forms;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sigu_capture::clock::Deadline;
use sigu_case::advice::Advice;
use sigu_case::report::{DocumentMade, Report};
use sigu_case::{Command, Direction, House, ItemId, Order, OrderId, View};
use sigu_vault::Vault;

use self::forms::{Filling, facts, note, wall};
use crate::support::{Filled, Room, cases, noted, now, take_in};

/// A person at the desk, and which item here is which of the history.
struct Buyer {
    room: Room,
    own: BTreeMap<ItemId, ItemId>,
}

fn first() -> ItemId {
    ItemId { log: 1, seq: 0 }
}

/// What the cases say of no order: platform profiles and rules. No page adds them.
fn house(vault: &Vault) {
    let of_house = |command: &Command| matches!(command, Command::Report(report) if report.order().is_none());
    let commands: Vec<Command> = commands().into_iter().filter(of_house).collect();
    if !commands.is_empty() {
        vault.execute(commands, now()).unwrap();
    }
}

/// The commands of the cases; what is taken in is known by its place only.
fn commands() -> Vec<Command> {
    let history = cases();
    let manifest = |one: &sigu_case::history::HistoryEvidence| Some(forms::manifest(noted(one)));
    let manifests = history.evidence().map(manifest).collect();
    history.commands(first(), manifests)
}

impl Buyer {
    async fn new() -> Self {
        let room = Room::before(Filled::with_vault(house).await).await;
        Self { room, own: BTreeMap::new() }
    }

    /// How many leaves the log has.
    fn leaves(&self) -> u64 {
        self.room.filled.with(|vault| vault.standing().unwrap().0)
    }

    /// Opens a page, fills the form in and sends it; gives the address it led to.
    async fn fills(&mut self, path: &str, form: &str, filling: &Filling) -> String {
        let wrong = self.room.open(path).await;
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
        self.types(form, filling).await;
        self.sends(form).await
    }

    async fn types(&self, form: &str, filling: &Filling) {
        let script = format!(
            "(() => {{ const form = document.querySelector({}); if (!form) throw new Error('no form');\
             for (const [name, value] of {}) {{ const field = form.querySelector('[name=' + name + ']');\
             if (!field) throw new Error('no field ' + name);\
             if (field.type === 'checkbox') field.checked = true; else field.value = value;\
             if (field.type !== 'checkbox' && field.value !== value && field.type !== 'datetime-local'\
             && field.tagName !== 'TEXTAREA') throw new Error(name + ' does not take ' + value); }}\
             if (!form.checkValidity()) throw new Error('the browser keeps it back'); return 0; }})()",
            Value::from(form),
            json!(filling)
        );
        self.room.ask(&script).await;
    }

    async fn sends(&mut self, form: &str) -> String {
        let wrong = self.room.press(&format!("{form} button:not([type])")).await;
        assert!(wrong.is_empty(), "{form}: {wrong:?}");
        self.room.ask("location.pathname + location.search").await.as_str().unwrap().to_owned()
    }

    /// What the page says is wrong.
    async fn told(&self) -> String {
        self.room.ask("[...document.querySelectorAll('.wrong, .notice.bad')].map(one => one.textContent).join(' | ')").await.to_string()
    }

    /// Does one thing of the history by the page that is there for it.
    async fn does(&mut self, at: ItemId, command: &Command, text: &str) {
        let before = self.leaves();
        let here = match command {
            Command::OpenOrder { order, facts: known } => self.opens(order, known).await,
            Command::FixEvidence { order, .. } => self.fixes(order, command, text).await,
            Command::RecordMessage { order, .. } => self.speaks(order, command).await,
            Command::Report(report) => self.notes(report).await,
            other => panic!("no page for {other:?}"),
        };
        assert!(self.leaves() > before, "{command:?} was not kept at {here}: {}", self.told().await);
        self.own.insert(at, ItemId { log: 1, seq: before });
    }

    async fn opens(&mut self, order: &OrderId, known: &sigu_case::OrderFacts) -> String {
        let (at_first, later) = facts(known);
        let label = vec![("order".to_owned(), order.to_string())];
        self.fills("/orders/new", "form[action='/orders/new']", &[label, at_first].concat()).await;
        let path = format!("/orders/{order}/facts");
        self.fills(&path, "form.sheet", &later).await
    }

    async fn fixes(&mut self, order: &OrderId, command: &Command, text: &str) -> String {
        let Command::FixEvidence { slot, formed_at, .. } = command else { unreachable!() };
        let path = format!("/orders/{order}/fix");
        assert!(self.room.open(&path).await.is_empty());
        let put = format!(
            "(() => {{ const bytes = Uint8Array.from(atob('{}'), sign => sign.charCodeAt(0));\
             const files = new DataTransfer(); files.items.add(new File([bytes], 'noted.txt'));\
             document.querySelector('input[type=file]').files = files.files; return 0; }})()",
            STANDARD.encode(text)
        );
        self.room.ask(&put).await;
        let mut filling = vec![("slot".to_owned(), slot.code().to_owned())];
        filling.extend(formed_at.map(|at| ("formed_at".to_owned(), wall(at))));
        self.types("form[data-drop]", &filling).await;
        self.sends("form[data-drop]").await
    }

    async fn speaks(&mut self, order: &OrderId, command: &Command) -> String {
        let Command::RecordMessage { said_at, direction, channel, text, .. } = command else {
            unreachable!()
        };
        let path = format!("/orders/{order}/talk");
        let via = ("via".to_owned(), channel.code().to_owned());
        if *direction == Direction::In {
            let words = ("came".to_owned(), text.clone());
            return self
                .fills(&path, "#reply form.sheet", &vec![words, ("came_at".to_owned(), wall(*said_at)), via])
                .await;
        }
        let said = vec![("text".to_owned(), text.clone()), ("said_at".to_owned(), wall(*said_at)), via];
        let form = "#compose form.sheet[method=post]";
        let here = self.fills(&path, form, &said).await;
        if self.room.ask("document.querySelector('[name=anyway]') !== null").await == json!(true) {
            // What was said was said; the desk has warned.
            let anyway = [said, vec![("anyway".to_owned(), "yes".to_owned())]].concat();
            self.types(form, &anyway).await;
            return self.sends(form).await;
        }
        here
    }

    async fn notes(&mut self, report: &Report) -> String {
        let order = report.order().expect("the house's own were there before");
        let own = |item: ItemId| self.own.get(&item).copied().unwrap_or(item).to_string();
        let (what, filling) = note(report, &own);
        let path = format!("/orders/{order}/note?what={what}");
        self.fills(&path, "form.sheet", &filling).await
    }

    /// Looks at the appeal the desk has written.
    async fn appeals(&mut self, order: &OrderId) {
        let path = format!("/orders/{order}/appeal");
        assert!(self.room.open(&path).await.is_empty());
        if self.room.ask("document.querySelector('a[href$=\"what=claim\"]') !== null").await == json!(true) {
            // How much is the buyer's own to say; then the statement is there.
            let claim = [("claim", "partial_compensation"), ("amount", "20")];
            let claim = claim.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            self.fills(&format!("/orders/{order}/note?what=claim"), "form.sheet", &claim).await;
            assert!(self.room.open(&path).await.is_empty());
        }
        let statement = self.room.ask("document.querySelector('textarea[name=text]')?.value ?? ''").await;
        assert!(statement.as_str().unwrap().contains("【诉求】"), "{order} has no statement");
        assert!(self.room.overflow().await.is_none(), "{path}");
    }

    /// A paper is made and a package written.
    async fn leaves_with(&mut self, order: &OrderId) {
        let form = "form:has(input[value=timeline])";
        self.fills(&format!("/orders/{order}/papers"), form, &Vec::new()).await;
        let made = self.order(order).of_kind::<DocumentMade>().count();
        assert_eq!(made, 1, "{order}: {}", self.told().await);
        let whose = vec![("order".to_owned(), order.to_string())];
        let work = self.fills("/vault", "form[action='/vault/export']", &whose).await;
        let deadline = Deadline::after(Duration::from_secs(60));
        while self.room.ask("document.querySelector('a[download]') !== null").await != json!(true) {
            assert!(!deadline.passed(), "no package at {work}: {}", self.told().await);
            self.room.open(&work).await;
        }
    }

    fn order(&self, order: &OrderId) -> Order {
        self.room.filled.with(|vault| vault.order(order).unwrap().unwrap())
    }
}

/// What is advised on an order, without the places of leaves and what a file is called.
fn advised(vault: &Vault, order: &OrderId) -> Value {
    let (order, state) = (vault.order(order).unwrap().unwrap(), vault.house().unwrap());
    let house = House::of(&state);
    let view = View::new(&order, &house, now());
    let dispute =
        sigu_case::diagnosis::diagnose(&view).scenario.map(|one| sigu_case::advice::Dispute::of(&view, one));
    let advice = Advice::of(&view, &[]);
    let told = json!({
        "diagnosis": advice.diagnosis, "flags": advice.flags, "clocks": advice.clocks,
        "fixations": advice.completeness, "facts": advice.facts, "dispute": dispute, "next": advice.next,
    });
    without_places(told)
}

fn without_places(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept =
                fields.into_iter().filter(|(name, _)| !["filled_by", "fixed_at"].contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name, without_places(value))).collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(without_places).collect()),
        Value::String(text) if text.parse::<ItemId>().is_ok() => Value::from("a leaf"),
        other => other,
    }
}

/// Where two values differ.
fn differences(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            let of =
                |all: &serde_json::Map<String, Value>, name| all.get(name).cloned().unwrap_or(Value::Null);
            names.into_iter().for_each(|name| {
                differences(&format!("{path}.{name}"), &of(one, name), &of(other, name), found);
            });
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).enumerate().for_each(|(place, (one, other))| {
                differences(&format!("{path}[{place}]"), one, other, found);
            });
        }
        _ if one == other => {}
        _ => found.push(format!("{path}: {one} and not {other}")),
    }
}

/// Lives all cases at a width in a language.
async fn lives(width: u32, language: &str) {
    let reference = Filled::with_vault(take_in).await;
    let mut buyer = Buyer::new().await;
    buyer.room.width(width).await;
    buyer.room.language(language).await;
    let history = cases();
    let mut texts = history.evidence().map(noted);
    let mut orders = Vec::new();
    for (place, command) in commands().iter().enumerate() {
        let at = ItemId { log: 1, seq: place as u64 };
        let text = if matches!(command, Command::FixEvidence { .. }) { texts.next().unwrap() } else { "" };
        if let Command::OpenOrder { order, .. } = command {
            orders.push(order.clone());
        }
        if !matches!(command, Command::Report(report) if report.order().is_none()) {
            buyer.does(at, command, text).await;
        }
    }
    assert_eq!(orders.len(), 5);
    for order in &orders {
        let expected = reference.with(|vault| advised(vault, order));
        let advised = buyer.room.filled.with(|vault| advised(vault, order));
        let mut apart = Vec::new();
        differences("", &advised, &expected, &mut apart);
        assert!(apart.is_empty(), "{order}:\n{}", apart.join("\n"));
    }
    for order in &orders {
        buyer.appeals(order).await;
    }
    buyer.leaves_with(&orders[2]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_cases_are_lived_on_a_desktop_in_chinese() {
    lives(1440, "zh").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_cases_are_lived_on_a_phone_in_chinese() {
    lives(390, "zh").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_cases_are_lived_on_a_desktop_in_english() {
    lives(1440, "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_cases_are_lived_on_a_phone_in_english() {
    lives(390, "en").await;
}
