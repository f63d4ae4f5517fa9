//! Which texts of an order can be found, and what each of them is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_evidence::{Fields, ItemId, mask_text};

use crate::coded::coded;
use crate::report::{ItemDescribed, Kind, Logged, MerchantNoted, Report};
use crate::{Direction, Exhibit, Message, Order, OrderFacts, State};

coded! {
    /// What a text that was found is.
    Part {
        /// The label of an order.
        Label = "label",
        /// A product.
        Title = "title",
        /// A merchant.
        Merchant = "merchant",
        /// A platform.
        Platform = "platform",
        /// The number of an order, a payment, a complaint or a licence.
        Number = "number",
        /// Someone's name.
        Name = "name",
        /// The name of a file.
        File = "file",
        /// What may be seen of a card secret.
        Masked = "masked",
        /// The caption of a piece of evidence.
        Caption = "caption",
        /// What a piece of evidence is to prove.
        Proves = "proves",
        /// An address.
        Address = "address",
        /// Words that a page showed.
        Shown = "shown",
        /// What the other side said.
        Heard = "heard",
        /// What the buyer said.
        Said = "said",
        /// A promise.
        Promise = "promise",
        /// What was chosen on the form of a complaint or appeal.
        Appeal = "appeal",
        /// What a body decided.
        Answer = "answer",
        /// Why something cannot be had, or what a claim rests on.
        Reason = "reason",
        /// A note.
        Note = "note",
    }
}

/// The fields of reports that can be found. A field that is not named here cannot.
const FIELDS: [(&str, Part); 22] = [
    ("party.name", Part::Name),
    ("party.legal_name", Part::Name),
    ("party.licence", Part::Number),
    ("payment.txn", Part::Number),
    ("payment.merchant_order_no", Part::Number),
    ("payment.payee", Part::Name),
    ("payment.product", Part::Title),
    ("promise.text", Part::Promise),
    ("observed.text", Part::Shown),
    ("item.url", Part::Address),
    ("item.caption", Part::Caption),
    ("item.proves", Part::Proves),
    ("capture.url", Part::Address),
    ("capture.title", Part::Shown),
    ("step.category", Part::Appeal),
    ("step.reference", Part::Number),
    ("decision.text", Part::Answer),
    ("need.reason", Part::Reason),
    ("claim.basis", Part::Reason),
    ("coverage.issuer", Part::Name),
    ("coverage.condition", Part::Note),
    ("note", Part::Note),
];

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Target {
    /// The facts of the order itself.
    Order,
    /// A piece of evidence.
    Exhibit(ItemId),
    /// A message.
    Message(ItemId),
    /// Something reported.
    Report(ItemId),
    /// A merchant, by name.
    Merchant(String),
}

/// The texts of one leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The leaf they stand in; `None` for the facts of an order, which are known by its first leaf.
    pub leaf: Option<ItemId>,
    /// What they are about.
    pub target: Target,
    /// When it happened, was said, or was fixed.
    pub at: Timestamp,
    /// The texts, card secrets masked.
    pub texts: Vec<(Part, String)>,
}

/// Gathers the texts of one passage; empty ones are left out.
#[derive(Default)]
struct Texts(Vec<(Part, String)>);

impl Texts {
    /// Adds words: card secrets in them are masked.
    fn words(&mut self, part: Part, text: Option<&str>) {
        let text = text.filter(|text| !text.trim().is_empty());
        // A number that somebody gave as one is no card secret, whatever it looks like.
        let shown = |text: &str| if part == Part::Number { text.to_owned() } else { mask_text(text) };
        self.0.extend(text.map(|text| (part, shown(text))));
    }

    fn passage(self, leaf: Option<ItemId>, target: Target, at: Timestamp) -> Option<Passage> {
        (!self.0.is_empty()).then_some(Passage { leaf, target, at, texts: self.0 })
    }
}

