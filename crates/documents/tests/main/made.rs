//! The example cases, recorded as the vault would, with the words of their evidence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sigu_case::history::{History, HistoryContent};
use sigu_case::report::{PartyNamed, PayChannel, PaymentSeen, Report, Role, RuleCaptured};
use sigu_case::{
    Command, Event, House, ItemId, Order, OrderFacts, OrderId, Recorded, Slot, State, View, decide,
};
use sigu_documents::{
    Case, Kind, Lang, LogHead, Made, Overview, Refused, Wishes, of_merchant, of_order, of_rules, of_year,
};
use sigu_evidence::{ContentId, ItemManifest, Source};

const CASES: &str = include_str!("../../../case/tests/main/cases.yaml");

/// When everything here was logged.
pub(crate) const NOW: &str = "2026-11-22T08:00:00Z";

/// Orders in one state, with the content of every item.
#[derive(Default)]
pub(crate) struct Cases {
    state: State,
    contents: BTreeMap<ItemId, Vec<u8>>,
    logged_at: BTreeMap<ItemId, Timestamp>,
    pub(crate) wishes: Wishes,
    pub(crate) log: Option<LogHead>,
}

fn at() -> Timestamp {
    NOW.parse().unwrap()
}

/// Where a log stands; the signature is not checked here.
pub(crate) fn log_head() -> LogHead {
    let checkpoint = "sigu/v1/mfrggzdfmztwq2lk\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — sigu/v1/mfrggzdfmztwq2lk \
        Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    LogHead { fingerprint: "3f0c".repeat(16), checkpoint: checkpoint.to_owned() }
}

pub(crate) fn manifest(bytes: &[u8], media_type: &str, name: Option<&str>) -> ItemManifest {
    ItemManifest {
        content: ContentId::of(bytes),
        size: bytes.len() as u64,
        media_type: media_type.into(),
        file_name: name.map(Into::into),
        source: Source::File,
        modified_at: None,
        secret: false,
        masked: None,
    }
}

/// A text without a name.
pub(crate) fn plain(text: &str) -> ItemManifest {
    manifest(text.as_bytes(), "text/plain", None)
}

impl Cases {
    /// The five example cases, recorded as the vault would.
    pub(crate) fn told() -> Self {
        let history = History::parse(CASES, at()).unwrap();
        let texts: Vec<String> = history
            .evidence()
            .map(|one| match &one.content {
                HistoryContent::Noted(text) => text.clone(),
                HistoryContent::File(name) => panic!("the cases have no files: {name}"),
            })
            .collect();
        let by_digest: BTreeMap<ContentId, &String> =
            texts.iter().map(|text| (ContentId::of(text.as_bytes()), text)).collect();
        let manifests = texts.iter().map(|text| Some(plain(text))).collect();
        let mut told = Self { log: Some(log_head()), ..Self::default() };
        history.commands(ItemId::new(1, 1), manifests).iter().for_each(|command| told.tell(command));
        let exhibits = told.state.orders().flat_map(|order| &order.exhibits);
        told.contents = exhibits
            .filter_map(|one| {
                let text = by_digest.get(&one.manifest()?.content)?;
                Some((one.item, text.as_bytes().to_vec()))
            })
            .collect();
        told
    }

    /// The second case with everything that offices ask for.
    pub(crate) fn complete() -> Self {
        let mut told = Self::told();
        let (at, order) = (at(), order_id("C02"));
        let party = |role, name: &str, address: &str, contact: &str| PartyNamed {
            at,
            order: order.clone(),
            role,
            name: None,
            legal_name: Some(name.into()),
            address: Some(address.into()),
            contact: Some(contact.into()),
            licence: None,
            proof: None,
        };
        told.report(party(Role::Buyer, "林小满", "云州市白塔区柳巷 8 号", "138 0000 0000"));
        told.report(party(
            Role::Merchant,
            "云州市青石区橙壳数字工作室（个体工商户）",
            "云州市青石区石桥路 20 号",
            "service@orangeshell.test",
        ));
        told.fix(
            "C02",
            Slot::Transaction,
            "订单 K7Q2M9XA4T0RB6ZD 墨池写作 专业版激活码(永久) 128.00 元 已完成",
        );
        told.fix("C02", Slot::Description, "墨池写作 专业版激活码，永久有效，支持官方在线激活");
        let voucher = told.fix("C02", Slot::Voucher, "支付宝 橙壳数字工作室 -128.00 交易成功");
        told.report(PaymentSeen {
            at: "2026-09-20T13:02:40+08:00".parse().unwrap(),
            order: order.clone(),
            channel: PayChannel::Alipay,
            txn: Some("2026092022001412345678901234".into()),
            merchant_order_no: Some("K7Q2M9XA4T0RB6ZD".into()),
            payee: Some("橙壳数字工作室".into()),
            payer: None,
            amount_fen: Some(12_800),
            product: Some("墨池写作 专业版激活码(永久)".into()),
            proof: Some(voucher),
        });
        for (seen, words) in [("2026-09-19", "无效激活码全额退款"), ("2026-10-05", "无效激活码退款 80%")]
        {
            let snapshot = told.fix("C02", Slot::Other, words);
            told.report(RuleCaptured {
                at: format!("{seen}T10:00:00+08:00").parse().unwrap(),
                platform: "dujiaoka".into(),
                title: "售后规则".into(),
                article: "3".into(),
                text: Some(words.into()),
                in_force_from: None,
                in_force_to: None,
                published_on: None,
                snapshot: Some(snapshot),
            });
        }
        told.wishes.court = Some("云州市白塔区人民法院".into());
        told
    }

