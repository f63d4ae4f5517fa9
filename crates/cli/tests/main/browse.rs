//! The evidence browser from end to end: a purchase in the practice shop becomes four fixations and a recording, by
//! the real program and a real browser, with a scripted buyer who clicks and types.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use sigu_capture::clock::Deadline;
use sigu_capture::hands::Hands;
use sigu_practice_shop::{CardState, Knobs, Settings, Shop, Skin};

use crate::process::Home;

/// A vault with an order, and the evidence browser open at an address.
pub(crate) struct Desk {
    pub(crate) home: Home,
    browser: Child,
    profile: PathBuf,
}

impl Desk {
    fn open(url: &str) -> Self {
        let home = Home::with_vault();
        home.good(&["order", "new", "P1", "--goods", "point-card"]);
        Self::at(home, &[url, "--order", "P1"])
    }

    pub(crate) fn at(home: Home, own: &[&str]) -> Self {
        let command = Self::command(&home, own);
        Self::begun(home, command)
    }

    /// The evidence browser without a window, at an address.
    fn command(home: &Home, own: &[&str]) -> Command {
        let flags = ["--headless", "--no-sandbox", "--browser-flag=--remote-debugging-port=0"];
        let args: Vec<&str> = ["browse"].into_iter().chain(own.iter().copied()).chain(flags).collect();
        let mut command = home.command(&args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn begun(home: Home, command: Command) -> Self {
        let profile = home.path().join(".local/state/sigu/browser");
        Self::spawned(home, command, profile)
    }

    /// The evidence browser with these arguments and variables; `profile` is where the browser's own folder is.
    pub(crate) fn started(home: Home, own: &[&str], variables: &[(&str, &str)], profile: PathBuf) -> Self {
        let args: Vec<&str> = ["browse"].into_iter().chain(own.iter().copied()).collect();
        let mut command = home.command(&args);
        command.envs(variables.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null());
        Self::spawned(home, command, profile)
    }

    fn spawned(home: Home, mut command: Command, profile: PathBuf) -> Self {
        let browser = command.spawn().unwrap();
        let desk = Self { home, browser, profile };
        desk.wait("the door", || desk.state("browse.json").is_file().then_some(()));
        desk
    }

    fn state(&self, name: &str) -> PathBuf {
        self.home.path().join(".local/state/sigu").join(name)
    }

    pub(crate) fn wait<T>(&self, what: &str, mut there: impl FnMut() -> Option<T>) -> T {
        let deadline = Deadline::after(Duration::from_secs(30));
        loop {
            if let Some(found) = there() {
                return found;
            }
            assert!(!deadline.passed(), "waited half a minute for {what}");
            std::thread::yield_now();
        }
    }

    /// Lets the buyer do steps; gives what the last `say` read.
    pub(crate) fn buyer(&self, steps: &[&str]) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let profile = self.profile.clone();
        runtime.block_on(async {
            let mut hands = Hands::at(&profile).await.unwrap();
            let mut said = String::new();
            for step in steps {
                said =
                    hands.step(step).await.unwrap_or_else(|error| panic!("{step}: {error}")).unwrap_or(said);
            }
            said
        })
    }

    pub(crate) fn fix(&self, slot: &str) -> Value {
        self.home.json(&["capture", "--as", slot])
    }

    fn pieces(&self) -> usize {
        logged(&self.home, "recording.piece")
    }

    fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(self.browser.id().cast_signed()).unwrap();
        kill_process(process, signal).unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.end();
    }
}

impl Desk {
    /// Asks the program to end, waits for it, and gives the home.
    pub(crate) fn ended(mut self) -> Home {
        self.end();
        std::mem::replace(&mut self.home, Home::new())
    }

    fn end(&mut self) {
        if matches!(self.browser.try_wait(), Ok(Some(_))) {
            return;
        }
        // It closes its browser and ends by itself; where it is gone already there is nothing to end.
        if let (Ok(None), Some(process)) =
            (self.browser.try_wait(), Pid::from_raw(self.browser.id().cast_signed()))
        {
            let _ = kill_process(process, Signal::TERM);
        }
        let _ = self.browser.wait();
    }
}

fn shop() -> Shop {
    let knobs = Knobs { card: CardState::Used, ..Knobs::default() };
    Shop::start_on_thread(Settings { skin: Skin::Qs, knobs, ..Settings::default() }).unwrap()
}

