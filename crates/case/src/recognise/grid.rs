//! Labels and values in tables and grids: columns with a head, and rows of blocks.

use std::collections::HashMap;

use super::Field;
use super::lines::Cell;
use super::pairs::{MAX_COLUMNS, Pair, Scan};

impl Scan<'_> {
    /// The element around a line's own one.
    pub(super) fn parent(&self, n: usize) -> Option<u32> {
        let element = self.document.lines.get(n)?.parts.first()?.element?;
        self.document.elements.get(element as usize)?.parent
    }

    /// The lines from `n` on that stand in the same element as it.
    fn group(&self, n: usize) -> std::ops::Range<usize> {
        let Some(parent) = self.parent(n) else { return n..n };
        let lines = self.document.lines.iter().enumerate().skip(n + 1).take(MAX_COLUMNS);
        let end = lines.take_while(|(n, _)| self.parent(*n) == Some(parent)).last();
        n..end.map_or(n, |(n, _)| n) + 1
    }

    /// A row of names made of blocks, and the row of as many values below it.
    pub(super) fn heads(&self, n: usize) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        let lines = &self.document.lines;
        if lines[n].cell.is_some() || !self.is_label(&lines[n].text) {
            return None;
        }
        let heads = self.group(n);
        let names = heads.clone().filter(|n| self.is_label(&lines[*n].text)).count();
        let short = |n: usize| {
            let text = &lines[n].text;
            text.chars().count() <= 8 && !text.contains(|c: char| c.is_ascii_digit() || ":：".contains(c))
        };
        if heads.len() < 2 || names < 2 || names * 2 <= heads.len() || !heads.clone().all(short) {
            return None;
        }
        let below = self.group(heads.end.min(lines.len() - 1));
        let values = below.clone().all(|n| !self.is_label(&lines[n].text));
        (below.start == heads.end && below.len() == heads.len() && values).then_some((heads, below))
    }

    /// Pairs the names of a row with what stands below them; gives where that ends.
    pub(super) fn below(
        &self,
        heads: std::ops::Range<usize>,
        below: std::ops::Range<usize>,
        pairs: &mut Vec<Pair>,
    ) -> usize {
        let end = below.end;
        for (head, n) in heads.zip(below) {
            push_cell(pairs, self.cell(n, &self.document.lines[head].text));
        }
        end
    }

    /// Tables whose first row names the columns; also which lines they used.
    pub(super) fn columns(&self) -> (Vec<Pair>, Vec<usize>) {
        let (mut pairs, mut used) = (Vec::new(), Vec::new());
        let rows = self.rows();
        let mut header: Option<(Cell, HashMap<u32, usize>)> = None;
        for row in &rows {
            let first = row[0].1;
            if self.names_columns(row) {
                header = Some((first, row.iter().map(|(n, cell)| (cell.column, *n)).collect()));
                used.extend(row.iter().map(|(n, _)| *n));
                continue;
            }
            let Some((head, columns)) = header.as_ref().filter(|(head, _)| head.table == first.table) else {
                header = None;
                continue;
            };
            // A row that spans columns is a note or a sum.
            let last = row.last().map_or(0, |(_, cell)| cell.column);
            if first.row > head.row && columns.keys().all(|column| *column <= last) {
                for (n, cell) in row {
                    let label = columns.get(&cell.column).map(|n| self.document.lines[*n].text.as_str());
                    let pair = label.and_then(|label| self.cell(*n, label));
                    // A second line of one cell is a card of its own.
                    let same = n.checked_sub(1).and_then(|n| self.document.lines[n].cell) == Some(*cell);
                    if same {
                        pairs.extend(pair)
                    } else {
                        push_cell(&mut pairs, pair)
                    }
                    used.push(*n);
                }
            }
        }
        used.sort_unstable();
        (pairs, used)
    }

    /// Tells whether a row's cells are the names of columns, some of them perhaps unknown.
    fn names_columns(&self, row: &[(usize, Cell)]) -> bool {
        if row.len() < 2 {
            return false;
        }
        let known: Vec<bool> =
            row.iter().map(|(n, _)| self.is_label(&self.document.lines[*n].text)).collect();
        let names = known.iter().filter(|known| **known).count();
        let is_name = |n: usize| {
            let text = &self.document.lines[n].text;
            text.chars().count() <= 10 && !text.contains(|c: char| c.is_ascii_digit() || ":：".contains(c))
        };
        // In a row of labels and values just half of the cells are labels, and never two side by side.
        let side_by_side = known.windows(2).any(|two| two[0] && two[1]);
        let named = row.iter().all(|(_, cell)| cell.head) || names * 2 > row.len() || side_by_side;
        names >= 2 && (names == row.len() || named && row.iter().all(|(n, _)| is_name(*n)))
    }

    /// Cells by row: of page tables, and of texts with tabs.
    fn rows(&self) -> Vec<Vec<(usize, Cell)>> {
        let mut rows: Vec<Vec<(usize, Cell)>> = Vec::new();
        for (n, line) in self.document.lines.iter().enumerate() {
            let Some(cell) = line.cell else { continue };
            match rows.last_mut() {
                Some(row) if (row[0].1.table, row[0].1.row) == (cell.table, cell.row) => row.push((n, cell)),
                _ => rows.push(vec![(n, cell)]),
            }
        }
        rows
    }
}

/// Two secrets side by side in a row are one card: its number and its password.
fn push_cell(pairs: &mut Vec<Pair>, pair: Option<Pair>) {
    let Some(pair) = pair else { return };
    let before = pairs.last_mut().filter(|last| {
        last.field == Field::Secret
            && pair.field == Field::Secret
            && last.ends_on.is_some_and(|n| Some(n + 1) == pair.ends_on)
    });
    match before {
        Some(last) => last.join(&pair),
        None => pairs.push(pair),
    }
}

impl Pair {
    /// Takes the second half of a card into its first.
    pub(super) fn join(&mut self, second: &Self) {
        self.value = format!("{}\t{}", self.value, second.value);
        self.span.end = second.span.end.max(self.span.end);
        (self.verbatim, self.ends_on) = (false, None);
    }
}
