//! What the dossier means for the next purchase, as the check before buying says it (S58).

use sigu_case::claim::yuan;
use sigu_case::dossier::Dossier;
use sigu_case::purchase_check::{Advice, Factor, FactorKind, Intent, check};
use sigu_case::{Order, OrderId};
use sigu_evidence::mask_text;

use super::Own;
use super::orders::Bought;
use crate::paper::{Block, Span};

/// What only the next purchase itself can show, and what is looked at then.
const LATER: [FactorKind; 4] =
    [FactorKind::Price, FactorKind::Payee, FactorKind::OffPlatform, FactorKind::Rules];
/// What cannot be said without a price.
const PRICED: [FactorKind; 2] = [FactorKind::Deposit, FactorKind::HighValue];

pub(super) fn write(draft: &mut Own<'_>, found: &Dossier, bought: &[Bought<'_>], order: &OrderId) {
    let Some(like) = bought.iter().find(|one| one.of_order.order == *order) else { return };
    let checked = check(draft.case.house, Some(found), &intent(found, &like.view.order), draft.case.now);
    let amount = like.view.order.facts.amount_fen;
    let said = |factor: &&Factor| {
        !LATER.contains(&factor.kind) && (amount.is_some() || !PRICED.contains(&factor.kind))
    };
    let factors: Vec<Factor> = checked.factors.iter().filter(said).cloned().collect();
    draft.heading(1, draft.word("merchant-next"));
    let lead = match amount {
        Some(fen) => draft.say("merchant-next-like", &[("order", order.as_str()), ("yuan", &yuan(fen))]),
        None => draft.say("merchant-next-no-price", &[("order", order.as_str())]),
    };
    draft.para(lead);
    let rows = factors.iter().map(|factor| {
        [
            draft.words.pick(factor.kind.text().name).to_owned(),
            draft.word(&format!("verdict-{}", factor.verdict.code())),
            mask_text(draft.words.pick(&factor.text)),
        ]
        .map(|text| vec![Span::Text(text)])
        .to_vec()
    });
    let rows = rows.collect();
    draft.table(&[("factor-name", 24), ("factor-verdict", 12), ("factor-why", 64)], rows);
    draft.para(draft.words.pick(Advice::of(&factors).text()).to_owned());
    draft.para(draft.word("merchant-save-first"));
    let save = checked.save_first.iter().map(|one| {
        let values = [("what", draft.words.pick(&one.what)), ("why", draft.words.pick(&one.why))];
        vec![Span::Text(draft.say("merchant-save", &values))]
    });
    let items = save.collect();
    draft.push(Block::List { numbered: false, items });
    draft.note(draft.word("merchant-next-later"));
}

/// The same goods for the same price, from the same merchant.
fn intent(found: &Dossier, order: &Order) -> Intent {
    let facts = &order.facts;
    Intent {
        merchant: Some(found.name.clone()),
        platform: facts.profile.clone().or_else(|| facts.platform.clone()),
        goods: facts.goods,
        price_fen: facts.amount_fen.unwrap_or_default(),
        ..Intent::default()
    }
}
