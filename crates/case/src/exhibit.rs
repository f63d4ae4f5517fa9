//! An exhibit: fixed evidence in its role in one order.

use jiff::Timestamp;
use serde::Serialize;
use sigu_evidence::{ItemId, ItemManifest};

/// One of the four fixations 四固定 (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FixationKind {
    /// 交易记录
    Transaction,
    /// 商品描述
    Description,
    /// 沟通内容
    Communication,
    /// 交付结果
    Delivery,
}

impl FixationKind {
    /// The four, in the order of the article.
    pub const ALL: [Self; 4] = [Self::Transaction, Self::Description, Self::Communication, Self::Delivery];
}

/// What a piece of evidence shows in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The platform's order page (S12).
    Transaction,
    /// The payment voucher 支付凭证 (S13).
    Voucher,
    /// The product page: copy, specification, after-sale promises (S15).
    Description,
    /// Dialogue with the merchant or customer service (S17).
    Chat,
    /// What was delivered and the state it was in (S19).
    Delivery,
    /// A screen recording from reveal to result (S20).
    Recording,
    /// Anything else.
    Other,
}

impl Slot {
    /// All slots.
    pub const ALL: [Self; 7] = [
        Self::Transaction,
        Self::Voucher,
        Self::Description,
        Self::Chat,
        Self::Delivery,
        Self::Recording,
        Self::Other,
    ];

    /// Returns the slot's name in stored events and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::Voucher => "voucher",
            Self::Description => "description",
            Self::Chat => "chat",
            Self::Delivery => "delivery",
            Self::Recording => "recording",
            Self::Other => "other",
        }
    }

    /// Finds the slot with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.code() == code)
    }

    /// Returns the fixation the slot belongs to; `Other` belongs to none.
    pub const fn fixation(self) -> Option<FixationKind> {
        match self {
            Self::Transaction | Self::Voucher => Some(FixationKind::Transaction),
            Self::Description => Some(FixationKind::Description),
            Self::Chat => Some(FixationKind::Communication),
            Self::Delivery | Self::Recording => Some(FixationKind::Delivery),
            Self::Other => None,
        }
    }
}

/// What is left of an exhibit's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExhibitContent {
    /// The item is kept; this is what it says of itself.
    Kept(ItemManifest),
    /// The content was erased, or what the leaf said of it can no longer be read.
    Erased,
}

/// Fixed evidence in its role in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// The leaf that fixed it.
    pub item: ItemId,
    /// What it shows.
    pub slot: Slot,
    /// When it was fixed, by the device's clock.
    pub fixed_at: Timestamp,
    /// When it came into being (a page was shown, a file was made), where the user said so.
    pub formed_at: Option<Timestamp>,
    /// The user's note.
    pub note: Option<String>,
    /// The content.
    pub content: ExhibitContent,
}

impl Exhibit {
    /// Returns the manifest unless the content was erased.
    pub fn manifest(&self) -> Option<&ItemManifest> {
        match &self.content {
            ExhibitContent::Kept(manifest) => Some(manifest),
            ExhibitContent::Erased => None,
        }
    }
}

impl Serialize for Exhibit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Exhibit", 6)?;
        out.serialize_field("item", &self.item)?;
        out.serialize_field("slot", &self.slot)?;
        out.serialize_field("fixed_at", &self.fixed_at.to_string())?;
        out.serialize_field("formed_at", &self.formed_at.map(|at| at.to_string()))?;
        out.serialize_field("note", &self.note.as_deref().map(sigu_evidence::mask_text))?;
        out.serialize_field("erased", &self.manifest().is_none())?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_found_by_its_code() {
        for slot in Slot::ALL {
            assert_eq!(Slot::from_code(slot.code()), Some(slot));
        }
    }
}
