//! The list for people inside a package: one page in Chinese and English, no script, nothing loaded from elsewhere.

use std::fmt::Write;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::json;
use sigu_case::Order;
use sigu_evidence::FieldValue;
use sigu_vault::{IndexItem, IndexPages};

use crate::told;
use crate::words::Words;

/// Makes both forms of the list. The same input gives the same bytes.
pub fn render(order: &Order, items: &[IndexItem]) -> IndexPages {
    let json = json!({ "format": "sigu-index/1", "order": order.id, "items": items });
    let json = serde_json::to_string_pretty(&json).expect("a list always serialises") + "\n";
    IndexPages { html: page(order, items).into_bytes(), json: json.into_bytes() }
}

const STYLE: &str = "body{font:16px/1.6 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2733;background:#fff}\
h1{font-size:1.5rem}section{border-top:1px solid #d5dce3;padding:1rem 0}dl{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.2rem 1rem;margin:.5rem 0}\
dt{color:#5b6b7b}dd{margin:0;overflow-wrap:anywhere}img,video{max-width:100%;max-height:80vh;border:1px solid #d5dce3}.n{color:#5b6b7b}a{color:#0b62a8}\
@media(max-width:480px){dl{grid-template-columns:1fr}dt{margin-top:.4rem}}\
@media(prefers-color-scheme:dark){body{color:#e3e8ee;background:#14191f}section,img,video{border-color:#35404b}dt,.n{color:#9aa8b6}a{color:#6fb6f2}}";

fn page(order: &Order, items: &[IndexItem]) -> String {
    let (zh, en) = (Words::chinese(), Words::in_english());
    let both = |key: &str| {
        format!("{}<br><span class=n lang=en>{}</span>", escape(&zh.word(key)), escape(&en.word(key)))
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<meta name=viewport content=\"width=device-width,initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; media-src 'self' file:\">\n<title>{} {}</title>\n<style>{STYLE}</style>\n<h1>{} {}</h1>\n<p>{}</p>\n",
        escape(&zh.word("index-title")),
        escape(order.id.as_str()),
        escape(&zh.word("index-title")),
        escape(order.id.as_str()),
        both("index-intro"),
    );
    for item in items {
        section(&mut page, item, &zh, &en);
    }
    let _ = writeln!(page, "<section><p>{}</p></section>", both("index-limits"));
    page.push_str("</html>\n");
    page
}

fn section(page: &mut String, item: &IndexItem, zh: &Words, en: &Words) {
    let kind = format!("kind-{}", item.kind.replace(['.', '_'], "-"));
    let heading = format!(
        "{} {} <span class=n lang=en>{}</span>",
        item.item,
        escape(&zh.word(&kind)),
        escape(&en.word(&kind))
    );
    let _ = writeln!(page, "<section id=\"i{}\">\n<h2>{heading}</h2>\n<dl>", item.item);
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
    };
    row(&zh.word("index-claimed"), &shown_time(&item.claimed_at));
    for (name, value) in &item.fields {
        row(&field_name(name, zh), &field_value(value));
    }
    if !item.withheld.is_empty() {
        row(&zh.word("index-withheld"), &item.withheld.join(", "));
    }
    page.push_str("</dl>\n");
    if let Some(path) = &item.path {
        content(page, item, path.strip_prefix("data/").unwrap_or(path));
    }
    page.push_str("</section>\n");
}

/// A stored time with its zone, to the second; what is no time stays as it is.
fn shown_time(text: &str) -> String {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let show = |at: Timestamp| Zoned::new(at, zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    text.parse().map_or_else(|_| text.to_owned(), show)
}

/// Pictures and recordings are shown, everything is linked. Pages and drawings that could run something are only linked.
fn content(page: &mut String, item: &IndexItem, path: &str) {
    let media = item
        .fields
        .iter()
        .find(|(name, _)| name == "blob.media_type")
        .map(|(_, value)| field_value(value))
        .unwrap_or_default();
    let path = escape(path);
    let shown = match media.as_str() {
        "image/png" | "image/jpeg" | "image/webp" | "image/gif" => {
            format!("<p><img src=\"{path}\" alt=\"{}\">", item.item)
        }
        "video/webm" | "video/mp4" => format!("<p><video src=\"{path}\" controls preload=metadata></video>"),
        _ => String::new(),
    };
    let _ = writeln!(page, "{shown}<p><a href=\"{path}\">{path}</a>");
}

/// The Chinese name of a field, where there is one, with the name it has in the log.
pub(crate) fn field_name(name: &str, words: &Words) -> String {
    let key = format!("field-{}", name.replace(['.', '_'], "-"));
    words.try_word(&key).map_or_else(|| name.to_owned(), |word| format!("{word} {name}"))
}

/// The value of a field, instants by the wall.
pub(crate) fn field_value(value: &FieldValue) -> String {
    let text = told::field_value(value);
    if text.ends_with('Z') { shown_time(&text) } else { text }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        assert_eq!(escape("<script>\"'&"), "&lt;script&gt;&quot;&#39;&amp;");
    }
}
