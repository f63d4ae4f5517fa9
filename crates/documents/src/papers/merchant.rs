//! 商家档案: all that the orders and notes say of one merchant, unknown said as such (S53–S57, D8).

mod next;
mod orders;

use jiff::Timestamp;
use sigu_case::dossier::{Dossier, Known, OfOrder, dossier};
use sigu_case::report::{Kind as _, MerchantNoted};
use sigu_case::{ItemId, OrderId};
use sigu_evidence::mask_text;

use super::counted::{bars, endings, money, percent, rate, replies, unknown};
use super::guide;
use crate::draft::{About, Draft, Made, Refused};
use crate::kind::{Kind, Lang};
use crate::paper::{Block, Span};
use crate::plot::Size;
use crate::source::Overview;
use crate::times;
use crate::words::Words;
use orders::Bought;

type Own<'a> = Draft<'a, Overview<'a>>;

pub(super) fn make(all: &Overview<'_>, order: &OrderId, lang: Lang) -> Result<Made, Refused> {
    let name = all.views([order]).first().and_then(|view| OfOrder::of(view).name);
    let found = name.and_then(|name| dossier(all.house, all.orders.iter().copied(), all.now, &name));
    let Some(found) = found else {
        let about = About { line: String::new(), order: order.to_string(), as_of: all.now };
        let mut draft = Draft::about(all, Vec::new(), about, lang);
        draft.miss("merchant");
        return draft.finish(Kind::Merchant, String::new());
    };
    let bought = Bought::all(all, &found);
    let notes = notes_of(all, &found);
    let views: Vec<_> = bought.iter().map(|one| one.view.clone()).collect();
    let line = Words::of(lang).say("merchant-about", &[("merchant", &mask_text(&found.name))]);
    let about = About { line, order: order.to_string(), as_of: all.as_of(&views, &notes) };
    let mut draft = Draft::about(all, orders::numbered(&views), about, lang);
    notes.into_iter().for_each(|item| draft.numbers.rest_on(item));
    write(&mut draft, &found, &bought, order);
    let title = draft.word("title-merchant");
    draft.finish(Kind::Merchant, title)
}

/// The notes a dossier is made from.
fn notes_of(all: &Overview<'_>, found: &Dossier) -> Vec<ItemId> {
    let own = |note: &&MerchantNoted| {
        note.at <= all.now && found.names.iter().any(|name| name == note.merchant.trim())
    };
    let notes = all.house.notes().iter();
    notes
        .filter(|logged| MerchantNoted::of(&logged.report).filter(own).is_some())
        .map(|logged| logged.item)
        .collect()
}

fn write(draft: &mut Own<'_>, found: &Dossier, bought: &[Bought<'_>], order: &OrderId) {
    draft.note(draft.word("merchant-foreword"));
    who(draft, found);
    orders::table(draft, bought);
    disputes(draft, found);
    talk(draft, found);
    protection(draft, found);
    sums(draft, found, bought);
    goods(draft, found);
    notes(draft, found);
    next::write(draft, found, bought, order);
    orders::exhibits(draft, bought);
    draft.guide(draft.word("guide-merchant-own"));
    draft.guide(draft.say("guide-merchant-fixed", &[("order", order.as_str())]));
    guide::end(draft);
}

/// A row of names and values.
fn row(draft: &Own<'_>, key: &str, value: impl Into<String>) -> (String, Vec<Span>) {
    (draft.word(key), vec![Span::Text(value.into())])
}

/// Who it is.
fn who(draft: &mut Own<'_>, found: &Dossier) {
    draft.heading(1, draft.word("merchant-who"));
    let list = |names: &[String], how: &str| match names {
        [] => unknown(draft, how),
        names => draft.words.list(&names.iter().map(|name| mask_text(name)).collect::<Vec<_>>()),
    };
    let gaps = match &found.identity_gaps {
        Known::Unknown => unknown(draft, "unknown-party"),
        Known::Known(gaps) if gaps.is_empty() => draft.word("merchant-no-gaps"),
        Known::Known(gaps) => {
            draft.words.list(&gaps.iter().map(|gap| draft.words.pick(gap.text())).collect::<Vec<_>>())
        }
    };
    let last = found.last_order.value().map_or_else(|| unknown(draft, "unknown-order"), |at| times::day(*at));
    let mut rows = vec![
        row(draft, "merchant-names", list(&found.names, "unknown-order")),
        row(draft, "merchant-legal-names", list(&found.legal_names, "unknown-party")),
        row(draft, "merchant-platforms", list(&found.platforms, "unknown-order")),
        row(draft, "merchant-last", last),
        row(draft, "merchant-gaps", gaps),
    ];
    if !found.could_be.is_empty() {
        rows.insert(1, row(draft, "merchant-could-be", list(&found.could_be, "unknown-order")));
    }
    draft.fields(rows);
}

/// The rates, the platform's apart from one's own, and how disputes ended.
fn disputes(draft: &mut Own<'_>, found: &Dossier) {
    draft.heading(1, draft.word("merchant-disputes"));
    let rated = |of, how: &str| rate(&draft.words, of).unwrap_or_else(|| unknown(draft, how));
    let mut rows = vec![
        row(draft, "merchant-own-rate", rated(&found.dispute_rate, "unknown-order")),
        row(draft, "merchant-resolved", rated(&found.resolved, "unknown-ended")),
    ];
    let shown = found.shown_rate.value().map(|seen| (percent(seen.rate_bp), seen.seen_at, seen.proof));
    rows.insert(1, seen(draft, "merchant-shown-rate", shown, "unknown-shown-rate"));
    draft.fields(rows);
    draft.note(draft.word("merchant-rates-note"));
    endings(draft, found.endings);
}

