//! The statement: fact, basis, claim in the platform's size, what its footnotes stand for, and what it leaves out.

use sigu_case::appeal::{LimitSource, Statement, StatementError, Variant};
use sigu_case::{Order, View};
use sigu_vault::{Error, Vault};

use super::super::order::Leaf;
use crate::desk::draft::{Draft, Limit};
use crate::desk::form::Typed;
use crate::desk::show::masked;
use crate::talking::{self, NotStated, NotYet, Wished};
use crate::words::Words;

/// Most characters where there is no statement to ask.
const MAX_CHARS: usize = 500;

/// A statement on the page.
pub(super) struct Stated {
    pub(super) editor: Draft,
    /// Where the limit comes from.
    pub(super) limit: String,
    pub(super) notes: Vec<Note>,
    /// What could not be said, and what would show it.
    pub(super) left_out: Vec<String>,
    pub(super) shortened: bool,
    /// Citations left out because they are to be checked.
    pub(super) unverified: Vec<String>,
    /// Fields the form wants besides, with whether the case knows them.
    pub(super) wants: Vec<(String, &'static str)>,
}

/// A footnote.
pub(super) struct Note {
    pub(super) mark: String,
    pub(super) leaf: Leaf,
    pub(super) name: String,
}

/// Why there is none, and where to go.
pub(super) struct NotYetSaid {
    pub(super) say: Vec<String>,
    pub(super) to_do: String,
    pub(super) path: String,
}

/// The statement for somebody; with other words of the user where they were sent back.
pub(super) fn of(
    vault: &Vault,
    view: &View<'_>,
    variant: Variant,
    typed: &Typed<'_>,
    words: &Words,
) -> Result<Result<Stated, NotYetSaid>, Error> {
    let made = match talking::stated(view, &Wished::to(variant)) {
        Ok((_, made)) => made,
        Err(why) => return Ok(Err(not_yet(&why, view, words))),
    };
    let text = typed.text("text").unwrap_or_else(|| made.text.clone());
    let editor = Draft::of(vault, view, variant.venue(), text, of_form(&made), words)?;
    Ok(Ok(shown(&made, &view.order, editor, words)))
}

/// How long the statement may be; a form has one field, so what is longer must be shortened.
fn of_form(made: &Statement) -> Limit {
    Limit { max: made.limit.max as usize, splits: false }
}

/// The same for somebody, where there may be no statement yet.
pub(super) fn most(view: &View<'_>, variant: Variant) -> Limit {
    let made = talking::stated(view, &Wished::to(variant));
    made.map_or(Limit { max: MAX_CHARS, splits: false }, |(_, made)| of_form(&made))
}

fn shown(made: &Statement, order: &Order, editor: Draft, words: &Words) -> Stated {
    let note = |note: &sigu_case::appeal::Footnote| Note {
        mark: note.mark.clone(),
        leaf: Leaf::of(order, note.item),
        name: masked(Some(&note.name)),
    };
    let left_out = |one: &sigu_case::appeal::LeftOut| {
        let how: Vec<String> = one.how.iter().map(|how| words.pick(how).to_owned()).collect();
        words.say("appeal-left-out", &[("how", how.join(" "))])
    };
    let want = |field: &sigu_case::appeal::FieldNeed| {
        let state = match (field.known, field.by_user) {
            (true, _) => "known",
            (false, true) => "yours",
            (false, false) => "lacking",
        };
        (words.pick(&field.label).to_owned(), state)
    };
    Stated {
        limit: limit(made, words),
        notes: made.footnotes.iter().map(note).collect(),
        left_out: made.left_out.iter().map(left_out).collect(),
        shortened: !made.shortened.is_empty(),
        unverified: made.unverified.clone(),
        wants: made.fields.iter().map(want).collect(),
        editor,
    }
}

fn limit(made: &Statement, words: &Words) -> String {
    let key = match made.limit.source {
        LimitSource::Default | LimitSource::Given => "appeal-limit-default",
        LimitSource::Profile => "appeal-limit-profile",
        LimitSource::Body => "appeal-limit-body",
    };
    let unsure =
        if made.limit.unverified { words.aside(&words.word("appeal-unverified")) } else { String::new() };
    format!("{}{unsure}", words.say(key, &[("max", made.limit.max.to_string())]))
}

fn not_yet(why: &NotStated, view: &View<'_>, words: &Words) -> NotYetSaid {
    let order = &view.order.id;
    let claim = || NotYetSaid {
        say: vec![words.word("talk-claim-open")],
        to_do: words.word("talk-set-claim"),
        path: format!("/orders/{order}/note?what=claim"),
    };
    match why {
        NotStated::NotYet(NotYet::NoProblem) => NotYetSaid {
            say: vec![words.word("appeal-answer-first")],
            to_do: words.word("appeal-to-questions"),
            path: "#what".to_owned(),
        },
        NotStated::NotYet(NotYet::ClaimOpen(_)) | NotStated::Refused(StatementError::ClaimIncomplete) => {
            claim()
        }
        NotStated::Refused(StatementError::Claim { error }) => {
            NotYetSaid { say: vec![words.say("refused-claim", &[("why", error.to_string())])], ..claim() }
        }
        NotStated::Refused(StatementError::EmptyPart { left_out, .. }) => {
            let mut say = vec![words.word("appeal-shows-nothing")];
            for how in left_out.iter().flat_map(|one| &one.how).map(|how| words.pick(how)) {
                if !say.iter().any(|said| said == how) {
                    say.push(how.to_owned());
                }
            }
            NotYetSaid { say, to_do: words.word("order-fix"), path: format!("/orders/{order}/fix") }
        }
    }
}
