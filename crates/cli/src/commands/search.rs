//! `sigu search`: what was recorded, found by its words.

use sigu_case::search::{Marked, Target};
use sigu_server::answers;
use sigu_vault::Hit;

use super::order::plain_table;
use crate::args::SearchArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::{Context, Outcome, session, times};

/// Most answers.
const MOST: usize = 50;
/// Characters of a text that are shown around the first word found.
const SHOWN: usize = 48;

pub(super) fn run(context: &Context<'_>, own: &SearchArgs) -> Outcome {
    let asked = own.wanted.join(" ");
    let found = session::with(context, |vault| Ok(vault.search(&asked, MOST)?))?;
    let words = context.words;
    let json =
        answers::json(&answers::Found { query: asked.clone(), hits: found.hits.clone(), more: found.more });
    if found.hits.is_empty() {
        let none = words.say("search-none", &[("asked", asked)]);
        return Ok(Answer::new(format!("{none}\n{}", words.word("search-try-two")), json));
    }
    let mut table = plain_table(
        ["col-order", "col-item", "search-col-when", "search-col-what"].map(|key| words.word(key)),
    );
    for hit in &found.hits {
        table.add_row(row(hit, words));
    }
    let key = if found.more { "search-more" } else { "search-count" };
    let count = words.say(key, &[("count", found.hits.len().to_string())]);
    Ok(Answer::new(format!("{table}\n{count}"), json))
}

fn row(hit: &Hit, words: &Words) -> [String; 4] {
    let item = match &hit.target {
        Target::Exhibit(item) | Target::Message(item) | Target::Report(item) => item.to_string(),
        Target::Order | Target::Merchant(_) => String::new(),
    };
    let texts: Vec<String> = hit.texts.iter().map(|text| shown(text, words)).collect();
    [hit.order.clone().unwrap_or_default(), item, times::show(hit.at), texts.join("\n")]
}

/// A text with brackets around the words that were found.
fn shown(text: &Marked, words: &Words) -> String {
    let pieces = text.excerpt(SHOWN).into_iter();
    let pieces = pieces.map(|piece| if piece.marked { format!("【{}】", piece.text) } else { piece.text });
    let part = words.word(&format!("search-in-{}", text.part.code()));
    format!("{part}  {}", pieces.collect::<String>())
}
