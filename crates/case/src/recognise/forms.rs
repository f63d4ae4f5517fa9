//! The forms an input can have, how they are told apart, and what each should hold.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::lines::Document;
use super::{Field, Reading, chat, delivery, labels, table};

/// What kind of input it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A saved page's source.
    Html,
    /// A page's text, copied.
    PageText,
    /// An answer of a shop's interface, as JSON.
    Api,
    /// A pasted dialogue.
    Chat,
    /// A saved e-mail (RFC 5322).
    Mail,
    /// The text of a WeChat Pay bill.
    VoucherWechat,
    /// The text of an Alipay bill.
    VoucherAlipay,
    /// Delivered content alone.
    Delivered,
}

#[derive(Deserialize)]
struct Table {
    form: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: Form,
    #[serde(default)]
    words: Vec<String>,
    /// Lines of a page that make it one; the first alone, or three of them.
    #[serde(default)]
    page_words: Vec<String>,
    #[serde(default)]
    at_least: usize,
    expected: Vec<Field>,
}

static FORMS: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::parse::<Table>(include_str!("../../data/recognise/labels.toml")).form);

/// How many lines of a page are looked at to tell a bill.
const MAX_BILL: usize = 400;
/// How much of a text is looked at to tell its form, in bytes.
const LOOK: usize = 64 * 1024;
/// Headers that make a text an e-mail when it begins with two of them.
const MAIL_HEADS: &[&str] = &[
    "return-path:",
    "received:",
    "from:",
    "to:",
    "subject:",
    "date:",
    "message-id:",
    "mime-version:",
    "delivered-to:",
    "content-type:",
    "x-",
    "dkim-signature:",
    "content-transfer-encoding:",
];
/// Beginnings of elements that make a text a page.
const TAGS: &[&str] = &[
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<div",
    "<table",
    "<ul",
    "<li",
    "<p>",
    "<span",
    "<h",
    "<b",
    "<form",
    "<textarea",
    "<dl",
    "<section",
    "<meta",
    "<label",
    "<input",
    "<strong",
];

impl Form {
    /// Tells the form of a text.
    pub(super) fn of(text: &str, hints: &super::Hints) -> Self {
        let end = (0..=LOOK.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let head = text[..end].trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        if head.starts_with('{') || head.starts_with("[{") {
            return Self::Api;
        }
        if is_mail(head) {
            return Self::Mail;
        }
        if is_page(head) {
            return Self::Html;
        }
        let voucher = voucher(head);
        if let Some(form) = voucher {
            return form;
        }
        match () {
            () if chat::looks_like_one(head, hints) => Self::Chat,
            () if !labels::has_order_labels(head) && delivery::looks_like_one(head) => Self::Delivered,
            () => Self::PageText,
        }
    }
}

fn is_mail(head: &str) -> bool {
    let heads = head.lines().take(12).take_while(|line| !line.trim().is_empty());
    let known = |line: &&str| {
        let line = shown_start(line, 32).to_ascii_lowercase();
        MAIL_HEADS.iter().any(|head| line.starts_with(head))
    };
    heads.filter(known).count() >= 2
}

fn is_page(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    TAGS.iter().any(|tag| lower.contains(tag)) && lower.contains('>')
}

fn shown_start(line: &str, chars: usize) -> &str {
    table::shorten(line, chars)
}

fn voucher(head: &str) -> Option<Form> {
    let score = |row: &Row| row.words.iter().filter(|word| head.contains(word.as_str())).count();
    let fits = FORMS.iter().filter(|row| row.at_least > 0 && score(row) >= row.at_least);
    fits.max_by_key(|row| score(row)).map(|row| row.id)
}

/// Tells which bill a page shows, if it is one.
pub(super) fn bill(document: &Document) -> Option<Form> {
    let lines: BTreeSet<&str> = document.lines.iter().take(MAX_BILL).map(|line| line.text.trim()).collect();
    let score = |row: &Row| row.page_words.iter().filter(|word| lines.contains(word.as_str())).count();
    let is_one = |row: &&Row| {
        score(row) >= 3 || row.page_words.first().is_some_and(|word| lines.contains(word.as_str()))
    };
    let best = FORMS.iter().filter(is_one).max_by_key(|row| score(row))?;
    Some(best.id)
}

/// Returns the fields such an input should hold and that were not read (S12).
pub(super) fn missing(form: Form, fields: &[Reading]) -> Vec<Field> {
    let expected = FORMS.iter().find(|row| row.id == form).map_or(&[][..], |row| &row.expected);
    let found = |field: &Field| fields.iter().any(|one| one.field == *field && one.value.is_read());
    expected.iter().copied().filter(|field| !found(field)).collect()
}
