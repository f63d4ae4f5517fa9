//! Lists of files and their SHA-256: writing them, and comparing one with what is really there.
//!
//! A list has one right form for given files, so comparing walks both sides once and needs no memory.

use std::io::{self, BufRead};

use sigu_evidence::ContentId;

/// Writes the line of one file.
pub(crate) fn push_line(out: &mut String, sha256: &ContentId, path: &str) {
    use std::fmt::Write as _;
    writeln!(out, "{sha256}  {path}").expect("writing to a string does not fail");
}

/// One way in which a list is not the list of the files that are there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The file is there and not in the list.
    NotListed(String),
    /// The list names a file that is not there.
    Missing(String),
    /// The file has another digest.
    Differs(String),
    /// The line of this number, from 1, is not in the form or order of the format.
    Line(u64),
}

/// Compares a list with the files it must name, both in order of the path's bytes.
///
/// Reports every mismatch and goes on; a malformed line is reported and skipped. Returns how many lines agreed.
pub(crate) fn compare<'a>(
    list: impl BufRead,
    files: impl Iterator<Item = (&'a str, ContentId)>,
    report: &mut dyn FnMut(Mismatch),
) -> io::Result<u64> {
    let mut files = files.peekable();
    let mut before = String::new();
    let mut agreed = 0;
    for_lines(list, |number, line| {
        let Some((sha256, path)) = line.and_then(parse_line).filter(|(_, path)| *path > before.as_str())
        else {
            return report(Mismatch::Line(number));
        };
        while let Some((unlisted, _)) = files.next_if(|(there, _)| *there < path) {
            report(Mismatch::NotListed(unlisted.to_owned()));
        }
        match files.next_if(|(there, _)| *there == path) {
            Some((_, found)) if found == sha256 => agreed += 1,
            Some(_) => report(Mismatch::Differs(path.to_owned())),
            None => report(Mismatch::Missing(path.to_owned())),
        }
        before.clear();
        before.push_str(path);
    })?;
    for (unlisted, _) in files {
        report(Mismatch::NotListed(unlisted.to_owned()));
    }
    Ok(agreed)
}

/// Longer lines are malformed whatever they say: 64 digits, two blanks and a long path.
const LINE_BYTES: u64 = 70_000;

/// Hands out the lines without their `\n`; `None` for a line that is too long, not UTF-8, or not ended.
fn for_lines(mut list: impl BufRead, mut each: impl FnMut(u64, Option<&str>)) -> io::Result<()> {
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        buffer.clear();
        let read = io::Read::take(&mut list, LINE_BYTES).read_until(b'\n', &mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        let line = buffer.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok());
        each(number, line);
    }
}

fn parse_line(line: &str) -> Option<(ContentId, &str)> {
    let (hex, path) = line.split_once("  ")?;
    let lower = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if lower { Some((hex.parse().ok()?, path)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> ContentId {
        format!("{byte:02x}").repeat(32).parse().expect("64 hex digits")
    }

    fn check(list: &str, expected: &[Mismatch]) {
        let files = [("a", id(1)), ("b", id(2)), ("c", id(3))];
        let mut found = Vec::new();
        compare(list.as_bytes(), files.into_iter(), &mut |m| found.push(m)).expect("memory");
        assert_eq!(found, expected, "{list:?}");
    }

    #[test]
    fn every_difference_is_named() {
        let mut good = String::new();
        for (path, n) in [("a", 1), ("b", 2), ("c", 3)] {
            push_line(&mut good, &id(n), path);
        }
        let lines: Vec<&str> = good.split_inclusive('\n').collect();
        check(&good, &[]);
        check(&(lines[0].to_owned() + lines[2]), &[Mismatch::NotListed("b".into())]);
        check(&(lines[0].to_owned() + lines[1]), &[Mismatch::NotListed("c".into())]);
        check(
            &good.replace("  b", "  bb"),
            &[Mismatch::NotListed("b".into()), Mismatch::Missing("bb".into())],
        );
        check(&good.replace("02", "12"), &[Mismatch::Differs("b".into())]);
        check(&good.replace("  b", " *b"), &[Mismatch::Line(2), Mismatch::NotListed("b".into())]);
        check(&format!("{good}{}", lines[2]), &[Mismatch::Line(4)]);
        check(good.trim_end(), &[Mismatch::Line(3), Mismatch::NotListed("c".into())]);
    }
}
