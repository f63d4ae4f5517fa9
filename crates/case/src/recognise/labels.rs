//! Words and keys that name fields: the table of them, and where a text has one.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::{Field, Form, Span, table};

#[derive(Deserialize)]
struct Table {
    label: Vec<Row>,
    pattern: Vec<PatternRow>,
    neutral: Words,
    prefixes: Words,
}

#[derive(Deserialize)]
struct Words {
    words: Vec<String>,
}

/// How labels and keys of a field are built, for those no list names.
#[derive(Deserialize)]
struct PatternRow {
    field: Field,
    word: Option<String>,
    key: Option<String>,
    fits: Option<String>,
    half: Option<Half>,
    #[serde(default)]
    weak: bool,
}

/// One row of the table: words and keys of one field, and where they hold.
#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) field: Field,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    forms: Vec<Form>,
    #[serde(default)]
    systems: Vec<String>,
    #[serde(default)]
    pub(super) colon_only: bool,
    #[serde(default)]
    bare_only: bool,
    /// Which half of a card the label names, if only one.
    pub(super) half: Option<Half>,
    #[serde(default)]
    pub(super) alone_is_none: bool,
    /// Keys of the object a key must stand in.
    #[serde(default)]
    under: Vec<String>,
    #[serde(default)]
    weak: bool,
    fits: Option<String>,
    #[serde(default)]
    pub(super) unit: Unit,
}

impl Row {
    /// A row of a field that holds everywhere and has no words.
    fn of(field: Field) -> Self {
        Self {
            field,
            words: Vec::new(),
            keys: Vec::new(),
            forms: Vec::new(),
            systems: Vec::new(),
            colon_only: false,
            bare_only: false,
            half: None,
            alone_is_none: false,
            under: Vec::new(),
            weak: false,
            fits: None,
            unit: Unit::Yuan,
        }
    }
}

/// A card of two parts: its number or account, and its password.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Half {
    First,
    Second,
}

/// What a bare number is.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    #[default]
    Yuan,
    Fen,
}

/// The row a label or key stands for, and its rank.
pub(super) type Meant = (&'static Row, usize);

/// What stands around a label or a key.
#[derive(Default)]
pub(super) struct Around<'a> {
    /// The key of the object.
    pub(super) under: Option<&'a str>,
    pub(super) value: Option<&'a str>,
    /// A colon stands after the label.
    pub(super) colon: bool,
}

/// What one word means, and where.
pub(super) struct Meaning {
    row: usize,
    rank: usize,
}

struct Labels {
    rows: Vec<Row>,
    /// What the value of a row's label must look like.
    fits: Vec<Option<Regex>>,
    words: HashMap<String, Vec<Meaning>>,
    keys: HashMap<String, Vec<Meaning>>,
    /// Patterns of whole words and keys, each with the row it stands for.
    word_patterns: Vec<(Regex, [Meaning; 1])>,
    key_patterns: Vec<(Regex, [Meaning; 1])>,
    /// Labels of values that are no field of ours.
    neutral: HashSet<String>,
    /// Words after which a label may begin.
    prefixes: Vec<String>,
    /// The last characters of labels, folded: what else stands before a colon is no label.
    endings: HashSet<char>,
    /// The longest label, in characters.
    longest: usize,
}

