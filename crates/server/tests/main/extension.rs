//! The built extension in a real browser: it pairs, fixes a page, waits sealed while the app is closed, records a tab.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use sigu_case::Slot;
use sigu_case::report::ItemDescribed;
use sigu_evidence::ItemManifest;

use crate::house::House;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The browser's driver. When it loses its input it ends, and the browser with it.
struct Driver {
    child: Child,
    out: BufReader<ChildStdout>,
    input: ChildStdin,
}

impl Driver {
    fn start(code: &str) -> Self {
        let extension = root().join("extension");
        let dist = extension.join("dist/chrome");
        assert!(dist.join("manifest.json").is_file(), "extension/dist is not built: run `make extension`");
        let mut command = Command::new("node");
        command.arg(extension.join("test/drive.mjs")).arg("chromium").arg(dist).arg(code);
        #[allow(
            clippy::disallowed_methods,
            reason = "pictures of the pages are taken where they are asked for"
        )]
        command.args(std::env::var_os("SIGU_EXTENSION_SHOTS"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node runs the driver");
        let out = BufReader::new(child.stdout.take().unwrap());
        let input = child.stdin.take().unwrap();
        Self { child, out, input }
    }

    /// The next thing the driver tells.
    fn told(&mut self, event: &str) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{event}: the driver ended"));
        assert_eq!(told["event"], event, "{told}");
        told
    }

    fn go_on(&mut self) {
        self.input.write_all(b"go\n").unwrap();
    }
}

fn fixed(house: &House, slot: Slot) -> Vec<ItemManifest> {
    let order = house.order();
    let of_slot = order.exhibits.iter().filter(|exhibit| exhibit.slot == slot);
    of_slot.filter_map(|exhibit| exhibit.manifest().cloned()).collect()
}

fn names(manifests: &[ItemManifest]) -> Vec<&str> {
    manifests.iter().filter_map(|manifest| manifest.file_name.as_deref()).collect()
}

/// Whether the popup said so, in the language the browser has.
fn says(words: &Value, in_either: [&str; 2]) -> bool {
    let words = words.as_str().unwrap_or_default();
    in_either.iter().any(|start| words.starts_with(start))
}

#[test]
fn the_extension_fixes_pages_while_the_app_is_open_and_while_it_is_closed() {
    let house = House::new();
    let running = house.run(0);
    let port = running.port;
    let mut driver = Driver::start(&running.receiver.offer_code());

    let told = driver.told("fixed");
    assert!(says(&told["words"], ["已固定", "Fixed"]), "{told}");
    assert_eq!(told["scroll"], 120, "the page stands where the user left it");
    let pages = fixed(&house, Slot::Transaction);
    let order = house.order();
    let header = house.with(|vault| vault.short_text(order.exhibits[0].item)).unwrap();
    let all = ["capture.json", "visible.png", "full-page.png", "page.mhtml", "page.txt"];
    assert_eq!(names(&pages), all, "{header:?}");
    let address = told["address"].as_str();
    assert!(order.of_kind::<ItemDescribed>().all(|(_, one)| one.url.as_deref() == address));
    driver.go_on();

    driver.told("close");
    house.stop(running);
    driver.go_on();
    let told = driver.told("queued");
    assert!(says(&told["waiting"], ["已封存", "Sealed"]), "{told}");
    assert_eq!((told["count"].as_u64(), told["age"].as_bool()), (Some(1), Some(true)), "{told}");
    assert_eq!(told["found"].as_bool(), Some(false), "the queue can be read: {told}");
    assert!(fixed(&house, Slot::Description).is_empty());
    driver.go_on();

    driver.told("open");
    let running = house.run(port);
    driver.go_on();
    driver.told("delivered");
    assert_eq!(fixed(&house, Slot::Description).len(), 5);
    driver.go_on();

    driver.told("recorded");
    let recorded = fixed(&house, Slot::Recording);
    assert_eq!(names(&recorded), ["capture.json", "recording.webm"]);
    assert!(recorded[1].size > 1000, "{recorded:?}");
    driver.go_on();
    assert!(driver.child.wait().unwrap().success());
    drop(running);
    house.assert_clean();
}
