//! `sigu merchant` and `sigu check-merchant`: what is known of merchants, and a look before buying.

use serde_json::json;
use sigu_case::dossier::{Dossier, Figures, Known, Rate, dossier, dossiers, dossiers_of};
use sigu_case::purchase_check::{FactorKind, Intent, PurchaseCheck, SaveFirst};
use sigu_case::report::MerchantNoted;
use sigu_case::strategy::review;
use sigu_case::{House, Order, OrderId, State};
use sigu_server::answers;
use sigu_server::buying::{self, Look, Opened, fetch, look, plan};

use super::capture::runtime;
use super::law::pick;
use super::order::plain_table;
use super::{fen, item_id, order_id, report, time, yuan};
use crate::args::{CheckMerchantArgs, MerchantCommand, MerchantNameArgs, MerchantNoteArgs};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn run(context: &Context<'_>, own: &MerchantCommand) -> Outcome {
    match own {
        MerchantCommand::List => list(context),
        MerchantCommand::Show(own) => show(context, own),
        MerchantCommand::Note(own) => note(context, own),
        MerchantCommand::Review => strategy(context),
    }
}

fn state(context: &Context<'_>) -> Result<State, Problem> {
    session::with(context, |vault| Ok(vault.state()?))
}

fn list(context: &Context<'_>) -> Outcome {
    let state = state(context)?;
    let house = House::of(&state);
    let all = dossiers(&house, state.orders(), clock::now());
    let words = context.words;
    if all.is_empty() {
        let json = answers::json(&answers::Merchants { merchants: all });
        return Ok(Answer::new(words.word("merchant-list-empty"), json));
    }
    let heads = ["col-merchant", "col-orders", "col-disputes", "col-rate", "col-refunded"];
    let mut table = plain_table(heads.map(|key| words.word(key)));
    for one in &all {
        table.add_row([
            one.name.clone(),
            one.orders.len().to_string(),
            one.disputed.len().to_string(),
            rate(&one.dispute_rate, words),
            yuan(one.money.refunded_fen),
        ]);
    }
    let json = answers::json(&answers::Merchants { merchants: all });
    Ok(Answer::new(table.to_string(), json))
}

/// A rate with its sample and interval; without a sample it is unknown (D8).
fn rate(rate: &Rate, words: &Words) -> String {
    match (rate.share_bp.value(), rate.interval.value()) {
        (Some(share), Some(interval)) => words.say(
            "merchant-rate",
            &[
                ("share", percent(*share)),
                ("of", rate.of.to_string()),
                ("low", percent(interval.low_bp)),
                ("high", percent(interval.high_bp)),
            ],
        ),
        _ => words.word("merchant-unknown"),
    }
}

fn percent(bp: u32) -> String {
    format!("{}.{:02}%", bp / 100, bp % 100)
}

fn show(context: &Context<'_>, own: &MerchantNameArgs) -> Outcome {
    let state = state(context)?;
    let house = House::of(&state);
    let found = dossier(&house, state.orders(), clock::now(), &own.merchant_name);
    let found = found.ok_or_else(|| {
        Problem::refused("refused-unknown-merchant", &[("name", own.merchant_name.clone())])
    })?;
    let text = dossier_text(&found, context.words);
    Ok(Answer::new(text, answers::json(&answers::Merchant { merchant: found })))
}

fn dossier_text(found: &Dossier, words: &Words) -> String {
    let unknown = || words.word("merchant-unknown");
    let line = |key: &str, value: String| format!("  {}  {value}", words.word(key));
    let mut lines = vec![found.names.join(" / ")];
    lines.push(line("merchant-orders", found.orders.len().to_string()));
    lines.push(line("merchant-disputes", found.disputed.len().to_string()));
    lines.push(line("merchant-own-rate", rate(&found.dispute_rate, words)));
    let shown = found.shown_rate.value().map_or_else(unknown, |shown| percent(shown.rate_bp));
    lines.push(line("merchant-shown-rate", shown));
    lines.push(line("merchant-resolved", rate(&found.resolved, words)));
    let reply = found.replies.median_s.value().map_or_else(unknown, |seconds| words.span(*seconds));
    lines.push(line("merchant-reply", reply));
    lines.push(line("merchant-kept", rate(&found.promises.kept, words)));
    let deposit = found.deposit.value().map_or_else(unknown, |deposit| {
        format!("{}{}", yuan(deposit.amount_fen), words.aside(&times::show(deposit.seen_at)))
    });
    lines.push(line("merchant-deposit", deposit));
    lines.push(line("merchant-paid", yuan(found.money.paid_fen)));
    lines.push(line("merchant-back", yuan(found.money.refunded_fen)));
    if let Known::Known(gaps) = &found.identity_gaps {
        let gaps: Vec<String> = gaps.iter().map(|gap| pick(gap.text(), words)).collect();
        if !gaps.is_empty() {
            lines.push(line("merchant-gaps", words.list(&gaps)));
        }
    }
    lines.extend(found.notes.iter().map(|note| format!("  – {}", note.text)));
    lines.join("\n")
}

fn note(context: &Context<'_>, own: &MerchantNoteArgs) -> Outcome {
    let yes = |text: &Option<String>| text.as_deref().map(|text| text == "yes");
    let noted = MerchantNoted {
        at: own.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?,
        merchant: own.merchant_name.clone(),
        deposit_fen: own.deposit.as_deref().map(fen).transpose()?,
        shown_rate_bp: own.shown_rate.as_deref().map(basis_points).transpose()?,
        escrow: yes(&own.escrow),
        coverage: yes(&own.has_coverage),
        note: own.note.clone(),
        proof: own.proof.as_deref().map(item_id).transpose()?,
    };
    report::record(context, noted.into())
}

