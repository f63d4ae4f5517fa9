//! What a paper says, as plain strings.

use sigu_documents::{Block, Paper, Span};

/// The words of a run; exhibits as `#3`, what came and went as `+new+` and `-old-`.
pub(crate) fn words(spans: &[Span]) -> String {
    let word = |span: &Span| match span {
        Span::Text(text) => text.clone(),
        Span::Added(text) => format!("+{text}+"),
        Span::Removed(text) => format!("-{text}-"),
        Span::Exhibit(no) | Span::Number(no) => format!("#{no}"),
        Span::PageOf(_) => String::new(),
    };
    spans.iter().map(word).collect()
}

/// The tables, each with the cells of its rows.
pub(crate) fn tables(paper: &Paper) -> Vec<Vec<Vec<String>>> {
    let tables = paper.blocks.iter().filter_map(|block| match block {
        Block::Table { rows, .. } => Some(rows),
        _ => None,
    });
    let cells = |row: &Vec<Vec<Span>>| row.iter().map(|cell| words(cell)).collect();
    tables.map(|rows| rows.iter().map(cells).collect()).collect()
}
