//! The orders of a merchant with what shows them, and the list of their exhibits under one numbering.

use sigu_case::advice::Dispute;
use sigu_case::catalogue::{CatalogueRow, catalogue};
use sigu_case::claim::yuan;
use sigu_case::dossier::{Dossier, OfOrder, went_wrong};
use sigu_case::scenario::{Scenario, Table};
use sigu_case::{ItemId, View};
use sigu_evidence::mask_text;

use super::Own;
use crate::paper::Span;
use crate::source::Overview;
use crate::times;

/// One order of the merchant.
pub(super) struct Bought<'a> {
    pub(super) view: View<'a>,
    pub(super) of_order: OfOrder,
    /// What went wrong, where something did and is known.
    pub(super) wrong: Option<Scenario>,
    /// What is asked in its dispute, in 分.
    pub(super) asked_fen: Option<i64>,
}

impl<'a> Bought<'a> {
    /// Reads all orders of a dossier, in its order.
    pub(super) fn all(all: &Overview<'a>, found: &Dossier) -> Vec<Self> {
        all.views(&found.orders).into_iter().map(Self::of).collect()
    }

    fn of(view: View<'a>) -> Self {
        let wrong = went_wrong(&view);
        let claim = wrong.and_then(|scenario| Dispute::of(&view, scenario).claim.claim);
        Self {
            of_order: OfOrder::of(&view),
            wrong,
            asked_fen: claim.and_then(|claim| claim.amount_fen),
            view,
        }
    }

    /// Whether an item is of this order.
    fn has(&self, item: ItemId) -> bool {
        let order = &self.view.order;
        order.exhibits.iter().any(|one| one.item == item) || order.messages.iter().any(|one| one.item == item)
    }
}

/// Numbers the exhibits of several orders as those of one paper: order by order, without holes.
pub(super) fn numbered(views: &[View<'_>]) -> Vec<CatalogueRow> {
    let mut rows: Vec<CatalogueRow> = views.iter().flat_map(catalogue).collect();
    for (no, row) in (1..).zip(&mut rows) {
        row.no = no;
    }
    rows
}

/// The orders; one that nothing shows is left out, and the guide says so.
pub(super) fn table(draft: &mut Own<'_>, bought: &[Bought<'_>]) {
    draft.heading(1, draft.word("merchant-orders"));
    let count = bought.len().to_string();
    let disputed = bought.iter().filter(|one| one.of_order.dispute.is_some()).count().to_string();
    draft.para(draft.say("merchant-orders-count", &[("count", &count), ("disputed", &disputed)]));
    let mut rows = Vec::new();
    for one in bought {
        let exhibits = exhibits_of(draft, one);
        if exhibits.is_empty() {
            draft.guide(draft.say("guide-merchant-order", &[("order", one.of_order.order.as_str())]));
            continue;
        }
        rows.push(cells(draft, one, exhibits));
    }
    if rows.is_empty() {
        return;
    }
    draft.table(
        &[
            ("merchant-order", 9),
            ("merchant-day", 13),
            ("merchant-title", 22),
            ("merchant-amount", 11),
            ("merchant-wrong", 16),
            ("merchant-ended", 17),
            ("merchant-exhibits", 16),
        ],
        rows,
    );
}

fn cells(draft: &Own<'_>, one: &Bought<'_>, exhibits: Vec<Span>) -> Vec<Vec<Span>> {
    let facts = &one.view.order.facts;
    let unknown = || draft.word("unknown-word");
    let text = |words: Option<String>| vec![Span::Text(words.unwrap_or_else(unknown))];
    let (wrong, ended) = match one.of_order.dispute {
        None => (draft.word("merchant-nothing"), draft.word("merchant-no-dispute")),
        Some(ending) => {
            let name = |scenario| draft.words.pick(&Table::get().row(scenario).name).to_owned();
            (one.wrong.map_or_else(unknown, name), draft.word(&format!("ending-{}", ending.code())))
        }
    };
    vec![
        text(Some(one.of_order.order.to_string())),
        text(Some(times::day(one.of_order.began))),
        text(facts.title.as_deref().map(mask_text)),
        text(facts.amount_fen.map(yuan)),
        text(Some(wrong)),
        text(Some(ended)),
        exhibits,
    ]
}

/// The marks of all exhibits of an order: they follow one another, so the first and the last say it.
fn exhibits_of(draft: &mut Own<'_>, one: &Bought<'_>) -> Vec<Span> {
    let rows = draft.rows.iter().filter(|row| one.has(row.item));
    let items: Vec<ItemId> = rows.flat_map(|row| row.covers.iter().copied()).collect();
    match draft.numbers.cite(&items).as_slice() {
        [] => Vec::new(),
        [only] => vec![Span::Exhibit(*only)],
        [first, .., last] => vec![Span::Exhibit(*first), Span::text("–"), Span::Exhibit(*last)],
    }
}

/// What each number stands for.
pub(super) fn exhibits(draft: &mut Own<'_>, bought: &[Bought<'_>]) {
    if draft.rows.is_empty() {
        return;
    }
    draft.heading(1, draft.word("merchant-exhibit-list"));
    let order_of = |item| bought.iter().find(|one| one.has(item)).map(|one| one.of_order.order.to_string());
    let text = |words: String| if words.is_empty() { Vec::new() } else { vec![Span::Text(words)] };
    let rows = draft.rows.iter().map(|row| {
        vec![
            vec![Span::Exhibit(row.no)],
            text(order_of(row.item).unwrap_or_default()),
            text(row.name.clone()),
            text(row.item.to_string()),
            text(row.digest.clone()),
        ]
    });
    let rows = rows.collect();
    draft.table(
        &[
            ("catalogue-no", 12),
            ("merchant-order", 14),
            ("catalogue-name", 28),
            ("exhibit-leaf", 16),
            ("catalogue-digest", 30),
        ],
        rows,
    );
    draft.note(draft.word("merchant-exhibit-foot"));
}
