//! What was seen of a file, in at most three lines.

use jiff::Zoned;
use sigu_capture::archive::Report;
use sigu_capture::import::codes::fact;
use sigu_capture::import::{Finding, Kind, Looked, Severity, TimeClaim, is_change};
use sigu_evidence::mask_text;

use super::{Checked, Seen};
use crate::lang::Words;
use crate::times;

/// Times, and findings of an archive, that are named one by one.
const NAMED: usize = 2;
/// Facts that say in a word or two what the file is, the most telling first.
const TELLING: [&str; 7] = [
    fact::DEVICE,
    fact::DURATION,
    fact::MAIL_FROM,
    fact::PDF_PAGES,
    fact::HAR_ENTRIES,
    fact::CHAT_MESSAGES,
    fact::BILL_ROWS,
];

/// The key of a coded message: dots, underscores and blanks are dashes there.
fn key(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.to_lowercase().replace(['.', '_', ' '], "-"))
}

fn code(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The lines under a file that was fixed: what it is, then at most two about what to know.
pub(in crate::commands) fn lines(words: &Words, seen: &Seen) -> Vec<String> {
    let mut more: Vec<String> = seen.archive.iter().map(|checked| archive(words, checked)).collect();
    more.extend(findings(words, &seen.looked).into_iter().map(|text| format!("! {text}")));
    let surplus = more.len().saturating_sub(NAMED);
    more.truncate(NAMED);
    if let Some(last) = more.last_mut().filter(|_| surplus > 0) {
        last.push_str(&words.aside(&words.say("looked-more", &[("count", surplus.to_string())])));
    }
    let first = format!("  {}", what(words, seen));
    std::iter::once(first).chain(more.into_iter().map(|line| format!("  {line}"))).collect()
}

/// The kind with its telling facts, and the times it claims.
fn what(words: &Words, seen: &Seen) -> String {
    let looked = &seen.looked;
    let facts = if seen.secret { Vec::new() } else { facts(words, looked) };
    let mut kind = kind(words, looked);
    if !facts.is_empty() {
        kind.push_str(&words.aside(&words.list(&facts)));
    }
    let (changed, made): (Vec<_>, Vec<_>) = looked.formed_at.iter().partition(|one| is_change(one.said_by));
    let (message, claims) = match (made.is_empty(), changed.is_empty()) {
        (false, _) => ("looked-formed", made),
        (true, false) => ("looked-changed", changed),
        (true, true) => return words.say("looked-what", &[("kind", kind)]),
    };
    let mut voices: Vec<&TimeClaim> = Vec::new();
    for claim in claims {
        if voices.iter().all(|other| other.said_by != claim.said_by) {
            voices.push(claim);
        }
    }
    let told: Vec<String> = voices.into_iter().take(NAMED).map(|claim| time(words, claim)).collect();
    words.say(message, &[("kind", kind), ("times", words.list(&told))])
}

fn kind(words: &Words, looked: &Looked) -> String {
    let issuer = looked.fact(fact::BILL_ISSUER).filter(|_| looked.kind == Kind::Bill);
    let issued = issuer.and_then(|issuer| words.try_word(&key("file-kind-bill", issuer)));
    issued.unwrap_or_else(|| words.word(&key("file-kind", &code(&looked.kind))))
}

fn facts(words: &Words, looked: &Looked) -> Vec<String> {
    let mut told = Vec::new();
    if let (Some(width), Some(height)) = (looked.fact(fact::WIDTH), looked.fact(fact::HEIGHT)) {
        let values = [("width", width.to_owned()), ("height", height.to_owned())];
        told.push(words.say("looked-pixels", &values));
    }
    for code in TELLING {
        if let Some(value) = looked.fact(code) {
            let value = if code == fact::DURATION { tenths(value) } else { value.to_owned() };
            told.push(words.say(&key("looked", code), &[("value", value)]));
        }
    }
    told
}

/// Seconds to a tenth: `8.000` is `8`, `7.312` is `7.3`.
fn tenths(seconds: &str) -> String {
    let rounded = seconds.parse::<f64>().map_or_else(|_| seconds.to_owned(), |number| format!("{number:.1}"));
    rounded.strip_suffix(".0").map_or(rounded.clone(), str::to_owned)
}

/// A time with who said it. Where no zone was said, none is shown.
fn time(words: &Words, claim: &TimeClaim) -> String {
    let at = if claim.zone_known {
        times::show(claim.at)
    } else {
        Zoned::new(claim.at, times::zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    format!("{at}{}", words.aside(&words.word(&key("said", claim.said_by))))
}

/// Findings of weight in words, those of one code together, the heaviest first.
fn findings(words: &Words, looked: &Looked) -> Vec<String> {
    let mut heavy: Vec<&Finding> =
        looked.findings.iter().filter(|found| found.severity >= Severity::Doubt).collect();
    heavy.sort_by_key(|found| std::cmp::Reverse(found.severity));
    let mut codes: Vec<&'static str> = Vec::new();
    for found in &heavy {
        if !codes.contains(&found.code) {
            codes.push(found.code);
        }
    }
    let count = |code: &str| heavy.iter().filter(|found| found.code == code).count();
    codes.into_iter().map(|code| finding(words, looked, code, count(code))).collect()
}

/// One finding; the message takes the values it needs of these.
fn finding(words: &Words, looked: &Looked, code: &str, count: usize) -> String {
    let fact = |code: &str| mask_text(looked.fact(code).unwrap_or("?"));
    let software = looked.fact(fact::SOFTWARE).map_or_else(|| words.word("looked-no-software"), mask_text);
    let latest = looked.formed_at.iter().map(|claim| claim.at).max();
    let values = [
        ("count", count.to_string()),
        ("media", looked.media_type.clone()),
        ("software", software),
        ("latest", latest.map_or_else(String::new, times::show)),
        ("from", fact(fact::MAIL_FROM)),
        ("dkim", fact(fact::MAIL_DKIM)),
        ("rows", fact(fact::BILL_ROWS)),
        ("stated", fact(fact::BILL_STATED_ROWS)),
    ];
    words.say(&key("finding", code), &values)
}

/// The outcome of a check; an exclamation mark where something is wrong.
fn archive(words: &Words, checked: &Checked) -> String {
    let message = key("looked-archive", checked.grade());
    let Checked::Report(report) = checked else { return format!("· {}", words.word(&message)) };
    let values = [
        ("records", report.records.to_string()),
        ("pages", report.pages.to_string()),
        ("what", wrongs(words, report)),
    ];
    format!("{} {}", if report.is_clean() { "·" } else { "!" }, words.say(&message, &values))
}

/// The first findings of an archive, the gravest first, with their places.
fn wrongs(words: &Words, report: &Report) -> String {
    let mut all: Vec<_> = report.findings.iter().collect();
    all.sort_by_key(|found| std::cmp::Reverse(found.code.grade()));
    let told = all.iter().take(NAMED).map(|found| {
        let text = words.word(&key("finding-archive", &code(&found.code)));
        let place = mask_text(&found.place);
        if place.is_empty() { text } else { format!("{text}{}", words.aside(&place)) }
    });
    let mut told: Vec<String> = told.collect();
    let left = all.len().saturating_sub(NAMED) + usize::try_from(report.more).unwrap_or(usize::MAX);
    if left > 0 {
        told.push(words.say("looked-more", &[("count", left.to_string())]));
    }
    words.list(&told)
}

#[cfg(test)]
mod tests {
    use sigu_capture::archive::Code;
    use sigu_capture::environment::NOTES;
    use sigu_capture::import::codes;
    use sigu_capture::page::GAPS;

    use super::*;

    /// All codes of one enum, named once; a match without default keeps the list whole.
    macro_rules! every {
        ($type:ident: $($name:ident)*) => {{
            let known = |one: $type| match one { $($type::$name => one),* };
            [$($type::$name),*].map(known)
        }};
    }

    fn archive_codes() -> Vec<String> {
        let all = every!(Code: NotAnArchive Unreadable TooLarge Bomb DuplicateName UnsafePath HiddenBytes NotStored
            DatapackageMissing DatapackageWrong DigestFileMissing DigestFileWrong SignatureNotChecked NotListed
            ListedMissing ListedTwice HashMissing HashWrong WarcMissing PagesMissing PagesWrong PageNotArchived
            IndexMissing IndexWrong IndexKey NotIndexed BadGzip NotOneRecordPerMember BadFrame BadField DuplicateId
            DanglingReference DigestMissing DigestUnknown DigestWrong);
        all.iter().map(code).collect()
    }

    fn kinds() -> Vec<String> {
        let all = every!(Kind: Image Video Audio Mail Pdf Har Mhtml SingleFile Page Warc Wacz Chat Bill Table Json
            Text Packed Unknown);
        all.iter().map(code).collect()
    }

    #[test]
    fn every_code_has_words_in_both_languages() {
        let table = |table: &[(&str, &str)]| table.iter().map(|(code, _)| (*code).to_owned()).collect();
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let sorts: [(&str, Vec<String>); 7] = [
            ("said", table(codes::clock::ALL)),
            ("finding", table(codes::finding::ALL)),
            ("finding-archive", archive_codes()),
            ("file-kind", kinds()),
            ("looked", owned(&TELLING)),
            ("gap", owned(&GAPS)),
            ("seen", owned(&NOTES)),
        ];
        let values =
            ["count", "media", "software", "latest", "from", "dkim", "rows", "stated", "value", "detail"]
                .map(|name| (name, "1".to_owned()));
        for (prefix, codes) in sorts {
            let missing = |words: &Words, code: &String| {
                std::panic::catch_unwind(|| words.say(&key(prefix, code), &values)).is_err()
            };
            for words in [Words::chinese(), Words::in_english()] {
                let left: Vec<&String> = codes.iter().filter(|code| missing(&words, code)).collect();
                assert!(
                    left.is_empty() && !codes.is_empty(),
                    "{prefix}, English {}: {left:?}",
                    words.english()
                );
            }
        }
    }

    #[test]
    fn seconds_are_told_to_a_tenth() {
        for (seconds, told) in [("8.000", "8"), ("7.312", "7.3"), ("0.040", "0"), ("?", "?")] {
            assert_eq!(tenths(seconds), told);
        }
    }
}