static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    let Table { mut label, pattern, neutral, prefixes } =
        table::parse(include_str!("../../data/recognise/labels.toml"));
    for row in &mut label {
        row.under.iter_mut().for_each(|key| *key = folded_key(key));
    }
    // Rows that hold only somewhere come before the others.
    label.sort_by_key(|row| row.forms.is_empty() && row.systems.is_empty() && row.under.is_empty());
    let (mut word_patterns, mut key_patterns) = (Vec::new(), Vec::new());
    for one in pattern {
        let rank = PATTERN_RANK + if one.weak { WEAK_RANK } else { 0 };
        let meaning = || [Meaning { row: label.len(), rank }];
        let whole = |text: &String| table::pattern(&format!("^(?:{text})$"));
        word_patterns.extend(one.word.as_ref().map(|text| (whole(text), meaning())));
        key_patterns.extend(one.key.as_ref().map(|text| (whole(text), meaning())));
        label.push(Row { half: one.half, fits: one.fits, ..Row::of(one.field) });
    }
    let fits = label.iter().map(|row| row.fits.as_deref().map(table::pattern)).collect();
    let (mut words, mut keys) = (HashMap::new(), HashMap::new());
    for (row, label) in label.iter().enumerate() {
        let from = if label.weak { WEAK_RANK } else { 0 };
        for (rank, word) in label.words.iter().enumerate() {
            let meanings: &mut Vec<Meaning> = words.entry(table::fold(word)).or_default();
            meanings.push(Meaning { row, rank: from + rank });
        }
        for (rank, key) in label.keys.iter().enumerate() {
            let meanings: &mut Vec<Meaning> = keys.entry(folded_key(key)).or_default();
            meanings.push(Meaning { row, rank: from + rank });
        }
    }
    let neutral: HashSet<String> = neutral.words.iter().map(|word| table::fold(word)).collect();
    let all = || words.keys().chain(&neutral);
    let endings = all().filter_map(|word: &String| word.chars().last()).collect();
    let longest = all().map(|word| word.chars().count()).max().unwrap_or(0);
    let prefixes = prefixes.words;
    Labels {
        rows: label,
        fits,
        words,
        keys,
        word_patterns,
        key_patterns,
        neutral,
        prefixes,
        endings,
        longest,
    }
});

/// Labels that are built like those of a field come after the listed ones.
const PATTERN_RANK: usize = 60;

/// Labels from this rank on are weak: a total is what was paid only where the page says that it was paid.
pub(super) const WEAK_RANK: usize = 100;

/// Labels of an order's core: a text with one of them is not delivered content alone.
const CORE: &[Field] =
    &[Field::OrderNo, Field::AmountPaid, Field::Status, Field::CreatedAt, Field::PaidAt, Field::PaymentTxn];

/// Signs that stand around a label and are no part of it.
const AROUND: &str = ":：【】[]*·•●■◆▪|｜";

/// `orderNo`, `order-no` and `order_no` are one key.
pub(super) fn folded_key(key: &str) -> String {
    let mut folded = table::fold(key);
    folded.retain(|c| c != '_' && c != '-');
    folded
}

/// What a key may mean.
pub(super) fn of_key(key: &str) -> Option<&'static [Meaning]> {
    let key = folded_key(key);
    let built = || {
        let fits = LABELS.key_patterns.iter().find(|(pattern, _)| pattern.is_match(&key))?;
        Some(&fits.1[..])
    };
    LABELS.keys.get(&key).map(Vec::as_slice).or_else(built)
}

/// What a word means, listed or built like a label of a field.
fn of_folded(word: &str) -> Option<&'static [Meaning]> {
    if LABELS.neutral.contains(word) {
        return None;
    }
    let built = || {
        // Two words of the other languages, or a sentence, are no label.
        let short = (2..=10).contains(&word.chars().take(11).count());
        let fits = LABELS.word_patterns.iter().find(|(pattern, _)| short && pattern.is_match(word))?;
        Some(&fits.1[..])
    };
    LABELS.words.get(word).map(Vec::as_slice).or_else(built)
}

/// What a whole text means as a label: as it is, without a note (`单价(元)`), or without its other language
/// (`商品 Item`).
pub(super) fn of_word(text: &str) -> Option<&'static [Meaning]> {
    if !may_be_label(text) {
        return None;
    }
    variants(text, of_folded)
}

