//! Compares index lines (CDXJ) and page lists with the records they speak of.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Read as _};

use serde_json::Value;

use super::warc_file::{Print, Spot, print_of};
use super::{Code, Limits, Report};
use crate::archive::surt;

/// Records of each WARC by its file name (without `archive/`), and the keys the index knows.
#[derive(Default)]
pub(super) struct Archive {
    pub(super) files: HashMap<String, HashMap<u64, Spot>>,
    pub(super) keys: HashSet<Print>,
}

/// Calls `each` for every line with its number; false if the stream fails or a line is too long.
fn lines(input: &mut dyn BufRead, limits: &Limits, mut each: impl FnMut(u64, &str)) -> bool {
    for number in 1.. {
        let mut bytes = Vec::new();
        let read = input.take(limits.list_bytes as u64).read_until(b'\n', &mut bytes);
        match (read, std::str::from_utf8(&bytes)) {
            (Ok(0), _) => return true,
            (Ok(read), Ok(text)) if read < limits.list_bytes => each(number, text.trim_end()),
            _ => return false,
        }
    }
    true
}

/// Judges an index file.
pub(super) fn check_index(
    path: &str,
    input: &mut dyn BufRead,
    limits: &Limits,
    archive: &mut Archive,
    report: &mut Report,
) {
    let mut last = String::new();
    let read = lines(input, limits, |number, line| {
        if line.is_empty() || line.starts_with("!meta") {
            return;
        }
        let place = || format!("{path}:{number}");
        if line < last.as_str() {
            report.find(Code::IndexWrong, place());
        }
        last = line.to_owned();
        if let Some(code) = check_line(line, archive) {
            report.find(code, place());
        }
    });
    if !read {
        report.find(Code::IndexWrong, path);
    }
}

fn check_line(line: &str, archive: &mut Archive) -> Option<Code> {
    let mut parts = line.splitn(3, ' ');
    let (key, date, json) =
        (parts.next()?, parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok(json) = serde_json::from_str::<Value>(json) else { return Some(Code::IndexWrong) };
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| match json.get(name) {
        Some(Value::String(text)) => text.parse::<u64>().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    let spot = number("offset").and_then(|offset| archive.files.get_mut(text("filename"))?.get_mut(&offset));
    let Some(spot) = spot else { return Some(Code::IndexWrong) };
    let digest = text("digest");
    let fits = number("length") == Some(spot.length)
        && print_of(text("url")) == spot.target
        && date.get(..14) == Some(spot.date.as_str())
        && (digest.is_empty() || spot.digest.is_none_or(|known| known == print_of(digest)));
    if !fits {
        return Some(Code::IndexWrong);
    }
    spot.indexed = true;
    let wanted = surt(text("url"));
    archive.keys.insert(print_of(&wanted));
    // Requests with a body carry it in their key.
    (key != wanted && !key.contains("__wb_method=")).then_some(Code::IndexKey)
}

/// Judges a page list.
pub(super) fn check_pages(
    path: &str,
    input: &mut dyn BufRead,
    limits: &Limits,
    archive: &Archive,
    report: &mut Report,
) {
    let read = lines(input, limits, |number, line| {
        let place = || format!("{path}:{number}");
        let page = serde_json::from_str::<Value>(line).unwrap_or_default();
        let text = |name: &str| page.get(name).and_then(Value::as_str);
        if number == 1 {
            if text("format") != Some("json-pages-1.0") {
                report.find(Code::PagesWrong, place());
            }
            return;
        }
        let date = text("ts").is_some_and(|date| date.parse::<jiff::Timestamp>().is_ok());
        match text("url") {
            Some(url) if date => {
                report.pages += 1;
                if !archive.keys.contains(&print_of(&surt(url))) {
                    report.find(Code::PageNotArchived, place());
                }
            }
            _ => report.find(Code::PagesWrong, place()),
        }
    });
    if !read {
        report.find(Code::PagesWrong, path);
    }
}
