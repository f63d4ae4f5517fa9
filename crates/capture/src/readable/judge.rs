//! Pages that are no text to compare: those that ask for a captcha or a login, that are gone, that are blank.

use super::Unreadable;
use super::marks::Marks;
use super::table::{Sign, Table};

/// A page with fewer signs may be told by its markup alone.
const FEW: usize = 100;
/// A page with fewer signs says nothing a redirect by script would cut off.
const NONE: usize = 20;
/// A title that says it all outweighs so many times the text.
const TITLE_OUTWEIGHS: usize = 4;

/// What is judged: the text that was read, and the markup.
pub(super) struct Content<'a> {
    title: &'a str,
    text: String,
    signs: usize,
    ends: usize,
    terms: bool,
    marks: &'a Marks,
}

impl<'a> Content<'a> {
    pub(super) fn new(title: Option<&'a str>, lines: &[String], marks: &'a Marks) -> Self {
        let text = lines.join("\n");
        let signs = text.chars().filter(|sign| !sign.is_whitespace()).count();
        let ends = text.chars().filter(|sign| matches!(sign, '。' | '；' | ';')).count();
        Self {
            title: title.unwrap_or_default(),
            terms: lines.iter().any(|line| has_terms(line)),
            text,
            signs,
            ends,
            marks,
        }
    }

    /// Tells why the content is none, if it is none.
    pub(super) fn judge(&self) -> Option<Unreadable> {
        let table = Table::get();
        if self.is_captcha(&table.captcha) {
            return Some(Unreadable::Captcha);
        }
        if self.is_login(&table.login) {
            return Some(Unreadable::Login);
        }
        if let Some(to) = self.moved(&table.moved) {
            return Some(Unreadable::Moved { to });
        }
        self.is_blank(&table.blank).then_some(Unreadable::Blank)
    }

    /// Short enough to be such a page: rules that mention one are longer.
    fn short(&self, sign: &Sign) -> bool {
        self.signs <= sign.most && self.ends <= sign.ends
    }

    fn says(&self, sign: &Sign) -> bool {
        self.short(sign) && !self.terms && sign.text.is_match(&self.text)
    }

    fn called(&self, sign: &Sign, most: usize) -> bool {
        self.signs <= most && sign.title.is_match(self.title)
    }

    fn is_captcha(&self, sign: &Sign) -> bool {
        let marked =
            self.marks.captcha && (self.signs <= FEW || (self.short(sign) && sign.text.is_match(&self.text)));
        self.called(sign, sign.most) || self.says(sign) || (marked && !self.marks.password)
    }

    fn is_login(&self, sign: &Sign) -> bool {
        let asked = self.marks.password && self.short(sign);
        asked
            || (self.called(sign, sign.most) && !self.terms)
            || self.says(sign)
            || (self.signs == 0 && self.marks.login)
    }

    /// Where to, if the page says that it moved; the outer is whether.
    #[allow(clippy::option_option, reason = "moved, and where to, are two things")]
    fn moved(&self, sign: &Sign) -> Option<Option<String>> {
        let to = self.marks.refresh.as_ref().filter(|_| self.short(sign) && !self.terms);
        if let Some(to) = to {
            return Some(Some(to.clone()));
        }
        if self.signs <= NONE
            && let Some(to) = self.marks.leads_to()
        {
            return Some(Some(to));
        }
        if self.called(sign, sign.most * TITLE_OUTWEIGHS) && !self.terms {
            return Some(None);
        }
        let marked = self.marks.moved && self.signs <= FEW;
        (self.says(sign) || marked)
            .then(|| self.marks.link.clone().filter(|_| self.ends <= 1 && self.leads()))
    }

    /// Tells whether the text says that there is another place.
    fn leads(&self) -> bool {
        ["迁", "移", "搬", "跳转", "moved"].iter().any(|word| self.text.contains(word))
    }

    fn is_blank(&self, sign: &Sign) -> bool {
        let waits = |line: &str| sign.text.is_match(line);
        self.signs == 0 || (self.signs <= sign.most && self.text.lines().all(waits))
    }
}

/// Tells whether a line is about terms and no mere name of a page.
pub(super) fn has_terms(line: &str) -> bool {
    let table = Table::get();
    table.keep.is_match(line) && line.chars().count() >= table.least
}