/// Looks a text up in the ways a label is written.
fn variants<T>(text: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    let bare = bare(text);
    if let found @ Some(_) = find(&bare) {
        return found;
    }
    if LABELS.neutral.contains(&bare) {
        return None;
    }
    // `券码1`: one of several.
    let one_of = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    if (1..=2).contains(&(bare.len() - one_of.len())) && one_of.chars().last().is_some_and(is_han) {
        return find(one_of);
    }
    if let Some(found) = without_note(&bare).and_then(&find) {
        return Some(found);
    }
    // `商品 / 规格`: two names of one column.
    if let Some((first, _)) = bare.split_once(['/', '、', '&']).filter(|(first, _)| first.chars().any(is_han))
        && let found @ Some(_) = find(first)
    {
        return found;
    }
    let has_han = bare.chars().any(is_han);
    let has_latin = bare.bytes().any(|byte| byte.is_ascii_alphabetic());
    // Two languages are set apart: `QQ钱包` is one word.
    if !has_han || !has_latin || !text.trim().contains([' ', '/', '\u{a0}', '|', '\u{3000}']) {
        return None;
    }
    let other = |c: char| c.is_ascii() && !c.is_ascii_digit();
    find(bare.trim_matches(other)).or_else(|| find(bare.trim_matches(|c: char| !c.is_ascii_alphabetic())))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// A label before a note in brackets.
fn without_note(text: &str) -> Option<&str> {
    let note = text.strip_suffix([')', '）', ']', '】'])?;
    let at = note.rfind(['(', '（', '[', '【'])?;
    Some(&note[..at]).filter(|label| !label.is_empty())
}

/// The first row that holds here.
pub(super) fn meant(
    meanings: &'static [Meaning],
    place: &Around<'_>,
    form: Form,
    system: Option<&str>,
) -> Option<Meant> {
    let holds = |n: usize| {
        let row = &LABELS.rows[n];
        (row.forms.is_empty() || row.forms.contains(&form))
            && (row.systems.is_empty() || system.is_some_and(|id| row.systems.iter().any(|one| one == id)))
            && (row.under.is_empty() || row.under.iter().any(|one| place.under == Some(one.as_str())))
            && !(row.bare_only && place.colon)
            && LABELS.fits[n].as_ref().zip(place.value).is_none_or(|(fits, value)| fits.is_match(value))
    };
    let fits = meanings.iter().find(|one| holds(one.row))?;
    Some((&LABELS.rows[fits.row], fits.rank))
}

/// Tells whether a text has a label of an order's core with a value.
pub(super) fn has_order_labels(text: &str) -> bool {
    text.lines().take(400).any(|line| {
        labels_in(line).iter().any(|(label, _)| names(&line[label.clone()], |one| CORE.contains(&one)))
    })
}

/// Every label with a colon (or 为, 是) after it: its range, and where its value begins.
pub(super) fn labels_in(line: &str) -> Vec<(Span, usize)> {
    let mut found: Vec<(Span, usize)> = Vec::new();
    for (at, sign) in line
        .char_indices()
        .filter(|(_, c)| matches!(c, ':' | '：' | '=' | '＝' | '为' | '是' | '￥' | '¥' | '#'))
    {
        let past = found.last().map_or(0, |(_, value)| *value);
        let Some(label) = line.get(past..at).and_then(label_at_end) else { continue };
        let label = past + label.start..past + label.end;
        if sign == '#' && !names(&line[label.clone()], |one| one == Field::OrderNo) {
            continue;
        }
        if "￥¥".contains(sign) {
            // `实付￥45.00`: the sign of money stands for the colon.
            if names(&line[label.clone()], money) {
                found.push((label, at));
            }
            continue;
        }
        let after = &line[at + sign.len_utf8()..];
        let colon =
            if "为是".contains(sign) { after.chars().next().filter(|c| ":：".contains(*c)) } else { None };
        found.push((label, at + sign.len_utf8() + colon.map_or(0, char::len_utf8)));
    }
    found
}

/// The label a text ends with, perhaps in brackets or with a note in brackets after it: `金额（元）`.
fn label_at_end(text: &str) -> Option<Span> {
    let text = text.trim_end();
    let open = text.strip_suffix(['】', ']', '*']).map_or(text, str::trim_end);
    let numbered = open.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = Some(numbered).filter(|one| (1..=2).contains(&(open.len() - one.len())));
    suffix_label(open).or_else(|| numbered.and_then(suffix_label)).or_else(|| built_label(open)).or_else(
        || {
            let note = open.strip_suffix([')', '）'])?;
            let (at, _) = note.char_indices().rev().take(18).find(|(_, c)| "(（".contains(*c))?;
            suffix_label(note[..at].trim_end())
        },
    )
}

/// The longest label a text ends with, if it begins where a label may.
fn suffix_label(text: &str) -> Option<Span> {
    let last = text.chars().last()?;
    if !is_ending(last) {
        return None;
    }
    // Blanks inside a label (`单　号`) are not counted.
    let mut left = LABELS.longest;
    let tail = text.char_indices().rev().take(3 * LABELS.longest).take_while(|(_, c)| {
        left = left.saturating_sub(usize::from(!c.is_whitespace()));
        left > 0
    });
    let mut at = tail.last().map_or(text.len(), |(at, _)| at);
    // The tail is folded once; what is not plain is rare and folded anew for every start.
    let plain = text[at..].chars().all(|c| table::is_plain(c) || c.is_whitespace());
    let folded = if plain { table::fold(&text[at..]) } else { String::new() };
    let mut rest = folded.as_str();
    while let Some(c) = text[at..].chars().next() {
        let known = if plain { is_known(rest) } else { is_known(&table::fold(&text[at..])) };
        if known && !c.is_whitespace() && may_begin(&text[..at]) {
            return Some(at..text.len());
        }
        if plain && !c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        }
        at += c.len_utf8();
    }
    None
}

