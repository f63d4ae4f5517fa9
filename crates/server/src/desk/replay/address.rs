//! Where the addresses of a captured page lead while it is replayed: `/{token}/{address}` of our own listener.

use url::Url;

/// What turns addresses of one page into ours.
pub(super) struct Addresses<'a> {
    pub(super) token: &'a str,
    pub(super) base: Url,
}

impl Addresses<'_> {
    /// The place at which an address of the page is answered; `None` where it stays as it is or leads nowhere.
    pub(super) fn local(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() || address.starts_with('#') {
            return None;
        }
        let whole = self.base.join(address).ok()?;
        matches!(whole.scheme(), "http" | "https").then(|| place(self.token, whole.as_str()))
    }

    /// The candidates of a `srcset`, each led to us (HTML, "parsing a srcset attribute").
    pub(super) fn set(&self, text: &str) -> String {
        let mut out: Vec<String> = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == ',');
            if rest.is_empty() {
                return out.join(", ");
            }
            let end = rest.find(|sign: char| sign.is_ascii_whitespace()).unwrap_or(rest.len());
            let (address, after) = rest.split_at(end);
            let bare = address.trim_end_matches(',');
            let (size, after) = if bare.len() < address.len() {
                ("", after)
            } else {
                after.split_at(after.find(',').unwrap_or(after.len()))
            };
            let local = self.local(bare).unwrap_or_else(|| bare.to_owned());
            out.push(format!("{local} {}", size.trim()).trim_end().to_owned());
            rest = after;
        }
    }
}

/// The place of a whole address.
pub(super) fn place(token: &str, address: &str) -> String {
    // A backslash would begin an escape in a style sheet.
    format!("/{token}/{}", address.replace('\\', "%5C"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_us_or_nowhere() {
        let own = Addresses { token: "t", base: Url::parse("https://shop.example/a/b?c").unwrap() };
        for (address, local) in [
            ("x.png", Some("/t/https://shop.example/a/x.png")),
            ("/x.png?a=1&b", Some("/t/https://shop.example/x.png?a=1&b")),
            ("//cdn.example/x", Some("/t/https://cdn.example/x")),
            ("?d", Some("/t/https://shop.example/a/b?d")),
            (" http://other.example ", Some("/t/http://other.example/")),
            ("java\nscript:alert(1)", None),
            ("javascript:alert(1)", None),
            ("data:image/png;base64,AA", None),
            ("file:///etc/passwd", None),
            ("#top", None),
            ("", None),
        ] {
            assert_eq!(own.local(address).as_deref(), local, "{address}");
        }
        let host = "/t/https://shop.example";
        for (set, local) in [
            ("x.png 2x", format!("{host}/a/x.png 2x")),
            ("x.png, /y.png 2x", format!("{host}/a/x.png, {host}/y.png 2x")),
            (" ,x,1.png 1x ,y.png", format!("{host}/a/x,1.png 1x, {host}/a/y.png")),
            ("data:image/gif;base64,AA== 1x", "data:image/gif;base64,AA== 1x".to_owned()),
            ("", String::new()),
        ] {
            assert_eq!(own.set(set), local, "{set}");
        }
    }
}
