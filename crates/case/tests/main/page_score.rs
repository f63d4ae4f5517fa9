//! Holds what the recogniser reads in the pages of `fixtures/` against what each page shows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use sigu_case::recognise::{
    DeliverySense, Field, Hints, OrderState, Readable, Reading, Recognised, Value, readable, recognise,
};

/// What a page shows, as its `.expect.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(rename = "note")]
    _note: String,
    #[serde(rename = "url")]
    _url: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
    #[serde(default)]
    absent: Absent,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Absent {
    #[serde(default)]
    fields: Vec<String>,
}

/// The fields that are counted; the state and the cards are counted beside them.
const FIELDS: &[(&str, Field)] = &[
    ("order_no", Field::OrderNo),
    ("product_name", Field::ProductName),
    ("qty", Field::Quantity),
    ("amount_paid_fen", Field::AmountPaid),
    ("unit_price_fen", Field::UnitPrice),
    ("created_at", Field::CreatedAt),
    ("paid_at", Field::PaidAt),
    ("delivered_at", Field::DeliveredAt),
    ("pay_method", Field::PayMethod),
    ("delivery_mode", Field::DeliveryMode),
    ("contact", Field::Contact),
    ("charge_account", Field::ChargeAccount),
    ("merchant_id", Field::MerchantId),
];
const AMOUNTS: &[&str] = &["amount_paid_fen", "unit_price_fen"];

