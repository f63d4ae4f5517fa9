//! `sigu order`: open an order, put its facts right, list orders, show one with what is missing and what is due.

use comfy_table::{Table, presets};
use jiff::Timestamp;
use sigu_case::{ArchiveClock, Command, Completeness, GoodsKind, Lateness, NeedState, Order, OrderFacts};
use sigu_server::answers;

use super::{fen, order_id, time, yuan};
use crate::args::{OrderFactsArgs, OrderShowArgs};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn new(context: &Context<'_>, own: &OrderFactsArgs) -> Outcome {
    change(context, own, |order, facts| Command::OpenOrder { order, facts })
}

pub(super) fn set(context: &Context<'_>, own: &OrderFactsArgs) -> Outcome {
    change(context, own, |order, facts| Command::AmendOrder { order, facts })
}

fn change(
    context: &Context<'_>,
    own: &OrderFactsArgs,
    command: impl FnOnce(sigu_case::OrderId, OrderFacts) -> Command,
) -> Outcome {
    let id = order_id(&own.order)?;
    let facts = facts(own)?;
    let order = session::with(context, |vault| {
        if let Some(profile) = &facts.profile {
            known_profile(vault, profile)?;
        }
        vault.execute(vec![command(id.clone(), facts)], clock::now())?;
        vault
            .order(&id)?
            .ok_or_else(|| Problem::from(sigu_vault::Error::from(sigu_case::Refusal::UnknownOrder(id))))
    })?;
    Ok(answer(&order, context.words))
}

/// A profile nobody knows would say nothing; the user may have mistyped it.
fn known_profile(vault: &sigu_vault::Vault, id: &str) -> Result<(), Problem> {
    let house = sigu_case::House::of(&vault.house()?);
    match house.registry().find(id) {
        Some(_) => Ok(()),
        None => Err(Problem::refused("refused-unknown-profile", &[("id", id.to_owned())])),
    }
}

fn facts(own: &OrderFactsArgs) -> Result<OrderFacts, Problem> {
    Ok(OrderFacts {
        title: own.title.clone(),
        goods: own.goods.as_deref().and_then(goods),
        order_no: own.no.clone(),
        amount_fen: own.amount.as_deref().map(fen).transpose()?,
        merchant: own.merchant.clone(),
        platform: own.platform.clone(),
        paid_at: own.paid.as_deref().map(|text| time("--paid", text)).transpose()?,
        delivered_at: own.delivered.as_deref().map(|text| time("--delivered", text)).transpose()?,
        created_at: own.created.as_deref().map(|text| time("--created", text)).transpose()?,
        credited_at: own.credited.as_deref().map(|text| time("--credited", text)).transpose()?,
        handed_over_at: own.handed_over.as_deref().map(|text| time("--handed-over", text)).transpose()?,
        confirmed_at: own.confirmed.as_deref().map(|text| time("--confirmed", text)).transpose()?,
        activated_at: own.activated.as_deref().map(|text| time("--activated", text)).transpose()?,
        revealed_at: own.revealed.as_deref().map(|text| time("--revealed", text)).transpose()?,
        quantity: own.quantity,
        unit_fen: own.unit_price.as_deref().map(fen).transpose()?,
        status: own.status.clone(),
        profile: own.profile.clone(),
        charge_account: own.charge_account.clone(),
        internal_no: own.internal_no.clone(),
        escrow: own.escrow.as_deref().map(|text| text == "yes"),
    })
}

pub(super) fn goods(word: &str) -> Option<GoodsKind> {
    Some(match word {
        "point-card" => GoodsKind::GamePointCard,
        "membership" => GoodsKind::MembershipAccount,
        "activation-code" => GoodsKind::SoftwareActivationCode,
        "game-account" => GoodsKind::GameAccount,
        "licence" => GoodsKind::EnterpriseLicence,
        _ => return None,
    })
}

pub(super) fn list(context: &Context<'_>) -> Outcome {
    let orders = session::with(context, |vault| Ok(vault.orders()?))?;
    let words = context.words;
    let json = answers::json(&answers::Orders::of(&orders));
    if orders.is_empty() {
        return Ok(Answer::new(words.word("order-list-empty"), json));
    }
    let mut table = plain_table(
        ["col-order", "col-title", "col-amount", "col-complete", "col-due"].map(|key| words.word(key)),
    );
    for order in &orders {
        table.add_row([
            order.order.clone(),
            order.title.clone().unwrap_or_default(),
            order.amount_fen.map(yuan).unwrap_or_default(),
            format!("{}/4", order.complete),
            order.archive_due_at.map_or_else(|| words.word("due-unknown"), times::show),
        ]);
    }
    Ok(Answer::new(table.to_string(), json))
}

pub(super) fn plain_table(header: impl IntoIterator<Item = String>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table
}

pub(super) fn show(context: &Context<'_>, own: &OrderShowArgs) -> Outcome {
    let id = order_id(&own.order)?;
    let order = session::with(context, |vault| Ok(vault.order(&id)?))?;
    let order =
        order.ok_or_else(|| Problem::refused("refused-unknown-order", &[("order", own.order.clone())]))?;
    Ok(answer(&order, context.words))
}

fn answer(order: &Order, words: &Words) -> Answer {
    let completeness = Completeness::of(order);
    let text = [
        heading(order, words),
        clock_line(completeness.archive, clock::now(), words),
        fixations(&completeness, words),
        exhibits(order, &completeness, words),
        messages(order, words),
        missing(&completeness, words),
    ];
    let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
    Answer::new(text.join("\n\n"), answers::json(&answers::OrderShown::of(order)))
}

