//! A watched page as text that can be compared: HTML bytes in, one block per line out, without what flickers.
//!
//! [`read`] is pure: no clock, no network. Time and memory are bounded by the limits below whatever the bytes are.

mod bytes;
mod clean;
mod frame;
mod json;
mod judge;
mod lines;
mod marks;
mod page;
mod table;
mod tags;

use lol_html::Selector;
use lol_html::errors::SelectorError;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use bytes::Form;
use judge::Content;
use marks::Marks;
use page::Selectors;

use crate::import::without_data;

pub use page::{MAX_DEPTH, MAX_ELEMENTS};

/// More bytes than this are [`Unreadable::TooLarge`].
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// More text than this, in bytes after cleaning, is [`Unreadable::TooLarge`].
pub const MAX_TEXT: usize = 1024 * 1024;

/// Most entries a list of a recipe may have.
pub const MAX_ENTRIES: usize = 32;

/// An entry of a recipe is no longer, in bytes.
const MAX_ENTRY: usize = 1_000;
/// What a mask may grow to, in bytes.
const MAX_PATTERN: usize = 1 << 20;

/// The version of the cleaning profile; texts read by different versions are not compared with each other.
pub const PROFILE: &str = "readable/1";

/// What of a page is watched; empty means the whole page by the built-in profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// CSS selectors of what is read, in the order of the page; each must find something.
    pub select: Vec<String>,
    /// CSS selectors of what is left out; they may find nothing.
    pub remove: Vec<String>,
    /// Regular expressions of what flickers in a line; what they match is taken out of it.
    pub mask: Vec<String>,
}

/// A page as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// What the page calls itself.
    pub title: Option<String>,
    /// One block per line, cleaned; never empty.
    pub text: String,
    /// The version of the cleaning profile, [`PROFILE`].
    pub profile: &'static str,
}

/// Why a page gives no text to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unreadable {
    /// It asks whether one is a machine, or says that one asks too often.
    #[error("the page asks for a captcha")]
    Captcha,
    /// It asks to log in.
    #[error("the page asks to log in")]
    Login,
    /// It has no text; a browser may see some if scripts write it.
    #[error("the page has no text")]
    Blank,
    /// It says that it is gone or elsewhere.
    #[error("the page has moved")]
    Moved {
        /// Where to, as the page writes it, if it says so.
        to: Option<String>,
    },
    /// A selector of the recipe finds nothing, or cannot be read; so does a mask.
    #[error("nothing matches `{selector}`")]
    SelectorsRotted {
        /// The first such.
        selector: String,
    },
    /// It is a picture, a PDF, data.
    #[error("{media} is no text")]
    NotText {
        /// Its media type.
        media: String,
    },
    /// It is over a limit.
    #[error("the page is too large")]
    TooLarge,
}

impl Unreadable {
    /// Returns the reason's stored name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Captcha => "captcha",
            Self::Login => "login",
            Self::Blank => "blank",
            Self::Moved { .. } => "moved",
            Self::SelectorsRotted { .. } => "selectors_rotted",
            Self::NotText { .. } => "not_text",
            Self::TooLarge => "too_large",
        }
    }
}

/// What is wrong with a recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: `{value}`: {why}")]
pub struct RecipeFault {
    /// Which list: `select`, `remove` or `mask`.
    pub field: &'static str,
    /// The entry as written.
    pub value: String,
    /// What is wrong with it, in English.
    pub why: String,
}

/// Selectors and masks of a recipe, ready to use.
struct Compiled {
    selectors: Selectors,
    masks: Vec<Regex>,
}

impl Recipe {
    /// Checks that every selector and every mask can be read.
    ///
    /// # Errors
    ///
    /// The first that cannot: what is no CSS, what is not done here (`+`, `~`, `:has`, `:last-child`), a pattern that is
    /// none or grows too large; and more than [`MAX_ENTRIES`] of one kind.
    pub fn check(&self) -> Result<(), RecipeFault> {
        self.compiled().map(drop)
    }

    fn compiled(&self) -> Result<Compiled, RecipeFault> {
        for (field, list) in [("select", &self.select), ("remove", &self.remove), ("mask", &self.mask)] {
            if let Some(value) = list.get(MAX_ENTRIES) {
                let why = format!("more than {MAX_ENTRIES} entries");
                return Err(RecipeFault { field, value: value.clone(), why });
            }
        }
        let selectors = Selectors {
            select: selectors("select", &self.select)?,
            remove: selectors("remove", &self.remove)?,
        };
        let masks = self.mask.iter().map(|mask| pattern(mask)).collect::<Result<_, _>>()?;
        Ok(Compiled { selectors, masks })
    }
}

