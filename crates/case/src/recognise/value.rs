//! Amounts, quantities and number-like texts as pages write them.

use std::sync::LazyLock;

use regex::Regex;

use super::table;

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    table::pattern(concat!(
        r"(?P<minus>[-−])?\s*(?P<cur>[¥$€£]|CNY|RMB|USDT?|HKD|人民币)?\s*(?P<minus2>[-−])?\s*",
        r"(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\s?\.\s?(?P<frac>\d+))?\s*(?P<unit>USDT?|HKD|美元|港元|分|角|元)?",
    ))
});
static COUNT: LazyLock<Regex> = LazyLock::new(|| table::pattern(r"^[xX×*]?\s*(\d{1,6})\s*\D{0,8}$"));
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| table::pattern(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?"));
/// More than this in 分 is no price of virtual goods but a misread number: ten billion yuan.
const MAX_FEN: i64 = 1_000_000_000_000;

/// Reads the first amount of a text in 分; a sign is dropped, as bills write payments as `-30.00`.
///
/// `None` without a number, with a third decimal that is not zero, or in another currency.
pub(super) fn amount_fen(text: &str) -> Option<i64> {
    let text = table::narrow(text);
    let found = AMOUNT.captures(&text)?;
    let group = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let foreign = ["$", "€", "£", "USD", "USDT", "HKD", "美元", "港元"];
    if foreign.contains(&group("cur")) || foreign.contains(&group("unit")) {
        return None;
    }
    let yuan: i64 = group("yuan").replace(',', "").parse().ok()?;
    if group("unit") == "分" {
        return (yuan <= MAX_FEN).then_some(yuan);
    }
    let (cents, rest) = group("frac").split_at(group("frac").len().min(2));
    if rest.bytes().any(|digit| digit != b'0') || group("unit") == "角" {
        return None;
    }
    let cents: i64 = if cents.is_empty() { 0 } else { format!("{cents:0<2}").parse().ok()? };
    yuan.checked_mul(100)?.checked_add(cents).filter(|fen| *fen <= MAX_FEN)
}

/// Reads a quantity: `2`, `x2`, `2 张`.
pub(super) fn quantity(text: &str) -> Option<u32> {
    let text = table::narrow(text);
    COUNT.captures(text.trim())?.get(1)?.as_str().parse().ok()
}

/// The number-like word a text begins with: an order number, with what may stand around it dropped.
pub(super) fn number_word(text: &str) -> Option<std::ops::Range<usize>> {
    let found = NUMBER.find(text)?;
    let lead_is_short = text[..found.start()].chars().count() <= 4;
    (lead_is_short && found.len() >= 4 && found.as_str().bytes().any(|byte| byte.is_ascii_digit()))
        .then(|| found.range())
}

/// Writes an amount of 分 as `30.00`.
pub(super) fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
