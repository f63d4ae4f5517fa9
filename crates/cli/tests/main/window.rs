//! `sigu browse` where a person uses it: in a window on a screen, and in a browser that was there before.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use sigu_practice_shop::{Settings, Shop, Skin};

use crate::browse::Desk;
use crate::process::Home;

/// A process that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        // It is gone already when this fails.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen without a monitor, whose picture lies in a file.
struct Screen {
    _server: Ends,
    name: String,
    folder: tempfile::TempDir,
}

/// Blue, green, red and nothing, row by row.
struct Pixels {
    width: usize,
    rows: Vec<[u8; 4]>,
}

impl Pixels {
    fn of(width: usize, bytes: &[u8]) -> Self {
        Self { width, rows: bytes.chunks_exact(4).map(|one| [one[0], one[1], one[2], 0]).collect() }
    }

    fn height(&self) -> usize {
        self.rows.len() / self.width
    }

    fn row(&self, x: usize, y: usize, width: usize) -> &[[u8; 4]] {
        &self.rows[y * self.width + x..][..width]
    }

    /// Where the top left part of a picture is shown, so many pixels wide and high: one pixel of 50 is looked at,
    /// and one of 50 of these may differ, since a screen and a picture smooth letters and gradients each in its way.
    fn place_of(&self, part: &Self, width: usize, height: usize) -> Option<(usize, usize)> {
        let starts = (0..=self.height() - height).flat_map(|y| (0..=self.width - width).map(move |x| (x, y)));
        let looked: Vec<_> =
            (0..height).step_by(5).flat_map(|y| (0..width).step_by(10).map(move |x| (x, y))).collect();
        let is_same = |&(x, y): &(usize, usize)| {
            let differs = |&&(dx, dy): &&(usize, usize)| {
                let (one, other) = (self.row(x + dx, y + dy, 1)[0], part.row(dx, dy, 1)[0]);
                one.iter().zip(other).any(|(one, other)| one.abs_diff(other) > 24)
            };
            looked.iter().filter(differs).nth(looked.len() / 50).is_none()
        };
        starts.into_iter().find(is_same)
    }
}

impl Screen {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-fbdir"]);
        server.arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Ends(server.spawn().expect("Xvfb is installed by make test"));
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb ended");
        Self { _server: server, name: format!(":{}", number.trim()), folder }
    }

    /// What is on it (X Window Dump: big-endian words of the head, then the colours, then the rows).
    fn pixels(&self) -> Pixels {
        let dump = std::fs::read(self.folder.path().join("Xvfb_screen0")).unwrap();
        let word = |at: usize| u32::from_be_bytes(dump[at * 4..][..4].try_into().unwrap()) as usize;
        let (width, height, row) = (word(4), word(5), word(12));
        assert_eq!((word(11), row), (32, width * 4), "32 bits each");
        Pixels::of(width, &dump[word(0) + word(19) * 12..][..row * height])
    }

    /// The middle of what has a colour, if enough of it is there.
    fn find(&self, colour: [u8; 4]) -> Option<(usize, usize)> {
        let shown = self.pixels();
        let at: Vec<_> = (0..shown.rows.len()).filter(|at| shown.rows[*at] == colour).collect();
        let middle = |list: &mut dyn Iterator<Item = usize>| {
            let (low, high) = list.fold((usize::MAX, 0), |(low, high), one| (low.min(one), high.max(one)));
            usize::midpoint(low, high)
        };
        (at.len() > 500).then(|| {
            let x = middle(&mut at.iter().map(|at| at % shown.width));
            (x, middle(&mut at.iter().map(|at| at / shown.width)))
        })
    }

    fn click(&self, (x, y): (usize, usize)) {
        let mut hand = Command::new("xdotool");
        hand.args(["mousemove", &x.to_string(), &y.to_string(), "click", "1"]).env("DISPLAY", &self.name);
        assert!(hand.status().expect("xdotool is installed by make test").success());
    }
}

