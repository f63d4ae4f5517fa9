//! What programs of others say of a paper: qpdf, and poppler's pdffonts, pdftotext and pdftoppm.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use regex::Regex;

/// A word on a page, in points from the upper left corner.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// A page with its size in points and its words in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) words: Vec<Word>,
}

fn run(program: &str, args: &[&str], pdf: &Path) -> Output {
    let output = Command::new(program).args(args).arg(pdf).arg("-").output();
    output.unwrap_or_else(|error| panic!("{program}: {error}; `scripts/need.sh test` installs it"))
}

fn said(program: &str, args: &[&str], pdf: &Path) -> String {
    let output = run(program, args, pdf);
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The structure holds, every font is in the file, it is said to be archival and accessible, and nothing runs in it.
pub(crate) fn is_sound(pdf: &Path) {
    let checked = Command::new("qpdf").arg("--check").arg(pdf).output().expect("qpdf");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let fonts = Command::new("pdffonts").arg(pdf).output().expect("pdffonts");
    let fonts = String::from_utf8(fonts.stdout).unwrap();
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(row.contains(" yes yes yes ") && row.contains('+'), "a font that is not embedded: {row}");
    }
    let whole = Command::new("qpdf").args(["--qdf", "--stream-data=uncompress"]).arg(pdf).arg("-").output();
    let whole = String::from_utf8_lossy(&whole.expect("qpdf").stdout).into_owned();
    for needed in [
        "<pdfaid:part>3<",
        "<pdfaid:conformance>A<",
        "<pdfuaid:part>1<",
        "/OutputIntents",
        "/StructTreeRoot",
        "/Lang",
    ] {
        assert!(whole.contains(needed), "{needed} is not there");
    }
    for barred in ["/JavaScript", "/Launch", "/URI (", "/SubmitForm", "/RichMedia"] {
        assert!(!whole.contains(barred), "{barred} is there");
    }
}

/// The text of each page, as it is laid out.
pub(crate) fn pages(pdf: &Path) -> Vec<String> {
    let text = said("pdftotext", &["-layout"], pdf);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

static PAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<page width="([0-9.]+)" height="([0-9.]+)">"#).unwrap());
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*?)</word>"#,
    )
    .unwrap()
});

/// The words of each page with their places.
pub(crate) fn words(pdf: &Path) -> Vec<Page> {
    let text = said("pdftotext", &["-bbox"], pdf);
    let number = |text: &str| text.parse::<f64>().unwrap();
    let page = |part: &str| {
        let size = PAGE.captures(part)?;
        let words = WORD.captures_iter(part).map(|found| Word {
            left: number(&found[1]),
            top: number(&found[2]),
            right: number(&found[3]),
            bottom: number(&found[4]),
            text: found[5].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        });
        Some(Page { width: number(&size[1]), height: number(&size[2]), words: words.collect() })
    };
    text.split("</page>").filter_map(page).collect()
}

/// A page as grey pixels at 50 dots to the inch.
pub(crate) fn painted(pdf: &Path, page: usize) -> Vec<u8> {
    let page = page.to_string();
    let output = Command::new("pdftoppm")
        .args(["-r", "50", "-gray", "-png", "-f", &page, "-l", &page])
        .arg(pdf)
        .output();
    output.expect("pdftoppm").stdout
}
