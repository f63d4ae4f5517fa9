//! A paper as plain text and as Markdown: what is pasted into a form or a chat.

use std::fmt::Write;

use crate::paper::{Block, Fact, Field, Paper, Span};
use crate::plot::Plot;
use crate::words::Words;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Markdown,
}

/// Writes a paper as plain text, UTF-8, `\n` at the end of each line: the text to paste where it has one, and nothing
/// else. Pictures, codes and lines to sign on are named.
pub fn plain(paper: &Paper) -> String {
    paper.paste.as_ref().map_or_else(|| write(paper, Style::Plain), |paste| format!("{}\n", paste.text))
}

/// Writes a paper as Markdown (CommonMark with tables).
pub fn markdown(paper: &Paper) -> String {
    write(paper, Style::Markdown)
}

fn write(paper: &Paper, style: Style) -> String {
    let words = Words::of(paper.lang);
    let mut out = Out { text: String::new(), style, words: &words };
    match style {
        Style::Plain => out.line(&format!("{}\n{}\n", paper.title, paper.about)),
        Style::Markdown => out.line(&format!("# {}\n\n{}\n", escape(&paper.title), escape(&paper.about))),
    }
    paper.blocks.iter().for_each(|block| out.block(block));
    let at = crate::times::minute(paper.as_of);
    out.line(&words.word("pdf-as-of").replace("{at}", &at));
    out.text
}

/// Signs that mean something in Markdown are made plain.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

struct Out<'a> {
    text: String,
    style: Style,
    words: &'a Words,
}

impl Out<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn plain(&self, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Markdown => escape(text),
        }
    }

    fn exhibit(&self, no: u32) -> String {
        self.words.word("pdf-exhibit").replace("{no}", &no.to_string())
    }

    fn span(&self, span: &Span) -> String {
        match span {
            Span::Text(text) => self.plain(text),
            Span::Exhibit(no) => self.exhibit(*no),
            Span::Number(no) => no.to_string(),
            Span::PageOf(_) => "—".to_owned(),
            Span::Added(text) => self.changed("pdf-added", text, "**"),
            Span::Removed(text) => self.changed("pdf-removed", text, "~~"),
        }
    }

    /// A run that came or went: said in words, since plain text has no strokes.
    fn changed(&self, key: &str, text: &str, mark: &str) -> String {
        let text = self.plain(text);
        let text = if self.style == Style::Markdown { format!("{mark}{text}{mark}") } else { text };
        let named = self.words.say("text-field", &[("name", &self.words.word(key)), ("value", &text)]);
        format!("〔{named}〕")
    }

    fn spans(&self, spans: &[Span]) -> String {
        spans.iter().map(|span| self.span(span)).collect()
    }

    fn fact(&self, fact: &Fact) -> String {
        let exhibits: Vec<String> = fact.exhibits().iter().map(|no| self.exhibit(*no)).collect();
        format!("{}〔{}〕", self.plain(fact.text()), self.words.list(&exhibits))
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text, .. } => self.heading(*level, text),
            Block::Para { spans } | Block::Note { spans } => self.line(&format!("{}\n", self.spans(spans))),
            Block::Facts { facts, .. } => {
                let facts: Vec<String> = facts.iter().map(|fact| self.fact(fact)).collect();
                self.line(&format!("{}\n", self.words.sentences(&facts)));
            }
            Block::Fields { rows } => self.fields(rows),
            Block::Table { columns, rows, .. } => {
                let heads: Vec<String> = columns.iter().map(|column| self.plain(&column.head)).collect();
                let rows: Vec<Vec<String>> =
                    rows.iter().map(|row| row.iter().map(|cell| self.spans(cell)).collect()).collect();
                self.table(&heads, &rows);
            }
            Block::List { numbered, items } => self.list(*numbered, items),
            Block::Quote { text } => self.quote(text),
            Block::Plot(plot) => self.plot(plot),
            Block::Picture { alt, caption, .. } => self.named("text-picture", alt, caption),
            Block::Code { text, alt, .. } => {
                self.named("text-code", alt, "");
                self.quote(text);
            }
            Block::Signature { lines } => {
                let lines: String =
                    lines.iter().map(|line| format!("{} ________\n", self.plain(line))).collect();
                self.line(&lines);
            }
        }
    }

    /// The numbers of a plot, as a table below its title.
    fn plot(&mut self, plot: &Plot) {
        let heading = self.words.say("plot-heading", &[("title", &plot.title), ("unit", &plot.unit)]);
        self.line(&format!("{}\n", self.plain(&heading)));
        let table = plot.table();
        let [heads, rows @ ..] = table.as_slice() else { return };
        let plain = |row: &Vec<String>| row.iter().map(|cell| self.plain(cell)).collect();
        let (heads, rows): (Vec<String>, Vec<Vec<String>>) = (plain(heads), rows.iter().map(plain).collect());
        self.table(&heads, &rows);
    }

    fn heading(&mut self, level: u8, text: &str) {
        match self.style {
            Style::Plain => self.line(&format!("\n{text}\n")),
            Style::Markdown => {
                let marks = "#".repeat(usize::from(level) + 1);
                self.line(&format!("{marks} {}\n", escape(text)));
            }
        }
    }

    fn quote(&mut self, text: &str) {
        let quoted: Vec<String> = text.lines().map(|line| format!("> {}", self.plain(line))).collect();
        // In Markdown a line end alone would run the lines together.
        let end = if self.style == Style::Markdown { "  \n" } else { "\n" };
        self.line(&format!("{}\n", quoted.join(end)));
    }

    fn named(&mut self, key: &str, what: &str, caption: &str) {
        let line = self.words.say(key, &[("what", what), ("caption", caption)]);
        self.line(&format!("{}\n", self.plain(&line)));
    }

    fn fields(&mut self, rows: &[Field]) {
        for row in rows {
            let (name, value) = (self.plain(&row.name), self.spans(&row.value));
            let line = self.words.say("text-field", &[("name", &name), ("value", &value)]);
            self.line(&if self.style == Style::Markdown { format!("- {line}") } else { line });
        }
        self.line("");
    }

    fn list(&mut self, numbered: bool, items: &[Vec<Span>]) {
        for (place, item) in items.iter().enumerate() {
            let mark = if numbered { format!("{}.", place + 1) } else { "-".to_owned() };
            self.line(&format!("{mark} {}", self.spans(item)));
        }
        self.line("");
    }

    fn table(&mut self, heads: &[String], rows: &[Vec<String>]) {
        let mut text = String::new();
        if self.style == Style::Markdown {
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\n', "<br>")).collect();
                format!("| {} |", cells.join(" | "))
            };
            let _ = writeln!(text, "{}\n|{}", row(heads), " --- |".repeat(heads.len()));
            for cells in rows {
                let _ = writeln!(text, "{}", row(cells));
            }
        } else {
            for cells in rows {
                let named = heads.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
                let named: Vec<String> = named
                    .map(|(head, cell)| self.words.say("text-field", &[("name", head), ("value", cell)]))
                    .collect();
                let _ = writeln!(text, "{}", named.join("\n"));
                text.push('\n');
            }
        }
        self.line(&text);
    }
}