fn heading(order: &Order, words: &Words) -> String {
    let facts = &order.facts;
    let mut lines = vec![
        format!("{}  {}", order.id, facts.title.as_deref().map(sigu_evidence::mask_text).unwrap_or_default())
            .trim_end()
            .to_owned(),
    ];
    let mut fact = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(format!("  {} {value}", words.word(key)));
        }
    };
    fact("fact-no", facts.order_no.clone());
    fact("fact-amount", facts.amount_fen.map(yuan));
    fact(
        "fact-goods",
        facts.goods.map(|goods| words.word(&format!("goods-{}", goods.code().replace('_', "-")))),
    );
    fact("fact-merchant", facts.merchant.clone());
    fact("fact-platform", facts.platform.clone());
    fact("fact-paid", facts.paid_at.map(times::show));
    fact("fact-delivered", facts.delivered_at.map(times::show));
    lines.join("\n")
}

/// The archive clock in words: what started it, when it is due, how long is left.
fn clock_line(archive: ArchiveClock, now: Timestamp, words: &Words) -> String {
    match archive {
        ArchiveClock::Unknown => words.word("archive-unknown"),
        ArchiveClock::Running { started_at, from_delivery, due_at } => {
            let values = [
                ("started", times::show(started_at)),
                ("due", times::show(due_at)),
                ("left", words.span(due_at.duration_since(now).as_secs().abs())),
                ("from", words.word(if from_delivery { "from-delivery" } else { "from-payment" })),
            ];
            words.say(if now <= due_at { "archive-running" } else { "archive-over" }, &values)
        }
    }
}

fn fixations(completeness: &Completeness, words: &Words) -> String {
    let mut lines = vec![words.say("fixations", &[("complete", completeness.complete().to_string())])];
    for fixation in &completeness.fixations {
        let kind = format!("fixation-{}", code(&fixation.kind));
        let needs: Vec<String> = fixation.needs.iter().map(|need| need_line(need, words)).collect();
        lines.push(format!(
            "  {} {}  {}",
            if fixation.complete { "●" } else { "○" },
            words.word(&kind),
            needs.join("  ")
        ));
    }
    lines.join("\n")
}

fn need_line(state: &NeedState, words: &Words) -> String {
    let name = words.word(&format!("need-{}", code(&state.need)));
    match (state.met(), state.late_by_s()) {
        (true, Some(seconds)) => words.say("need-late", &[("name", name), ("late", words.span(seconds))]),
        (true, None) => format!("✓ {name}"),
        (false, _) if state.required => format!("✗ {name}"),
        (false, _) => format!("– {name}"),
    }
}

/// The serialised name of an enum, in kebab case, for message keys.
fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(|text| text.replace('_', "-")))
        .unwrap_or_default()
}

fn exhibits(order: &Order, completeness: &Completeness, words: &Words) -> String {
    if order.exhibits.is_empty() {
        return String::new();
    }
    let mut table = plain_table(
        ["col-item", "col-slot", "col-name", "col-size", "col-fixed", "col-note"].map(|key| words.word(key)),
    );
    for exhibit in &order.exhibits {
        let (name, size) = match exhibit.manifest() {
            Some(manifest) if manifest.secret => (
                format!("{} {}", manifest.masked.as_deref().unwrap_or("…"), manifest.content.prefix8()),
                manifest.size.to_string(),
            ),
            Some(manifest) => (
                manifest.file_name.as_deref().map(sigu_evidence::mask_text).unwrap_or_default(),
                manifest.size.to_string(),
            ),
            None => (words.word("erased"), String::new()),
        };
        let late = match completeness.archive.judge(exhibit.fixed_at) {
            Lateness::Late { late_by_s } => {
                format!(" {}", words.say("late-by", &[("late", words.span(late_by_s))]))
            }
            _ => String::new(),
        };
        let note = exhibit.note.as_deref().map(sigu_evidence::mask_text).unwrap_or_default();
        let slot = words.word(&format!("slot-{}", exhibit.slot.code()));
        table.add_row([
            exhibit.item.to_string(),
            slot,
            name,
            size,
            format!("{}{late}", times::show(exhibit.fixed_at)),
            note,
        ]);
    }
    table.to_string()
}

fn messages(order: &Order, words: &Words) -> String {
    let mut said: Vec<_> = order.messages.iter().collect();
    said.sort_by_key(|message| (message.said_at, message.item));
    let line = |message: &&sigu_case::Message| {
        let who = words.word(&format!("said-{}", code(&message.direction)));
        let via = words.word(&format!("channel-{}", code(&message.channel)));
        let text = message.text.as_deref().map_or_else(|| words.word("erased"), sigu_evidence::mask_text);
        format!("  {}  {}  {who}{} {text}", message.item, times::show(message.said_at), words.aside(&via))
    };
    said.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn missing(completeness: &Completeness, words: &Words) -> String {
    let needs = completeness.missing();
    let gaps = completeness.gaps.iter().map(|gap| words.word(&format!("gap-{}", code(gap))));
    let lines: Vec<String> = needs
        .iter()
        .map(|need| words.word(&format!("how-{}", code(need))))
        .chain(gaps)
        .map(|line| format!("  - {line}"))
        .collect();
    if lines.is_empty() {
        words.word("nothing-missing")
    } else {
        format!("{}\n{}", words.word("still-missing"), lines.join("\n"))
    }
}
