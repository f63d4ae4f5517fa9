//! The papers themselves, one file each: they choose from what the case engine says and put it in order.

mod catalogue;
mod copies;
mod counted;
mod cover;
mod delivery_check;
mod dispute;
mod exhibits;
mod forms;
mod guide;
mod letter;
mod merchant;
mod payments;
mod recording;
mod rule_comparison;
mod rule_log;
mod suit;
mod timeline;
mod values;
mod year;

use sigu_case::OrderId;

use crate::draft::{Draft, Made, Refused};
use crate::kind::{Kind, Lang};
use crate::source::{Case, Overview};

/// Makes a paper of one order.
///
/// # Errors
/// Names everything that is missing; nothing is left blank. A kind that is not [`Kind::of_one_order`] is refused.
pub fn of_order(kind: Kind, case: &Case<'_>, lang: Lang) -> Result<Made, Refused> {
    let mut draft = Draft::new(case, lang);
    if !kind.of_one_order() {
        draft.miss("overview");
        return draft.finish(kind, String::new());
    }
    match kind {
        Kind::Catalogue => catalogue::write(&mut draft),
        Kind::Letter => letter::write(&mut draft),
        Kind::SmallClaims => suit::write(&mut draft),
        Kind::Timeline => timeline::write(&mut draft),
        Kind::Payments => payments::write(&mut draft),
        Kind::DeliveryCheck => delivery_check::write(&mut draft),
        Kind::RuleComparison => rule_comparison::write(&mut draft),
        Kind::Cover => cover::write(&mut draft),
        _ => forms::write(&mut draft, kind),
    }
    let title = draft.word(&format!("title-{}", kind.code()));
    draft.finish(kind, title)
}

/// Makes the dossier of the merchant of an order, from all of the merchant's orders and what was noted of it.
///
/// # Errors
/// Names what is missing: the merchant's name, or the order itself.
pub fn of_merchant(all: &Overview<'_>, order: &OrderId, lang: Lang) -> Result<Made, Refused> {
    merchant::make(all, order, lang)
}

/// Makes the log of all rules that were captured.
///
/// # Errors
/// Says so when none was.
pub fn of_rules(all: &Overview<'_>, lang: Lang) -> Result<Made, Refused> {
    rule_log::make(all, lang)
}

/// Makes the review of a year of China.
///
/// # Errors
/// Says so when nothing was bought, disputed or paid back in it.
pub fn of_year(all: &Overview<'_>, year: i16, lang: Lang) -> Result<Made, Refused> {
    year::make(all, year, lang)
}
