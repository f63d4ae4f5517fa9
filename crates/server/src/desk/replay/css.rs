//! Style sheets: `url(…)` and `@import` lead to what was captured. Everything else stays as it is; what is missed here
//! is still kept from loading by the policy of every answer.

use super::address::Addresses;

/// A style sheet with its addresses led to us.
pub(super) fn rewritten(css: &str, addresses: &Addresses<'_>) -> String {
    let mut out = String::with_capacity(css.len() + css.len() / 8);
    let (mut rest, mut imports) = (css, false);
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' || first == '\'' {
            let end = end_of_string(rest);
            if imports && let Some(local) = addresses.local(&unescaped(inside(&rest[..end]))) {
                out.push_str(&format!("\"{local}\""));
                (rest, imports) = (&rest[end..], false);
                continue;
            }
            end
        } else if begins(rest, "url(") && !out.ends_with(is_name) {
            imports = false;
            let end = end_of_url(rest);
            if let Some(local) =
                addresses.local(&unescaped(inside(rest[4..end].trim_end_matches(')').trim())))
            {
                out.push_str(&format!("url(\"{local}\")"));
                rest = &rest[end..];
                continue;
            }
            end
        } else if begins(rest, "@import") {
            imports = true;
            "@import".len()
        } else {
            imports &= first != ';';
            first.len_utf8()
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word))
}

fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_')
}

/// Where a string that begins here ends, with its quotes.
fn end_of_string(text: &str) -> usize {
    let mut signs = text.char_indices();
    let quote = signs.next().map(|(_, quote)| quote);
    let mut escaped = false;
    for (at, sign) in signs {
        if escaped {
            escaped = false;
        } else if sign == '\\' {
            escaped = true;
        } else if Some(sign) == quote {
            return at + 1;
        } else if sign == '\n' {
            // A string that is not closed ends with its line.
            return at;
        }
    }
    text.len()
}

/// Where `url(…)` ends, with its bracket.
fn end_of_url(text: &str) -> usize {
    let open = &text[4..];
    let start = 4 + open.len() - open.trim_start().len();
    let from = match text[start..].chars().next() {
        Some('"' | '\'') => start + end_of_string(&text[start..]),
        _ => start,
    };
    text[from..].find(')').map_or(text.len(), |at| from + at + 1)
}

/// Without the quotes around it.
fn inside(text: &str) -> &str {
    let bare = text.strip_prefix(['"', '\'']).unwrap_or(text);
    if bare.len() == text.len() { text } else { bare.strip_suffix(['"', '\'']).unwrap_or(bare) }
}

/// CSS Syntax 3 §4.3.7.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            out.push(sign);
            continue;
        }
        let mut code = String::new();
        while code.len() < 6
            && let Some(digit) = signs.next_if(char::is_ascii_hexdigit)
        {
            code.push(digit);
        }
        if code.is_empty() {
            out.extend(signs.next().filter(|sign| *sign != '\n'));
        } else {
            let number = u32::from_str_radix(&code, 16).unwrap_or_default();
            out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
            signs.next_if(char::is_ascii_whitespace);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn addresses_in_style_sheets_lead_to_us() {
        let own = Addresses { token: "t", base: Url::parse("https://a.example/c/s.css").unwrap() };
        for (css, done) in [
            ("a{b:url(x.png)}", "a{b:url(\"/t/https://a.example/c/x.png\")}"),
            ("a{b:URL( 'x y.png' )}", "a{b:url(\"/t/https://a.example/c/x%20y.png\")}"),
            ("a{b:url(\"x)y.png\")}", "a{b:url(\"/t/https://a.example/c/x)y.png\")}"),
            (r"a{b:url(x\2e png)}", "a{b:url(\"/t/https://a.example/c/x.png\")}"),
            ("@import 'b.css' screen;c{d:'e'}", "@import \"/t/https://a.example/c/b.css\" screen;c{d:'e'}"),
            ("@import url(b.css);", "@import url(\"/t/https://a.example/c/b.css\");"),
            ("/* url(x) */a{b:'url(x)'}", "/* url(x) */a{b:'url(x)'}"),
            ("a{b:url(data:image/gif;base64,AA)}", "a{b:url(data:image/gif;base64,AA)}"),
            ("a{b:url(#c)}", "a{b:url(#c)}"),
            ("a{b:myurl(x)}", "a{b:myurl(x)}"),
            ("中/*", "中/*"),
            ("a{b:url(", "a{b:url("),
            ("a{b:url('x\n", "a{b:url(\"/t/https://a.example/c/x\")"),
            ("'\\", "'\\"),
        ] {
            assert_eq!(rewritten(css, &own), done, "{css}");
        }
    }
}
