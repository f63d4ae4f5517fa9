//! Where a fact is known from: kinds of sources, who holds them, and which are independent.

use jiff::SignedDuration;
use serde::Serialize;

use super::score::between;
use super::{FactCode, Rung, item, table};
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::described::{Described, exhibits};
use crate::platform::SellerType;
use crate::report::Part;
use crate::{Channel, Exhibit, ItemId, Message, View};

coded! {
    /// A kind of source (§5.1 (7)).
    SourceKind {
        /// 店铺页面
        ShopPage = "shop_page",
        /// 平台页面
        PlatformPage = "platform_page",
        /// 支付账单
        PaymentBill = "payment_bill",
        /// 官方发行方
        Issuer = "issuer",
        /// 电子邮件
        Email = "email",
        /// 平台内聊天
        PlatformChat = "platform_chat",
        /// 平台外聊天
        OffPlatformChat = "off_platform_chat",
        /// 自己的记录: the buyer's own word (S9).
        OwnNote = "own_note",
        /// 机构处理结果
        Official = "official",
    }
}

coded! {
    /// Who holds a source: two of one holder are not independent.
    Holder {
        /// 商家
        Merchant = "merchant",
        /// 平台
        Platform = "platform",
        /// 支付机构
        PaymentInstitution = "payment_institution",
        /// 发行方
        Issuer = "issuer",
        /// 邮件服务商
        MailProvider = "mail_provider",
        /// 聊天软件, as the buyer's device shows it.
        Messenger = "messenger",
        /// 买家自己
        Buyer = "buyer",
        /// 机构
        Authority = "authority",
    }
}

impl SourceKind {
    /// Returns the kind's name, from `data/strength.toml`.
    pub fn text(self) -> &'static Bilingual {
        &table::get().kind(self).name
    }
}

/// One source of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// What kind.
    pub kind: SourceKind,
    /// Who holds it.
    pub holder: Holder,
    /// The piece of evidence or the message; `None` for what was only typed.
    pub item: Option<ItemId>,
}

/// The sources of one fact, each once, with how soon the soonest was fixed.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) sources: Vec<Source>,
    pub(super) disagreeing: Vec<Source>,
    /// The least delay of the sources that are not own notes.
    pub(super) delay: Option<SignedDuration>,
}

/// A source with the delay of its fixing.
pub(super) type Dated = (Source, Option<SignedDuration>);

impl Found {
    pub(super) fn add(&mut self, (source, delay): Dated) {
        if self.sources.contains(&source) {
            return;
        }
        self.sources.push(source);
        self.delay = [self.delay, delay].into_iter().flatten().min();
    }

    pub(super) fn disagree(&mut self, (source, _): Dated) {
        if !self.disagreeing.contains(&source) {
            self.disagreeing.push(source);
        }
    }

    /// How many holders other than the buyer bear it out.
    pub(super) fn independent(&self) -> usize {
        let mut holders: Vec<Holder> = self.sources.iter().map(|source| source.holder).collect();
        holders.retain(|holder| *holder != Holder::Buyer);
        holders.sort();
        holders.dedup();
        holders.len()
    }
}

/// What the buyer only typed.
pub(super) fn typed() -> Dated {
    (Source { kind: SourceKind::OwnNote, holder: Holder::Buyer, item: None }, None)
}

/// A source of a kind; in a shop of one merchant the platform is the merchant.
fn source(view: &View<'_>, kind: SourceKind, item: ItemId) -> Source {
    let own_shop = matches!(view.profile.seller_type, SellerType::T1 | SellerType::T3 | SellerType::T6);
    let holder = match table::get().kind(kind).holder {
        Holder::Platform if own_shop => Holder::Merchant,
        holder => holder,
    };
    Source { kind, holder, item: Some(item) }
}

/// What a report rests on: a piece of evidence of the claimed kind, a message, or the buyer's word.
pub(super) fn proof(view: &View<'_>, proof: Option<ItemId>, claimed: SourceKind) -> Dated {
    let Some(proof) = proof else { return typed() };
    let exhibit = view.order.exhibits.iter().find(|one| one.item == proof && one.manifest().is_some());
    if let Some(exhibit) = exhibit {
        return of_exhibit(view, exhibit, &Described::exhibit(view, exhibit), claimed);
    }
    let message = view.order.messages.iter().find(|one| one.item == proof && one.text.is_some());
    message.map_or_else(typed, |message| said(view, message))
}

/// What one typed oneself stays one's own word, whatever it copies (R6).
fn of_exhibit(view: &View<'_>, exhibit: &Exhibit, described: &Described, claimed: SourceKind) -> Dated {
    let (rung, _) = item::rung(exhibit, described);
    let decided = !described.implied && described.parts.contains(&Part::Decision);
    let kind = match rung {
        Rung::S0 => SourceKind::OwnNote,
        _ if decided => SourceKind::Official,
        _ => claimed,
    };
    let delay = item::delay(view, exhibit).filter(|_| kind != SourceKind::OwnNote);
    (source(view, kind, exhibit.item), delay)
}

/// A line of dialogue, by its channel; an oral one is the buyer's word (S9).
pub(super) fn said(view: &View<'_>, message: &Message) -> Dated {
    let kind = match message.channel {
        Channel::Platform => SourceKind::PlatformChat,
        Channel::Email => SourceKind::Email,
        Channel::OffPlatform => SourceKind::OffPlatformChat,
        Channel::Oral => SourceKind::OwnNote,
    };
    let delay = between(message.said_at, message.recorded_at);
    (source(view, kind, message.item), (kind != SourceKind::OwnNote).then_some(delay))
}

/// The pieces of evidence whose parts bear a fact out.
pub(super) fn shown(view: &View<'_>, fact: FactCode) -> Vec<Dated> {
    let mut found = Vec::new();
    for (exhibit, described) in exhibits(view) {
        let rows = table::get().shows.iter().filter(|row| described.parts.contains(&row.part));
        for row in rows.filter(|row| row.facts.contains(&fact)) {
            found.push(of_exhibit(view, exhibit, &described, row.kind));
        }
    }
    found
}