/// How many entries of a kind the log has.
fn logged(home: &Home, kind: &str) -> usize {
    let log = home.json(&["log"]);
    log["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).count()
}

fn codes(fixed: &Value, list: &str) -> Vec<String> {
    let list = fixed[list].as_array().into_iter().flatten();
    list.filter_map(|one| one["code"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_purchase_becomes_four_fixations_and_a_recording_in_one_take() {
    let shop = shop();
    let desk = Desk::open(&shop.url("/links/1"));
    desk.buyer(&["wait .goods-name"]);
    let product = desk.fix("auto");
    assert_eq!(product["slot"], "description");
    assert_eq!(codes(&product, "gaps"), [""; 0], "{product}");

    let number = desk.buyer(&[
        "fill input[name=contact] 12345678",
        "click form.qs-panel button.btn-primary",
        "say .cashier dd:nth-of-type(2)",
    ]);
    desk.buyer(&["click a.qr", "click #pay", "wait #transaction_id"]);
    assert_eq!(desk.fix("auto")["slot"], "voucher");

    desk.buyer(&[&format!("goto {}", shop.url(&format!("/order?orderId={number}"))), "wait .trade-no"]);
    let page = desk.fix("transaction");
    let fields = page["recognised"]["page"]["fields"].as_array().unwrap();
    let order_no = fields.iter().find(|one| one["field"] == "order_no").unwrap();
    assert_eq!(order_no["value"]["text"], number);
    assert!(order_no["place"]["line"].as_u64().unwrap() > 0);

    let began = desk.home.json(&["record", "start"]);
    assert!(began["beacon"].as_str().unwrap().starts_with('#'), "{began}");
    let result = desk.buyer(&[
        "click button[data-toggle]",
        "keep CARD #copyText",
        "cut CARD ：",
        &format!("goto {}", shop.url("/issuer/")),
        "fill input[name=login] test_buyer",
        "fill input[name=code] $CARD",
        "click button.btn-primary",
        "wait .result-title",
        "say .result-title",
    ]);
    assert!(result.contains("已被使用") || result.contains("已使用"), "{result}");
    let again = desk.home.exits(1, &["record", "start"]);
    assert!(again.contains("record stop"), "{again}");
    desk.home.good(&["record", "note", "结果"]);
    let film = desk.home.json(&["record", "stop"]);
    assert_eq!(film["ended"]["continuous"], true, "{film}");
    assert!(film["pieces"].as_u64().unwrap() >= 1 && film["key_frames"].as_u64().unwrap() >= 2, "{film}");
    let kinds: Vec<&str> =
        film["marks"].as_array().unwrap().iter().filter_map(|mark| mark["kind"].as_str()).collect();
    assert!(kinds.contains(&"navigated") && kinds.contains(&"noted"), "{kinds:?}");

    desk.buyer(&[
        &format!("goto {}", shop.url("/kefu")),
        "fill textarea[name=content] 卡密显示已被使用，请补发",
        "click .chat-form button",
        "wait .chat-line.buyer",
    ]);
    desk.fix("chat");
    let shown = desk.home.json(&["order", "show", "P1"]);
    let fixations = shown["completeness"]["fixations"].as_array().unwrap();
    assert!(fixations.len() == 4 && fixations.iter().all(|one| one["complete"] == true), "{shown}");
    let check = desk.home.good(&["check", "--read-data"]);
    assert!(!check.is_empty());
    verified_without_the_card(&desk, &shop, &number);
}

/// The package holds no card in the clear, and the captures' archives and the recording pass tools of others.
fn verified_without_the_card(desk: &Desk, shop: &Shop, number: &str) {
    desk.home.good(&["export", "--order", "P1", "--out", "P1.zip"]);
    let package = std::fs::read(desk.home.path().join("P1.zip")).unwrap();
    let verified = desk.home.json(&["verify", "P1.zip"]);
    assert!(verified["report"].is_object() || verified["grade"].is_string(), "{verified}");
    let card = desk.buyer(&[
        &format!("goto {}", shop.url(&format!("/order?orderId={number}"))),
        "click button[data-toggle]",
        "say #copyText",
    ]);
    let secret = card.split_whitespace().last().unwrap().rsplit('：').next().unwrap();
    assert!(secret.len() >= 8, "{card}");
    assert!(
        !package.windows(secret.len()).any(|part| part == secret.as_bytes()),
        "the card is in the package"
    );
}

#[test]
fn without_a_named_order_a_capture_goes_where_the_number_on_the_page_belongs() {
    let shop = Shop::start_on_thread(Settings { skin: Skin::DjUnicorn, ..Settings::default() }).unwrap();
    let [one, other] = [1, 2].map(|goods| shop.buy(goods, 1, "buyer@example.test", "").unwrap());
    let home = Home::with_vault();
    home.good(&["order", "new", "ONE", "--no", &one.order_no]);
    home.good(&["order", "new", "OTHER", "--no", &other.order_no]);
    let desk = Desk::at(home, &[&one.order_url]);
    for (purchase, label) in [(&one, "ONE"), (&other, "OTHER"), (&one, "ONE")] {
        desk.buyer(&[&format!("goto {}", purchase.order_url), "wait .order-card"]);
        assert_eq!(desk.fix("transaction")["order"], label);
    }
}

#[test]
fn one_address_is_fixed_without_a_window_and_what_went_wrong_is_said() {
    let shop = shop();
    let home = Home::with_vault();
    home.good(&["order", "new", "A"]);
    let fixed = home.json(&["capture", &shop.url("/rules"), "--order", "A", "--no-sandbox"]);
    assert_eq!(codes(&fixed, "gaps"), [""; 0]);
    assert!(fixed["items"].as_array().unwrap().len() >= 4, "{fixed}");
    let looping = shop.url("/_pages/redirect-loop");
    let fixed = home.json(&["capture", &looping, "--order", "A", "--no-sandbox"]);
    assert!(codes(&fixed, "gaps").contains(&"page.refused".to_owned()), "{fixed}");
    let file = shop.url("/_pages/download/file");
    let fixed = home.json(&["capture", &file, "--order", "A", "--no-sandbox"]);
    assert!(codes(&fixed, "gaps").contains(&"page.downloaded".to_owned()), "{fixed}");
    let told = home.exits(2, &["capture", "javascript:alert(1)", "--order", "A"]);
    assert!(told.contains("https://"), "{told}");
    assert!(home.exits(2, &["capture", &looping]).contains("--order"));
    assert!(home.exits(1, &["capture"]).contains("sigu browse"));
    assert!(home.exits(1, &["capture", &looping, "--order", "Z"]).contains("order new"));
    let none = home.exits(1, &["capture", &looping, "--order", "A", "--browser", "/nowhere/chromium"]);
    assert!(none.contains("--browser"), "{none}");
}

#[test]
fn the_door_answers_nobody_without_the_secret() {
    use std::io::{Read, Write};
    let shop = shop();
    let desk = Desk::open(&shop.url("/"));
    desk.buyer(&["wait body"]);
    let door: Value =
        serde_json::from_str(&std::fs::read_to_string(desk.state("browse.json")).unwrap()).unwrap();
    let port = u16::try_from(door["port"].as_u64().unwrap()).unwrap();
    for line in ["{\"do\":\"fix\",\"secret\":\"\"}\n", "GET / HTTP/1.1\r\n\r\n", "{\"do\":\"fix\"}\n"] {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        // A reset says as little as an empty answer.
        let _ = stream.read_to_string(&mut answer);
        assert_eq!(answer, "", "{line}");
    }
    let shown = desk.home.json(&["order", "show", "P1"]);
    assert_eq!(shown["order"]["exhibits"].as_array().map(Vec::len), Some(0), "{shown}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(desk.state("browse.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn a_recording_cut_off_by_a_crash_is_ended_at_the_next_start_and_only_then() {
    let shop = shop();
    let mut desk = Desk::open(&shop.url("/_pages/animated"));
    desk.buyer(&["wait body"]);
    let began = desk.home.json(&["record", "start"]);
    assert!(began["before"].is_string(), "{began}");
    desk.wait("two pieces", || (desk.pieces() >= 2).then_some(()));
    // Another command that captures meanwhile does not take it for one that broke off.
    let args = |profile: &'static str| {
        ["capture", "--order", "P1", "--no-sandbox", "--profile", profile].map(str::to_owned)
    };
    let capture = |home: &Home, profile: &'static str| {
        let (args, url) = (args(profile), shop.url("/rules"));
        let all: Vec<&str> = args.iter().map(String::as_str).chain([url.as_str()]).collect();
        home.good(&all)
    };
    let told = capture(&desk.home, "other");
    assert!(!told.contains("interrupted"), "{told}");
    assert_eq!(logged(&desk.home, "recording.ended"), 0);

    desk.signal(Signal::KILL);
    desk.browser.wait().unwrap();
    let pieces = desk.pieces();
    assert_eq!(logged(&desk.home, "recording.ended"), 0);
    let told = capture(&desk.home, "other");
    assert!(told.contains(&format!("whole up to piece {pieces}")) && told.contains("interrupted"), "{told}");
    assert_eq!((logged(&desk.home, "recording.ended"), desk.pieces()), (1, pieces));
    let shown = desk.home.json(&["order", "show", "P1"]);
    let reports = shown["order"]["reports"].as_array().unwrap();
    let ended = reports.iter().find(|one| one["kind"] == "recording.ended").unwrap();
    assert_eq!(ended["recording.reason"], "interrupted");
    assert_eq!(ended["recording.pieces"].as_u64(), Some(pieces as u64));
    assert_eq!(ended["item.continuous"], false);
    assert!(!ended["capture.items"].as_array().unwrap().is_empty(), "key frames: {ended}");

    let told = capture(&desk.home, "other");
    assert!(!told.contains("interrupted"), "{told}");
    assert_eq!(logged(&desk.home, "recording.ended"), 1);
    assert!(!desk.home.good(&["check", "--read-data"]).is_empty());
}

#[test]
fn a_signal_during_a_capture_is_heard_after_it() {
    let shop = shop();
    let home = Home::with_vault();
    home.good(&["order", "new", "P1"]);
    let mut command = Desk::command(&home, &[&shop.url("/_pages/virtual"), "--order", "P1"]);
    command.stdout(Stdio::piped());
    let mut desk = Desk::begun(home, command);
    desk.buyer(&["wait #box", "wait html:has(sigu-panel)"]);
    let mut capture = desk.home.command(&["capture", "--as", "other", "--json"]);
    let capture = capture.stdout(Stdio::piped()).spawn().unwrap();
    // While a page is looked at, the buttons are out of it; the long list of this one takes seconds.
    desk.buyer(&["wait html:not(:has(sigu-panel))"]);
    desk.signal(Signal::INT);
    let output = capture.wait_with_output().unwrap();
    let fixed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let items = fixed["items"].as_array().map_or(0, Vec::len);
    assert!(items > 10, "the whole list: {fixed}");
    let mut summary = String::new();
    std::io::Read::read_to_string(&mut desk.browser.stdout.take().unwrap(), &mut summary).unwrap();
    let status = desk.browser.wait().unwrap();
    assert!(status.success() && summary.contains("1 captures were fixed"), "{status}: {summary}");
    assert_eq!(logged(&desk.home, "capture.made"), 1);
    assert!(!desk.state("browse.json").exists(), "the door is shut");
    assert!(!desk.home.good(&["check", "--read-data"]).is_empty());
}

/// A program of the desk that goes on when the system lets it write no more.
#[cfg(target_os = "linux")]
fn desk_on_a_small_disk(url: &str) -> Desk {
    let home = Home::with_vault();
    home.good(&["order", "new", "P1"]);
    let plain = Desk::command(&home, &[url, "--order", "P1"]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
    shell.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Desk::begun(home, shell)
}

/// Lets the program of the desk write files of so many bytes at most; its browser goes on as before.
#[cfg(target_os = "linux")]
fn let_write(desk: &Desk, most: Option<u64>) {
    use rustix::process::{Resource, Rlimit, prlimit};
    let process = Pid::from_raw(desk.browser.id().cast_signed()).unwrap();
    prlimit(Some(process), Resource::Fsize, Rlimit { current: most, maximum: None }).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_for_a_while_loses_a_capture_and_no_piece_of_a_recording() {
    let shop = shop();
    let desk = desk_on_a_small_disk(&shop.url("/_pages/animated"));
    desk.buyer(&["wait body"]);
    desk.home.json(&["record", "start"]);
    desk.wait("a piece", || (desk.pieces() >= 1).then_some(()));
    let captures = logged(&desk.home, "capture.made");

    let_write(&desk, Some(0));
    let over = Deadline::after(Duration::from_secs(5));
    while !over.passed() {
        let told = desk.home.exits(5, &["capture", "--as", "other"]);
        assert!(told.starts_with("Fault: "), "{told}");
    }
    let pieces = desk.pieces();
    assert_eq!(logged(&desk.home, "capture.made"), captures);
    assert!(!desk.home.good(&["check"]).is_empty());

    let_write(&desk, None);
    assert_eq!(desk.fix("other")["slot"], "other");
    desk.wait("the pieces that waited", || (desk.pieces() >= pieces + 3).then_some(()));
    let film = desk.home.json(&["record", "stop"]);
    assert_eq!(film["ended"]["continuous"], true, "{film}");
    assert_eq!(film["pieces"].as_u64(), Some(desk.pieces() as u64), "each is in the log");
    assert!(film["item"].is_string(), "and all of them are the whole: {film}");
    assert!(!desk.home.good(&["check", "--read-data"]).is_empty());
}
