//! Who may speak: exact host, no foreign origin, a token; a browser that was let in may look, and no more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

use super::super::pages::opens_itself;
use super::super::{Desk, door};
use crate::access::{Accesses, Level};
use crate::problem::Problem;
use crate::words::Words;

/// Wrong tokens in one minute, after which no token is looked at until it is over.
const MAX_WRONG: u32 = 20;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// What whoever speaks may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::desk) enum Grade {
    /// A browser that was let in: it looks.
    Browser,
    /// A token to read.
    Read,
    /// A token to write.
    Write,
}

/// The words an answer is in, beside the grade: what the door hands on.
#[derive(Clone)]
pub(super) struct Let {
    pub(super) grade: Grade,
    pub(super) words: Words,
}

/// Wrong tokens of late.
#[derive(Default)]
pub(in crate::desk) struct Wrong(Mutex<(Option<Timestamp>, u32)>);

impl Wrong {
    fn state(&self) -> MutexGuard<'_, (Option<Timestamp>, u32)> {
        // It is replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there were too many.
    fn many(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let over = state.0.is_none_or(|since| now < since || now.duration_since(since) >= MINUTE);
        if over {
            *state = (None, 0);
        }
        state.1 >= MAX_WRONG
    }

    fn one_more(&self, now: Timestamp) {
        let mut state = self.state();
        *state = (state.0.or(Some(now)), state.1 + 1);
    }
}

/// Lets a request through or answers why not, before any body is read.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let words = tongue(&desk, &parts.headers);
    let mut response = match admitted(&desk, &parts).await {
        Ok(grade) => {
            parts.extensions.insert(Let { grade, words });
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.in_words(&words),
    };
    door::dress(response.headers_mut());
    response
}

async fn admitted(desk: &Arc<Desk>, parts: &Parts) -> Result<Grade, Problem> {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let refused = |status, key| Problem::refused(status, key, &[]);
    if text(header::HOST) != Some(format!("127.0.0.1:{}", desk.port).as_str()) {
        return Err(refused(StatusCode::MISDIRECTED_REQUEST, "api-host"));
    }
    let origin = parts.headers.get(header::ORIGIN);
    if origin.is_some_and(|origin| origin.as_bytes() != desk.origin().as_bytes()) {
        return Err(refused(StatusCode::FORBIDDEN, "api-origin"));
    }
    let grade = match parts.headers.get(header::AUTHORIZATION) {
        Some(_) => holder(desk, text(header::AUTHORIZATION)).await?,
        None if door::is_inside_browser(desk, &parts.headers) => Grade::Browser,
        None => return Err(refused(StatusCode::UNAUTHORIZED, "api-no-token")),
    };
    let looks = matches!(parts.method, Method::GET | Method::HEAD);
    if grade == Grade::Browser && !looks {
        return Err(refused(StatusCode::FORBIDDEN, "api-browser-writes"));
    }
    // A program that asks every minute is nobody at the desk: it does not keep it open.
    desk.lapse();
    if desk.app.identity.is_locked() && !opens_itself(desk).await {
        return Err(refused(StatusCode::LOCKED, "refused-locked"));
    }
    Ok(grade)
}

/// What the holder of a token may do.
async fn holder(desk: &Arc<Desk>, header: Option<&str>) -> Result<Grade, Problem> {
    let now = (desk.app.now)();
    if desk.wrong_tokens.many(now) {
        return Err(Problem::refused(StatusCode::TOO_MANY_REQUESTS, "api-many-wrong", &[]));
    }
    let token = header.and_then(|value| value.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let found = match token.map(|(_, token)| token.trim().to_owned()) {
        Some(token) => {
            let all = Accesses::in_folder(&desk.app.places.state);
            tokio::task::spawn_blocking(move || all.of_token(&token)).await.map_err(Problem::fault)??
        }
        None => None,
    };
    match found.map(|one| one.level) {
        Some(Level::Read) => Ok(Grade::Read),
        Some(Level::Write) => Ok(Grade::Write),
        None => {
            desk.wrong_tokens.one_more(now);
            Err(Problem::refused(StatusCode::UNAUTHORIZED, "api-wrong-token", &[]))
        }
    }
}

/// The language that is asked for (RFC 9110 §12.5.4), as far as it is one of ours; else as pages have it.
fn tongue(desk: &Desk, headers: &HeaderMap) -> Words {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let weighed = asked.split(',').filter_map(|part| {
        let (tag, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
        let language = tag.split('-').next()?.to_ascii_lowercase();
        (weight > 0.0 && matches!(language.as_str(), "en" | "zh")).then_some((language, weight))
    });
    let best = weighed.fold(None, |best: Option<(String, f32)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        _ => Some(one),
    });
    match best {
        Some((language, _)) if language == "en" => Words::in_english(),
        Some(_) => Words::chinese(),
        None => door::words(desk, headers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tokens_are_counted_for_a_minute() {
        let start: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        let wrong = Wrong::default();
        for _ in 0..MAX_WRONG {
            assert!(!wrong.many(start));
            wrong.one_more(start);
        }
        assert!(wrong.many(start + SignedDuration::from_secs(59)));
        assert!(!wrong.many(start + MINUTE));
    }
}
