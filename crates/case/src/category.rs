//! What to choose in a complaint form: canonical categories, and a platform's words for them (S38–S40, D2).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::platform::{OwnCategory, Profile};
use crate::scenario::{RightChoice, Scenario, Table, WrongChoice};

coded! {
    /// A canonical appeal category (domain §4). The last four are wrong unless a form leaves no choice.
    Category {
        /// 商品质量问题
        GoodsQuality = "goods_quality",
        /// 违规交易
        ViolatingTrade = "violating_trade",
        /// 未收到货/未到账
        NotReceived = "not_received",
        /// 描述不符
        NotAsDescribed = "not_as_described",
        /// 少发/部分发货
        ShortDelivery = "short_delivery",
        /// 账号找回/售后异常
        AccountRecovered = "account_recovered",
        /// 价格/收费争议
        PriceDispute = "price_dispute",
        /// 未经授权支付
        UnauthorizedPayment = "unauthorized_payment",
        /// 违禁商品举报
        IllegalGoods = "illegal_goods",
        /// 服务态度/拒绝售后
        RefusalOfService = "refusal_of_service",
        /// 其他
        Other = "other",
        /// 物流延迟: never right for digital goods (S39).
        LogisticsDelay = "logistics_delay",
        /// 七天无理由: digital goods are excluded (L-CPL-25).
        NoReasonReturn = "no_reason_return",
        /// 不会使用: turns a defect into the buyer's question.
        HowToUse = "how_to_use",
        /// 拍错/不想要: turns a defect into the buyer's change of mind.
        ChangedMind = "changed_mind",
    }
}

/// What the data says of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryText {
    /// Which category.
    pub code: Category,
    /// Its name.
    pub name: Bilingual,
    /// When it fits, or why it does not.
    pub hint: Bilingual,
    /// Whether it is wrong by default (domain §4).
    #[serde(default)]
    pub wrong_by_default: bool,
    /// Whether it is wrong for every digital good, so that every advice warns of it (S39).
    #[serde(default)]
    pub never: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoriesFile {
    category: Vec<CategoryText>,
}

static TEXTS: LazyLock<Vec<CategoryText>> = LazyLock::new(|| {
    let file: CategoriesFile = toml::from_str(include_str!("../data/categories.toml"))
        .expect("data/categories.toml is checked by its tests");
    file.category
});

impl Category {
    /// Returns name and hint of this category, from `data/categories.toml`.
    pub fn text(self) -> &'static CategoryText {
        TEXTS
            .iter()
            .find(|text| text.code == self)
            .expect("data/categories.toml has every category, checked by its tests")
    }
}

/// A tempting choice that weakens the complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongAdvice {
    /// The canonical category; `None` when it is a way of arguing and not a category.
    pub category: Option<Category>,
    /// The platform's own entry for it, where the form has one.
    pub on_platform: Option<OwnCategory>,
    /// What the form or the user calls it.
    pub label: Bilingual,
    /// Why not.
    pub why: Bilingual,
}

/// What to choose on this platform, and what not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryAdvice {
    /// The right canonical categories, best first.
    pub canonical: Vec<Category>,
    /// The entry of the platform's own form; `None` where there is none, see `not_mapped_reason`.
    pub on_platform: Option<OwnCategory>,
    /// Further entries that may fit, in order; the user's facts decide.
    pub alternatives: Vec<OwnCategory>,
    /// Whether the content of the goods decides between `on_platform` and the alternatives.
    pub choose_by_content: bool,
    /// Why this category.
    pub why: Vec<Bilingual>,
    /// Common wrong choices.
    pub wrong: Vec<WrongAdvice>,
    /// Why the form has nothing that fits; `None` when `on_platform` is there.
    pub not_mapped_reason: Option<Bilingual>,
}

/// Advises which category to choose for `scenario` in the complaint form of `profile` (S38).
///
/// Where the profile knows no entry, the canonical categories stay and the reason says why. Whether the form
/// is open to this buyer is another question: see [`Profile::takes_complaints`].
pub fn advise(scenario: Scenario, profile: &Profile) -> CategoryAdvice {
    let row = Table::get().row(scenario);
    let mut why: Vec<Bilingual> = row.right.iter().map(reason).collect();
    let mut entries = Vec::new();
    let mut choose_by_content = false;
    for mapping in row.right.iter().flat_map(|right| profile.mappings(right.category, scenario)) {
        let Some(own) = profile.own_category(&mapping.own) else { continue };
        if !entries.contains(own) {
            entries.push(own.clone());
            choose_by_content |= mapping.by_content;
            why.extend(mapping.note.clone());
        }
    }
    let canonical: Vec<Category> = row.right.iter().map(|right| right.category).collect();
    let not_mapped_reason = entries.is_empty().then(|| profile.unmapped_reason(&canonical));
    let wrong = wrong(row.wrong.iter(), &canonical, profile, &entries);
    let mut entries = entries.into_iter();
    CategoryAdvice {
        canonical,
        on_platform: entries.next(),
        alternatives: entries.collect(),
        choose_by_content,
        why,
        wrong,
        not_mapped_reason,
    }
}

fn reason(right: &RightChoice) -> Bilingual {
    right.when.clone().unwrap_or_else(|| right.category.text().hint.clone())
}

/// The row's wrong choices, and those no digital good ever fits.
fn wrong<'a>(
    listed: impl Iterator<Item = &'a WrongChoice>,
    right: &[Category],
    profile: &Profile,
    entries: &[OwnCategory],
) -> Vec<WrongAdvice> {
    let mut found: Vec<WrongAdvice> =
        listed.map(|choice| wrong_advice(choice.category, &choice.label, &choice.why, profile)).collect();
    for text in TEXTS.iter().filter(|text| text.never && !right.contains(&text.code)) {
        if !found.iter().any(|one| one.category == Some(text.code)) {
            found.push(wrong_advice(Some(text.code), &None, &text.hint, profile));
        }
    }
    for one in &mut found {
        // A small form may put a right and a wrong category under one entry; then the entry is right.
        one.on_platform = one.on_platform.take().filter(|own| !entries.contains(own));
    }
    found
}

fn wrong_advice(
    category: Option<Category>,
    label: &Option<Bilingual>,
    why: &Bilingual,
    profile: &Profile,
) -> WrongAdvice {
    let on_platform = category.and_then(|category| profile.plain_entry(category)).cloned();
    let label = label
        .clone()
        .or_else(|| on_platform.as_ref().map(|own| own.name.clone()))
        .or_else(|| category.map(|category| category.text().name.clone()))
        .unwrap_or_default();
    WrongAdvice { category, on_platform, label, why: why.clone() }
}
