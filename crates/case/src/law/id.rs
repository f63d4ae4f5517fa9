//! Ids of articles as people write them: `L-CPL-20`, `CPL 48(6)`, `L-CPL-21/28`, `L-ECL-53–57`, `L-NCI`.

/// The longest id that is read, in bytes; longer text is no id.
const MAX_BYTES: usize = 200;
/// The widest range of articles that is read.
const MAX_SPAN: u16 = 100;

/// An id taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// The code of the instrument.
    pub(super) code: String,
    /// The articles; none means the whole instrument.
    pub(super) pieces: Vec<Piece>,
}

/// An article, or a range of them, as far as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The first article.
    pub(super) from: u16,
    /// The last; the same for a single one.
    pub(super) to: u16,
    /// The sub-item, only of a single article.
    pub(super) part: Option<String>,
}

impl Reference {
    /// Reads an id; `None` if it is not of that form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let text = text.trim();
        let text = text.strip_prefix("L-").unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (code, rest) = text.split_at(end);
        let starts_as_a_code = code.starts_with(|c: char| c.is_ascii_uppercase());
        let numbers = rest.strip_prefix(['-', ' ']);
        let pieces = match numbers {
            Some(numbers) => pieces(numbers)?,
            None if rest.is_empty() => Vec::new(),
            None => return None,
        };
        starts_as_a_code.then(|| Self { code: code.to_owned(), pieces })
    }

    /// Writes the id in its one form.
    pub(super) fn canonical(&self) -> String {
        let pieces: Vec<String> = self.pieces.iter().map(Piece::canonical).collect();
        match pieces.is_empty() {
            true => format!("L-{}", self.code),
            false => format!("L-{}-{}", self.code, pieces.join("/")),
        }
    }
}

impl Piece {
    /// Writes the piece as in ids and in English citations.
    pub(super) fn canonical(&self) -> String {
        match &self.part {
            Some(part) => format!("{}({part})", self.from),
            None if self.from == self.to => self.from.to_string(),
            None => format!("{}–{}", self.from, self.to),
        }
    }

    /// Reads `20`, `20–22`, `20(3)` or `20¶3`.
    fn parse(text: &str) -> Option<Self> {
        let (from, rest) = number(text)?;
        let single = |part: &str| {
            (!part.is_empty() && !part.contains(['(', ')'])).then(|| Self {
                from,
                to: from,
                part: Some(part.to_owned()),
            })
        };
        if rest.is_empty() {
            return Some(Self { from, to: from, part: None });
        }
        if let Some(part) = rest.strip_prefix('(') {
            return single(part.strip_suffix(')')?);
        }
        if let Some(part) = rest.strip_prefix('¶') {
            return single(part);
        }
        let (to, rest) = number(rest.strip_prefix('-')?)?;
        (rest.is_empty() && from < to && to - from <= MAX_SPAN).then_some(Self { from, to, part: None })
    }
}

/// Reads the articles of an id or of a row.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    plain.split('/').map(Piece::parse).collect()
}

/// Reads an article number of at most four digits off the front.
fn number(text: &str) -> Option<(u16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let read = digits.parse().ok().filter(|number| (1..=9999).contains(number))?;
    Some((read, rest))
}

/// Makes one sign of those people use for the same thing.
fn plain(c: char) -> char {
    match c {
        '–' | '—' | '－' | '~' | '～' => '-',
        ',' | '，' | '、' | '／' => '/',
        '（' => '(',
        '）' => ')',
        other => other,
    }
}
