//! One article of a rule within the text of its page.

use crate::law::numerals;

/// Returns the lines of an article, from its heading to the next one; `None` where the text has no such heading.
///
/// A heading is the beginning of a line, such as `第5条`, `第五条`, `5、`, `5.` or `五、`.
pub fn article_of<'a>(text: &'a str, article: &str) -> Option<&'a str> {
    let number: u16 = article.trim().parse().ok().filter(|number| *number > 0)?;
    let written = [number.to_string(), numerals::numeral(number)];
    let statute = |line: &str| heading(line, |rest| rest.strip_prefix('第')?.split_once('条'));
    let list = |line: &str| heading(line, |rest| rest.split_once(['、', '.', '．']));
    for head in [&statute as &dyn Fn(&str) -> Option<String>, &list] {
        let mut starts = starts(text).filter_map(|(at, line)| Some((at, head(line)?)));
        let Some((from, _)) = starts.find(|(_, number)| written.contains(number)) else { continue };
        let to = starts.next().map_or(text.len(), |(at, _)| at);
        return Some(text[from..to].trim());
    }
    None
}

/// Lines, each with where it begins.
fn starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let from = *at;
        *at += line.len();
        Some((from, line))
    })
}

/// The number of a heading, if a line begins with one.
fn heading(line: &str, split: impl Fn(&str) -> Option<(&str, &str)>) -> Option<String> {
    let (number, rest) = split(line.trim_start())?;
    let number: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let chinese = !number.is_empty() && number.chars().all(|c| "零一二三四五六七八九十百千".contains(c));
    // `5.2` heads a paragraph of the fifth, not the fifth.
    let below = rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) && digits;
    ((digits && !below) || chinese).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::article_of;

    #[test]
    fn an_article_ends_where_the_next_begins() {
        let rules = "售后规范\n第四条 发货\n二十四小时内发货。\n第五条 失效\n24 小时内补发。\n5.1 举证\n第六条 其他\n";
        let listed = "须知\n4、发货\n24 小时。\n5、失效\n5.1 补发\n5.2 退款\n6、其他";
        for (text, article, wanted) in [
            (rules, "5", Some("第五条 失效\n24 小时内补发。\n5.1 举证")),
            (rules, "6", Some("第六条 其他")),
            (rules, "7", None),
            (rules, "x", None),
            (listed, "5", Some("5、失效\n5.1 补发\n5.2 退款")),
            ("第 12 条 甲\n乙\n第十三条 丙", "12", Some("第 12 条 甲\n乙")),
            ("第 12 条 甲\n乙\n第十三条 丙", "13", Some("第十三条 丙")),
            ("没有条目", "1", None),
        ] {
            assert_eq!(article_of(text, article), wanted, "{article}");
        }
    }
}