fn is_ending(last: char) -> bool {
    if table::is_plain(last) {
        return LABELS.endings.contains(&last.to_ascii_lowercase());
    }
    let folded = table::fold(last.encode_utf8(&mut [0; 4]));
    folded.chars().last().is_some_and(|c| LABELS.endings.contains(&c))
}

fn is_known(folded: &str) -> bool {
    LABELS.words.contains_key(folded) || LABELS.neutral.contains(folded)
}

/// The run of letters and digits a text ends with, if it is built like a label.
fn built_label(text: &str) -> Option<Span> {
    let start = text.char_indices().rev().take(11).take_while(|(_, c)| c.is_alphanumeric()).last()?.0;
    let word = table::fold(&text[start..]);
    of_folded(&word).map(|_| start..text.len())
}

fn names(label: &str, what: impl Fn(Field) -> bool) -> bool {
    of_word(label).is_some_and(|all| all.iter().any(|one| what(LABELS.rows[one.row].field)))
}

fn may_begin(before: &str) -> bool {
    before.chars().last().is_none_or(|c| !c.is_alphanumeric())
        || LABELS.prefixes.iter().any(|word| before.ends_with(word.as_str()))
}

/// What a text is as a label.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// What it means.
    pub(super) meanings: Option<&'static [Meaning]>,
    /// It is a label, of a field of ours or another.
    pub(super) is_label: bool,
}

impl Known {
    /// Looks a text up.
    pub(super) fn of(text: &str) -> Self {
        if !may_be_label(text) {
            return Self { meanings: None, is_label: false };
        }
        Self { meanings: of_word(text), is_label: is_label(text) }
    }
}

/// Tells whether a whole text is a label, of a field of ours or another.
pub(super) fn is_label(text: &str) -> bool {
    // What is a label only before a colon is a word like others elsewhere: `已付款`.
    let alone = |word: &str| match LABELS.words.get(word) {
        Some(all) => !all.iter().all(|one| LABELS.rows[one.row].colon_only),
        None => LABELS.neutral.contains(word) || of_folded(word).is_some(),
    };
    may_be_label(text) && variants(text, |word| alone(word).then_some(())).is_some()
}

/// Short enough, and ends as some label does: spares most words the folding.
fn may_be_label(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || AROUND.contains(c));
    let noted = |last: char| {
        matches!(last, ')' | '）')
            || (last.is_ascii_digit() && text.chars().next().is_some_and(is_han))
            || (last.is_ascii_alphabetic() && text.chars().next().is_some_and(is_han))
    };
    text.chars().last().is_some_and(|last| is_ending(last) || noted(last))
        && text.chars().take(2 * LABELS.longest + 1).count() <= 2 * LABELS.longest
}

fn bare(text: &str) -> String {
    table::fold(text.trim_matches(|c: char| c.is_whitespace() || AROUND.contains(c)))
}

/// Tells whether a field is an amount of money.
pub(super) fn money(field: Field) -> bool {
    matches!(field, Field::AmountPaid | Field::UnitPrice | Field::FaceValue | Field::RefundAmount)
}
