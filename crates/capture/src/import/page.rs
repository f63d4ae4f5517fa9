//! Saved HTML: the note that SingleFile or a browser left about address and time.

use std::sync::LazyLock;

use regex::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Kind, Looked, MAX_TEXT, Severity};
use super::text::Decoded;
use super::times;

static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    let line = r"(?s)<!--\s*(?:Page saved with|Archive processed by) SingleFile(.*?)-->";
    Regex::new(line).expect("a fixed pattern")
});
static NOTE_URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*url:\s*(\S+)").expect("a fixed pattern"));
static NOTE_DATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*saved date:\s*([^\r\n]+)").expect("a fixed pattern"));
/// What browsers write when a page is saved "complete".
static SAVED_FROM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!--\s*saved from url=\(\d{1,6}\)(\S+?)\s*-->").expect("a fixed pattern"));
static TITLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?is)<title[^>]*>(.*?)</title").expect("a fixed pattern"));

pub(super) fn look(looked: &mut Looked, page: Decoded) {
    let text = page.text;
    looked.say(fact::ENCODING, page.encoding);
    if looked.kind == Kind::SingleFile {
        let note = NOTE.captures(&text).map(|found| found[1].to_owned()).unwrap_or_default();
        looked.say(fact::SOFTWARE, "SingleFile");
        say_url(
            looked,
            NOTE_URL.captures(&note).as_ref().map_or("", |found| found.get(1).map_or("", |g| g.as_str())),
        );
        looked.say_time(clock::SINGLEFILE_SAVED, NOTE_DATE.captures(&note).and_then(|found| date(&found[1])));
        if !text.trim_end().to_ascii_lowercase().ends_with("</html>") && !has_end(&text) {
            looked.find(finding::PAGE_CUT, Severity::Note, "no </html> at the end");
        }
    } else if let Some(found) = SAVED_FROM.captures(&text) {
        say_url(looked, &found[1]);
    }
    if let Some(found) = TITLE.captures(&text) {
        looked.quote(fact::TITLE, &found[1]);
    }
    looked.give_text(without_data(&text, MAX_TEXT));
}

/// SingleFile leaves out end tags that HTML lets one leave out: the file then ends with a whole tag.
fn has_end(text: &str) -> bool {
    text.trim_end().ends_with('>')
}

fn date(text: &str) -> times::Said {
    times::javascript(text).or_else(|| times::iso(text))
}

pub(super) fn say_url(looked: &mut Looked, url: &str) {
    looked.say(fact::URL, plain_url(url));
}

/// An address without query, fragment and password: they may carry a token or a query password.
pub(super) fn plain_url(url: &str) -> String {
    let cut = url.find(['?', '#']).unwrap_or(url.len());
    let (plain, more) = (&url[..cut], cut < url.len());
    let plain = match plain.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit('@').next().unwrap_or(host);
            path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
        }
        None => plain.to_owned(),
    };
    if more { format!("{plain}?…") } else { plain }
}

/// The page without pictures that are written into it as text: they would fill the bound. Ends soon after `most` bytes.
pub(crate) fn without_data(html: &str, most: usize) -> String {
    const HEAD: &str = ";base64,";
    let mut kept = String::with_capacity(html.len().min(most));
    let mut rest = html;
    while let Some(at) = rest.find(HEAD) {
        let (before, after) = rest.split_at(at + HEAD.len());
        kept.push_str(before);
        let data = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '%');
        rest = after.trim_start_matches(data);
        if kept.len() > most {
            return kept;
        }
    }
    kept.push_str(rest);
    kept
}