/// How often a field was read rightly, wrongly, or not at all.
#[derive(Default, Clone, Copy)]
pub(crate) struct Tally {
    right: usize,
    wrong: usize,
    missing: usize,
    sure_wrong: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missing += other.missing;
        self.sure_wrong += other.sure_wrong;
    }

    /// Right ones among all that were claimed.
    pub(crate) fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Right ones among all that a page shows; a wrong claim of a shown value counts in `missing` as well.
    pub(crate) fn recall(&self) -> f64 {
        share(self.right, self.right + self.missing)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// One folder's result.
#[derive(Default)]
pub(crate) struct Report {
    fields: BTreeMap<String, Tally>,
    /// How many pages were read.
    pub(crate) pages: usize,
    /// Every miss in a line of its own.
    pub(crate) misses: Vec<String>,
}

impl Report {
    /// Reads every page of a folder with an expectation beside it; an absent folder has no pages.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut report = Self::default();
        for expect in expectations(folder) {
            report.page(&expect, folder);
        }
        report
    }

    /// All fields together.
    pub(crate) fn total(&self) -> Tally {
        let mut all = Tally::default();
        self.fields.values().for_each(|one| all.add(*one));
        all
    }

    /// How many wrong amounts were presented as sure.
    pub(crate) fn sure_wrong_amounts(&self) -> usize {
        AMOUNTS.iter().filter_map(|name| self.fields.get(*name)).map(|one| one.sure_wrong).sum()
    }

    /// The result as a table in Markdown.
    pub(crate) fn table(&self, title: &str) -> String {
        let mut out = format!("## {title}: {} pages\n\n", self.pages);
        out.push_str("| field | right | wrong | missing | precision | recall | sure but wrong |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        let all = ("**all**".to_owned(), self.total());
        let rows = self.fields.iter().map(|(name, one)| (name.clone(), *one)).chain([all]);
        for (name, one) in rows {
            let (precision, recall) = (one.precision(), one.recall());
            let Tally { right, wrong, missing, sure_wrong } = one;
            writeln!(
                out,
                "| {name} | {right} | {wrong} | {missing} | {precision:.3} | {recall:.3} | {sure_wrong} |"
            )
            .expect("a String takes all");
        }
        out
    }

    fn page(&mut self, expect_path: &Path, folder: &Path) {
        let text = std::fs::read_to_string(expect_path).expect("the expectation is readable");
        let expect: Expect =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", expect_path.display()));
        let page_path = page_of(expect_path);
        let page = std::fs::read(&page_path).expect("the page is readable");
        let found = recognise(&page, &Hints::default());
        let source = readable(&page, &Hints::default());
        let name = page_path.strip_prefix(folder).unwrap_or(&page_path).display().to_string();
        self.pages += 1;
        for (field, kind) in FIELDS {
            let reading = found.best(*kind).filter(|one| one.value.is_read());
            let right = |wanted: &toml::Value| reading.is_some_and(|one| fits(one, wanted, &source));
            let claim = Claim {
                claimed: reading.is_some(),
                sure: found.sure(*kind).is_some(),
                shown: reading.map_or(String::new(), |one| format!("{:?} ({})", one.value, one.label)),
            };
            self.count(&name, field, &expect, claim, &right);
        }
        self.state(&name, &expect, &found);
        self.cards(&name, &expect, &found);
    }

    fn state(&mut self, name: &str, expect: &Expect, found: &Recognised) {
        let shown = found.state.map(state_name);
        // One state of ours: a shop calls an order nobody paid closed or expired.
        let same = |wanted: &str| shown == Some(if wanted == "Expired" { "Closed" } else { wanted });
        let right = |wanted: &toml::Value| wanted.as_str().is_some_and(same);
        let unknown = found.state.is_none_or(|state| state == OrderState::Unknown);
        let claimed = !unknown || expect.fields.get("status").is_some_and(right);
        let shown = shown.unwrap_or_default().to_owned();
        self.count(
            name,
            "status",
            expect,
            Claim { claimed, sure: claimed && found.sure(Field::Status).is_some(), shown },
            &right,
        );
    }

    fn cards(&mut self, name: &str, expect: &Expect, found: &Recognised) {
        let cards = found.delivery.as_ref().filter(|one| one.sense == DeliverySense::Cards);
        let count = cards.map_or(0, |one| one.count);
        let right = |wanted: &toml::Value| wanted.as_integer() == i64::try_from(count).ok();
        let claimed = count > 0 || expect.fields.get("secrets").is_some_and(right);
        self.count(
            name,
            "secrets",
            expect,
            Claim { claimed, sure: claimed, shown: count.to_string() },
            &right,
        );
    }

    fn count(
        &mut self,
        page: &str,
        field: &str,
        expect: &Expect,
        claim: Claim,
        right: &dyn Fn(&toml::Value) -> bool,
    ) {
        let tally = self.fields.entry(field.to_owned()).or_default();
        let wanted = expect.fields.get(field);
        let unsure_is_fine = expect.absent.fields.iter().any(|one| one == field) && !claim.sure;
        match wanted {
            Some(wanted) if right(wanted) => return tally.right += 1,
            None if !claim.claimed || unsure_is_fine => return,
            Some(_) => tally.missing += 1,
            None => {}
        }
        if claim.claimed {
            tally.wrong += 1;
            tally.sure_wrong += usize::from(claim.sure);
        }
        let wanted = wanted.map_or("nothing".to_owned(), |one| format!("{one:?}"));
        let sure = if claim.claimed && claim.sure { ", sure" } else { "" };
        self.misses.push(format!("{page}: {field} is {wanted}, read as {}{sure}", claim.shown));
    }
}

/// What the recogniser says of a field.
struct Claim {
    claimed: bool,
    sure: bool,
    shown: String,
}

fn expectations(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(expectations(&path));
        } else if path.to_string_lossy().ends_with(".expect.toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn page_of(expect: &Path) -> PathBuf {
    let text = expect.to_string_lossy();
    let stem = text.trim_end_matches(".expect.toml");
    let page = ["html", "json"].map(|kind| PathBuf::from(format!("{stem}.{kind}")));
    page.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{stem} has no page"))
}

/// The state's name in `.expect.toml`.
fn state_name(state: OrderState) -> &'static str {
    match state {
        OrderState::Unknown => "Unknown",
        OrderState::Unpaid => "Unpaid",
        OrderState::PaidPendingDelivery => "PaidPendingDelivery",
        OrderState::Processing => "Processing",
        OrderState::PartiallyDelivered => "PartiallyDelivered",
        OrderState::Delivered => "Delivered",
        OrderState::Completed => "Completed",
        OrderState::Closed => "Closed",
        OrderState::Failed => "Failed",
        OrderState::Abnormal => "Abnormal",
        OrderState::RefundPending => "RefundPending",
        OrderState::RefundedToBalance => "RefundedToBalance",
        OrderState::RefundedClaimed => "RefundedClaimed",
    }
}

fn fits(reading: &Reading, wanted: &toml::Value, source: &Readable<'_>) -> bool {
    match &reading.value {
        Value::AmountFen(fen) => wanted.as_integer() == Some(*fen),
        Value::Quantity(count) => wanted.as_integer() == Some(i64::from(*count)),
        Value::Instant(moment) => {
            wanted.as_str().and_then(|text| text.parse::<Timestamp>().ok()) == Some(moment.at)
        }
        // The page's own text behind a mask counts as well.
        Value::Text(text) | Value::Masked(text) => {
            let raw = source.reveal(&reading.span).unwrap_or_default();
            wanted.as_str().is_some_and(|wanted| [text, raw].iter().any(|one| same(one, wanted)))
        }
        _ => false,
    }
}

fn same(left: &str, right: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    plain(left) == plain(right)
}
