//! Kill it anywhere: after each kill `check` is clean, what was acknowledged is there, and nothing is half there.

use std::collections::BTreeSet;
use std::process::Stdio;

use crate::process::Home;

/// How often to kill; more with `make crash N=`.
fn runs() -> usize {
    std::env::var("SIGU_CRASH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(200)
}

/// A small generator of numbers, so that a failing run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// Starts a command and kills it after that many microseconds; returns what it had acknowledged.
fn killed(home: &Home, args: &[&str], micros: u64) -> Vec<u8> {
    let mut child =
        home.command(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let mut out = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut out, &mut bytes).expect("a pipe that ends");
        drop(done);
        bytes
    });
    // Either the time is over, or the command has ended and closed its output.
    let _ = wait.recv_timeout(std::time::Duration::from_micros(micros));
    let _ = child.kill();
    let _ = child.wait();
    reader.join().expect("the reader ends with the pipe")
}

/// The items an order shows, with the digests of their contents.
fn items(home: &Home) -> BTreeSet<String> {
    let order = home.json(&["order", "show", "K"]);
    let exhibits = order["order"]["exhibits"].as_array().expect("exhibits").clone();
    let messages = order["order"]["messages"].as_array().expect("messages").clone();
    exhibits.iter().chain(&messages).map(|one| one["item"].as_str().expect("a place").to_owned()).collect()
}

/// What a command acknowledged on standard output, if it came to that.
fn acknowledged(out: &[u8]) -> Vec<String> {
    let Ok(answer) = serde_json::from_slice::<serde_json::Value>(out) else { return Vec::new() };
    let fixed = answer["fixed"].as_array().into_iter().flatten().map(|one| one["item"].clone());
    fixed.chain([answer["item"].clone()]).filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

#[test]
fn what_was_acknowledged_survives_being_killed_at_random_moments() {
    let home = Home::with_vault();
    home.good(&["order", "new", "K", "--paid", "2026-09-21 14:30"]);
    std::fs::create_dir(home.path().join("many")).expect("a folder");
    for number in 0..12 {
        home.file(&format!("many/{number}.txt"), format!("content {number}").repeat(50));
    }
    home.file("big.bin", vec![7; 5 << 20]);
    let commands: [&[&str]; 3] = [
        &["fix", "many", "--order", "K", "--as", "other", "--json"],
        &["fix", "big.bin", "--order", "K", "--as", "recording", "--json"],
        &[
            "message",
            "add",
            "--order",
            "K",
            "--at",
            "2026-09-21 15:00",
            "--from-me",
            "--via",
            "platform",
            "请处理",
            "--json",
        ],
    ];
    // Moments up to twice the time a command takes here, so that they lie on both sides of its answer on any machine.
    let spans = commands.map(|command| {
        let start = std::time::Instant::now();
        home.good(command);
        u64::try_from(start.elapsed().as_micros()).expect("microseconds of a command fit") * 2
    });
    let mut dice = Dice(0x5157_5535_7a91_c3d1);
    let mut kept = BTreeSet::new();
    let (mut answered, runs) = (0, runs());
    for run in 0..runs {
        let command = commands[run % commands.len()];
        let said = acknowledged(&killed(&home, command, 200 + dice.roll(spans[run % commands.len()])));
        answered += usize::from(!said.is_empty());
        kept.extend(said);
        // Every tenth time all contents are read; each time the log, the names and the sizes are compared.
        let check: &[&str] =
            if run % 10 == 9 || run + 1 == runs { &["check", "--read-data"] } else { &["check"] };
        let report = home.exits(0, check);
        let there = items(&home);
        let lost: Vec<&String> = kept.difference(&there).collect();
        assert!(lost.is_empty(), "run {run}: lost {lost:?}\n{report}");
    }
    println!("{runs} kills, {answered} of them after the answer, {} items kept", kept.len());
    assert!(
        answered > 0 && answered < runs,
        "the moments must lie on both sides of the answer: {answered} of {runs}"
    );
    home.good(&["rebuild"]);
    home.good(&["check", "--read-data"]);
}

#[test]
fn a_vault_is_made_whole_or_not_at_all() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    for _ in 0..20 {
        let home = Home::new();
        killed(&home, &["init", "--no-passphrase", "--vault", "v", "--json"], dice.roll(40_000));
        if home.path().join("v").exists() {
            home.good(&["check", "--vault", "v"]);
        } else {
            home.good(&["init", "--no-passphrase", "--vault", "v"]);
        }
    }
}
