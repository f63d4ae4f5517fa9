//! What the address or a form says of the marks: those made, and the one that is added by its numbers.

use sigu_documents::mark::{Area, MAX_MARKS, Mark, Point};

use crate::desk::form::{Field, Typed};
use crate::words::Words;

/// The marks so far.
#[derive(Default, Clone)]
pub(super) struct Asked {
    pub(super) marks: Vec<Mark>,
    /// Whether the picture of a secret was asked for.
    pub(super) reveal: bool,
    /// Whether something there is no mark.
    pub(super) unread: bool,
}

impl Asked {
    pub(super) fn read(pairs: &[(String, String)]) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs {
            match (name.as_str(), value.parse()) {
                ("mark", Ok(mark)) => asked.marks.push(mark),
                ("mark", Err(_)) => asked.unread = true,
                ("reveal", _) => asked.reveal |= value == "1",
                _ => {}
            }
        }
        asked
    }

    pub(super) fn remove(&mut self, place: usize) {
        if place < self.marks.len() {
            self.marks.remove(place);
        }
    }

    /// The marks as an address has them: words, digits and commas only.
    pub(super) fn query(&self) -> String {
        let marks = self.marks.iter().map(|mark| format!("mark={}", mark.to_string().replace(' ', "+")));
        let reveal = self.reveal.then(|| "reveal=1".to_owned());
        marks.chain(reveal).collect::<Vec<_>>().join("&")
    }
}

/// A form that adds a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Area,
    Arrow,
    Number,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::Area, Self::Arrow, Self::Number];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Arrow => "arrow",
            Self::Number => "number",
        }
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }

    /// Puts the next number where none was typed.
    pub(super) fn suggest(typed: &mut Typed<'_>, marks: &[Mark]) {
        let numbers = marks.iter().filter_map(|mark| match mark {
            Mark::Number { number, .. } => Some(*number),
            _ => None,
        });
        typed.suggest("n", numbers.max().map_or(1, |last| last.saturating_add(1).min(99)).to_string());
    }

    pub(super) fn fields(self, typed: &Typed<'_>) -> Vec<Field> {
        let number = |(name, label)| typed.number(name, label).must();
        match self {
            Self::Area => {
                let named = |kind: &str| (kind.to_owned(), typed.words().word(&format!("marking-{kind}")));
                let kinds = ["cover", "mosaic", "box"].map(named);
                let kind = typed.choice("kind", "marking-kind", kinds, None).must();
                let sides = [
                    ("left", "marking-left"),
                    ("top", "marking-top"),
                    ("width", "marking-width"),
                    ("height", "marking-height"),
                ];
                [kind].into_iter().chain(sides.map(number)).collect()
            }
            Self::Arrow => [
                ("x", "marking-from-left"),
                ("y", "marking-from-top"),
                ("x2", "marking-to-left"),
                ("y2", "marking-to-top"),
            ]
            .map(number)
            .into(),
            Self::Number => [("n", "marking-n"), ("at_x", "marking-at-left"), ("at_y", "marking-at-top")]
                .map(number)
                .into(),
        }
    }

    /// The mark that was typed; `None` with what is wrong beside its field.
    pub(super) fn mark(
        self,
        typed: &mut Typed<'_>,
        (width, height): (u32, u32),
        made: usize,
    ) -> Option<Mark> {
        if made >= MAX_MARKS {
            typed.refuse("form", typed.words().say("marking-many", &[("max", MAX_MARKS.to_string())]));
            return None;
        }
        let (right, below) = (width.saturating_sub(1), height.saturating_sub(1));
        match self {
            Self::Area => area(typed, (width, height)),
            Self::Arrow => {
                let from = point(typed, ("x", "y"), (right, below));
                let to = point(typed, ("x2", "y2"), (right, below));
                let (from, to) = (from?, to?);
                if from == to {
                    typed.refuse("x2", typed.words().word("marking-no-length"));
                    return None;
                }
                Some(Mark::Arrow { from, to })
            }
            Self::Number => {
                let number = within(typed, "n", 1, 99);
                let at = point(typed, ("at_x", "at_y"), (right, below))?;
                Some(Mark::Number { number: u8::try_from(number?).ok()?, at })
            }
        }
    }
}

fn area(typed: &mut Typed<'_>, (width, height): (u32, u32)) -> Option<Mark> {
    let make = match typed.raw("kind").as_str() {
        "box" => Some(Mark::Box as fn(Area) -> Mark),
        "cover" => Some(Mark::Cover as fn(Area) -> Mark),
        "mosaic" => Some(Mark::Mosaic as fn(Area) -> Mark),
        _ => None,
    };
    if make.is_none() {
        typed.refuse("kind", typed.words().word("write-choose"));
    }
    let x = within(typed, "left", 0, width.saturating_sub(1));
    let y = within(typed, "top", 0, height.saturating_sub(1));
    let wide = within(typed, "width", 1, width - x.unwrap_or(0));
    let high = within(typed, "height", 1, height - y.unwrap_or(0));
    Some(make?(Area { x: x?, y: y?, width: wide?, height: high? }))
}

fn point(
    typed: &mut Typed<'_>,
    (left, top): (&'static str, &'static str),
    (right, below): (u32, u32),
) -> Option<Point> {
    let (x, y) = (within(typed, left, 0, right), within(typed, top, 0, below));
    Some(Point { x: x?, y: y? })
}

/// A whole number from least to most.
fn within(typed: &mut Typed<'_>, name: &'static str, least: u32, most: u32) -> Option<u32> {
    let text = typed.needed(name)?;
    let read = text.parse::<u32>().ok().filter(|read| (least..=most).contains(read));
    if read.is_none() {
        let values = [("least", least.to_string()), ("most", most.to_string())];
        typed.refuse(name, typed.words().say("marking-within", &values));
    }
    read
}

/// How marks are told, with places for the numbers, for the script.
pub(super) fn patterns(words: &Words) -> Vec<(&'static str, String)> {
    let places = ["n", "x", "y", "width", "height"].map(|name| (name, format!("{{{name}}}")));
    let pattern = |kind: &'static str| (kind, words.say(&format!("marking-told-{kind}"), &places));
    ["area", "arrow", "number"].map(pattern).into()
}
