//! Fills a vault with many orders through the real write path, for `bench/desk.sh`.
//!
//! `bench_orders FOLDER ORDERS ITEMS` makes FOLDER/vault with its machine's memory in FOLDER/state, puts ORDERS orders into it
//! with ITEMS pieces of evidence and messages together, and prints one JSON object.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and its arguments")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sigu_case::report::{PayChannel, PaymentSeen};
use sigu_case::{Channel, Command, Direction, GoodsKind, OrderFacts, OrderId, Slot};
use sigu_evidence::{Identity, ItemManifest};
use sigu_vault::{Disk, Ingested, KeyFile, Places, Source, Vault, create, os_entropy};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Orders in one commit.
const BATCH: u64 = 500;
/// Contents of their own in each order; its other pieces of evidence show the same again.
const CONTENTS: u64 = 2;
const GOODS: [&str; 8] = [
    "王者荣耀点券",
    "腾讯视频会员年卡",
    "Steam 充值卡",
    "网易邮箱账号",
    "办公软件激活码",
    "原神月卡",
    "音乐会员季卡",
    "话费充值",
];
const SAID: [&str; 8] = [
    "您好，卡密无效，提示已被使用，请尽快处理",
    "亲，请稍等，正在为您核实",
    "依据平台规则第三条，无效卡密应当补发或者退款",
    "已经提交给上级，二十四小时内答复",
    "我这边测试是好的，不退不换",
    "请提供兑换时的截图和订单号",
    "付款成功以后一直没有发货",
    "可以补发一张，请确认收货",
];
const FILES: [&str; 5] = ["订单页面.png", "商品描述.png", "付款凭证.png", "聊天记录.png", "兑换失败提示.png"];
const SLOTS: [Slot; 5] = [Slot::Transaction, Slot::Description, Slot::Voucher, Slot::Chat, Slot::Delivery];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, orders, items] = arguments.as_slice() else {
        return Err("usage: bench_orders FOLDER ORDERS ITEMS".into());
    };
    let (folder, orders, items): (&Path, u64, u64) = (Path::new(folder), orders.parse()?, items.parse()?);
    let places = Places { vault: folder.join("vault"), state: folder.join("state") };
    let identity = Identity::generate(&mut os_entropy);
    let vault =
        create(&places, identity.clone(), &KeyFile::Plain(identity), Timestamp::now(), Disk::default())?
            .vault;
    let begun = Instant::now();
    for first in (0..orders).step_by(usize::try_from(BATCH)?) {
        fill(&vault, first..(first + BATCH).min(orders), items / orders)?;
    }
    vault.close()?;
    let database = std::fs::metadata(places.vault.join("vault.db"))?.len();
    let answer = json!({
        "orders": orders, "items": items, "contents": orders * CONTENTS,
        "fill_s": begun.elapsed().as_secs_f64(), "database_bytes": database,
    });
    println!("{answer}");
    Ok(())
}

fn fill(vault: &Vault, orders: std::ops::Range<u64>, items: u64) -> Outcome<()> {
    let texts = orders.clone().flat_map(|order| (0..CONTENTS).map(move |part| (order, part)));
    let sources =
        texts.map(|(order, part)| Source::Bytes(format!("订单 {order} 的第 {part} 份").into_bytes()));
    let taken = vault.ingest(sources.collect(), &|_| {})?;
    let taken: Vec<Ingested> =
        taken.into_iter().collect::<Result<_, _>>().map_err(|fault| format!("{fault:?}"))?;
    let now = Timestamp::now();
    let mut commands = Vec::new();
    for (number, contents) in orders.zip(taken.chunks(usize::try_from(CONTENTS)?)) {
        // Bought over the last hundred days, so that some clocks run and most are over.
        let paid = now - SignedDuration::from_mins(i64::try_from(60 + number * 14)?);
        of_one(number, items, paid, contents, &mut commands)?;
    }
    vault.execute(commands, now)?;
    Ok(())
}

fn of_one(
    number: u64,
    items: u64,
    paid: Timestamp,
    contents: &[Ingested],
    commands: &mut Vec<Command>,
) -> Outcome<()> {
    let order: OrderId = format!("K{number}").parse()?;
    let pick = |all: u64| usize::try_from(number % all).unwrap_or(0);
    let facts = OrderFacts {
        title: Some(format!("{} {} 元", GOODS[pick(8)], 10 + number % 90)),
        goods: Some(GoodsKind::ALL[pick(5)]),
        order_no: Some(format!("2026{:012}", (number + 1) * 791_904_729 % 1_000_000_000_000)),
        amount_fen: Some(1_000 + i64::try_from(number % 9_000)?),
        merchant: Some(format!("店铺{}号数卡", number % 300)),
        paid_at: Some(paid),
        delivered_at: Some(paid + SignedDuration::from_mins(1)),
        ..OrderFacts::default()
    };
    commands.push(Command::OpenOrder { order: order.clone(), facts });
    let evidence = items * 3 / 5;
    for one in 0..evidence {
        let at = usize::try_from(one)?;
        let taken = &contents[at % contents.len()];
        commands.push(Command::FixEvidence {
            order: order.clone(),
            slot: SLOTS[at % 5],
            formed_at: None,
            note: None,
            manifest: ItemManifest {
                content: taken.content,
                size: taken.size,
                media_type: "text/plain".to_owned(),
                file_name: Some(format!("{number}-{one}-{}", FILES[at % 5])),
                source: sigu_evidence::Source::File,
                modified_at: None,
                secret: false,
                masked: None,
            },
        });
    }
    for one in 0..items - evidence {
        let at = usize::try_from(one + number)?;
        commands.push(Command::RecordMessage {
            order: order.clone(),
            said_at: paid + SignedDuration::from_mins(i64::try_from(2 + one)?),
            direction: if one % 2 == 0 { Direction::Out } else { Direction::In },
            channel: Channel::Platform,
            text: format!("{}，第 {number} 单", SAID[at % SAID.len()]),
            detail: sigu_case::MessageDetail::default(),
        });
    }
    let payment = PaymentSeen {
        at: paid,
        order,
        channel: PayChannel::Alipay,
        // As scattered as such numbers are.
        txn: Some(format!("20260801220014{:014}", (number + 1) * 7_919_104_729_301 % 100_000_000_000_000)),
        merchant_order_no: None,
        payee: Some(format!("店铺{}号网络科技有限公司", number % 300)),
        payer: None,
        amount_fen: None,
        product: None,
        proof: None,
    };
    commands.push(Command::Report(payment.into()));
    Ok(())
}
