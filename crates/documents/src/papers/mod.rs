//! The papers themselves, one file each: they choose from what the case engine says and put it in order.

mod catalogue;
mod dispute;
mod exhibits;
mod forms;
mod guide;
mod letter;
mod suit;
mod values;

use crate::draft::{Draft, Made, Refused};
use crate::kind::{Kind, Lang};
use crate::source::Case;

/// Makes a paper of one order.
///
/// # Errors
/// Names everything that is missing; nothing is left blank.
pub fn of_order(kind: Kind, case: &Case<'_>, lang: Lang) -> Result<Made, Refused> {
    let mut draft = Draft::new(case, lang);
    match kind {
        Kind::Catalogue => catalogue::write(&mut draft),
        Kind::Letter => letter::write(&mut draft),
        Kind::SmallClaims => suit::write(&mut draft),
        _ => forms::write(&mut draft, kind),
    }
    let title = draft.word(&format!("title-{}", kind.code()));
    draft.finish(kind, title)
}
