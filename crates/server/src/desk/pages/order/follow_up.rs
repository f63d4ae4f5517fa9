//! Dates to come back on, as the engine suggests them; one press sets one.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::follow_up::follow_ups;
use sigu_case::{Command, House, View};

use super::load;
use crate::desk::page::Visit;
use crate::desk::refusal::Refusal;
use crate::following::{pick, report};
use crate::words::Words;

/// A date that is suggested.
pub(in crate::desk::pages) struct Suggested {
    pub(in crate::desk::pages) text: String,
    /// The day of the reminder, and by what it is asked for.
    pub(in crate::desk::pages) due: String,
    pub(in crate::desk::pages) key: String,
}

pub(in crate::desk::pages) fn suggested(view: &View<'_>, words: &Words) -> Vec<Suggested> {
    let suggested = |one: sigu_case::follow_up::Suggestion| Suggested {
        text: words.pick(&one.text).to_owned(),
        due: sigu_documents::times::day(one.due_at),
        key: crate::following::key(&one),
    };
    follow_ups(view).into_iter().map(suggested).collect()
}

#[derive(Deserialize)]
pub(in crate::desk::pages) struct Chosen {
    key: String,
}

/// Sets one of the dates. One that is not suggested any more was set before, or is over: nothing is set then.
pub(in crate::desk::pages) async fn set(
    Path(id): Path<String>,
    visit: Visit,
    Form(chosen): Form<Chosen>,
) -> Response {
    visit
        .answer(move |visit, vault| {
            let order = load(vault, &id)?;
            let house = House::of(&vault.house()?);
            let view = View::new(&order, &house, visit.now);
            if let Some(one) = pick(&view, &chosen.key) {
                let set = report(&order.id, &one, visit.now, &visit.words);
                vault.execute(vec![Command::Report(set)], visit.now).map_err(Refusal::from)?;
            }
            Ok(Redirect::to(&format!("/orders/{}#clocks", order.id)).into_response())
        })
        .await
}