/// What was noted, when it was seen, and what shows it.
fn seen(
    draft: &mut Own<'_>,
    key: &str,
    value: Option<(String, Timestamp, Known<ItemId>)>,
    how: &str,
) -> (String, Vec<Span>) {
    let Some((value, at, proof)) = value else {
        return row(draft, key, unknown(draft, how));
    };
    let text = draft.say("seen-on", &[("what", &value), ("day", &times::day(at))]);
    let name = draft.word(key);
    (name.clone(), shown_by(draft, text, proof, &name))
}

/// Words with the exhibit that shows them; without one the guide says so.
fn shown_by(draft: &mut Own<'_>, text: String, proof: Known<ItemId>, name: &str) -> Vec<Span> {
    let exhibits =
        draft.numbers.spans(proof.value().as_slice().iter().copied().copied().collect::<Vec<_>>().as_slice());
    if exhibits.is_empty() {
        draft.guide(draft.say("guide-merchant-unproved", &[("name", name)]));
        return vec![Span::Text(text)];
    }
    [vec![Span::Text(format!("{text}　"))], exhibits].concat()
}

/// How soon it answers, and whether it keeps its word.
fn talk(draft: &mut Own<'_>, found: &Dossier) {
    draft.heading(1, draft.word("merchant-talk"));
    let mut rows = replies(draft, &found.replies);
    let kept = rate(&draft.words, &found.promises.kept);
    rows.push(row(draft, "merchant-kept", kept.unwrap_or_else(|| unknown(draft, "unknown-promises"))));
    if found.promises.pending > 0 {
        let pending = draft.say("merchant-pending-count", &[("count", &found.promises.pending.to_string())]);
        rows.push(row(draft, "merchant-pending", pending));
    }
    draft.fields(rows);
}

/// Deposit, escrow, coverage, as last seen: unknown is never sufficient (S54).
fn protection(draft: &mut Own<'_>, found: &Dossier) {
    draft.heading(1, draft.word("merchant-protection"));
    let deposit = found.deposit.value();
    let deposit = deposit.map(|seen| (money(&draft.words, seen.amount_fen), seen.seen_at, seen.proof));
    let mut rows = vec![seen(draft, "merchant-deposit", deposit, "unknown-deposit")];
    for (key, offered, how) in [
        ("merchant-escrow", &found.escrow, "unknown-escrow"),
        ("merchant-coverage", &found.coverage, "unknown-coverage"),
    ] {
        let value = offered.value().map(|one| {
            (draft.word(if one.offered { "offered-yes" } else { "offered-no" }), one.seen_at, one.proof)
        });
        rows.push(seen(draft, key, value, how));
    }
    draft.fields(rows);
}

/// What was paid, asked and came back.
fn sums(draft: &mut Own<'_>, found: &Dossier, bought: &[Bought<'_>]) {
    draft.heading(1, draft.word("merchant-money"));
    let sum = &found.money;
    let asked = bought.iter().filter_map(|one| one.asked_fen).fold(0, i64::saturating_add);
    let rows = [
        ("money-paid", sum.paid_fen),
        ("money-asked", asked),
        ("money-refunded", sum.refunded_fen),
        ("money-to-balance", sum.to_balance_fen),
        ("money-unproved", sum.unproved_fen),
        ("money-open", sum.open_fen),
    ];
    let rows = rows.map(|(key, fen)| (draft.word(key), Size::money(fen))).to_vec();
    bars(draft, ["money-title", "unit-yuan", "money-labels"], rows);
    if sum.without_amount > 0 {
        draft.note(draft.say("money-without", &[("count", &sum.without_amount.to_string())]));
    }
}

/// What the goods were like.
fn goods(draft: &mut Own<'_>, found: &Dossier) {
    draft.heading(1, draft.word("merchant-goods"));
    let fine = rate(&draft.words, &found.quality.stayed_fine);
    let fine = fine.unwrap_or_else(|| unknown(draft, "unknown-observed"));
    draft.fields(vec![row(draft, "merchant-fine", fine)]);
    let problems = found.quality.problems.iter();
    let problems = problems.map(|(state, count)| {
        (draft.word(&format!("observed-{}", state.code().replace('_', "-"))), Size::count(*count))
    });
    let problems: Vec<(String, Size)> = problems.collect();
    if !problems.is_empty() {
        bars(draft, ["merchant-problems", "unit-orders", "merchant-problem"], problems);
    }
}

/// The buyer's own words.
fn notes(draft: &mut Own<'_>, found: &Dossier) {
    if found.notes.is_empty() {
        return;
    }
    draft.heading(1, draft.word("merchant-notes"));
    let name = draft.word("merchant-note");
    let items = found
        .notes
        .iter()
        .map(|note| shown_by(draft, format!("{}　{}", times::day(note.at), note.text), note.proof, &name));
    let items = items.collect();
    draft.push(Block::List { numbered: false, items });
}
