//! 证据目录 with the columns of §3.9, and the exhibits behind it.

use super::{exhibits, guide};
use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::times;

/// The columns, in the order of §3.9, with their share of the width.
const COLUMNS: [(&str, u32); 11] = [
    ("catalogue-no", 5),
    ("catalogue-name", 12),
    ("catalogue-kind", 8),
    ("catalogue-source", 13),
    ("catalogue-formed", 12),
    ("catalogue-obtained", 15),
    ("catalogue-carrier", 10),
    ("catalogue-proves", 16),
    ("catalogue-pages", 7),
    ("catalogue-original", 11),
    ("catalogue-digest", 13),
];

pub(super) fn write(draft: &mut Draft<'_>) {
    if draft.rows.is_empty() {
        draft.miss("exhibits");
        return;
    }
    table(draft);
    draft.note(draft.word("catalogue-foot"));
    let lines = ["catalogue-submitter", "catalogue-date", "catalogue-copies"].map(|key| draft.word(key));
    draft.push(Block::Signature { lines: lines.to_vec() });
    draft.guide(draft.word("guide-catalogue"));
    guide::end(draft);
    exhibits::write(draft);
}

/// The table alone, which other papers have too.
pub(super) fn table(draft: &mut Draft<'_>) {
    let rows = draft.rows.clone();
    let cells = |row: &sigu_case::catalogue::CatalogueRow| {
        let obtained = format!("{}\n{}", times::second(row.obtained_at), row.obtained_by);
        let name = if row.note.is_empty() { row.name.clone() } else { format!("{}\n{}", row.name, row.note) };
        vec![
            vec![Span::Number(row.no)],
            Span::cell(name),
            Span::cell(&row.kind),
            Span::cell(&row.source),
            Span::cell(row.formed_at.map(times::second).unwrap_or_default()),
            Span::cell(obtained.trim()),
            Span::cell(&row.carrier),
            Span::cell(&row.proves),
            vec![Span::PageOf(row.no)],
            Span::cell(&row.original),
            Span::cell(&row.digest),
        ]
    };
    let cells = rows.iter().map(cells).collect();
    for row in &rows {
        draft.numbers.cite(&[row.item]);
    }
    draft.table(&COLUMNS, cells);
}
