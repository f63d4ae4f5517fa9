//! Card secrets in a text: those of the case in any spacing, and whatever has the shape of one.

use std::ops::Range;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::fold::Folded;
use super::verdict::Context;

/// Fewest letters and digits of a delivered item that is looked for.
const MIN_SECRET_CHARS: usize = 4;

/// A built-in search, by the name the table uses.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Finder {
    /// The case's delivered items.
    CaseSecrets,
    /// Whatever [`sigu_evidence::find_secrets`] finds.
    CardSecrets,
}

impl Finder {
    /// The ranges of original characters found.
    pub(super) fn find(self, folded: &Folded<'_>, context: &Context<'_>) -> Vec<Range<usize>> {
        match self {
            Self::CaseSecrets => case_secrets(folded, context.secrets),
            Self::CardSecrets => sigu_evidence::find_secrets(folded.text())
                .into_iter()
                .map(|bytes| folded.char_at(bytes.start)..folded.char_at(bytes.end))
                .collect(),
        }
    }
}

/// Letters and digits only, small, full-width forms folded.
fn kernel(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_ascii_alphanumeric())
}

fn case_secrets(folded: &Folded<'_>, secrets: &[String]) -> Vec<Range<usize>> {
    if secrets.is_empty() {
        return Vec::new();
    }
    let cells: Vec<(char, usize)> = folded
        .chars()
        .iter()
        .enumerate()
        .flat_map(|(source, &c)| kernel(std::iter::once(c)).map(move |c| (c, source)))
        .collect();
    let text: String = cells.iter().map(|cell| cell.0).collect();
    let mut found = Vec::new();
    for secret in secrets {
        let secret: String = kernel(secret.chars()).collect();
        if secret.len() >= MIN_SECRET_CHARS {
            // Both are ASCII, so that bytes are cells.
            let places = text.match_indices(&secret).map(|(at, _)| at);
            let spans = places.map(|at| cells[at].1..cells[at + secret.len() - 1].1 + 1);
            found.extend(spans.filter(|span| !folded.touched(span)));
        }
    }
    found
}