    /// One order of which only this is known.
    pub(crate) fn one(id: &str, facts: OrderFacts) -> Self {
        let mut one = Self::default();
        one.tell(&Command::OpenOrder { order: order_id(id), facts });
        one
    }

    /// Does one more thing and returns its place.
    pub(crate) fn also(&mut self, command: Command) -> ItemId {
        self.tell(&command);
        self.newest()
    }

    /// Tells one thing more.
    pub(crate) fn tell(&mut self, command: &Command) {
        for event in decide(&self.state, command, at()).unwrap() {
            let item = ItemId::new(1, self.logged_at.len() as u64 + 1);
            self.state.apply(Recorded { item, at: at(), event: Event::clone(&event) });
            self.logged_at.insert(item, at());
        }
    }

    fn newest(&self) -> ItemId {
        ItemId::new(1, self.logged_at.len() as u64)
    }

    /// Fixes a file and returns its place.
    pub(crate) fn fix_file(
        &mut self,
        id: &str,
        slot: Slot,
        (name, kind): (&str, &str),
        bytes: Vec<u8>,
    ) -> ItemId {
        let item = self.fix_as(id, slot, manifest(&bytes, kind, Some(name)));
        self.contents.insert(item, bytes);
        item
    }

    /// Reports something of an order.
    pub(crate) fn report(&mut self, report: impl Into<Report>) -> ItemId {
        self.also(Command::Report(report.into()))
    }

    /// Fixes a text as an exhibit.
    pub(crate) fn fix(&mut self, id: &str, slot: Slot, text: &str) -> ItemId {
        let item = self.fix_as(id, slot, plain(text));
        self.contents.insert(item, text.as_bytes().to_vec());
        item
    }

    /// Fixes something of which only the description counts.
    pub(crate) fn fix_as(&mut self, id: &str, slot: Slot, manifest: ItemManifest) -> ItemId {
        let (order, formed_at, note) = (order_id(id), None, None);
        self.also(Command::FixEvidence { order, slot, formed_at, note, manifest })
    }

    pub(crate) fn order(&self, id: &str) -> &Order {
        self.state.order(&order_id(id)).unwrap()
    }

    pub(crate) fn merchant(&self, id: &str, lang: Lang) -> Result<Made, Refused> {
        self.over(|all| of_merchant(all, &order_id(id), lang))
    }

    pub(crate) fn year(&self, year: i16, lang: Lang) -> Result<Made, Refused> {
        self.over(|all| of_year(all, year, lang))
    }

    pub(crate) fn rules(&self, lang: Lang) -> Result<Made, Refused> {
        self.over(|all| of_rules(all, lang))
    }

    fn over(&self, make: impl Fn(&Overview<'_>) -> Result<Made, Refused>) -> Result<Made, Refused> {
        let house = House::of(&self.state);
        make(&Overview {
            orders: self.state.orders().collect(),
            house: &house,
            now: at(),
            logged_at: &self.logged_at,
        })
    }

    pub(crate) fn paper(&self, id: &str, kind: Kind, lang: Lang) -> Result<Made, Refused> {
        self.paper_of(self.state.order(&order_id(id)).unwrap(), kind, lang)
    }

    pub(crate) fn paper_of(&self, order: &Order, kind: Kind, lang: Lang) -> Result<Made, Refused> {
        let house = House::of(&self.state);
        let view = View::new(order, &house, at());
        let content = |item: ItemId| self.contents.get(&item).cloned();
        let others: Vec<Order> = self.state.orders().filter(|one| one.id != order.id).cloned().collect();
        let case = Case {
            view: &view,
            content: &content,
            logged_at: &self.logged_at,
            wishes: &self.wishes,
            others: &others,
            log: self.log.clone(),
        };
        of_order(kind, &case, lang)
    }
}

pub(crate) fn order_id(id: &str) -> OrderId {
    id.parse().unwrap()
}

/// Keeps a paper below the build's folder, for other programs to read and for people to look at.
#[allow(clippy::disallowed_methods, reason = "a file of a test need not be durable")]
pub(crate) fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
