//! A text that is written at the desk: what is found in it, what may be put in, and how it leaves.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use sigu_case::tone::Venue;
use sigu_case::{House, Order, View};
use sigu_vault::{Error, Vault};

use super::clauses::Clause;
use super::found::{Found, Stretch, found, replaced, stretches};
use super::page::Visit;
use super::refusal::Refusal;
use crate::talking;
use crate::words::Words;

/// How long a text may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// In characters.
    pub(super) max: usize,
    /// Whether longer texts go as several messages; else they must be shortened.
    pub(super) splits: bool,
}

/// A text as the page shows it.
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) counted: String,
    /// How far it is over its limit, and what to do; empty where it is not.
    pub(super) over: String,
    /// How many things were found, for those who listen.
    pub(super) said: String,
    pub(super) found: Vec<Found>,
    pub(super) stretches: Vec<Stretch>,
    /// The messages it goes as; empty where it goes as one.
    pub(super) pieces: Vec<Piece>,
    /// Whether something keeps it from being sent.
    pub(super) blocked: bool,
}

/// One of several messages.
#[derive(Serialize)]
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) counted: String,
}

impl Draft {
    /// Looks over a text.
    pub(super) fn of(
        vault: &Vault,
        view: &View<'_>,
        venue: Venue,
        text: String,
        limit: Limit,
        words: &Words,
    ) -> Result<Self, Error> {
        let found = if text.trim().is_empty() {
            Vec::new()
        } else {
            found(&talking::gate(vault, view, venue, &text)?, &text, words)
        };
        let chars = text.trim().chars().count();
        let pieces =
            if limit.splits && chars > limit.max { pieces(&text, limit.max, words) } else { Vec::new() };
        Ok(Self {
            counted: counted(chars, limit.max, words),
            over: over(chars, limit, pieces.len(), words),
            said: said(&found, chars, words),
            stretches: if found.iter().any(|one| one.place.is_some()) {
                stretches(&text, &found)
            } else {
                Vec::new()
            },
            blocked: found.iter().any(|one| one.blocks),
            found,
            pieces,
            text,
        })
    }

    /// What the script of the page is told of it. What was typed may hold secrets and is not said again.
    fn told(&self) -> Response {
        Json(json!({
            "counted": self.counted,
            "over": self.over,
            "said": self.said,
            "found": self.found,
            "pieces": self.pieces,
        }))
        .into_response()
    }
}

fn counted(chars: usize, max: usize, words: &Words) -> String {
    words.say("notice-chars", &[("chars", chars.to_string()), ("max", max.to_string())])
}

fn over(chars: usize, limit: Limit, pieces: usize, words: &Words) -> String {
    if chars <= limit.max {
        return String::new();
    }
    let key = if limit.splits { "draft-over-splits" } else { "draft-over" };
    words.say(key, &[("over", (chars - limit.max).to_string()), ("pieces", pieces.to_string())])
}

fn said(found: &[Found], chars: usize, words: &Words) -> String {
    let blocks = found.iter().filter(|one| one.blocks).count();
    let count = [("count", found.len().to_string()), ("blocks", blocks.to_string())];
    match (found.len(), blocks) {
        (0, _) if chars == 0 => String::new(),
        (0, _) => words.word("talk-fine"),
        (_, 0) => words.say("draft-found-minor", &count),
        _ => words.say("draft-found", &count),
    }
}

fn pieces(text: &str, max: usize, words: &Words) -> Vec<Piece> {
    let all = talking::messages(text, max);
    let total = all.len().to_string();
    let piece = |(at, text): (usize, String)| Piece {
        name: words.say("draft-piece", &[("number", (at + 1).to_string()), ("total", total.clone())]),
        counted: counted(text.chars().count(), max, words),
        text,
    };
    all.into_iter().enumerate().map(piece).collect()
}

/// What a button of the page asks of the text.
pub(super) enum Edit {
    /// To look it over.
    Look,
    /// To put in what is said instead of what was found, by its number.
    Put(usize),
    /// To cite a clause, by its id.
    Cite(String),
    /// To name what goes along.
    List,
}

impl Edit {
    /// Reads the value of a button.
    pub(super) fn of(what: &str) -> Option<Self> {
        match what.split_once(':') {
            Some(("put", number)) => number.parse().ok().map(Self::Put),
            Some(("cite", id)) => Some(Self::Cite(id.to_owned())),
            None if what == "check" => Some(Self::Look),
            None if what == "list" => Some(Self::List),
            _ => None,
        }
    }

    /// The text as asked for; what is not there changes nothing.
    pub(super) fn apply(
        &self,
        text: String,
        clauses: &[Clause],
        enclosed: &[String],
        look: impl FnOnce(&str) -> Result<Vec<Found>, Error>,
    ) -> Result<String, Error> {
        Ok(match self {
            Self::Look => text,
            Self::Put(number) => {
                let found = look(&text)?;
                let put = found.iter().find(|one| one.number == *number).and_then(|one| one.put.as_ref());
                put.map_or_else(|| text.clone(), |put| replaced(&text, put))
            }
            Self::Cite(id) => match clauses.iter().find(|one| one.id == *id) {
                Some(clause) => appended(&text, &clause.text),
                None => text,
            },
            Self::List => listed(&text, enclosed),
        })
    }
}

fn appended(text: &str, more: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() { more.to_owned() } else { format!("{text}\n{more}") }
}

/// The sign by which the line of what goes along is known again. A merchant reads it: it is Chinese in any language.
const ENCLOSED: &str = "附件1 ";

/// The text with the line that names what goes along, in the place of the one before.
fn listed(text: &str, enclosed: &[String]) -> String {
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(ENCLOSED)).collect();
    let kept = kept.join("\n");
    if enclosed.is_empty() {
        return kept.trim_end().to_owned();
    }
    let names = enclosed.iter().enumerate().map(|(at, name)| format!("附件{} {name}", at + 1));
    appended(&kept, &format!("{}。", names.collect::<Vec<_>>().join("；")))
}

/// Gives the script of the page the text it asked to have changed.
pub(super) fn changed(text: &str) -> Response {
    Json(json!({ "text": text })).into_response()
}

/// Looks over words while they are written, for the script of the page.
pub(super) fn looked_over(
    visit: &Visit,
    vault: &Vault,
    order: &Order,
    venue: Venue,
    text: String,
    limit: impl FnOnce(&View<'_>) -> Limit,
) -> Result<Response, Refusal> {
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(order, &house, visit.now);
    let limit = limit(&view);
    Ok(Draft::of(vault, &view, venue, text, limit, &visit.words)?.told())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_along_is_named_once() {
        let two = ["订单.png".to_owned(), "结果.png".to_owned()];
        let once = listed("请退款。", &two);
        assert_eq!(once, "请退款。\n附件1 订单.png；附件2 结果.png。");
        assert_eq!(listed(&once, &two), once);
        assert_eq!(listed(&once, &[]), "请退款。");
    }
}