/// Reads a percentage with at most two decimals as hundredths of a percent.
fn basis_points(text: &str) -> Result<u32, Problem> {
    let bad = || Problem::usage("usage-percent", &[("value", text.to_owned())]);
    let number = fen(text.trim().trim_end_matches('%')).map_err(|_| bad())?;
    u32::try_from(number).ok().filter(|bp| *bp <= 10_000).ok_or_else(bad)
}

pub(super) fn before_buying(context: &Context<'_>, own: &CheckMerchantArgs) -> Outcome {
    let words = context.words;
    let intent = intent(own)?;
    let label = own.save.as_deref().map(order_id).transpose()?;
    let keys = Keys::of(context)?;
    let look = keys.with(|vault| {
        let (house, now) = (House::of(&vault.house()?), clock::now());
        let figures = vault.sheet::<Figures>(None)?;
        let dossiers = dossiers_of(&house, figures.lines(), now);
        Ok(look(&house, &dossiers, figures.lines(), own.offer.as_deref(), intent, now))
    })?;
    let mut lines = whom_lines(&look, words);
    lines.extend(check_lines(&look.check, words));
    let opened = match label {
        None => None,
        Some(order) => Some(save_first(context, own, &keys, &look, order)?),
    };
    lines.extend(opened.iter().flat_map(|one| opened_lines(one, words)));
    let answer = answers::MerchantCheck {
        whom: look.whom,
        check: look.check,
        opened: opened.as_ref().map(answers::OpenedFirst::of),
    };
    Ok(Answer::new(lines.join("\n"), answers::json(&answer)))
}

fn intent(own: &CheckMerchantArgs) -> Result<Intent, Problem> {
    let yes = |text: &Option<String>| text.as_deref().map(|text| text == "yes");
    Ok(Intent {
        merchant: own.merchant.clone(),
        platform: own.platform.clone(),
        goods: own.goods.as_deref().and_then(super::order::goods),
        price_fen: fen(&own.price)?,
        typical_price_fen: own.typical.as_deref().map(fen).transpose()?,
        own_prices: None,
        escrow: yes(&own.escrow),
        coverage: yes(&own.has_coverage),
        payee: own.payee.clone(),
        shown_rate_bp: own.shown_rate.as_deref().map(basis_points).transpose()?,
        deposit_fen: own.deposit.as_deref().map(fen).transpose()?,
        off_platform_asked: own.asked_off_platform,
    })
}

/// Opens the order, with the page of the offer where it can be fetched.
fn save_first(
    context: &Context<'_>,
    own: &CheckMerchantArgs,
    keys: &Keys,
    look: &Look,
    order: OrderId,
) -> Result<Opened, Problem> {
    let taken = keys.with(|vault| Ok(vault.order(&order)?.is_some()))?;
    if taken {
        return Err(Problem::from(sigu_vault::Error::from(sigu_case::Refusal::OrderExists(order))));
    }
    let net = if own.offline { None } else { Some(super::stamp::net()?) };
    let fetched = runtime()?.block_on(fetch(net.as_ref(), look.whom.url.as_deref()));
    let facts = plan(look, own.title.clone());
    keys.with(|vault| {
        Ok(buying::open(vault, order, facts, (&look.whom, fetched), context.words, clock::now())?)
    })
}

fn opened_lines(opened: &Opened, words: &Words) -> Vec<String> {
    let order = [("order", opened.order.to_string())];
    vec![words.say("buying-opened", &order), opened.fetched.told(words), words.say("buying-then", &order)]
}

/// Whom one would deal with, where an address was given.
fn whom_lines(look: &Look, words: &Words) -> Vec<String> {
    let whom = &look.whom;
    if whom.url.is_none() {
        return Vec::new();
    }
    buying::whom_lines(whom, words)
}

fn check_lines(found: &PurchaseCheck, words: &Words) -> Vec<String> {
    let mut lines = vec![pick(found.advice.text(), words)];
    lines.extend(found.factors.iter().map(|factor| {
        let mark = words.word(&format!("verdict-{}", factor.verdict.code()));
        format!("  {mark} {}  {}", pick(&name(factor.kind), words), pick(&factor.text, words))
    }));
    lines.push(words.word("check-save-first"));
    let save =
        |one: &SaveFirst| format!("  □ {}{}", pick(&one.what, words), words.aside(&pick(&one.why, words)));
    lines.extend(found.save_first.iter().map(save));
    lines
}

fn name(kind: FactorKind) -> sigu_case::bilingual::Bilingual {
    kind.text().name.clone()
}

/// What to look at again because a rule changed (S52).
fn strategy(context: &Context<'_>) -> Outcome {
    let state = state(context)?;
    let house = House::of(&state);
    let orders: Vec<&Order> = state.orders().collect();
    let tasks = review(&house, orders, clock::now());
    let words = context.words;
    if tasks.is_empty() {
        return Ok(Answer::new(words.word("review-empty"), json!({ "tasks": tasks })));
    }
    let lines = tasks.iter().flat_map(|task| {
        let head = format!(
            "{}《{}》第{}条  {}",
            task.platform,
            task.title,
            task.article,
            words.list(&task.merchants)
        );
        let advice = task.advice.iter().map(|one| format!("  {}", pick(one, words)));
        std::iter::once(head).chain(advice).collect::<Vec<_>>()
    });
    Ok(Answer::new(lines.collect::<Vec<_>>().join("\n"), json!({ "tasks": tasks })))
}
