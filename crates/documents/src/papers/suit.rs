//! 起诉状 of a small claim, element by element: parties, claims, facts with exhibits, jurisdiction, evidence
//! (L-CPP-122, L-CPP-124, L-CPPI-20, L-EVR-19).

use sigu_case::appeal::{StatementPartKind, Variant};
use sigu_case::calendar::day_of;
use sigu_case::law;
use sigu_case::report::{PartyNamed, Role};
use sigu_case::step::Step;

use super::dispute::{Told, told, unverified};
use super::{catalogue, exhibits, guide};
use crate::draft::Draft;
use crate::paper::{Block, Span};

/// Where a suit over goods delivered by network is filed.
const JURISDICTION: [&str; 2] = ["L-CPP-24", "L-CPPI-20"];

pub(super) fn write(draft: &mut Draft<'_>) {
    let Some(told) = told(draft, Variant::SmallClaims) else { return };
    guide::step(draft, Step::E10, Some("court_online"));
    let home = parties(draft);
    claims(draft, &told);
    elements(draft, &told);
    jurisdiction(draft, &home);
    end(draft);
    draft.heading(1, draft.word("part-exhibits"));
    catalogue::table(draft);
    draft.guide(draft.word("guide-suit"));
    unverified(draft, &told.statement.unverified);
    guide::end(draft);
    exhibits::write(draft);
}

/// Both parties; a suit without a clear defendant is not filed. Returns where the plaintiff lives.
fn parties(draft: &mut Draft<'_>) -> String {
    draft.heading(1, draft.word("suit-parties"));
    let view = draft.case.view;
    let of = |role: Role, what: fn(&PartyNamed) -> &Option<String>| {
        view.party(role).and_then(|party| what(party).clone())
    };
    let buyer_name = of(Role::Buyer, |one| &one.legal_name).or_else(|| of(Role::Buyer, |one| &one.name));
    let plaintiff = draft.required("plaintiff-name", buyer_name);
    let home = draft.required("plaintiff-address", of(Role::Buyer, |one| &one.address));
    let contact = draft.required("plaintiff-contact", of(Role::Buyer, |one| &one.contact));
    let defendant = draft.required("defendant-name", of(Role::Merchant, |one| &one.legal_name));
    let address = draft.required("defendant-address", of(Role::Merchant, |one| &one.address));
    let rows = [
        ("suit-plaintiff", Span::cell(plaintiff)),
        ("suit-address", Span::cell(home.clone())),
        ("suit-contact", Span::cell(contact)),
        ("suit-defendant", Span::cell(defendant)),
        ("suit-address", Span::cell(address)),
        ("suit-contact", Span::cell(of(Role::Merchant, |one| &one.contact).unwrap_or_default())),
        ("suit-licence", Span::cell(of(Role::Merchant, |one| &one.licence).unwrap_or_default())),
    ];
    let rows = rows.into_iter().map(|(key, value)| (draft.word(key), value)).collect();
    draft.fields(rows);
    home
}

fn claims(draft: &mut Draft<'_>, told: &Told) {
    draft.heading(1, draft.word("suit-claims"));
    let claim = draft.words.pick(&told.claim.sentence()).to_owned();
    let first = draft.say("suit-claim", &[("claim", &claim)]);
    let items = vec![vec![Span::Text(first)], vec![Span::Text(draft.word("suit-costs"))]];
    draft.push(Block::List { numbered: true, items });
}

/// What happened, one element of the contract in each row, with the exhibits that show it.
fn elements(draft: &mut Draft<'_>, told: &Told) {
    draft.heading(1, draft.word("suit-facts"));
    let mut rows = Vec::new();
    for sentence in told.part(StatementPartKind::Fact) {
        let exhibits = draft.marks(&sentence.proofs);
        if exhibits.is_empty() {
            draft.guide(draft.say("guide-not-shown", &[("sentence", &sentence.text)]));
            continue;
        }
        let element = draft.word(&format!("element-{}", sentence.code.replace('_', "-")));
        rows.push(vec![vec![Span::Text(element)], vec![Span::text(&sentence.text)], exhibits]);
    }
    if rows.is_empty() {
        draft.miss("exhibits");
        return;
    }
    draft.table(&[("element", 16), ("element-fact", 62), ("element-exhibits", 22)], rows);
    let basis = told.words(StatementPartKind::Basis);
    if !basis.is_empty() {
        draft.heading(1, draft.word("part-basis"));
        draft.para(basis);
    }
}

fn jurisdiction(draft: &mut Draft<'_>, home: &str) {
    let day = day_of(draft.case.as_of());
    let cited = JURISDICTION.iter().filter_map(|id| law::Table::get().cite(id, day).ok());
    let cited: Vec<String> = cited.map(|law| draft.words.pick(&law.text).to_owned()).collect();
    draft.heading(1, draft.word("suit-jurisdiction"));
    let values = [("laws", draft.words.list(&cited)), ("home", home.to_owned())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    draft.para(draft.say("suit-court-because", &values));
}

fn end(draft: &mut Draft<'_>) {
    let court = draft.case.wishes.court.clone();
    let court = draft.required("court", court);
    draft.para(draft.say("suit-to", &[("court", &court)]));
    let lines = ["suit-signed", "catalogue-date"].map(|key| draft.word(key));
    draft.push(Block::Signature { lines: lines.to_vec() });
}
