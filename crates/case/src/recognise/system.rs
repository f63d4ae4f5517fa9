//! Which shop system a page may come from, with the evidence for it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::lines::Document;
use super::table;

/// A system the input may come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SystemGuess {
    /// The id of domain dossier 2.2: `dj`, `acg`, `qs`, …
    pub id: String,
    /// Its name.
    pub name: String,
    /// Weights of the hints found, at most 100.
    pub score: u32,
    /// The hints found, as `kind what`.
    pub evidence: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    system: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    hints: Vec<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Markup,
    Key,
}

struct Hint {
    system: usize,
    kind: Kind,
    weight: u32,
    what: String,
}

static TABLE: LazyLock<(Vec<Row>, Vec<Hint>)> = LazyLock::new(|| {
    let Table { system } = table::parse(include_str!("../../data/recognise/systems.toml"));
    let hints = system
        .iter()
        .enumerate()
        .flat_map(|(n, row)| row.hints.iter().map(move |hint| parsed(n, hint)))
        .collect();
    (system, hints)
});

fn parsed(system: usize, hint: &str) -> Hint {
    let mut words = hint.splitn(3, ' ');
    let mut word = || words.next().expect("hints of data/recognise/systems.toml are `kind weight what`");
    let kind = match word() {
        "text" => Kind::Text,
        "markup" => Kind::Markup,
        _ => Kind::Key,
    };
    let weight = word().parse().expect("weights of data/recognise/systems.toml are numbers");
    Hint { system, kind, weight, what: word().to_owned() }
}

/// How much of a source is searched for hints, in bytes.
const LOOK: usize = 1024 * 1024;
/// Weaker guesses are not given.
const MIN_SCORE: u32 = 20;

/// Guesses the systems of an input, the likeliest first.
pub(super) fn guess(document: &Document, source: &str) -> Vec<SystemGuess> {
    let (rows, hints) = &*TABLE;
    let end = (0..=LOOK.min(source.len())).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    let source = &source[..end];
    let keys: BTreeSet<String> = document.keys.iter().map(|one| one.key.to_lowercase()).collect();
    let found: Vec<&Hint> = hints
        .iter()
        .filter(|hint| match hint.kind {
            Kind::Text | Kind::Markup => source.contains(&hint.what),
            Kind::Key => keys.contains(&hint.what),
        })
        .collect();
    let mut guesses: Vec<SystemGuess> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let own = found.iter().filter(|hint| hint.system == n);
            SystemGuess {
                id: row.id.clone(),
                name: row.name.clone(),
                score: own.clone().map(|hint| hint.weight).sum::<u32>().min(100),
                evidence: own.map(|hint| format!("{} {}", hint.kind.name(), hint.what)).collect(),
            }
        })
        .filter(|guess| guess.score >= MIN_SCORE)
        .collect();
    guesses.sort_by_key(|guess| std::cmp::Reverse(guess.score));
    guesses
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markup => "markup",
            Self::Key => "key",
        }
    }
}
