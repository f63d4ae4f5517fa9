//! HTML: what runs or leads elsewhere is taken out, addresses lead to what was captured. The sandbox and the policy of
//! every answer keep the page still; this makes it look right.

use std::cell::RefCell;

use lol_html::errors::RewritingError;
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str, text};

use super::address::Addresses;
use super::css;

/// Pages inside pages inside attributes that are followed.
const DEPTH: u8 = 2;
/// What runs, asks for more, or tells the reader to switch scripts on.
const OUT: [&str; 5] = ["script", "noscript", "object", "embed", "applet"];
/// What leads elsewhere, or checks what is no longer the same.
const DROPPED: [&str; 12] = [
    "target",
    "ping",
    "integrity",
    "crossorigin",
    "nonce",
    "download",
    "autoplay",
    "action",
    "formaction",
    "referrerpolicy",
    "srcdoc",
    "sandbox",
];

/// A page with its addresses led to us.
pub(super) fn rewritten(html: &str, addresses: Addresses<'_>) -> Result<String, RewritingError> {
    at_depth(html, &RefCell::new(addresses), 0)
}

fn at_depth(html: &str, addresses: &RefCell<Addresses<'_>>, depth: u8) -> Result<String, RewritingError> {
    let style = RefCell::new(String::new());
    let settings = RewriteStrSettings::new()
        .with_strict(false)
        .append_element_content_handler(element!("*", |element| {
            changed(element, addresses, depth);
            Ok(())
        }))
        .append_element_content_handler(text!("style", |chunk| {
            style.borrow_mut().push_str(chunk.as_str());
            if chunk.last_in_text_node() {
                let whole = std::mem::take(&mut *style.borrow_mut());
                chunk.replace(&css::rewritten(&whole, &addresses.borrow()), ContentType::Html);
            } else {
                chunk.remove();
            }
            Ok(())
        }));
    rewrite_str(html, settings)
}

fn changed(element: &mut Element<'_, '_>, addresses: &RefCell<Addresses<'_>>, depth: u8) {
    let tag = element.tag_name();
    if tag == "base" {
        let mut own = addresses.borrow_mut();
        let base = element.get_attribute("href").and_then(|href| own.base.join(decoded(&href).trim()).ok());
        own.base = base.filter(|base| !base.cannot_be_a_base()).unwrap_or_else(|| own.base.clone());
    }
    if OUT.contains(&tag.as_str()) || tag == "base" || is_out(element, &tag) {
        return element.remove();
    }
    let attributes: Vec<(String, String)> =
        element.attributes().iter().map(|one| (one.name(), one.value())).collect();
    for (name, value) in attributes {
        let said = decoded(&value);
        if name == "srcdoc" && tag == "iframe" && depth < DEPTH {
            // What cannot be rewritten is not shown.
            let inner = at_depth(&said, addresses, depth + 1).unwrap_or_default();
            set(element, &name, &inner);
        } else if name.starts_with("on") || DROPPED.contains(&name.as_str()) {
            element.remove_attribute(&name);
        } else if let Some(new) = led(&tag, &name, &said, &addresses.borrow()) {
            set(element, &name, &new);
        } else if is_address(&tag, &name) && !stays(&tag, &said) {
            element.remove_attribute(&name);
        }
    }
}

/// `meta` that tells the browser something, `link` that is no style or icon.
fn is_out(element: &Element<'_, '_>, tag: &str) -> bool {
    match tag {
        "meta" => {
            ["http-equiv", "charset"].iter().any(|name| element.has_attribute(name))
                || element.get_attribute("name").is_some_and(|name| name.eq_ignore_ascii_case("referrer"))
        }
        "link" => {
            let rel = element.get_attribute("rel").unwrap_or_default().to_ascii_lowercase();
            !rel.split_ascii_whitespace().any(|word| matches!(word, "stylesheet" | "icon"))
        }
        _ => false,
    }
}

