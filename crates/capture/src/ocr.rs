//! Text of pictures by an installed tesseract. What comes out is a suggestion with its confidence: it helps
//! to find and to fill in, and is never evidence by itself; an amount counts only when the user confirms it.
//!
//! The picture is decoded and made black and white here, for dark text and for light text alike, because chat
//! bubbles are light on dark and tesseract reads those badly. Only our own PNG reaches the program.

mod ink;
mod pixels;
mod table;

use std::fmt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use thiserror::Error;

use crate::import::Tools;
use crate::import::tool::{Allowance, Trouble, run};
use pixels::Grey;

/// A larger file is refused, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// A larger picture is refused, in pixels.
pub const MAX_PIXELS: usize = 40_000_000;

const ALLOWANCE: Allowance = Allowance { output: 16 << 20, time: Duration::from_secs(60) };

/// What may stand in a picture. `Debug` does not show it: it may hold card secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The lines, one below the other.
    pub text: String,
    /// Mean confidence of its words, 0 to 100, each by its number of characters.
    pub confidence: u8,
    /// The lines with their places.
    pub lines: Vec<Line>,
}

/// One line. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The text, without the spaces that tesseract puts between Chinese characters.
    pub text: String,
    /// Mean confidence of its words, 0 to 100.
    pub confidence: u8,
    /// Where it stands, in pixels of the picture.
    pub place: Place,
}

/// A box in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Distance from the left.
    pub left: u32,
    /// Distance from above.
    pub top: u32,
    /// Width of the box.
    pub width: u32,
    /// Height of the box.
    pub height: u32,
}

impl fmt::Debug for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suggestion")
            .field("characters", &self.text.chars().count())
            .field("confidence", &self.confidence)
            .field("lines", &self.lines)
            .finish()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = self.text.chars().count();
        f.debug_struct("Line")
            .field("characters", &characters)
            .field("confidence", &self.confidence)
            .field("place", &self.place)
            .finish()
    }
}

/// Why there is no suggestion.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// There is no tesseract.
    #[error("tesseract is not installed; install the packages tesseract-ocr tesseract-ocr-chi-sim")]
    ToolMissing,
    /// There is a tesseract without simplified Chinese.
    #[error("tesseract lacks simplified Chinese; install the package tesseract-ocr-chi-sim")]
    LanguageMissing,
    /// The picture has too many bytes or pixels.
    #[error("the picture is too large to be read")]
    TooLarge,
    /// Only PNG and JPEG are read.
    #[error("only PNG and JPEG are read")]
    NotAPicture,
    /// The picture is broken.
    #[error("the picture is broken: {0}")]
    Broken(String),
    /// Reading took too long.
    #[error("reading took longer than {} seconds", ALLOWANCE.time.as_secs())]
    TimeLimit,
    /// The program ended badly.
    #[error("tesseract failed: {0}")]
    Failed(String),
}

/// Reads a PNG or JPEG.
///
/// Takes the bytes of the file and the installed tools; gives what the readings for dark and for light text
/// found together, of lines that overlap the surer one. Blocks for some seconds, 70 at most. Fails as
/// [`Refusal`] says; a picture without text is an empty suggestion and no failure.
pub fn suggest(picture: &[u8], tools: &Tools) -> Result<Suggestion, Refusal> {
    let program = tools.tesseract.as_deref().ok_or(Refusal::ToolMissing)?;
    let grey = pixels::decode(picture)?;
    let level = ink::level(&grey);
    let pages = [ink::dark(&grey, level), ink::light(&grey, level)];
    let readings: Result<Vec<_>, _> = thread::scope(|scope| {
        let running = pages.each_ref().map(|page| scope.spawn(move || read(program, page)));
        let lost = || Err(Refusal::Failed("a reading was lost".to_owned()));
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| lost())).collect()
    });
    let readings = readings?;
    Ok(together(readings))
}

fn read(program: &Path, page: &Grey) -> Result<Suggestion, Refusal> {
    let png = pixels::encode(page).map_err(|error| Refusal::Broken(error.to_string()))?;
    let arguments =
        ["stdin", "stdout", "-l", "chi_sim+eng", "--psm", "6", "--dpi", "300", "tsv"].map(Into::into);
    match run(program, &arguments, Some(png), ALLOWANCE) {
        Ok(output) => Ok(table::read(&String::from_utf8_lossy(&output))),
        Err(Trouble::TimeLimit) => Err(Refusal::TimeLimit),
        Err(Trouble::OutputLimit) => Err(Refusal::Failed("too much output".to_owned())),
        Err(Trouble::Start(error)) => Err(Refusal::Failed(error.to_string())),
        Err(Trouble::Failed(said)) if said.contains("chi_sim") => Err(Refusal::LanguageMissing),
        Err(Trouble::Failed(said)) => Err(Refusal::Failed(said.lines().next().unwrap_or("?").to_owned())),
    }
}

/// Lines of the worse reading are taken only with this confidence.
const SURE: u8 = 70;

/// Puts the readings together: a page of chat has dark text on light bubbles and light text on dark ones, and
/// each reading sees one of them. Of lines that overlap, the one with more sure characters stays.
fn together(mut readings: Vec<Suggestion>) -> Suggestion {
    let Some(best) = best(&readings) else { return table::page(Vec::new()) };
    let mut lines = readings.swap_remove(best).lines;
    lines.extend(
        readings
            .into_iter()
            .flat_map(|other| other.lines)
            .filter(|line| line.confidence >= SURE && line.characters() > 1),
    );
    lines.sort_by_key(|line| std::cmp::Reverse(line.characters() * usize::from(line.confidence)));
    let mut kept: Vec<Line> = Vec::new();
    for line in lines {
        if kept.iter().all(|other| !other.place.overlaps(line.place)) {
            kept.push(line);
        }
    }
    table::page(kept)
}

/// The surest reading among those that found at least half as much as the fullest: one sure word is no page.
fn best(readings: &[Suggestion]) -> Option<usize> {
    let count = |one: &Suggestion| one.lines.iter().map(Line::characters).sum::<usize>();
    let fullest = readings.iter().map(count).max()?;
    let enough = readings.iter().enumerate().filter(|(_, one)| count(one) * 2 >= fullest);
    enough.max_by_key(|(_, one)| one.confidence).map(|(at, _)| at)
}

impl Line {
    fn characters(&self) -> usize {
        self.text.chars().filter(|c| !c.is_whitespace()).count()
    }
}

impl Place {
    /// Whether two boxes share more than a quarter of the lower one's height, and any width.
    fn overlaps(self, other: Self) -> bool {
        let shared = |a: u32, a_size: u32, b: u32, b_size: u32| {
            (a.saturating_add(a_size)).min(b.saturating_add(b_size)).saturating_sub(a.max(b))
        };
        let high = shared(self.top, self.height, other.top, other.height);
        let wide = shared(self.left, self.width, other.left, other.width);
        wide > 0 && high.saturating_mul(4) > self.height.min(other.height)
    }
}
