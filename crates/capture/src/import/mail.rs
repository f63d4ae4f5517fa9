//! E-mails: who says when, which servers passed it on, whether it is signed, what is attached.
//!
//! Signatures are not verified here: the keys are in the DNS, and they change.

use std::sync::LazyLock;

use mail_parser::{Message, MessageParser, MimeHeaders};
use regex::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::times;

/// More Received lines than this are not read.
const MAX_HOPS: usize = 32;
/// More attachments than this are not listed.
const MAX_ATTACHMENTS: usize = 50;

pub(super) fn look(looked: &mut Looked, bytes: &[u8]) {
    let Some(mail) = MessageParser::default().parse(bytes).filter(|mail| !mail.parts.is_empty()) else {
        looked.find(finding::UNREADABLE, Severity::Defect, "no mail could be read");
        return;
    };
    let date = raw(&mail, "Date").next().and_then(times::mail);
    looked.say_time(clock::MAIL_DATE, date);
    if date.is_none() {
        looked.find(finding::MAIL_NO_DATE, Severity::Doubt, "");
    }
    look_at_hops(looked, &mail, date);
    looked.say(fact::MAIL_ID, mail.message_id().unwrap_or_default());
    looked.quote(fact::MAIL_SUBJECT, mail.subject().unwrap_or_default());
    look_at_signatures(looked, &mail);
    for part in mail.attachments().take(MAX_ATTACHMENTS) {
        let media =
            part.content_type().map(|one| format!("{}/{}", one.ctype(), one.subtype().unwrap_or("?")));
        let name = part.attachment_name().unwrap_or("?");
        looked.quote(
            fact::MAIL_ATTACHMENT,
            &format!("{name}, {}, {} bytes", media.unwrap_or_default(), part.len()),
        );
    }
    let body = mail.body_text(0).or_else(|| mail.body_html(0)).unwrap_or_default();
    looked.give_text(format!("{}\n\n{body}", mail.subject().unwrap_or_default()));
}

/// The values of a header as they stand in the mail.
pub(super) fn raw<'a>(mail: &'a Message<'_>, name: &'a str) -> impl Iterator<Item = &'a str> {
    let fits = move |header: &(&str, &str)| header.0.eq_ignore_ascii_case(name);
    mail.headers_raw().filter(fits).map(|header| header.1.trim())
}

/// The time of a Received line stands after its last semicolon (RFC 5321 §4.4).
fn look_at_hops(looked: &mut Looked, mail: &Message<'_>, date: times::Said) {
    let lines: Vec<&str> = raw(mail, "Received").take(MAX_HOPS).collect();
    looked.say(fact::MAIL_HOPS, lines.len());
    let said =
        lines.iter().filter_map(|line| times::mail(&line.rsplit_once(';')?.1.replace(['\r', '\n'], " ")));
    let said: Vec<_> = said.collect();
    for time in &said {
        looked.say_time(clock::MAIL_RECEIVED, Some(*time));
    }
    if lines.is_empty() {
        looked.find(finding::MAIL_NO_RECEIVED, Severity::Doubt, "");
    }
    // The newest line stands first; clocks of servers may differ by a minute.
    if said.windows(2).any(|pair| pair[1].0.as_second() - pair[0].0.as_second() > 60) {
        looked.find(finding::MAIL_ORDER, Severity::Doubt, "");
    }
    if let (Some((date, _)), Some((first, _))) = (date, said.last())
        && (first.as_second() - date.as_second()).abs() > 3600
    {
        looked.find(finding::MAIL_DATE_APART, Severity::Doubt, format!("Date {date}, first server {first}"));
    }
}

static DOMAIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|;)\s*d\s*=\s*([a-z0-9.\-]{1,255})").expect("a fixed pattern"));

/// Compares the signing domains (RFC 6376 §3.5) with the sender's: one must be the other or lie above it.
fn look_at_signatures(looked: &mut Looked, mail: &Message<'_>) {
    let address = mail.from().and_then(|from| from.first()).and_then(|from| from.address());
    let from = address.and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain.to_lowercase());
    looked.say(fact::MAIL_FROM, from.as_deref().unwrap_or_default());
    let signed: Vec<String> = raw(mail, "DKIM-Signature")
        .take(16)
        .filter_map(|line| Some(DOMAIN.captures(line)?[1].to_lowercase()))
        .collect();
    for domain in &signed {
        looked.say(fact::MAIL_DKIM, domain);
    }
    let aligned = |from: &str| {
        let below = |one: &str, other: &str| one == other || one.ends_with(&format!(".{other}"));
        signed.iter().any(|domain| below(from, domain) || below(domain, from))
    };
    match from {
        _ if signed.is_empty() => looked.find(finding::MAIL_NO_DKIM, Severity::Note, ""),
        Some(from) if !aligned(&from) => {
            let detail = format!("from {from}, signed by {}", signed.join(", "));
            looked.find(finding::MAIL_OTHER_DKIM, Severity::Doubt, detail);
        }
        _ => {}
    }
}
