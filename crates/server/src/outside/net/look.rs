//! Looking at a page that is watched: fetched as nobody in particular, again only where it changed.
//!
//! A page is led on only where it stands: to the same host and port, or from HTTP to HTTPS of the same host. So an address in
//! the house is asked when the user typed it, and never because a stranger's page says so. Where it leads elsewhere, that
//! is told.

use jiff::{SignedDuration, Timestamp};
use reqwest::Response;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use reqwest::redirect::{Action, Attempt};
use url::Url;

use super::{MAX_HOPS, Net, NetFault, address, fault, is_near, read};

/// What a page is asked for in.
const WANTED: &str = "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1";
const LANGUAGE: &str = "zh-CN,zh;q=0.9,en;q=0.5";
/// The longest a server is believed that asks to wait: a week.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longest header that is kept, in bytes; a longer one is none.
const MAX_HEADER: usize = 500;

/// Says which page is looked at, and what was had of it before.
#[derive(Clone, Debug)]
pub struct Sight<'a> {
    /// Its address; what follows `#` is not sent.
    pub url: &'a str,
    /// The entity tag it had.
    pub etag: Option<&'a str>,
    /// When it said it was changed, in its own words.
    pub modified: Option<&'a str>,
    /// The most bytes that are read.
    pub most: usize,
}

/// Holds what came of a look, whatever its status.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The HTTP status; 304 where it did not change.
    pub status: u16,
    /// The address that answered at last.
    pub url: String,
    /// Where it leads that was not followed.
    pub leads_to: Option<String>,
    /// The media type as it was sent.
    pub content_type: Option<String>,
    /// The entity tag, to ask with next time.
    pub etag: Option<String>,
    /// When it says it was changed, to ask with next time.
    pub modified: Option<String>,
    /// How long the server asks to wait, at most a week.
    pub wait: Option<SignedDuration>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Net {
    /// Looks at a page once and reads all of it.
    ///
    /// # Errors
    /// All of [`NetFault`] but `Status`.
    pub async fn look(&self, sight: Sight<'_>) -> Result<Seen, NetFault> {
        let url = address(sight.url.split('#').next().unwrap_or_default())?;
        let [far, near] = &self.looking;
        let request = if is_near(&url) { near } else { far }.get(url.clone());
        let request = request.header(ACCEPT, WANTED).header(ACCEPT_LANGUAGE, LANGUAGE);
        let request = sight.etag.iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, *tag));
        let request =
            sight.modified.iter().fold(request, |request, day| request.header(IF_MODIFIED_SINCE, *day));
        let asking = async {
            let response = request.send().await.map_err(|error| fault(&error))?;
            take(response, sight.most, self.now()).await
        };
        tokio::time::timeout(self.limits.whole, asking).await.map_err(|_| NetFault::TimedOut)?
    }
}

async fn take(response: Response, most: usize, now: Timestamp) -> Result<Seen, NetFault> {
    let url = response.url().clone();
    let header = |name: HeaderName| {
        let value = response.headers().get(name)?.to_str().ok()?;
        (value.len() <= MAX_HEADER).then(|| value.to_owned())
    };
    let (etag, modified) = (header(ETAG), header(LAST_MODIFIED));
    let leads_to = header(LOCATION).filter(|_| response.status().is_redirection());
    let leads_to = leads_to.and_then(|to| url.join(&to).ok()).map(String::from);
    let wait = header(RETRY_AFTER).and_then(|text| wait(&text, now));
    let (status, content_type, body) = read(response, most).await?;
    Ok(Seen { status, url: url.into(), leads_to, content_type, etag, modified, wait, body })
}

/// Reads `Retry-After`: seconds, or a day of HTTP.
fn wait(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let seconds = text.trim().parse::<u32>().ok().map(|seconds| SignedDuration::from_secs(seconds.into()));
    let until = || {
        let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
        Some(at.duration_since(now).max(SignedDuration::ZERO))
    };
    Some(seconds.or_else(until)?.min(LONGEST_WAIT))
}

/// Follows where a page leads to itself: the same host and port, or from HTTP to HTTPS.
pub(super) fn same_place(attempt: Attempt<'_>) -> Action {
    let Some(first) = attempt.previous().first() else { return attempt.stop() };
    if is_same(first, attempt.url()) && attempt.previous().len() <= MAX_HOPS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn is_same(first: &Url, next: &Url) -> bool {
    let (from, to) = (first.port_or_known_default(), next.port_or_known_default());
    let upgraded =
        (first.scheme(), next.scheme()) == ("http", "https") && (from, to) == (Some(80), Some(443));
    first.host() == next.host() && (upgraded || (first.scheme() == next.scheme() && from == to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_led_on_only_where_it_stands() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (first, next, same) in [
            ("https://a.example/x", "https://a.example/y", true),
            ("http://a.example/x", "https://a.example/x", true),
            ("https://a.example/x", "http://a.example/x", false),
            ("https://a.example/x", "https://b.example/x", false),
            ("https://a.example/x", "http://127.0.0.1/x", false),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/y", true),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:9090/x", false),
            ("http://127.0.0.1:8080/x", "https://127.0.0.1/x", false),
        ] {
            assert_eq!(is_same(&url(first), &url(next)), same, "{first} {next}");
        }
    }

    #[test]
    fn a_server_is_believed_how_long_to_wait_and_not_for_ever() {
        let now: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            ("Sun, 01 Mar 2026 09:00:00 GMT", Some(3_600)),
            ("Sun, 01 Mar 2020 09:00:00 GMT", Some(0)),
            ("999999999", Some(7 * 86_400)),
            ("soon", None),
            ("-5", None),
        ] {
            assert_eq!(wait(text, now).map(|wait| wait.as_secs()), seconds, "{text}");
        }
    }
}
