//! What every paper of a dispute begins with: what went wrong, what is asked, and the statement of both.

use sigu_case::advice::Dispute;
use sigu_case::appeal::{
    AppealInput, Sentence, Statement, StatementError, StatementPartKind, Variant, statement,
};
use sigu_case::claim::Claim;
use sigu_case::diagnosis::diagnose;

use crate::draft::Draft;
use crate::paper::{Fact, Paste};

/// A dispute, told to somebody.
pub(super) struct Told {
    pub(super) dispute: Dispute,
    pub(super) claim: Claim,
    pub(super) statement: Statement,
}

/// Returns what went wrong and what is asked; asks for what is not said yet.
pub(super) fn dispute(draft: &mut Draft<'_>) -> Option<(Dispute, Claim)> {
    let Some(scenario) = diagnose(draft.case.view).scenario else {
        draft.miss("problem");
        return None;
    };
    let dispute = Dispute::of(draft.case.view, scenario);
    let Some(claim) = dispute.claim.claim.clone() else {
        draft.miss("claim");
        return None;
    };
    Some((dispute, claim))
}

/// Tells the dispute to somebody; only what an exhibit shows is said.
pub(super) fn told(draft: &mut Draft<'_>, variant: Variant) -> Option<Told> {
    let (dispute, claim) = dispute(draft)?;
    let input = AppealInput {
        variant,
        scenario: dispute.scenario,
        claim: &claim,
        laws: &dispute.laws(),
        rules: &dispute.rules(),
        cite_unverified: draft.case.wishes.cite_unverified,
        own_statements: false,
        max_chars: None,
    };
    match statement(draft.case.view, &input) {
        Ok(statement) => Some(Told { dispute, claim, statement }),
        Err(error) => {
            missing(draft, &error);
            None
        }
    }
}

fn missing(draft: &mut Draft<'_>, error: &StatementError) {
    match error {
        StatementError::EmptyPart { part, left_out } => {
            let name = draft.word(&format!("missing-part-{}", part.code()));
            let how = left_out.iter().flat_map(|one| &one.how).map(|how| draft.words.pick(how).to_owned());
            let mut how: Vec<String> = how.collect();
            how.dedup();
            let how =
                if how.is_empty() { draft.word("missing-part-how") } else { draft.words.sentences(&how) };
            draft.miss_so(name, how);
        }
        StatementError::ClaimIncomplete => draft.miss("claim"),
        StatementError::Claim { error } => {
            let name = draft.word("missing-claim");
            draft.miss_so(name, error.to_string());
        }
    }
}

impl Told {
    /// Returns the sentences of one part.
    pub(super) fn part(&self, kind: StatementPartKind) -> Vec<&Sentence> {
        let parts = self.statement.parts.iter().filter(|part| part.kind == kind);
        parts.flat_map(|part| &part.sentences).collect()
    }

    /// Returns the sentences of fact that exhibits show, and tells the sender of those that none shows.
    pub(super) fn facts(&self, draft: &mut Draft<'_>) -> Vec<Option<Fact>> {
        let mut facts = Vec::new();
        for sentence in self.part(StatementPartKind::Fact) {
            let fact = draft.numbers.fact(&sentence.text, &sentence.proofs);
            if fact.is_none() {
                draft.guide(draft.say("guide-not-shown", &[("sentence", &sentence.text)]));
            }
            facts.push(fact);
        }
        facts
    }

    /// Returns the words of a part that states no fact of the case.
    pub(super) fn words(&self, kind: StatementPartKind) -> String {
        self.part(kind).iter().map(|sentence| sentence.text.as_str()).collect()
    }

    /// The text to paste, with what was shortened.
    pub(super) fn paste(&self, draft: &mut Draft<'_>) {
        let made = &self.statement;
        let max_chars = usize::try_from(made.limit.max).unwrap_or(usize::MAX);
        let shortened = made.shortened.iter().map(|code| draft.words.part(code)).collect();
        draft.paste(Paste { text: made.text.clone(), chars: made.chars, max_chars, shortened });
    }
}

/// Tells the sender of citations that are left out because they are to be checked.
pub(super) fn unverified(draft: &mut Draft<'_>, left_out: &[String]) {
    if !left_out.is_empty() {
        draft.guide(draft.say("guide-unverified", &[("citations", &draft.words.list(left_out))]));
    }
}
