//! 商家档案: all that the orders and notes say of one merchant, unknown said as such (D8).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use sigu_case::dossier::{Dossier, Ending, Known, Offered, dossier_of};
use sigu_documents::times;
use sigu_evidence::mask_text;
use sigu_vault::Vault;

use super::merchants::{known, listed, percent, rate};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::money;
use crate::words::Words;

#[derive(Template)]
#[template(path = "merchant.html")]
struct Merchant<'a> {
    frame: Frame<'a>,
    name: String,
    names: String,
    groups: Vec<Group>,
    orders: Vec<Bought>,
    charts: Vec<Chart>,
    notes: Vec<(String, String)>,
}

/// Facts under one heading.
struct Group {
    title: String,
    facts: Vec<(String, String)>,
}

struct Bought {
    order: String,
    disputed: bool,
}

/// Bars under one heading, each with what it stands for.
struct Chart {
    title: String,
    bars: Vec<Bar>,
}

struct Bar {
    label: String,
    value: String,
    /// Of the widest, in percent.
    width: i64,
}

pub(super) async fn page(Path(name): Path<String>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &name)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, name: &str) -> Result<Merchant<'a>, Refusal> {
    let all = visit.at_hand().merchants(vault, visit.now)?;
    let found = dossier_of(&all, name).ok_or_else(Refusal::not_found)?;
    let words = &visit.words;
    let order =
        |id: &sigu_case::OrderId| Bought { order: id.to_string(), disputed: found.disputed.contains(id) };
    let notes = found.notes.iter().map(|note| (times::day(note.at), note.text.clone())).collect();
    Ok(Merchant {
        frame: visit.frame("merchants"),
        names: listed(&found.names, words),
        groups: vec![who(&found, words), disputes(&found, words), protection(&found, words)],
        orders: found.orders.iter().map(order).collect(),
        charts: charts(&found, words),
        notes,
        name: found.name,
    })
}

fn group(words: &Words, title: &str, facts: Vec<(&str, String)>) -> Group {
    let facts = facts.into_iter().map(|(key, value)| (words.word(key), value)).collect();
    Group { title: words.word(title), facts }
}

fn who(found: &Dossier, words: &Words) -> Group {
    let named = |names: &[String]| match names {
        [] => words.word("merchant-unknown"),
        names => listed(names, words),
    };
    let gaps = known(&found.identity_gaps, words, |gaps| match gaps.as_slice() {
        [] => words.word("house-none"),
        gaps => words.list(&gaps.iter().map(|gap| words.pick(gap.text()).to_owned()).collect::<Vec<_>>()),
    });
    let mut facts = vec![
        ("house-legal-names", named(&found.legal_names)),
        ("house-platforms", named(&found.platforms)),
        ("house-last-order", known(&found.last_order, words, |at| times::day(*at))),
        ("merchant-gaps", gaps),
    ];
    if !found.could_be.is_empty() {
        facts.insert(0, ("house-could-be", named(&found.could_be)));
    }
    group(words, "house-who", facts)
}

fn seen(what: String, at: Timestamp, words: &Words) -> String {
    words.say("house-seen", &[("what", what), ("day", times::day(at))])
}

fn disputes(found: &Dossier, words: &Words) -> Group {
    let shown = known(&found.shown_rate, words, |one| seen(percent(one.rate_bp), one.seen_at, words));
    let replies = [
        ("answered", found.replies.answered),
        ("unanswered", found.replies.unanswered),
        ("waiting", found.replies.waiting),
    ];
    let facts = vec![
        ("merchant-own-rate", rate(&found.dispute_rate, words)),
        ("merchant-shown-rate", shown),
        ("merchant-resolved", rate(&found.resolved, words)),
        ("merchant-reply", known(&found.replies.median_s, words, |seconds| words.span(*seconds))),
        (
            "house-replies",
            words.say("house-replied", &replies.map(|(name, count)| (name, count.to_string()))),
        ),
        ("merchant-kept", rate(&found.promises.kept, words)),
        ("house-pending", found.promises.pending.to_string()),
        ("house-fine", rate(&found.quality.stayed_fine, words)),
    ];
    group(words, "house-disputes", facts)
}

fn protection(found: &Dossier, words: &Words) -> Group {
    let deposit = known(&found.deposit, words, |one| seen(money(one.amount_fen, words), one.seen_at, words));
    let offered = |one: &Known<Offered>| {
        known(one, words, |one| {
            let key = if one.offered { "house-offered" } else { "house-not-offered" };
            seen(words.word(key), one.seen_at, words)
        })
    };
    let facts = vec![
        ("merchant-deposit", deposit),
        ("house-escrow", offered(&found.escrow)),
        ("house-coverage", offered(&found.coverage)),
    ];
    group(words, "house-protection", facts)
}

fn charts(found: &Dossier, words: &Words) -> Vec<Chart> {
    let sum = &found.money;
    let sums = [
        ("house-paid", sum.paid_fen),
        ("house-refunded", sum.refunded_fen),
        ("house-to-balance", sum.to_balance_fen),
        ("house-unproved", sum.unproved_fen),
        ("house-open", sum.open_fen),
    ];
    let sums = sums.map(|(key, fen)| (words.word(key), money(fen, words), fen));
    let endings = Ending::ALL.iter().map(|one| {
        let count = found.endings.count(*one);
        (words.word(&format!("house-ending-{}", one.code())), count.to_string(), i64::from(count))
    });
    let problems = found.quality.problems.iter().map(|(state, count)| {
        let label = words.word(&format!("observed-{}", state.code().replace('_', "-")));
        (mask_text(&label), count.to_string(), i64::from(*count))
    });
    let all = [
        ("house-sums", sums.to_vec()),
        ("house-endings", endings.collect()),
        ("house-problems", problems.collect()),
    ];
    all.into_iter().filter_map(|(title, rows)| chart(words.word(title), rows)).collect()
}

/// Bars; none where all are zero.
fn chart(title: String, rows: Vec<(String, String, i64)>) -> Option<Chart> {
    let most = rows.iter().map(|(_, _, size)| *size).max().filter(|most| *most > 0)?;
    let bar = |(label, value, size): (String, String, i64)| Bar {
        label,
        value,
        width: i64::try_from(i128::from(size) * 100 / i128::from(most)).unwrap_or(100).clamp(0, 100),
    };
    Some(Chart { title, bars: rows.into_iter().map(bar).collect() })
}
