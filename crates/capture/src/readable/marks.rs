//! By what a page gives itself away, apart from its words: forms, addresses, scripts.

use std::sync::LazyLock;

use lol_html::html_content::Element;
use regex::Regex;

use super::table::Table;

/// So much of the scripts is looked at for a redirect.
const MAX_SCRIPT: usize = 16 << 10;
/// So many seconds after which a redirect is one.
const MAX_DELAY: f64 = 10.0;

/// What is looked for in the markup.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) captcha: bool,
    pub(super) login: bool,
    pub(super) moved: bool,
    /// A field for a password that is not hidden.
    pub(super) password: bool,
    /// Where a `<meta>` leads to.
    pub(super) refresh: Option<String>,
    /// Where a link of the text leads to, the first.
    pub(super) link: Option<String>,
    script: String,
}

static REFRESH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)^\s*(\d*(?:\.\d*)?)\s*[;,]\s*(?:url\s*=\s*)?['"]?\s*([^'"\s]+)"#)
        .expect("a fixed pattern")
});
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    let leads = r#"location(?:\.href)?\s*=\s*["']([^"'\\]{1,500})["']|location\.(?:replace|assign)\(\s*["']([^"'\\]{1,500})["']"#;
    Regex::new(leads).expect("a fixed pattern")
});

impl Marks {
    /// Looks at an element.
    pub(super) fn look(&mut self, element: &Element<'_, '_>, name: &str, dropped: bool) {
        match name {
            "input" => {
                let kind = element.get_attribute("type").unwrap_or_default();
                self.password |= !dropped && kind.trim().eq_ignore_ascii_case("password");
            }
            "meta" => self.meta(element),
            "a" if self.link.is_none() && !dropped => {
                let href = element.get_attribute("href").filter(|href| href.len() <= 500);
                self.link = href.filter(|href| href.starts_with("http") || href.starts_with('/'));
            }
            _ => {}
        }
        let table = Table::get();
        for attribute in ["class", "id", "src", "action"] {
            let Some(value) = element.get_attribute(attribute) else { continue };
            let value = &value[..value.floor_char_boundary(500)];
            self.captcha |= table.captcha.mark.is_match(value);
            self.login |= !dropped && table.login.mark.is_match(value);
            self.moved |= table.moved.mark.is_match(value);
        }
    }

    fn meta(&mut self, element: &Element<'_, '_>) {
        let says = element.get_attribute("http-equiv").unwrap_or_default();
        if !says.trim().eq_ignore_ascii_case("refresh") || self.refresh.is_some() {
            return;
        }
        let content = element.get_attribute("content").unwrap_or_default();
        let content = htmlize::unescape_attribute(&content[..content.floor_char_boundary(600)]);
        if let Some(found) = REFRESH.captures(&content) {
            let delay: f64 = found[1].parse().unwrap_or(0.0);
            self.refresh = Some(found[2].to_owned()).filter(|_| delay <= MAX_DELAY);
        }
    }

    /// Keeps the begin of the scripts.
    pub(super) fn script(&mut self, text: &str) {
        let rest = MAX_SCRIPT.saturating_sub(self.script.len());
        self.script.push_str(&text[..text.floor_char_boundary(rest)]);
    }

    /// Where the scripts lead to at once, if they do.
    pub(super) fn leads_to(&self) -> Option<String> {
        let found = LEADS.captures(&self.script)?;
        found.get(1).or(found.get(2)).map(|to| to.as_str().to_owned())
    }
}
