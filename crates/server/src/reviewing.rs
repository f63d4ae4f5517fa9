//! The review of a month in words: what pages and commands have in common.

use sigu_case::House;
use sigu_case::claim::yuan;
use sigu_case::dossier::Rate;
use sigu_case::review::{InMonth, Review, Subject, SubjectKind, Sums, goods_of};
use sigu_evidence::mask_text;

use crate::words::Words;

/// Names a subject: a merchant by its name, a platform by that of its profile, goods by their kind.
pub fn subject_name(subject: &Subject, house: &House, words: &Words) -> String {
    let name = match (subject.kind, goods_of(subject)) {
        (_, Some(goods)) => words.word(&format!("goods-{}", goods.code().replace('_', "-"))),
        (SubjectKind::Platform, _) => {
            let known = house.registry().find(&subject.name);
            known.map_or_else(|| mask_text(&subject.name), |one| words.pick(&one.name).to_owned())
        }
        _ => mask_text(&subject.name),
    };
    format!("{name}{}", words.aside(words.pick(subject.kind.text())))
}

/// Writes a rate with its sample and interval; without a sample it is unknown (D8).
pub fn rate(rate: &Rate, words: &Words) -> String {
    let (Some(share), Some(interval)) = (rate.share_bp.value(), rate.interval.value()) else {
        return words.word("merchant-unknown");
    };
    let values = [
        ("share", percent(*share)),
        ("of", rate.of.to_string()),
        ("low", percent(interval.low_bp)),
        ("high", percent(interval.high_bp)),
    ];
    words.say("merchant-rate", &values)
}

/// Hundredths of a percent as people read them.
fn percent(bp: u32) -> String {
    format!("{}.{:02}%", bp / 100, bp % 100)
}

/// Says what the month saw.
pub fn month(found: &InMonth, words: &Words) -> String {
    let values = [
        ("orders", found.orders.to_string()),
        ("disputes", found.disputes.to_string()),
        ("paid", yuan(found.paid_fen)),
        ("back", yuan(found.refunded_fen)),
    ];
    words.say("review-month", &values)
}

/// Says of how many orders something can be said.
pub fn few(found: &Review, words: &Words) -> String {
    let values = [("least", found.fewest_orders.to_string()), ("count", found.few_orders.to_string())];
    words.say("review-few", &values)
}

/// The figures of a subject, each with its label.
pub fn figures(sums: &Sums, words: &Words) -> Vec<(String, String)> {
    let unknown = || words.word("merchant-unknown");
    let money = |fen: i64| words.say("money", &[("yuan", yuan(fen))]);
    let row = |key: &str, value: String| (words.word(key), value);
    vec![
        row("merchant-orders", sums.orders.to_string()),
        row("merchant-own-rate", rate(&sums.disputes, words)),
        row("review-unresolved", sums.endings.unresolved.to_string()),
        row("merchant-paid", money(sums.money.paid_fen)),
        row("merchant-back", money(sums.money.refunded_fen)),
        row("review-lost", money(sums.lost_fen)),
        row("review-open", money(sums.money.open_fen)),
        row(
            "merchant-reply",
            sums.replies.median_s.value().map_or_else(unknown, |seconds| words.span(*seconds)),
        ),
        row("merchant-kept", rate(&sums.promises.kept, words)),
    ]
}
