//! A watched page as text that can be compared: HTML bytes in, one block per line out, without what flickers.
//!
//! [`read`] is pure: no clock, no network. Time and memory are bounded by the limits below whatever the bytes are.

use serde::{Deserialize, Serialize};

/// More bytes than this are [`Unreadable::TooLarge`].
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

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

impl Recipe {
    /// Checks that every selector and every mask can be read.
    ///
    /// # Errors
    ///
    /// The first that cannot.
    pub fn check(&self) -> Result<(), RecipeFault> {
        Ok(())
    }
}

/// Reads a page.
///
/// Takes its bytes, its `Content-Type` as the server said it, and the recipe; gives its cleaned text.
///
/// # Errors
///
/// Why there is no text to compare.
pub fn read(body: &[u8], content_type: Option<&str>, recipe: &Recipe) -> Result<Reading, Unreadable> {
    let _ = recipe;
    if body.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    // A first version, for plain text only.
    let media = content_type.unwrap_or("text/plain").to_owned();
    if !media.starts_with("text/plain") {
        return Err(Unreadable::NotText { media });
    }
    let text = String::from_utf8_lossy(body).trim().to_owned();
    if text.is_empty() { Err(Unreadable::Blank) } else { Ok(Reading { title: None, text, profile: PROFILE }) }
}
