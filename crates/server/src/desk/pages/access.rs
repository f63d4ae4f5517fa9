//! 程序访问: the tokens of programs that use the API: made, listed, taken back.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sigu_vault::{Error, Fault};
use zeroize::Zeroizing;

use crate::access::{Access, Accesses, Level, MAX_NAME_CHARS, MAX_TOKENS, NotGiven};
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{Instant, masked};

const PATH: &str = "/vault/access";

#[derive(Template)]
#[template(path = "access.html")]
struct Page<'a> {
    frame: Frame<'a>,
    base: String,
    /// The token that was made just now: the only time it is seen.
    token: Zeroizing<String>,
    /// Whose it is.
    named: String,
    rows: Vec<Row>,
    fields: Vec<Field>,
    wrong: Vec<String>,
}

struct Row {
    name: String,
    shown: String,
    level: String,
    made: Instant,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn page(visit: Visit) -> Response {
    visit
        .beside(|visit| {
            let typed = Typed::new(&visit.words, Vec::new());
            html(&drawn(visit, &typed, Zeroizing::default(), "")?)
        })
        .await
}

fn drawn<'a>(
    visit: &'a Visit,
    typed: &Typed<'_>,
    token: Zeroizing<String>,
    named: &str,
) -> Result<Page<'a>, Refusal> {
    let words = &visit.words;
    let levels = [Level::Read, Level::Write]
        .map(|level| (level.code().to_owned(), words.word(&format!("access-{}", level.code()))));
    let fields = vec![
        typed.line("name", "access-name").must(),
        typed.choice("level", "access-level", levels, None).must(),
    ];
    let row = |one: Access| Row {
        shown: masked(Some(&one.name)),
        name: one.name,
        level: words.word(&format!("access-{}", one.level.code())),
        made: Instant::of(one.made_at, visit.now, words),
    };
    Ok(Page {
        frame: Frame { path: PATH, live: "", ..visit.frame("vault") },
        base: format!("{}/api/v1", visit.desk.origin()),
        token,
        named: masked(Some(named)),
        rows: list(visit)?.list().map_err(|error| fault(visit, error))?.into_iter().map(row).collect(),
        wrong: typed.elsewhere(&fields),
        fields,
    })
}

fn list(visit: &Visit) -> Result<Accesses, Refusal> {
    if visit.desk.guide.is_some() {
        // Nothing real is in a practice vault, and no program needs it.
        return Err(Refusal::not_found());
    }
    Ok(Accesses::in_folder(&visit.desk.app.places.state))
}

fn fault(visit: &Visit, error: std::io::Error) -> Refusal {
    Error::from(Fault::io("write", &visit.desk.app.places.state, error)).into()
}

/// Makes a token and shows it, once: what stands here is in no address and no history.
pub(super) async fn give(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .beside(move |visit| {
            let mut typed = Typed::new(&visit.words, pairs);
            let name = typed.needed("name");
            let level = if typed.raw("level") == Level::Write.code() { Level::Write } else { Level::Read };
            let made = match &name {
                Some(name) => list(visit)?.add(name, level, visit.now),
                None => Err(NotGiven::Name),
            };
            let key = match made {
                Ok(token) => {
                    let empty = Typed::new(&visit.words, Vec::new());
                    let page = html(&drawn(visit, &empty, token, name.as_deref().unwrap_or_default())?)?;
                    return Ok((StatusCode::CREATED, page).into_response());
                }
                Err(NotGiven::Io(error)) => return Err(fault(visit, error)),
                Err(NotGiven::Name) => "refused-token-name-advice",
                Err(NotGiven::Taken) => "refused-token-taken-advice",
                Err(NotGiven::Many) => "refused-token-many-advice",
            };
            let values = [("max", MAX_NAME_CHARS.to_string()), ("most", MAX_TOKENS.to_string())];
            if name.is_some() {
                typed.refuse("name", visit.words.say(key, &values));
            }
            let page = html(&drawn(visit, &typed, Zeroizing::default(), "")?)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        })
        .await
}

/// Takes a token back: it works no more from this moment.
pub(super) async fn take_back(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .beside(move |visit| {
            let name = Typed::new(&visit.words, pairs).raw("name");
            list(visit)?.revoke(&name).map_err(|error| fault(visit, error))?;
            Ok(Redirect::to(PATH).into_response())
        })
        .await
}
