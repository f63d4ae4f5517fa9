//! Measures appends to the log, for `bench/run.sh`: the tree alone, single durable commits, and large batches.
//!
//! `bench_append FOLDER LEAVES SECONDS SINGLES` works in FOLDER, which must not exist, stops the batches after SECONDS,
//! and prints one JSON object.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and its arguments")]

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use sigu_case::{Channel, Command, Direction, OrderFacts, OrderId};
use sigu_evidence::Identity;
use sigu_ledger::{Hash, RightEdge, leaf_hash};
use sigu_vault::{Disk, KeyFile, Places, Vault, create, os_entropy};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Orders opened in a batch, and messages recorded in each: 1,000 leaves.
const ORDERS: u64 = 100;
const MESSAGES: u64 = 9;
const BATCH: u64 = ORDERS * (1 + MESSAGES);
/// Orders that single messages go to in turn.
const SINGLE_ORDERS: u64 = 200;
const TREE: u64 = 1_000_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, leaves, seconds, singles] = arguments.as_slice() else {
        return Err("usage: bench_append FOLDER LEAVES SECONDS SINGLES".into());
    };
    let folder = Path::new(folder);
    let answer = json!({
        "tree": tree(),
        "singles": one_by_one(&folder.join("singles"), singles.parse()?)?,
        "batches": in_batches(&folder.join("batches"), leaves.parse()?, Duration::from_secs(seconds.parse()?))?,
    });
    println!("{answer}");
    Ok(())
}

/// The tree alone: leaf hashes appended, changed tiles taken every 1,000, the root at the end.
fn tree() -> Value {
    let start = Instant::now();
    let hashes: Vec<Hash> = (0..TREE).map(|number| leaf_hash(&number.to_be_bytes())).collect();
    let hashing_s = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let mut edge = RightEdge::new();
    let mut tiles = 0;
    for batch in hashes.chunks(BATCH as usize) {
        batch.iter().for_each(|hash| edge.append(*hash));
        tiles += edge.take_changed().len();
    }
    let root = edge.root().to_string();
    json!({ "leaves": TREE, "hash_s": hashing_s, "append_s": start.elapsed().as_secs_f64(), "tiles": tiles, "root": root })
}

struct House {
    places: Places,
    identity: Identity,
}

impl House {
    fn new(folder: &Path) -> Outcome<(Self, Vault)> {
        let places = Places { vault: folder.join("vault"), state: folder.join("state") };
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let vault = create(&places, identity.clone(), &key, Timestamp::now(), Disk::default())?.vault;
        Ok((Self { places, identity }, vault))
    }
}

fn label(number: u64) -> Outcome<OrderId> {
    Ok(format!("B{number}").parse()?)
}

fn open_order(number: u64) -> Outcome<Command> {
    let facts = OrderFacts { title: Some("100 元点卡".to_owned()), ..OrderFacts::default() };
    Ok(Command::OpenOrder { order: label(number)?, facts })
}

fn message(order: u64, number: u64, said_at: Timestamp) -> Outcome<Command> {
    Ok(Command::RecordMessage {
        order: label(order)?,
        said_at,
        direction: Direction::In,
        channel: Channel::Platform,
        text: format!("第 {number} 条：卡密无效，请在平台内补发或退款，谢谢。"),
        detail: sigu_case::MessageDetail::default(),
    })
}

/// One message, one durable commit, again and again.
fn one_by_one(folder: &Path, count: u64) -> Outcome<Value> {
    let (_, vault) = House::new(folder)?;
    let now = Timestamp::now();
    vault.execute((0..SINGLE_ORDERS).map(open_order).collect::<Outcome<_>>()?, now)?;
    let mut took = Vec::new();
    for number in 0..count {
        let command = message(number % SINGLE_ORDERS, number, now)?;
        let start = Instant::now();
        vault.execute(vec![command], now)?;
        took.push(start.elapsed().as_secs_f64());
    }
    vault.close()?;
    let total: f64 = took.iter().sum();
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get((took.len() * share / 100).min(took.len().saturating_sub(1))).copied();
    Ok(json!({ "commits": count, "total_s": total, "median_s": at(50), "p99_s": at(99) }))
}

/// Batches of 1,000 leaves, each one durable commit, until there are enough or the time is over.
fn in_batches(folder: &Path, leaves: u64, budget: Duration) -> Outcome<Value> {
    let (house, vault) = House::new(folder)?;
    let now = Timestamp::now();
    let (mut written, mut rates) = (0, Vec::new());
    let begun = Instant::now();
    while written < leaves && begun.elapsed() < budget {
        let first = written / BATCH * ORDERS;
        let mut commands = Vec::with_capacity(BATCH as usize);
        for order in first..first + ORDERS {
            commands.push(open_order(order)?);
            for number in 0..MESSAGES {
                commands.push(message(order, number, now)?);
            }
        }
        let start = Instant::now();
        written += vault.execute(commands, now)?.len() as u64;
        rates.push(BATCH as f64 / start.elapsed().as_secs_f64());
    }
    let total = begun.elapsed().as_secs_f64();
    let tenth = (rates.len() / 10).max(1).min(rates.len());
    let mean = |part: &[f64]| part.len() as f64 / part.iter().map(|rate| rate.recip()).sum::<f64>();
    let (early, late) = (mean(&rates[..tenth]), mean(&rates[rates.len() - tenth..]));
    let start = Instant::now();
    vault.close()?;
    let close_s = start.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(house.places.vault.join("vault.db"))?.len();
    // What a single command pays on a vault of this size: open, check the seal, append, close, seal.
    let start = Instant::now();
    let vault = Vault::open(&house.places, &house.identity, Disk::default())?;
    vault.execute(vec![message(0, 0, now)?], now)?;
    vault.close()?;
    Ok(json!({
        "leaves": written, "total_s": total, "early_per_s": early, "late_per_s": late,
        "close_s": close_s, "db_bytes": bytes, "one_command_s": start.elapsed().as_secs_f64(),
    }))
}