/// Returns the texts of an order that can be found. What was erased has none, nor has what was said of it.
pub fn passages(order: &Order) -> Vec<Passage> {
    let erased: BTreeSet<ItemId> =
        order.exhibits.iter().filter(|one| one.manifest().is_none()).map(|one| one.item).collect();
    let stale = amended(order);
    let facts = facts(order.id.as_str(), &order.facts, order.opened_at);
    let exhibits = order.exhibits.iter().filter_map(exhibit);
    let messages = order.messages.iter().filter_map(message);
    let reports = order.reports.iter().filter_map(|logged| report(logged, &erased, &stale));
    facts.into_iter().chain(exhibits).chain(messages).chain(reports).collect()
}

/// Returns the texts that belong to no order: what was noted of merchants.
pub fn house_passages(state: &State) -> Vec<Passage> {
    let notes =
        state.house().iter().filter_map(|logged| Some((logged.item, MerchantNoted::of(&logged.report)?)));
    let passage = |(item, noted): (ItemId, &MerchantNoted)| {
        let mut texts = Texts::default();
        texts.words(Part::Merchant, Some(&noted.merchant));
        texts.words(Part::Note, noted.note.as_deref());
        texts.passage(Some(item), Target::Merchant(noted.merchant.clone()), noted.at)
    };
    notes.filter_map(passage).collect()
}

fn facts(label: &str, facts: &OrderFacts, at: Timestamp) -> Option<Passage> {
    let mut texts = Texts::default();
    texts.0.push((Part::Label, label.to_owned()));
    texts.words(Part::Title, facts.title.as_deref());
    texts.words(Part::Merchant, facts.merchant.as_deref());
    texts.words(Part::Platform, facts.platform.as_deref());
    texts.words(Part::Number, facts.order_no.as_deref());
    texts.words(Part::Number, facts.internal_no.as_deref());
    texts.passage(None, Target::Order, facts.created_at.or(facts.paid_at).unwrap_or(at))
}

fn exhibit(exhibit: &Exhibit) -> Option<Passage> {
    let manifest = exhibit.manifest()?;
    let mut texts = Texts::default();
    if manifest.secret {
        // The name of the file may be the secret itself.
        texts.words(Part::Masked, manifest.masked.as_deref());
    } else {
        texts.words(Part::File, manifest.file_name.as_deref());
    }
    texts.words(Part::Note, exhibit.note.as_deref());
    let at = exhibit.formed_at.unwrap_or(exhibit.fixed_at);
    texts.passage(Some(exhibit.item), Target::Exhibit(exhibit.item), at)
}

fn message(message: &Message) -> Option<Passage> {
    let part = match message.direction {
        Direction::In => Part::Heard,
        Direction::Out => Part::Said,
    };
    let mut texts = Texts::default();
    texts.words(part, message.text.as_deref());
    texts.passage(Some(message.item), Target::Message(message.item), message.said_at)
}

/// The fields of descriptions that a later description of the same item replaced, by leaf.
fn amended(order: &Order) -> BTreeSet<(ItemId, &'static str)> {
    let mut last: BTreeMap<(ItemId, &'static str), ItemId> = BTreeMap::new();
    let mut stale = BTreeSet::new();
    for (leaf, one) in order.of_kind::<ItemDescribed>() {
        let said = [("item.url", &one.url), ("item.caption", &one.caption), ("item.proves", &one.proves)];
        for (name, _) in said.into_iter().filter(|(_, text)| text.is_some()) {
            stale.extend(last.insert((one.item, name), leaf).map(|before| (before, name)));
        }
    }
    stale
}

fn report(
    logged: &Logged,
    erased: &BTreeSet<ItemId>,
    stale: &BTreeSet<(ItemId, &'static str)>,
) -> Option<Passage> {
    let target = match &logged.report {
        Report::ItemDescribed(one) if erased.contains(&one.item) => return None,
        Report::ItemDescribed(one) => Target::Exhibit(one.item),
        Report::CaptureMade(one) if erased.contains(&one.record) => return None,
        Report::CaptureMade(one) => Target::Exhibit(one.record),
        _ => Target::Report(logged.item),
    };
    let mut fields = Fields::new();
    // What no field can hold was refused when it was decided.
    let _ = logged.report.put(&mut fields);
    let mut texts = Texts::default();
    for (name, part) in FIELDS {
        if !stale.contains(&(logged.item, name)) {
            texts.words(part, fields.text(name));
        }
    }
    texts.passage(Some(logged.item), target, logged.report.at())
}