fn is_address(tag: &str, name: &str) -> bool {
    match name {
        "src" | "poster" | "background" | "xlink:href" => true,
        "href" => matches!(tag, "a" | "area" | "link" | "image" | "use" | "feimage"),
        _ => false,
    }
}

/// What an attribute says after its addresses are led to us.
fn led(tag: &str, name: &str, said: &str, addresses: &Addresses<'_>) -> Option<String> {
    match name {
        "srcset" | "imagesrcset" => Some(addresses.set(said)),
        "style" if said.contains('(') => Some(css::rewritten(said, addresses)),
        _ if is_address(tag, name) => addresses.local(said),
        _ => None,
    }
}

/// Addresses that stay: places in the page, pictures that are their own address, frames with nothing in them.
fn stays(tag: &str, said: &str) -> bool {
    let said = said.trim().to_ascii_lowercase();
    said.starts_with('#')
        || (said.starts_with("data:") && !matches!(tag, "a" | "area" | "iframe" | "frame"))
        || said == "about:blank"
}

fn set(element: &mut Element<'_, '_>, name: &str, value: &str) {
    // Quotes are escaped by the library, what begins a reference is not.
    let value = value.replace('&', "&amp;");
    if element.set_attribute(name, &value).is_err() {
        element.remove_attribute(name);
    }
}

/// Undoes the references that stand in addresses; a name that is not known here stays.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((sign, length)) => {
                out.push(sign);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    let named = known.iter().find(|(own, _)| *own == name).map(|(_, sign)| *sign);
    Some((named.or_else(|| number.and_then(char::from_u32))?, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn done(html: &str) -> String {
        let base = Url::parse("https://a.example/b/c").unwrap();
        rewritten(html, Addresses { token: "t", base }).unwrap()
    }

    #[test]
    fn what_runs_is_out_and_addresses_lead_to_us() {
        for (html, page) in [
            ("<p>字</p>", "<p>字</p>"),
            ("<script>1</script><p>", "<p>"),
            ("<SCRIPT src=//e.example/x></SCRIPT >x", "x"),
            ("<svg><script>1</script></svg>", "<svg></svg>"),
            ("<noscript>开启脚本</noscript>x", "x"),
            ("<img src=x onerror=alert(1)>", "<img src=\"/t/https://a.example/b/x\">"),
            ("<a href=\"/d?e&amp;f\" target=_top>", "<a href=\"/t/https://a.example/d?e&amp;f\">"),
            ("<a href=javascript:alert(1)>", "<a>"),
            ("<a href=\"java&#115;cript:alert(1)\">", "<a>"),
            ("<a href=#x>", "<a href=#x>"),
            ("<meta http-equiv=refresh content=0>x", "x"),
            ("<meta charset=gbk>x", "x"),
            ("<base href=//z.example/y/><img src=x>", "<img src=\"/t/https://z.example/y/x\">"),
            ("<link rel=preconnect href=//e.example>x", "x"),
            (
                "<link rel=StyleSheet href=s.css>",
                "<link rel=StyleSheet href=\"/t/https://a.example/b/s.css\">",
            ),
            ("<form action=//e.example>", "<form>"),
            ("<p style='a:url(\"x\")'>", "<p style=\"a:url(&quot;/t/https://a.example/b/x&quot;)\">"),
            ("<style>a{b:url(x)}</style>", "<style>a{b:url(\"/t/https://a.example/b/x\")}</style>"),
            ("<img srcset='x 2x'>", "<img srcset=\"/t/https://a.example/b/x 2x\">"),
            ("<img src=data:image/png,x>", "<img src=data:image/png,x>"),
            ("<iframe src=data:text/html,x>", "<iframe>"),
            (
                "<iframe srcdoc='<img src=x><script>1</script>&amp;lt;'>",
                "<iframe srcdoc=\"<img src=&quot;/t/https://a.example/b/x&quot;>&amp;lt;\">",
            ),
        ] {
            assert_eq!(done(html), page, "{html}");
        }
    }
}
