//! 沟通函: the text for the chat, and the plan of what to send with it (S26–S33).

use sigu_case::ItemId;
use sigu_case::letter::{LetterInput, LetterKind, PartKind, draft as draft_letter, send_plan};
use sigu_case::report::Role;
use sigu_case::step::Step;

use super::dispute::{dispute, unverified};
use super::{guide, values};
use crate::draft::Draft;
use crate::paper::{Block, Paste, Span};
use crate::times;

pub(super) fn write(draft: &mut Draft<'_>) {
    let Some((dispute, claim)) = dispute(draft) else { return };
    let kind = if dispute.merit.goodwill { LetterKind::Goodwill } else { LetterKind::Notice };
    let input = LetterInput {
        kind,
        scenario: dispute.scenario,
        claim: &claim,
        laws: &dispute.laws(),
        rules: &dispute.rules(),
        due_at: draft.case.wishes.due_at,
        cite_unverified: draft.case.wishes.cite_unverified,
    };
    let letter = draft_letter(draft.case.view, &input);
    let merchant = values::name(draft, Role::Merchant);
    let merchant = draft.required("merchant", merchant);
    draft.para(draft.say("letter-to", &[("merchant", &merchant)]));
    let mut unproved = false;
    for part in &letter.parts {
        // The case's own facts need an exhibit; rules and demands do not.
        if part.kind == PartKind::Fact {
            let fact = draft.numbers.fact(&part.text, &part.exhibits);
            unproved |= fact.is_none();
            draft.facts([fact], false);
        } else {
            draft.para(&part.text);
        }
    }
    if unproved {
        draft.miss("exhibits");
    }
    let buyer = values::name(draft, Role::Buyer).unwrap_or_else(|| draft.word("letter-buyer"));
    draft.para(draft.say("letter-from", &[("buyer", &buyer), ("day", &times::day(draft.case.as_of()))]));
    plan(draft, &send_plan(draft.case.view, &letter));
    let paste = Paste {
        chars: letter.chars,
        max_chars: letter.max_chars,
        shortened: letter.shortened.iter().map(|code| draft.words.part(code)).collect(),
        text: letter.text,
    };
    draft.paste(paste);
    guide::step(draft, Step::E0, None);
    unverified(draft, &letter.unverified);
    guide::end(draft);
}

fn plan(draft: &mut Draft<'_>, steps: &[sigu_case::letter::SendStep]) {
    if steps.is_empty() {
        return;
    }
    draft.heading(1, draft.word("letter-plan"));
    let mut items = Vec::new();
    for step in steps {
        let exhibit = draft.numbers.spans(&[step.item] as &[ItemId]);
        if exhibit.is_empty() {
            continue;
        }
        let note = match step.copy {
            Some(copy) => {
                draft.numbers.rest_on(copy);
                draft.say("letter-send-copy", &[("copy", &copy.to_string())])
            }
            None => draft.words.pick(&step.note).to_owned(),
        };
        items.push(
            [exhibit, vec![Span::Text(format!("　{}", step.caption)), Span::Text(format!("（{note}）"))]]
                .concat(),
        );
    }
    draft.push(Block::List { numbered: true, items });
}
