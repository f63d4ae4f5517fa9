//! The next words: a draft by the engine, what is found in them, and what is sent with them.

use sigu_case::View;
use sigu_case::letter::{Letter, LetterKind};

use crate::desk::draft::Limit;
use crate::desk::form::{Field, Typed};
use crate::desk::page::Visit;
use crate::desk::show::Instant;
use crate::reading;
use crate::talking::{NotYet, fitting, letter};
use crate::words::Words;

/// Most characters of one message where nothing else is known.
const MAX_CHARS: usize = 200;

/// What the composer begins with.
#[derive(Default)]
pub(super) struct Compose {
    pub(super) kind: String,
    pub(super) due_at: String,
    pub(super) text: String,
    pub(super) answer_by: Option<Instant>,
}

/// How long one message may be: what the channel takes where it is known, else what is well read.
pub(super) fn limit(view: &View<'_>) -> Limit {
    let channel = view.profile.facts.message_max.as_ref().map(|max| max.value as usize);
    Limit { max: channel.unwrap_or(MAX_CHARS), splits: channel.is_some() }
}

/// Why there is no draft, and where to go.
pub(super) struct NotYetSaid {
    pub(super) say: String,
    pub(super) to_do: String,
    pub(super) path: String,
}

/// The composer: its draft, or why there is none, and the form that asks for another.
pub(super) struct Drafted {
    pub(super) compose: Compose,
    pub(super) not_yet: Option<NotYetSaid>,
    pub(super) wished: bool,
    pub(super) draft: Vec<Field>,
}

impl Drafted {
    pub(super) fn of(view: &View<'_>, typed: &Typed<'_>, visit: &Visit) -> Self {
        let words = &visit.words;
        let wished = typed.one::<LetterKind>("kind").is_some() || typed.text("due_at").is_some();
        let (compose, not_yet) = match drafted(view, typed) {
            Ok(letter) => (composed(&letter, visit), None),
            Err(why) => (Compose::default(), Some(not_yet(why, view, words))),
        };
        let mut asked = Typed::new(words, Vec::new());
        asked.suggest("kind", compose.kind.as_str());
        asked.suggest("due_at", compose.due_at.as_str());
        let draft = vec![
            asked.coded::<LetterKind>("kind", "talk-kind", "letter", None).must(),
            asked.when("due_at", "talk-answer-by"),
        ];
        Self { compose, not_yet, wished, draft }
    }
}

/// The draft that is asked for, or the one that fits what was said last.
pub(super) fn drafted(view: &View<'_>, typed: &Typed<'_>) -> Result<Letter, NotYet> {
    let kind = typed.one("kind").unwrap_or_else(|| fitting(view));
    let due_at = typed.text("due_at").and_then(|text| reading::time(&text).ok());
    letter(view, kind, due_at, false)
}

fn composed(letter: &Letter, visit: &Visit) -> Compose {
    Compose {
        kind: letter.kind.code().to_owned(),
        due_at: letter.due_at.to_string(),
        text: letter.text.clone(),
        answer_by: Some(Instant::of(letter.due_at, visit.now, &visit.words)),
    }
}

fn not_yet(why: NotYet, view: &View<'_>, words: &Words) -> NotYetSaid {
    let order = &view.order.id;
    let (say, to_do, what) = match why {
        NotYet::NoProblem => ("talk-no-problem", "talk-note-it", "observe"),
        NotYet::ClaimOpen(_) => ("talk-claim-open", "talk-set-claim", "claim"),
    };
    let path = format!("/orders/{order}/note?what={what}");
    NotYetSaid { say: words.word(say), to_do: words.word(to_do), path }
}