/// The one picture of the page in the package of an order.
fn picture(home: &Home) -> Pixels {
    home.good(&["export", "--order", "P1", "--out", "P1.zip"]);
    let unzip = ["-q", "P1.zip", "-d", "package"];
    assert!(Command::new("unzip").args(unzip).current_dir(home.path()).status().unwrap().success());
    let files = files(&home.path().join("package"));
    let is_page = |file: &&PathBuf| file.extension().is_some_and(|end| end == "png");
    let png = files.iter().find(is_page).unwrap_or_else(|| panic!("no picture in {files:?}"));
    let head = std::fs::read(png).unwrap();
    let width = u32::from_be_bytes(head[16..20].try_into().unwrap()) as usize;
    let mut plain = Command::new("ffmpeg");
    plain.args(["-v", "error", "-i"]).arg(png).args(["-f", "rawvideo", "-pix_fmt", "bgra", "-"]);
    Pixels::of(width, &plain.output().unwrap().stdout)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn exhibits(home: &Home) -> usize {
    home.json(&["order", "show", "P1"])["order"]["exhibits"].as_array().map_or(0, Vec::len)
}

fn with_order() -> Home {
    let home = Home::with_vault();
    home.good(&["order", "new", "P1"]);
    home
}

/// 固定, as the buttons in the page paint it.
const GREEN: [u8; 4] = [0x6d, 0x8a, 0x0f, 0];

#[test]
fn a_press_of_the_button_in_a_window_fixes_what_the_screen_shows() {
    let shop = Shop::start_on_thread(Settings { skin: Skin::Qs, ..Settings::default() }).unwrap();
    let screen = Screen::new();
    // No card is on this page, so that its picture is in the package.
    let url = shop.url("/links/1");
    let home = with_order();
    let profile = home.path().join(".local/state/sigu/browser");
    let flags = ["remote-debugging-port=0", "hide-scrollbars", "disable-lcd-text"];
    let flags = flags.map(|flag| format!("--browser-flag=--{flag}"));
    let own: Vec<&str> =
        [&url, "--order", "P1", "--no-sandbox"].into_iter().chain(flags.iter().map(String::as_str)).collect();
    let desk = Desk::started(home, &own, &[("DISPLAY", &screen.name)], profile);
    desk.buyer(&["wait .goods-name"]);
    let button = desk.wait("the button on the screen", || screen.find(GREEN));
    screen.click(button);
    desk.wait("the press to fix the page", || (exhibits(&desk.home) > 0).then_some(()));
    let page = picture(&desk.home);
    assert_eq!(page.rows.iter().filter(|one| **one == GREEN).count(), 0, "the button is not in the picture");
    // As much of its top as is surely in the window. The picture is laid out without a scroll bar, and so is the
    // window by its flags.
    let (width, height) = (page.width, 300);
    let mut colours: Vec<_> = (0..height).flat_map(|y| page.row(0, y, width)).collect();
    colours.sort_unstable();
    colours.dedup();
    assert!(colours.len() > 20, "something is to be seen: {}", colours.len());
    let place = desk.wait("the same on the screen", || screen.pixels().place_of(&page, width, height));
    assert!(place.1 > 40, "below the bars of the window: {place:?}");
}

#[test]
fn a_browser_that_was_there_before_is_joined_and_left_running() {
    let shop = Shop::start_on_thread(Settings { skin: Skin::Qs, ..Settings::default() }).unwrap();
    let purchase = shop.buy(1, 1, "buyer@example.test", "").unwrap();
    let home = with_order();
    let profile = home.path().join("everyday");
    let mut chromium = Command::new("chromium");
    chromium.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]);
    chromium.arg(format!("--user-data-dir={}", profile.display())).arg(&purchase.order_url);
    chromium.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut chromium = Ends(chromium.spawn().expect("chromium is installed by make test"));
    let hands = |steps: &[&str]| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut hands = sigu_capture::hands::Hands::at(&profile).await.unwrap();
            let mut said = String::new();
            for step in steps {
                said = hands.step(step).await.unwrap().unwrap_or(said);
            }
            said
        })
    };
    hands(&["wait .trade-no"]);
    let folder = profile.to_str().unwrap();
    let desk = Desk::started(home, &["--attach", folder, "--order", "P1"], &[], profile.clone());
    let fixed: Value = desk.fix("transaction");
    assert_eq!(fixed["order"], "P1", "{fixed}");
    assert!(fixed["items"].as_array().unwrap().len() >= 4, "{fixed}");
    let shown = fixed.to_string();
    assert!(shown.contains(&purchase.order_no), "the order number in {shown}");
    let home = desk.ended();
    assert_eq!(hands(&["say .trade-no"]), purchase.order_no, "the tab is as it was");
    assert_eq!(hands(&["count sigu-panel"]), "0", "the buttons are gone with the tool");
    assert!(chromium.0.try_wait().unwrap().is_none(), "the browser still runs");
    assert!(exhibits(&home) > 0);
}
