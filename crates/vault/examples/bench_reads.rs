//! Where the time of a page goes: what the desk reads of a vault that `bench_orders` filled, step by step.
//!
//! `bench_reads FOLDER RUNS` prints one JSON object: for each step the median and the 95th percentile in milliseconds.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and its arguments")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sigu_case::House;
use sigu_case::dossier::{Figures, dossiers_of};
use sigu_vault::{Agenda, Disk, KeyFile, OrderSummary, Places, Vault, read_key_file};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Steps {
    runs: usize,
    all: Map<String, Value>,
}

impl Steps {
    fn of<T>(&mut self, name: &str, mut step: impl FnMut() -> Outcome<T>) -> Outcome<()> {
        let mut times = Vec::new();
        for _ in 0..self.runs {
            let begun = Instant::now();
            let done = step()?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            drop(done);
        }
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            (times[(times.len() * percent / 100).min(times.len() - 1)] * 100.0).round() / 100.0
        };
        self.all.insert(name.to_owned(), json!([at(50), at(95)]));
        Ok(())
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, runs] = arguments.as_slice() else { return Err("usage: bench_reads FOLDER RUNS".into()) };
    let folder = Path::new(folder);
    let places = Places { vault: folder.join("vault"), state: folder.join("state") };
    let KeyFile::Plain(identity) = read_key_file(&places.vault)? else {
        return Err("not a plain key".into());
    };
    let open = || Ok::<_, Box<dyn Error>>(Vault::open(&places, &identity, Disk::default())?);
    let mut steps = Steps { runs: runs.parse()?, all: Map::new() };
    steps.of("open", open)?;
    steps.of("open, clocks of all orders", || Ok(open()?.agendas()?))?;
    steps.of("open, lines of all orders", || Ok(open()?.orders()?))?;
    steps.of("open, sheet of clocks, whole", || Ok(open()?.sheet::<Agenda>(None)?))?;
    steps.of("open, sheet of lines, whole", || Ok(open()?.sheet::<OrderSummary>(None)?))?;
    let figures = open()?.sheet::<Figures>(None)?;
    steps.of("open, sheet of figures, whole", || Ok(open()?.sheet::<Figures>(None)?))?;
    let (agendas, lines) = (open()?.sheet::<Agenda>(None)?, open()?.sheet::<OrderSummary>(None)?);
    steps.of("open, sheet of clocks, nothing new", || Ok(open()?.sheet(Some(&agendas))?))?;
    steps.of("open, log, 40 entries", || Ok(open()?.log(Some(40))?))?;
    steps.of("open, what belongs to no order", || Ok(open()?.house()?))?;
    steps.of("open, one order", || Ok(open()?.order(&"K4321".parse()?)?))?;
    steps.of("search, one character, lines at hand", || {
        Ok(open()?.search_among("原", 50, || Ok(lines.clone()))?)
    })?;
    let house = House::of(&open()?.house()?);
    steps
        .of("merchants summed from figures", || Ok(dossiers_of(&house, figures.lines(), Timestamp::now())))?;
    println!("{}", Value::Object(steps.all));
    Ok(())
}