fn selectors(field: &'static str, list: &[String]) -> Result<Vec<Selector>, RecipeFault> {
    let read = |text: &String| {
        let long = text.len() > MAX_ENTRY;
        let read = if long {
            Err("too long".to_owned())
        } else {
            text.parse().map_err(|e: SelectorError| e.to_string())
        };
        read.map_err(|why| RecipeFault { field, value: text.clone(), why })
    };
    list.iter().map(read).collect()
}

fn pattern(text: &str) -> Result<Regex, RecipeFault> {
    let fault = |why: String| RecipeFault { field: "mask", value: text.to_owned(), why };
    if text.len() > MAX_ENTRY {
        return Err(fault("too long".to_owned()));
    }
    let built = RegexBuilder::new(text).size_limit(MAX_PATTERN).build();
    let built = built.map_err(|error| fault(error.to_string()))?;
    if built.is_match("") { Err(fault("it matches where nothing is".to_owned())) } else { Ok(built) }
}

/// Reads a page.
///
/// Takes its bytes, its `Content-Type` as the server said it, and the recipe; gives its cleaned text. What the recipe
/// selects is read even where it is hidden or in the page's frame; scripts, styles and advertisement in it are not.
///
/// # Errors
///
/// Why there is no text to compare; for a recipe that [`Recipe::check`] refuses [`Unreadable::SelectorsRotted`].
pub fn read(body: &[u8], content_type: Option<&str>, recipe: &Recipe) -> Result<Reading, Unreadable> {
    if body.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let compiled =
        recipe.compiled().map_err(|fault| Unreadable::SelectorsRotted { selector: fault.value })?;
    let form = bytes::form(body, content_type)?;
    let text = bytes::text(body, content_type);
    match form {
        Form::Html => html(&text, compiled, recipe),
        Form::Plain => plain(text.lines().map(lines::tidy).collect(), &compiled.masks),
        Form::Json => {
            let texts = json::texts(&text);
            if texts.is_empty() {
                return Err(Unreadable::NotText { media: "application/json".to_owned() });
            }
            // HTML in an answer is read as HTML, each text as blocks of its own.
            let page = format!("<div>{}</div>", texts.join("</div><div>"));
            html(&page, compiled, recipe)
        }
    }
}

fn plain(lines: Vec<String>, masks: &[Regex]) -> Result<Reading, Unreadable> {
    let lines: Vec<String> =
        lines.iter().map(|line| clean::cleaned(line, masks)).filter(|line| !line.is_empty()).collect();
    match Content::new(None, &lines, &Marks::default()).judge() {
        Some(why) => Err(why),
        None => reading(None, &lines),
    }
}

fn html(source: &str, compiled: Compiled, recipe: &Recipe) -> Result<Reading, Unreadable> {
    let source = without_data(source, MAX_BYTES * 3);
    let page = page::page(&source, compiled.selectors)?;
    let kept = frame::kept(&page);
    let cleaned = |lines: &[&str]| -> Vec<String> {
        let lines = lines.iter().map(|line| clean::cleaned(line, &compiled.masks));
        lines.filter(|line| !line.is_empty()).collect()
    };
    // Whether it is a page at all shows in the whole of it, not in what the recipe selects.
    let whole: Vec<&str> = kept.iter().map(|line| line.text.as_str()).collect();
    let whole = cleaned(&whole);
    if let Some(why) = Content::new(page.title.as_deref(), &whole, &page.marks).judge() {
        let selects = kept.iter().any(|line| line.selected);
        if !selects || why != Unreadable::Blank {
            return Err(why);
        }
    }
    if let Some(rotted) = page.found.iter().position(|found| !found) {
        return Err(Unreadable::SelectorsRotted { selector: recipe.select[rotted].clone() });
    }
    if recipe.select.is_empty() {
        return reading(page.title.clone(), &whole);
    }
    let selected: Vec<&str> =
        kept.iter().filter(|line| line.selected).map(|line| line.text.as_str()).collect();
    reading(page.title.clone(), &cleaned(&selected))
}

fn reading(title: Option<String>, lines: &[String]) -> Result<Reading, Unreadable> {
    let text = lines.join("\n");
    if text.is_empty() {
        return Err(Unreadable::Blank);
    }
    if text.len() > MAX_TEXT {
        return Err(Unreadable::TooLarge);
    }
    Ok(Reading { title, text, profile: PROFILE })
}
