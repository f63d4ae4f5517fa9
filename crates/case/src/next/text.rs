//! The words of the next step, from `data/next.toml`.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{NextStep, Said, StepCode};
use crate::appeal::Variant;
use crate::bilingual::Bilingual;
use crate::report::Body;
use crate::{FactGap, Need, View};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    step: Vec<Row>,
    body: Vec<BodyRow>,
    gap: Vec<Named>,
    need: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: StepCode,
    say: Bilingual,
    why: Bilingual,
    command: String,
    otherwise: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyRow {
    code: Body,
    name: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    code: String,
    name: Bilingual,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/next.toml")).expect("data/next.toml is checked by its tests")
});

/// The name of a body.
pub(crate) fn body(body: Body) -> Bilingual {
    let found = TABLE.body.iter().find(|row| row.code == body);
    found.map(|row| row.name.clone()).expect("data/next.toml names every body, by its tests")
}

fn named(rows: &[Named], code: &str) -> Bilingual {
    let found = rows.iter().find(|row| row.code == code);
    found.map(|row| row.name.clone()).expect("data/next.toml names every need and gap, by its tests")
}

pub(super) fn gap(gap: FactGap) -> Bilingual {
    let code = match gap {
        FactGap::OrderNo => "order_no",
        FactGap::Amount => "amount",
        FactGap::Merchant => "merchant",
        FactGap::PaidAt => "paid_at",
    };
    named(&TABLE.gap, code)
}

pub(super) fn need(need: Need) -> Bilingual {
    named(&TABLE.need, waived_code(need))
}

/// The word of `report::Waived` for a need.
pub(super) const fn waived_code(need: Need) -> &'static str {
    match need {
        Need::OrderPage => "order_page",
        Need::Voucher => "voucher",
        Need::ProductPage => "copy",
        Need::Dialogue => "dialogue",
        Need::DeliveryResult => "delivery_result",
        Need::Recording => "recording",
    }
}

/// Puts the words of a step together.
pub(super) fn written(code: StepCode, said: Said, view: &View<'_>) -> NextStep {
    let row =
        TABLE.step.iter().find(|row| row.code == code).expect("data/next.toml has every step, by its tests");
    let due_at = said.clock.as_ref().and_then(|clock| clock.due.instant());
    let names: Vec<Bilingual> = said.bodies.iter().map(|one| body(*one)).collect();
    let body = joined(&names, "或", " or ");
    let missing = joined(&said.missing, "、", ", ");
    let empty = Bilingual::new("无", "nothing");
    let missing = if missing.zh.is_empty() { empty } else { missing };
    let due = due_at.map(wall).unwrap_or_default();
    let fill = |text: &Bilingual| {
        let text = text.with("due", &due).with("order", view.order.id.as_str());
        let fill = |text: String, pick: fn(&Bilingual) -> &String| {
            let text = text.replace("{missing}", pick(&missing));
            let text = text.replace("{body}", pick(&body));
            text.replace("{follow}", said.follow.as_ref().map_or("", |follow| pick(follow)))
        };
        Bilingual { zh: fill(text.zh, |text| &text.zh), en: fill(text.en, |text| &text.en) }
    };
    let variant = said.bodies.first().and_then(|body| Variant::for_body(*body));
    let command = row.otherwise.as_ref().filter(|_| variant.is_none()).unwrap_or(&row.command);
    let command = command
        .replace("{variant}", &variant.map_or_else(String::new, |variant| variant.code().replace('_', "-")))
        .replace("{order}", view.order.id.as_str())
        .replace("{slot}", said.slot.unwrap_or("SLOT"))
        .replace(
            "{body_code}",
            &said.bodies.iter().map(|body| body.code().replace('_', "-")).collect::<Vec<_>>().join("|"),
        )
        .replace(
            "{outcome}",
            &said.outcome.map_or_else(String::new, |outcome| outcome.code().replace('_', "-")),
        );
    NextStep {
        code,
        say: fill(&row.say),
        why: fill(&row.why),
        clock: said.clock.map(|clock| clock.kind),
        due_at,
        bodies: said.bodies,
        command,
    }
}

fn joined(texts: &[Bilingual], zh: &str, en: &str) -> Bilingual {
    Bilingual {
        zh: texts.iter().map(|one| one.zh.as_str()).collect::<Vec<_>>().join(zh),
        en: texts.iter().map(|one| one.en.as_str()).collect::<Vec<_>>().join(en),
    }
}

/// A wall time of Asia/Shanghai, to the minute.
fn wall(at: Timestamp) -> String {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}
