//! The recogniser on the pages of `fixtures/shops`: the aims for every shop family, and never a sure wrong amount.

use std::path::Path;

use sigu_case::recognise::{Field, Hints, Value, recognise};

use crate::page_score::Report;

#[test]
fn shop_families_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shops");
    let report = Report::of(&folder);
    let shown = format!("{}\n{}", report.table("Shop families"), report.misses.join("\n"));
    assert!(report.pages >= 60, "{} pages", report.pages);
    let total = report.total();
    assert!(total.precision() >= 0.98 && total.recall() >= 0.98, "{shown}");
    assert_eq!(report.sure_wrong_amounts(), 0, "{shown}");
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
