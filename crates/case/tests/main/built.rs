//! Small orders built by hand, for engines that read views.

use jiff::Timestamp;
use sigu_case::report::{
    Body, ItemDescribed, Logged, NeedWaived, ObservationMade, Observed, PayChannel, PaymentSeen, Place,
    Report, StepTaken, Waived,
};
use sigu_case::{
    Channel, Direction, Exhibit, ExhibitContent, House, ItemId, Message, Order, OrderFacts, Slot, State,
    View, dialogue,
};
use sigu_evidence::{ContentId, ItemManifest, Source};

use crate::made::{item, label, time};

/// A wall time of Asia/Shanghai.
pub(crate) fn wall(text: &str) -> Timestamp {
    time(&format!("{text}+08:00"))
}

/// The payment of [`Built::new`].
pub(crate) const PAID: &str = "2026-09-20T13:00:00";

/// An order in the making.
#[derive(Clone)]
pub(crate) struct Built {
    pub(crate) order: Order,
    next: u64,
}

impl Built {
    /// Paid at [`PAID`], nothing else known but number, amount and names.
    pub(crate) fn new() -> Self {
        let facts = OrderFacts {
            title: Some("墨池写作 专业版激活码".into()),
            order_no: Some("20260920130000001".into()),
            amount_fen: Some(12_800),
            merchant: Some("橙壳数卡".into()),
            profile: Some("qs".into()),
            created_at: Some(wall("2026-09-20T12:59:00")),
            paid_at: Some(wall(PAID)),
            ..OrderFacts::default()
        };
        Self { order: Order::new(label("A"), wall("2026-09-20T13:01:00"), facts), next: 1 }
    }

    fn place(&mut self) -> ItemId {
        self.next += 1;
        item(self.next)
    }

    /// A picture fixed within the first hour.
    pub(crate) fn picture(&mut self, slot: Slot) -> ItemId {
        self.file(slot, "image/png", wall("2026-09-20T14:00:00"))
    }

    pub(crate) fn file(&mut self, slot: Slot, media_type: &str, fixed_at: Timestamp) -> ItemId {
        let item = self.place();
        let manifest = ItemManifest {
            content: ContentId::of(media_type.as_bytes()),
            size: 19,
            media_type: media_type.into(),
            file_name: None,
            source: Source::File,
            modified_at: None,
            secret: false,
            masked: None,
        };
        let content = ExhibitContent::Kept(manifest);
        self.order.exhibits.push(Exhibit {
            item,
            slot,
            fixed_at,
            formed_at: Some(fixed_at),
            note: None,
            content,
        });
        item
    }

    pub(crate) fn exhibit(&mut self, item: ItemId) -> &mut Exhibit {
        self.order.exhibits.iter_mut().find(|exhibit| exhibit.item == item).unwrap()
    }

    pub(crate) fn say(&mut self, direction: Direction, channel: Channel, at: &str, text: &str) -> ItemId {
        let (item, said_at) = (self.place(), wall(at));
        let detail = dialogue::detail(direction, text, said_at);
        let text = Some(text.to_owned());
        self.order.messages.push(Message {
            item,
            recorded_at: said_at,
            said_at,
            direction,
            channel,
            text,
            detail,
        });
        item
    }

    pub(crate) fn report(&mut self, report: impl Into<Report>) -> ItemId {
        let (item, report) = (self.place(), report.into());
        self.order.reports.push(Logged { item, recorded_at: report.at(), report });
        item
    }

    /// Describes an item; `with` fills what is to be said.
    pub(crate) fn describe(&mut self, item: ItemId, with: impl FnOnce(&mut ItemDescribed)) {
        let mut described = ItemDescribed {
            at: wall("2026-09-20T14:10:00"),
            order: label("A"),
            item,
            form: None,
            parts: Vec::new(),
            url: None,
            clock_off_s: None,
            continuous: None,
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        };
        with(&mut described);
        self.report(described);
    }

    pub(crate) fn pay(&mut self, proof: Option<ItemId>, with: impl FnOnce(&mut PaymentSeen)) -> ItemId {
        let mut payment = PaymentSeen {
            at: wall(PAID),
            order: label("A"),
            channel: PayChannel::Alipay,
            txn: Some("2026092022001412345678901234".into()),
            merchant_order_no: None,
            payee: Some("橙壳数字工作室".into()),
            payer: None,
            amount_fen: Some(12_800),
            product: None,
            proof,
        };
        with(&mut payment);
        self.report(payment)
    }

    pub(crate) fn observe(
        &mut self,
        at: &str,
        state: Observed,
        place: Place,
        proof: Option<ItemId>,
    ) -> ItemId {
        let (at, order) = (wall(at), label("A"));
        self.report(ObservationMade { at, order, state, place, text: None, since: None, count: None, proof })
    }

    pub(crate) fn step(&mut self, at: &str, body: Body, category: Option<&str>) -> ItemId {
        let (at, order, category) = (wall(at), label("A"), category.map(str::to_owned));
        self.report(StepTaken { at, order, body, category, reference: None, claim_fen: None, proof: None })
    }

    pub(crate) fn waive(&mut self, need: Waived, reason: &str) {
        let (at, order) = (wall("2026-09-20T15:00:00"), label("A"));
        self.report(NeedWaived { at, order, need, reason: reason.into() });
    }

    /// Looks at it ten days later.
    pub(crate) fn look<T>(&self, with: impl FnOnce(&View<'_>) -> T) -> T {
        let house = House::of(&State::default());
        with(&View::new(&self.order, &house, wall("2026-09-30T00:00:00")))
    }
}
