//! 年度回顾: a year of purchases in numbers, for the buyer alone; it says nothing that the numbers do not.

use sigu_case::report::DocumentMade;
use sigu_case::scenario::Table;
use sigu_case::year::{Month, Year, year as summed};
use sigu_case::{ItemId, View};
use sigu_evidence::mask_text;

use super::counted::{bars, endings, money, replies};
use crate::draft::{About, Draft, Made, Refused};
use crate::kind::{Kind, Lang};
use crate::paper::{Block, Span};
use crate::plot::{Bar, Plot, Shape, Size};
use crate::source::Overview;
use crate::words::Words;

type Own<'a> = Draft<'a, Overview<'a>>;

pub(super) fn make(all: &Overview<'_>, year: i16, lang: Lang) -> Result<Made, Refused> {
    let shown = year.to_string();
    let line = Words::of(lang).say("year-about", &[("year", &shown)]);
    let Some(found) = summed(all.house, all.orders.iter().copied(), all.now, year) else {
        let about = About { line, order: String::new(), as_of: all.now };
        let mut draft = Draft::about(all, Vec::new(), about, lang);
        let (name, how) = (draft.say("missing-year", &[("year", &shown)]), draft.word("missing-year-how"));
        draft.miss_so(name, how);
        return draft.finish(Kind::Year, String::new());
    };
    let views = all.views(&found.tells_of);
    let about = About { line, order: String::new(), as_of: all.as_of(&views, &[]) };
    let mut draft = Draft::about(all, Vec::new(), about, lang);
    views.iter().flat_map(told).for_each(|item| draft.numbers.rest_on(item));
    write(&mut draft, &found);
    let title = draft.say("title-year", &[("year", &shown)]);
    draft.finish(Kind::Year, title)
}

/// What an order's numbers come from: its reports, but for those of papers.
fn told(view: &View<'_>) -> Vec<ItemId> {
    let papers: Vec<ItemId> = view.order.of_kind::<DocumentMade>().map(|(item, _)| item).collect();
    view.order.reports.iter().map(|one| one.item).filter(|item| !papers.contains(item)).collect()
}

fn write(draft: &mut Own<'_>, found: &Year) {
    draft.note(draft.word("year-foreword"));
    sums(draft, found);
    draft.heading(1, draft.word("year-by-month"));
    let counts =
        [("year-orders", count(|month| month.orders)), ("year-disputes", count(|month| month.disputes))];
    by_month(draft, found, "year-counts-title", "unit-orders", &counts);
    draft.heading(1, draft.word("year-money"));
    let sums = [
        ("year-paid", fen(|month| month.paid_fen)),
        ("year-disputed", fen(|month| month.disputed_fen)),
        ("year-refunded", fen(|month| month.refunded_fen)),
    ];
    draft.note(draft.word("year-money-note"));
    by_month(draft, found, "year-money-title", "unit-yuan", &sums);
    draft.heading(1, draft.word("year-what"));
    disputes(draft, found);
    better(draft, found);
}

type OfMonth = Box<dyn Fn(&Month) -> Size>;

fn count(of: fn(&Month) -> u32) -> OfMonth {
    Box::new(move |month| Size::count(of(month)))
}

fn fen(of: fn(&Month) -> i64) -> OfMonth {
    Box::new(move |month| Size::money(of(month)))
}

fn sums(draft: &mut Own<'_>, found: &Year) {
    let total = |of: fn(&Month) -> i64| found.months.iter().map(of).fold(0, i64::saturating_add);
    let rows = [
        ("year-orders", found.orders.len().to_string()),
        ("year-disputes", found.disputed.len().to_string()),
        ("year-paid", money(&draft.words, total(|month| month.paid_fen))),
        ("year-disputed", money(&draft.words, total(|month| month.disputed_fen))),
        ("year-refunded", money(&draft.words, total(|month| month.refunded_fen))),
    ];
    let rows = rows.map(|(key, value)| (draft.word(key), vec![Span::Text(value)])).to_vec();
    draft.fields(rows);
}

/// A column for each month, a row of columns for each number.
fn by_month(draft: &mut Own<'_>, found: &Year, title: &str, unit: &str, of: &[(&str, OfMonth)]) {
    let bars = (1..).zip(&found.months).map(|(no, month)| Bar {
        label: draft.word(&format!("month-{no}")),
        sizes: of.iter().map(|(_, size)| size(month)).collect(),
    });
    let plot = Plot {
        title: draft.word(title),
        unit: draft.word(unit),
        shape: Shape::Columns,
        labels: draft.word("year-month"),
        series: of.iter().map(|(key, _)| draft.word(key)).collect(),
        bars: bars.collect(),
        alt: String::new(),
    };
    let plot = plot.spoken(&draft.words);
    draft.push(Block::Plot(plot));
}

/// What went wrong, how it ended, how soon it was answered.
fn disputes(draft: &mut Own<'_>, found: &Year) {
    if found.disputed.is_empty() {
        draft.para(draft.word("year-no-dispute"));
        return;
    }
    let rows = found.scenarios.iter().map(|(scenario, count)| {
        let name = scenario.map(|one| draft.words.pick(&Table::get().row(one).name).to_owned());
        (name.unwrap_or_else(|| draft.word("unknown-word")), Size::count(*count))
    });
    let rows = rows.collect();
    bars(draft, ["year-scenarios", "unit-disputes", "merchant-wrong"], rows);
    endings(draft, found.endings);
    let rows = replies(draft, &found.replies);
    draft.fields(rows);
}

/// What the numbers say to do better; nothing else.
fn better(draft: &mut Own<'_>, found: &Year) {
    draft.heading(1, draft.word("year-better"));
    let short = &found.shortfalls;
    let disputes = found.disputed.len().to_string();
    let mut lines = Vec::new();
    for (key, count, of) in [
        ("better-fixed-late", short.fixed_late, short.fixed_of.to_string()),
        ("better-without-amount", short.without_amount, found.orders.len().to_string()),
        ("better-without-legal-name", short.without_legal_name, disputes.clone()),
        ("better-without-notice", short.without_notice, disputes.clone()),
        ("better-unanswered", short.unanswered, disputes),
    ] {
        if count > 0 {
            lines.push(draft.say(key, &[("count", &count.to_string()), ("of", &of)]));
        }
    }
    for (key, fen) in [("better-unproved", short.unproved_fen), ("better-to-balance", short.to_balance_fen)] {
        if fen > 0 {
            lines.push(draft.say(key, &[("sum", &money(&draft.words, fen))]));
        }
    }
    for (name, count) in &short.repeated {
        let values = [("merchant", mask_text(name)), ("count", count.to_string())];
        lines.push(draft.say("better-repeated", &[("merchant", &values[0].1), ("count", &values[1].1)]));
    }
    if lines.is_empty() {
        draft.para(draft.word("better-nothing"));
        return;
    }
    let items = lines.into_iter().map(|line| vec![Span::Text(line)]).collect();
    draft.push(Block::List { numbered: false, items });
}
