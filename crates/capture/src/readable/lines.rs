//! Blocks become lines: pieces of text are put together until a block ends; a row of a table is one line.

use super::page::Limit;

/// More text than this, before cleaning, is a page over the limit.
const MAX_TEXT: usize = 4 << 20;
/// A row of more bytes is layout and no row: its blocks are lines of their own.
const MAX_ROW: usize = 1_200;

/// To what a piece of text belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The innermost group of the page's frame or of advertisement, counted from 0.
    pub(super) group: Option<u32>,
    /// Whether the recipe selects it.
    pub(super) selected: bool,
    /// Whether it is what a link says.
    pub(super) link: bool,
}

/// One block of text.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) group: Option<u32>,
    pub(super) selected: bool,
    /// How many of its bytes are links.
    pub(super) link: usize,
}

/// A row being read; `\n` is the end of a block inside a cell.
struct Row {
    cells: Vec<Line>,
    /// Whether a table inside it made it layout.
    layout: bool,
}

/// Makes lines of pieces.
#[derive(Default)]
pub(super) struct Lines {
    done: Vec<Line>,
    /// What is being written, one for each group that has a say in this block.
    current: Vec<Line>,
    rows: Vec<Row>,
    bytes: usize,
}

impl Lines {
    /// Takes a piece of text.
    pub(super) fn text(&mut self, text: &str, place: Place) -> Result<(), Limit> {
        self.bytes += text.len();
        if self.bytes > MAX_TEXT {
            return Err(Limit);
        }
        let same = |line: &&mut Line| line.group == place.group && line.selected == place.selected;
        let line = match self.current.iter_mut().rev().take(4).find(same) {
            Some(line) => line,
            None => {
                self.current.push(Line { group: place.group, selected: place.selected, ..Line::default() });
                self.current.last_mut().expect("it was pushed just now")
            }
        };
        line.text.push_str(text);
        line.link += if place.link { text.trim().len() } else { 0 };
        Ok(())
    }

    /// Ends a block: of a cell, a block inside it.
    pub(super) fn end_block(&mut self) {
        if self.rows.last().is_some_and(|row| !row.layout) {
            self.current
                .iter_mut()
                .filter(|line| !line.text.trim().is_empty())
                .for_each(|line| line.text.push('\n'));
        } else {
            self.flush();
        }
    }

    /// A term before its description: they are one line.
    pub(super) fn colon(&mut self) {
        if let [line] = self.current.as_mut_slice()
            && !line.text.trim_end().is_empty()
            && !line.text.trim_end().ends_with([':', '：'])
        {
            line.text.push('：');
        }
    }

    pub(super) fn begin_table(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            let cells = std::mem::take(&mut row.cells);
            row.layout = true;
            cells.into_iter().for_each(|cell| self.split(cell));
        }
        self.flush();
    }

    pub(super) fn begin_row(&mut self) {
        self.flush();
        self.rows.push(Row { cells: Vec::new(), layout: false });
    }

    pub(super) fn end_cell(&mut self) {
        match self.rows.last_mut().filter(|row| !row.layout) {
            Some(row) => row.cells.append(&mut self.current),
            None => self.flush(),
        }
    }

    pub(super) fn end_row(&mut self) {
        self.end_cell();
        let Some(row) = self.rows.pop() else { return };
        let whole: usize = row.cells.iter().map(|cell| cell.text.len()).sum();
        let alike = row
            .cells
            .windows(2)
            .all(|two| two[0].group == two[1].group && two[0].selected == two[1].selected);
        if row.layout || whole > MAX_ROW || !alike {
            return row.cells.into_iter().for_each(|cell| self.split(cell));
        }
        let Some(first) = row.cells.first() else { return };
        let mut line = Line { text: String::new(), ..first.clone() };
        line.link = row.cells.iter().map(|cell| cell.link).sum();
        let cells: Vec<String> =
            row.cells.iter().map(|cell| tidy(&cell.text)).filter(|cell| !cell.is_empty()).collect();
        line.text = cells.join(" | ");
        self.push(line);
    }

    /// Gives all lines.
    pub(super) fn finish(mut self) -> Vec<Line> {
        while !self.rows.is_empty() {
            self.end_row();
        }
        self.flush();
        self.done
    }

    fn flush(&mut self) {
        for line in std::mem::take(&mut self.current) {
            self.split(line);
        }
    }

    /// Blocks of a cell that is no cell of a row.
    fn split(&mut self, line: Line) {
        let (group, selected, link) = (line.group, line.selected, line.link);
        for part in line.text.split('\n') {
            self.push(Line { text: tidy(part), group, selected, link: link.min(part.len()) });
        }
    }

    fn push(&mut self, line: Line) {
        if !line.text.is_empty() {
            self.done.push(line);
        }
    }
}

/// One blank for many, none at the ends, and nothing that has no width.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let seen = |sign: &char| !matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    for sign in text.chars().filter(seen) {
        if !sign.is_whitespace() && !sign.is_control() {
            out.push(sign);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
