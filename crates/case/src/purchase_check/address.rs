//! The address of an offer, as a browser understands it.

use url::Url;

/// Longest address that is read, in bytes.
const MAX: usize = 2_000;

/// An address of the web: HTTP or HTTPS, a host, no name and password in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address; `None` for anything else, such as a name.
    ///
    /// A text without `https://` is one if it begins with a host: `shop.example/item/3`. Hosts in other scripts are in
    /// their ASCII form (`xn--…`) from here on, so that one that only looks like another is another.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX || text.contains(char::is_whitespace) {
            return None;
        }
        let mut url = match text.split_once("://") {
            Some(_) => Url::parse(text).ok()?,
            None => Url::parse(&format!("https://{text}")).ok().filter(|_| begins_with_host(text))?,
        };
        let web = matches!(url.scheme(), "http" | "https");
        let named = !url.username().is_empty() || url.password().is_some();
        if !web || named || url.host_str().is_none_or(str::is_empty) {
            return None;
        }
        url.set_fragment(None);
        Some(Self(url))
    }

    /// Returns the whole address, without what follows `#`.
    pub fn url(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the host, in lower case and ASCII, without `www.`.
    pub fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default().trim_end_matches('.');
        host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host)
    }

    /// Returns host and path: what is the same of two visits to one page.
    pub fn page(&self) -> String {
        format!("{}{}", self.host(), self.0.path().trim_end_matches('/'))
    }
}

/// A host has a dot, and an end that is a word; a name of a merchant may have a dot as well, but no such end.
fn begins_with_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let end = host.rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| end.len() >= 2 && end.chars().all(|sign| sign.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_a_browser_reads_it() {
        for (text, page) in [
            ("https://shop.example/item/3?from=x#top", Some("shop.example/item/3")),
            ("http://WWW.Shop.example:8080/", Some("shop.example")),
            ("shop.example/item/3", Some("shop.example/item/3")),
            ("shop.example", Some("shop.example")),
            ("https://шоп.example/a", Some("xn--n1acz.example/a")),
            ("http://127.0.0.1:9000/x", Some("127.0.0.1/x")),
            ("橙壳数卡", None),
            ("No. 5", None),
            ("v2.0", None),
            ("javascript:alert(1)", None),
            ("ftp://shop.example/", None),
            ("https://me:word@shop.example/", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(Address::of(text).map(|one| one.page()).as_deref(), page, "{text}");
        }
        let whole = Address::of("shop.example/item?id=3#x").unwrap();
        assert_eq!((whole.url(), whole.host()), ("https://shop.example/item?id=3", "shop.example"));
    }
}
