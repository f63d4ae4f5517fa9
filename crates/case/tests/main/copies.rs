//! Marked copies: said to be copies, beside their originals, and never counted as evidence of their own.

use sigu_case::catalogue::{CatalogueRow, catalogue, number_of};
use sigu_case::report::{CaptureMade, CopyMade};
use sigu_case::{ExhibitContent, ItemId, Slot, decide};

use crate::built::{Built, wall};
use crate::made::{facts, fixed, item, label, opened, said, state_of, time};

impl Built {
    fn copy(&mut self, of: ItemId, covers: bool) -> ItemId {
        let copy = self.picture(Slot::Other);
        let (at, order) = (wall("2026-09-21T09:00:00"), label("A"));
        self.report(CopyMade { at, order, of, copy, covers, marks: vec!["cover 1,1,9,9".into()] });
        copy
    }
}

fn rows(built: &Built) -> Vec<CatalogueRow> {
    built.look(catalogue)
}

#[test]
fn a_copy_stands_with_its_original_and_is_said_to_be_one() {
    let mut built = Built::new();
    let voucher = built.picture(Slot::Voucher);
    let delivery = built.picture(Slot::Delivery);
    let before = rows(&built);
    let (marked, covered) = (built.copy(voucher, false), built.copy(voucher, true));
    let after = rows(&built);
    let numbers = |rows: &[CatalogueRow]| rows.iter().map(|row| (row.no, row.item)).collect::<Vec<_>>();
    assert_eq!(numbers(&before), numbers(&after), "marking a picture renumbers nothing");
    assert_eq!(after[0].covers, [voucher, marked, covered]);
    assert_eq!(number_of(&after, covered), Some(1));
    let said: Vec<&str> = after[0].original.lines().collect();
    let of = |what: &str, copy: ItemId| format!("{copy}：{what}副本，原件为 {voucher}");
    assert_eq!(said, ["未说明", &of("标注", marked), &of("遮盖", covered)]);
    assert_eq!((after[1].item, after[1].original.as_str()), (delivery, "未说明"));
}

#[test]
fn a_copy_of_a_companion_stands_where_the_companion_does() {
    let mut built = Built::new();
    let page = built.picture(Slot::Transaction);
    let detail = built.picture(Slot::Transaction);
    built.report(CaptureMade {
        at: wall("2026-09-20T14:00:00"),
        order: label("A"),
        url: "https://orangeshell.test/order/1".into(),
        title: None,
        record: page,
        items: vec![page, detail],
    });
    let copy = built.copy(detail, true);
    let rows = rows(&built);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].covers, [page, detail, copy]);
    assert!(rows[0].original.ends_with(&format!("原件为 {detail}")), "{}", rows[0].original);
}

#[test]
fn a_copy_outlives_its_original_in_a_row_of_its_own() {
    let mut built = Built::new();
    let picture = built.picture(Slot::Delivery);
    let copy = built.copy(picture, true);
    built.exhibit(picture).content = ExhibitContent::Erased;
    let rows = rows(&built);
    assert_eq!((rows.len(), rows[0].item), (1, copy));
    assert_eq!(rows[0].original, format!("副本，原件为 {picture}（已删除）"));
}

#[test]
fn a_log_that_says_nonsense_about_copies_still_gives_a_catalogue() {
    let mut built = Built::new();
    let (one, two) = (built.picture(Slot::Other), built.picture(Slot::Other));
    for (of, copy) in [(one, two), (two, one), (one, one), (item(90), two)] {
        let (at, order) = (wall("2026-09-21T09:00:00"), label("A"));
        built.report(CopyMade { at, order, of, copy, covers: false, marks: Vec::new() });
    }
    assert!(rows(&built).len() <= 2);
}

#[test]
fn a_copy_names_a_picture_of_its_order() {
    let state =
        state_of([opened("A", facts()), fixed("A", Slot::Transaction), said("A"), opened("B", facts())]);
    let copy = |order: &str, of: u64| CopyMade {
        at: time("2026-09-20T11:00:00Z"),
        order: label(order),
        of: item(of),
        copy: item(1),
        covers: true,
        marks: Vec::new(),
    };
    let taken = |one: CopyMade| {
        decide(&state, &sigu_case::Command::Report(one.into()), time("2026-09-20T12:00:00Z")).is_ok()
    };
    assert!(taken(copy("A", 1)));
    assert!(!taken(copy("A", 77)), "the original is not there");
    assert!(!taken(copy("B", 1)), "the original is of another order");
}
