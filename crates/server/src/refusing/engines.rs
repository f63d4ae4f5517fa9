//! What engines and makers say no to, by the messages that say it.

use sigu_case::appeal::StatementError;
use sigu_case::law::CitationRefused;
use sigu_case::letter::Gate;
use sigu_case::{ItemId, Order, OrderId};
use sigu_documents::mark::MarkError;

use super::{Said, fault, refused, said};
use crate::making::NotMade;
use crate::marking::Unmarked;
use crate::talking::{NotStated, NotYet};
use crate::words::Words;

/// Why nothing can be written yet.
pub fn of_not_yet(why: NotYet, order: &OrderId) -> Said {
    match why {
        NotYet::NoProblem => refused("refused-no-problem-noted", &[]),
        NotYet::ClaimOpen(kind) => {
            let kind = kind.code().replace('_', "-");
            refused("refused-claim-open", &[("order", order.to_string()), ("kind", kind)])
        }
    }
}

/// Why there is no statement.
pub fn of_not_stated(why: &NotStated, order: &OrderId, words: &Words) -> Said {
    match why {
        NotStated::NotYet(why) => of_not_yet(*why, order),
        NotStated::Refused(StatementError::EmptyPart { left_out, .. }) => {
            let how = left_out.iter().flat_map(|one| &one.how).map(|how| words.pick(how));
            refused("refused-statement-empty", &[("missing", how.collect::<Vec<_>>().join(" "))])
        }
        NotStated::Refused(StatementError::ClaimIncomplete) => refused("refused-claim-incomplete", &[]),
        NotStated::Refused(StatementError::Claim { error }) => {
            refused("refused-claim", &[("why", error.to_string())])
        }
    }
}

/// What stands between words and their being sent.
pub fn of_gate(gate: &Gate, words: &Words) -> Said {
    let mut why: Vec<&str> = gate.blocked.iter().map(|one| words.pick(&one.text)).collect();
    why.dedup();
    refused("refused-not-sent", &[("why", why.join(" ")), ("codes", gate.codes().join(", "))])
}

/// Why something was not made.
pub fn of_not_made(error: &NotMade) -> Said {
    match error {
        NotMade::Vault(error) => said(error),
        // Each thing that is missing, with where it is filled in.
        NotMade::Missing(lacking) => {
            let lines: Vec<String> =
                lacking.missing.iter().map(|one| format!("{} — {}", one.name, one.how)).collect();
            refused("refused-paper", &[("missing", lines.join("\n"))])
        }
        NotMade::Drawn(why) => fault("fault-paper", &[("why", why.clone())]),
        NotMade::TakenIn(why) => fault("fault-made", &[("why", why.to_string())]),
    }
}

/// Why an item is not marked.
pub fn of_unmarked(order: &Order, item: ItemId, why: Unmarked) -> Said {
    let item = ("item", item.to_string());
    match why {
        Unmarked::Elsewhere => refused("refused-mark-elsewhere", &[item, ("order", order.id.to_string())]),
        Unmarked::Copy(of) => refused("refused-mark-copy", &[item, ("of", of.to_string())]),
        Unmarked::Erased => refused("refused-mark-erased", &[item]),
    }
}

/// Why marks are not drawn.
pub fn of_mark(error: &MarkError) -> Said {
    match error {
        MarkError::TooLarge => refused("refused-mark-large", &[]),
        MarkError::Unreadable(why) => refused("refused-mark-picture", &[("why", why.clone())]),
        MarkError::NoMarks => refused("refused-mark-none", &[]),
        MarkError::TooManyMarks(count) => refused("refused-mark-many", &[("count", count.to_string())]),
        MarkError::Outside { mark, width, height } => refused(
            "refused-mark-outside",
            &[("mark", mark.to_string()), ("width", width.to_string()), ("height", height.to_string())],
        ),
        MarkError::Empty(mark) => refused("refused-mark-empty", &[("mark", mark.to_string())]),
        MarkError::Number(_) => refused("refused-mark-number", &[]),
    }
}

/// Why an article is not cited.
pub fn of_citation(refusal: CitationRefused, words: &Words) -> Said {
    match refusal {
        CitationRefused::Unknown { id } => refused("refused-unknown-law", &[("id", id)]),
        other @ CitationRefused::NotInForce { .. } => {
            refused("refused-law-not-in-force", &[("why", words.pick(&other.words()).to_owned())])
        }
    }
}
