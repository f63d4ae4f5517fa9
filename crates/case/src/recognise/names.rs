//! Whether two spellings name the same company: 橙壳数字工作室 is 云州市青石区橙壳数字工作室(个体工商户).

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::table;

#[derive(Deserialize)]
struct Table {
    provinces: Vec<String>,
    legal_forms: Vec<String>,
    not_regions: Vec<String>,
}

static NAMES: LazyLock<Table> =
    LazyLock::new(|| table::parse(include_str!("../../data/recognise/names.toml")));
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| table::pattern(r"[(\[【〔][^)\]】〕]{0,40}[)\]】〕]"));
static REGION: LazyLock<Regex> = LazyLock::new(|| table::pattern(r"^.{2,7}?(?:自治区|省|市|区|县)"));
/// A name has at least this many characters once regions and forms are dropped.
const MIN_CORE: usize = 2;
/// Longer texts are no names.
const MAX_NAME: usize = 120;

/// Tells whether two company names are the same but for region, legal form, brackets and width.
///
/// A `*` in a payee's name, as bills mask it, stands for one character, if at least two others are there.
/// Names of different shops with one word in common do not match. Source: domain dossier 2.8, 7.1.
#[must_use]
pub fn names_match(a: &str, b: &str) -> bool {
    let (left, right) = (core(a), core(b));
    if left.is_empty() || right.is_empty() {
        return false;
    }
    left == right || fits_stars(&left, &right) || fits_stars(&right, &left)
}

fn core(name: &str) -> String {
    let name = table::fold(table::shorten(name, MAX_NAME));
    let name = BRACKETS.replace_all(&name, "");
    let keep = |c: &char| c.is_alphanumeric() || *c == '*';
    let mut rest: String = name.chars().filter(keep).collect();
    for province in &NAMES.provinces {
        rest = shorter(&rest, rest.strip_prefix(province.as_str()));
    }
    // Province, city and district.
    for _ in 0..3 {
        rest = shorter(&rest, REGION.find(&rest).filter(is_region).map(|region| &rest[region.end()..]));
    }
    for form in &NAMES.legal_forms {
        rest = shorter(&rest, rest.strip_suffix(form.as_str()));
    }
    rest
}

fn is_region(found: &regex::Match<'_>) -> bool {
    !NAMES.not_regions.iter().any(|word| found.as_str().ends_with(word.as_str()))
}

/// The shortened name, if it still names something.
fn shorter(name: &str, shortened: Option<&str>) -> String {
    shortened.filter(|rest| rest.chars().count() >= MIN_CORE).unwrap_or(name).to_owned()
}

fn fits_stars(starred: &str, name: &str) -> bool {
    let stars = starred.chars().filter(|c| *c == '*').count();
    let shown = starred.chars().count() - stars;
    stars > 0
        && shown >= MIN_CORE
        && starred.chars().count() == name.chars().count()
        && starred.chars().zip(name.chars()).all(|(left, right)| left == '*' || left == right)
}
