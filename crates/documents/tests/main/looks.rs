//! How papers look: pages painted small, beside pictures that somebody looked at.
//!
//! Another version of the painter may round an edge elsewhere, so a page may differ by a mean of 2 of 255 and in at most
//! one pixel of a hundred by more than 48. A moved line, a lost border or another size differs by more.

use std::path::{Path, PathBuf};

use image::GrayImage;
use sigu_documents::{Kind, Lang, pdf};

use crate::made::{Cases, written};
use crate::outside::painted;

const MEAN: f64 = 2.0;
const STEP: u8 = 48;
const SHARE: f64 = 0.01;

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/looks").join(format!("{name}.png"))
}

fn grey(bytes: &[u8]) -> GrayImage {
    image::load_from_memory(bytes).unwrap().into_luma8()
}

/// The mean difference and the share of pixels that differ by more than a step.
fn difference(one: &GrayImage, other: &GrayImage) -> (f64, f64) {
    assert_eq!(one.dimensions(), other.dimensions());
    let apart = || one.pixels().zip(other.pixels()).map(|(one, other)| one.0[0].abs_diff(other.0[0]));
    let all = one.pixels().len() as f64;
    let sum: u64 = apart().map(u64::from).sum();
    (sum as f64 / all, apart().filter(|apart| *apart > STEP).count() as f64 / all)
}

/// What is wrong with how a page looks now.
fn complaint(name: &str, pdf: &Path, page: usize) -> Option<String> {
    let now = painted(pdf, page);
    let kept = written(&format!("{name}.png"), &now);
    let Ok(before) = std::fs::read(reference(name)) else {
        return Some(format!("no picture of {name}: look at {} and copy it", kept.display()));
    };
    let (mean, share) = difference(&grey(&before), &grey(&now));
    let same = mean <= MEAN && share <= SHARE;
    (!same).then(|| format!("{name} looks otherwise ({mean:.2}, {share:.4}): {}", kept.display()))
}

#[test]
fn pages_look_as_they_did() {
    let cases = Cases::complete();
    let mut complaints = Vec::new();
    for (kind, page) in [
        (Kind::Letter, 1),
        (Kind::Appeal, 1),
        (Kind::Catalogue, 1),
        (Kind::Catalogue, 3),
        (Kind::SmallClaims, 1),
        (Kind::Complaint12315, 1),
        (Kind::RuleComparison, 1),
        (Kind::Cover, 1),
        (Kind::Year, 1),
    ] {
        let made = match kind {
            Kind::Year => cases.year(2026, Lang::Zh),
            _ => cases.paper("C02", kind, Lang::Zh),
        };
        let made = made.unwrap();
        let set = pdf::set(&made.paper, &made.pictures).unwrap();
        let path = written(&format!("look-{}.pdf", kind.code()), &set.bytes);
        complaints.extend(complaint(&format!("{}-{page}", kind.code()), &path, page));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_line_that_moved_is_noticed() {
    let cases = Cases::complete();
    let before = grey(&std::fs::read(reference("letter-1")).unwrap());
    let mut made = cases.paper("C02", Kind::Letter, Lang::Zh).unwrap();
    made.paper.blocks.remove(1);
    let set = pdf::set(&made.paper, &made.pictures).unwrap();
    let path = written("look-moved.pdf", &set.bytes);
    let (mean, share) = difference(&before, &grey(&painted(&path, 1)));
    assert!(mean > MEAN || share > SHARE, "{mean:.2} {share:.4}");
}
