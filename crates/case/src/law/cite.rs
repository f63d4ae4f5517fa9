//! Citations: what a document may say of an article on a day, or why it may not.

use jiff::civil::Date;
use serde::Serialize;

use super::id::{Piece, Reference, pieces};
use super::numerals::article;
use super::{Article, Bilingual, CheckStatus, Statute, Table};

/// A citation that may stand in a document of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The id in its one form, such as `L-CPL-48(6)`.
    pub id: String,
    /// The code of the instrument.
    pub statute: String,
    /// The short form: 《消费者权益保护法》第二十条; English beside it.
    pub text: Bilingual,
    /// The form with the full title, for the first mention in a document.
    pub full: Bilingual,
    /// What the rows say; a row may speak of more articles than were cited.
    pub rows: Vec<CitedRow>,
    /// Whether all of it is checked for that day.
    pub status: CheckStatus,
    /// First day in force of the text that was read.
    pub in_force_from: Option<Date>,
    /// Where the text is officially published.
    pub official: String,
    /// The official page, where known.
    pub url: Option<String>,
    /// What to look up for a newer text.
    pub newest: Option<Bilingual>,
}

/// A row behind a citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CitedRow {
    /// The articles the summary speaks of: 第七条至第九条; the title for a whole instrument.
    pub of: Bilingual,
    /// What they say, in our own words.
    pub summary: Bilingual,
    /// When it helps.
    pub when: Bilingual,
    /// What to mind.
    pub note: Option<Bilingual>,
    /// The day the row was checked.
    pub checked_at: Date,
}

/// Why an article may not be cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum CitationRefused {
    /// The table has no such article or sub-item.
    #[error("{id} is not in the law table")]
    Unknown {
        /// The id as it was given, cut at 60 characters.
        id: String,
    },
    /// The text that was read was not in force on that day.
    #[error("{id} was not in force on {on}")]
    NotInForce {
        /// The id in its one form.
        id: String,
        /// The day asked for.
        on: Date,
        /// First day in force, where known.
        from: Option<Date>,
        /// Last day in force, if it has ended.
        to: Option<Date>,
        /// The code of the instrument in its place.
        replaced_by: Option<String>,
    },
}

impl CitationRefused {
    /// Says it to the user.
    pub fn words(&self) -> Bilingual {
        match self {
            Self::Unknown { id } => Bilingual::new(
                format!("法条表中没有“{id}”，不能引用。"),
                format!("“{id}” is not in the law table and cannot be cited."),
            ),
            Self::NotInForce { id, on, from, to, replaced_by } => {
                let mut words =
                    Bilingual::new(format!("{id}在{on}不适用"), format!("{id} did not apply on {on}"));
                let facts = [
                    from.map(|from| (format!("自{from}起施行"), format!("in force from {from}"))),
                    to.map(|to| (format!("施行至{to}"), format!("in force until {to}"))),
                    replaced_by
                        .as_ref()
                        .map(|code| (format!("现由{code}取代"), format!("now replaced by {code}"))),
                ];
                for (zh, en) in facts.into_iter().flatten() {
                    words.zh.push_str(&format!("，{zh}"));
                    words.en.push_str(&format!("; {en}"));
                }
                Bilingual::new(words.zh + "。", words.en + ".")
            }
        }
    }
}

impl Table {
    /// Cites an article, several (`L-CPL-21/28`), or a whole instrument (`L-NCI`) as of a day in China.
    ///
    /// # Errors
    /// Refuses an id or a sub-item that the table does not have, and a day on which the text that was read
    /// was not in force. A day before the last amendment is allowed and the citation is to be checked (待核验).
    pub fn cite(&self, id: &str, on: Date) -> Result<Citation, CitationRefused> {
        let unknown = || CitationRefused::Unknown { id: id.chars().take(60).collect() };
        let reference = Reference::parse(id).ok_or_else(unknown)?;
        let rows = self.rows_of(&reference).ok_or_else(unknown)?;
        let statute = self.statute(&reference.code).ok_or_else(unknown)?;
        if !statute.in_force_on(on) {
            return Err(CitationRefused::NotInForce {
                id: reference.canonical(),
                on,
                from: statute.in_force_from,
                to: statute.in_force_to,
                replaced_by: statute.replaced_by.clone(),
            });
        }
        let articles = named(&reference.pieces, &rows);
        Ok(Citation {
            id: reference.canonical(),
            text: titled(&statute.short, &articles),
            full: titled(&statute.full, &articles),
            rows: rows.iter().map(|row| CitedRow::of(row, statute)).collect(),
            status: status(statute, &rows, on),
            in_force_from: statute.in_force_from,
            official: statute.official.clone(),
            url: statute.url.clone(),
            newest: statute.newest.clone(),
            statute: reference.code,
        })
    }
}

impl CitedRow {
    fn of(row: &Article, statute: &Statute) -> Self {
        let articles = pieces(&row.no).unwrap_or_default();
        let of = match articles.is_empty() {
            true => statute.short.clone(),
            false => named(&articles, &[row]),
        };
        Self {
            of,
            summary: row.summary.clone(),
            when: row.when.clone(),
            note: row.note.clone(),
            checked_at: row.checked_at,
        }
    }
}

fn status(statute: &Statute, rows: &[&Article], on: Date) -> CheckStatus {
    match statute.read_as_of(on) && rows.iter().all(|row| row.status() == CheckStatus::Checked) {
        true => CheckStatus::Checked,
        false => CheckStatus::ToBeChecked,
    }
}

fn titled(title: &Bilingual, articles: &Bilingual) -> Bilingual {
    // 书名号 inside a title are single ones (GB/T 15834).
    let zh = title.zh.replace('《', "〈").replace('》', "〉");
    let en = if articles.en.is_empty() { String::new() } else { format!(", {}", articles.en) };
    Bilingual::new(format!("《{zh}》{}", articles.zh), format!("{}{en}", title.en))
}

/// Names the articles: 第二十一条、第二十八条, `arts. 21, 28`.
fn named(pieces: &[Piece], rows: &[&Article]) -> Bilingual {
    let names: Vec<Bilingual> = pieces.iter().map(|piece| name(piece, rows)).collect();
    let several = pieces.len() > 1 || pieces.iter().any(|piece| piece.from != piece.to);
    let head = match (pieces.is_empty(), several) {
        (true, _) => "",
        (false, true) => "arts. ",
        (false, false) => "art. ",
    };
    let zh = names.iter().map(|name| name.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = names.iter().map(|name| name.en.as_str()).collect::<Vec<_>>().join(", ");
    Bilingual::new(zh, format!("{head}{en}"))
}

fn name(piece: &Piece, rows: &[&Article]) -> Bilingual {
    let Some(part) = &piece.part else {
        let zh = match piece.from == piece.to {
            true => article(piece.from),
            false => format!("{}至{}", article(piece.from), article(piece.to)),
        };
        return Bilingual::new(zh, piece.canonical());
    };
    let row = rows.iter().find(|row| row.no == piece.from.to_string());
    let part = row.and_then(|row| row.parts.get(part)).map_or(("", ""), |part| (&part.zh, &part.en));
    Bilingual::new(format!("{}{}", article(piece.from), part.0), format!("{} {}", piece.from, part.1))
}
