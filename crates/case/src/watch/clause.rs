//! A reading cut into clauses, and by what a clause is known again.

use unicode_normalization::UnicodeNormalization;

use super::table::Table;
use crate::platform::ends_clause;

/// One clause of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// As it stands in the reading.
    pub(super) text: String,
    /// Its words alone: without blanks, width, capitals, numbering and the sign at its end.
    pub(super) key: String,
}

/// Cuts a reading into clauses: at ends of lines and of sentences. A value that has a line of its own goes with the
/// line before it, so that values that change places are seen.
pub(super) fn clauses(text: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for line in text.lines() {
        for piece in sentences(line) {
            let piece = piece.trim();
            let key = key(piece);
            match clauses.last_mut() {
                _ if key.is_empty() => {}
                Some(before) if Table::get().bare.is_match(&key) => {
                    before.text = format!("{} {piece}", before.text);
                    before.key.push_str(&key);
                }
                _ => clauses.push(Clause { text: piece.to_owned(), key }),
            }
        }
    }
    clauses
}

/// Sentences of a line, each with the sign that ends it.
fn sentences(line: &str) -> Vec<&str> {
    let (mut found, mut start) = (Vec::new(), 0);
    let mut signs = line.char_indices().peekable();
    let mut before = [' '; 2];
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let full_stop = sign == '.'
            && before.iter().all(|sign| sign.is_ascii_alphanumeric() || *sign == ')')
            && next == Some(' ');
        if ends_clause(sign) || full_stop {
            let end = at + sign.len_utf8();
            found.push(&line[start..end]);
            start = end;
        }
        before = [before[1], sign];
    }
    found.push(&line[start..]);
    found
}

/// The words of a clause alone.
pub(super) fn key(text: &str) -> String {
    let text = text.trim_start_matches(|sign: char| ('\u{2460}'..='\u{249b}').contains(&sign));
    let plain: String =
        text.nfkc().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut key = plain.as_str();
    // An article and its paragraph: no more levels stand at one begin.
    for _ in 0..2 {
        key = without_number(key);
    }
    let key = key.trim_end_matches(|sign: char| ends_clause(sign) || matches!(sign, '.' | ',' | '、' | ':'));
    key.trim_start_matches([',', '、', ':', '。']).to_owned()
}

fn without_number(key: &str) -> &str {
    let table = Table::get();
    match table.enumerator.find(key) {
        // What is called an article is one, whatever follows.
        Some(found)
            if found.as_str().starts_with('第') || !table.not_numbered.is_match(&key[found.end()..]) =>
        {
            &key[found.end()..]
        }
        _ => key,
    }
}

/// The key with its numbers made alike; with `counted` those that count something stay as they are.
pub(super) fn frame(key: &str, counted: bool) -> String {
    let table = Table::get();
    let mut out = String::with_capacity(key.len());
    let mut at = 0;
    for number in table.number.find_iter(key) {
        out.push_str(&key[at..number.start()]);
        let counts = counted && table.unit.is_match(&key[number.end()..]);
        out.push_str(if counts { number.as_str() } else { "#" });
        at = number.end();
    }
    out.push_str(&key[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_known_without_its_number() {
        let table = [
            ("第十二条 退款比例为 70%。", "退款比例为70%"),
            ("（一）退款比例为７０％；", "退款比例为70%"),
            ("1.2 平台规则", "平台规则"),
            ("1.2平台规则", "平台规则"),
            ("3、不支持退款", "不支持退款"),
            ("①卡密", "卡密"),
            ("第三条 1. 商家", "商家"),
            ("Refund Policy.", "refundpolicy"),
            // These are no numbering.
            ("3 天内退款", "3天内退款"),
            ("1.2 元/次", "1.2元/次"),
            ("24 小时内", "24小时内"),
            ("7.15 起生效", "7.15起生效"),
            ("（3）个工作日内", "(3)个工作日内"),
            ("三、", ""),
        ];
        for (text, want) in table {
            assert_eq!(key(text), want, "{text}");
        }
    }

    #[test]
    fn readings_are_cut_and_values_stay_with_their_names() {
        let cut = |text: &str| clauses(text).into_iter().map(|one| one.text).collect::<Vec<_>>();
        assert_eq!(cut("甲。乙；丙\n丁"), ["甲。", "乙；", "丙", "丁"]);
        assert_eq!(cut("退款时限\n24小时\n支持\n补发"), ["退款时限 24小时 支持", "补发"]);
        assert_eq!(
            cut("Refunds take 3 days. Fees are 1.5 USD. Ask."),
            ["Refunds take 3 days.", "Fees are 1.5 USD.", "Ask."]
        );
        assert_eq!(cut("第一条\n\n退款。"), ["退款。"]);
    }

    #[test]
    fn numbers_that_count_stay_in_a_frame() {
        assert_eq!(frame("已有3,201人退款,48小时内", true), "已有#人退款,48小时内");
        assert_eq!(frame("已有3,201人退款,48小时内", false), "已有#人退款,#小时内");
    }
}
