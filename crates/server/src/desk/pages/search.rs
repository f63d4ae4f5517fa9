//! 查找: what was recorded, found by its words; the answers by order, the words marked.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use sigu_case::ItemId;
use sigu_case::search::{Marked, Piece, Target};
use sigu_vault::{Error, Hit, Vault};

use crate::desk::page::{Frame, Visit, html};
use crate::desk::show::{Instant, masked, money};

/// Most answers on the page.
const MOST: usize = 50;
/// Characters of a text that are shown around the first word found.
const SHOWN: usize = 120;

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    frame: Frame<'a>,
    /// What was asked for, as typed.
    asked: String,
    groups: Vec<Group>,
    count: usize,
    more: bool,
}

/// The answers in one order, or among what belongs to none.
struct Group {
    order: Option<Head>,
    answers: Vec<Answer>,
}

/// The order above its answers.
struct Head {
    order: String,
    title: String,
    merchant: String,
    amount: String,
    ended: Option<String>,
}

/// Where words stand.
struct Answer {
    href: String,
    at: Instant,
    texts: Vec<Text>,
}

/// A text with its marked words.
struct Text {
    part: String,
    pieces: Vec<Piece>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &asked.q)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, asked: &str) -> Result<Search<'a>, Error> {
    let found = vault.search_among(asked, MOST, || visit.at_hand().summaries(vault))?;
    let count = found.hits.len();
    let mut groups: Vec<(Option<String>, Vec<Answer>)> = Vec::new();
    for hit in found.hits {
        let answer = answer(&hit, visit);
        match groups.iter_mut().find(|(order, _)| *order == hit.order) {
            Some((_, answers)) => answers.push(answer),
            None => groups.push((hit.order, vec![answer])),
        }
    }
    let group = |(order, answers): (Option<String>, Vec<Answer>)| {
        let order = order.map(|label| head(label, visit, vault)).transpose()?;
        Ok(Group { order, answers })
    };
    let groups = groups.into_iter().map(group).collect::<Result<_, Error>>()?;
    let asked = asked.trim().to_owned();
    Ok(Search { frame: visit.frame("search").asking(&asked), asked, groups, count, more: found.more })
}

fn head(label: String, visit: &Visit, vault: &Vault) -> Result<Head, Error> {
    let words = &visit.words;
    let summary = match label.parse() {
        Ok(id) => vault.order_summary(&id)?,
        Err(_) => None,
    };
    let known = summary.as_ref();
    let outcome = known.and_then(|one| one.outcome);
    Ok(Head {
        title: masked(known.and_then(|one| one.title.as_deref())),
        merchant: masked(known.and_then(|one| one.merchant.as_deref())),
        amount: known.and_then(|one| one.amount_fen).map(|fen| money(fen, words)).unwrap_or_default(),
        ended: outcome.map(|how| words.word(&format!("outcome-{}", how.code().replace('_', "-")))),
        order: label,
    })
}

fn answer(hit: &Hit, visit: &Visit) -> Answer {
    let text = |one: &Marked| Text {
        part: visit.words.word(&format!("search-in-{}", one.part.code())),
        pieces: one.excerpt(SHOWN),
    };
    Answer {
        href: address(hit),
        at: Instant::of(hit.at, visit.now, &visit.words),
        texts: hit.texts.iter().map(text).collect(),
    }
}

/// The page that shows it.
fn address(hit: &Hit) -> String {
    let Some(order) = &hit.order else {
        return match &hit.target {
            Target::Merchant(name) => format!("/merchants/{}", encoded(name)),
            _ => "/merchants".to_owned(),
        };
    };
    let item = |item: &ItemId| format!("/orders/{order}/items/{item}");
    match &hit.target {
        Target::Exhibit(own) => item(own),
        Target::Message(own) => format!("/orders/{order}/talk#m{own}"),
        Target::Report(_) => format!("/orders/{order}#story"),
        Target::Order | Target::Merchant(_) => format!("/orders/{order}"),
    }
}

/// A name as one part of an address.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
        all
    })
}
