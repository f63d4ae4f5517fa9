//! Before buying, dates to come back on, and the month's end, at the desk and by the API.

use serde_json::json;
use sigu_case::{Command, GoodsKind, OrderFacts};
use sigu_server::access::Level;

use crate::desk::header;
use crate::desk_api::Program;
use crate::desk_house::Visitor;
use crate::support::now;

const OFFER: &str = "offer=https%3A%2F%2Fshop.example%2Fitem%2F3&price=30&goods=game_point_card";

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_looked_at_and_saved_before_the_payment() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get(&format!("/merchants/check?{OFFER}"));
    assert_eq!(status, 200);
    assert!(page.contains("Host: shop.example") && page.contains("Merchant: not known"), "{page}");
    assert!(page.contains("Open the order and save"), "{page}");
    let (status, page) = visitor.post("/merchants/check", &format!("{OFFER}&order=C03&title=x"));
    assert_eq!(status, 422, "the label is taken");
    assert!(page.contains("This label is taken") && page.contains("value=\"C03\""), "{page}");
    assert_eq!(visitor.post("/merchants/check", &format!("{OFFER}&order=&title=x")).0, 422);
    let (status, page) = visitor.post("/merchants/check", "offer=x&price=twelve&order=P1");
    assert_eq!(status, 422);
    assert!(page.contains("value=\"twelve\" aria-invalid=\"true\""), "{page}");
    let (status, answer) = visitor.post("/merchants/check", &format!("{OFFER}&order=P1&title=%3Cb%3Ecards"));
    assert_eq!((status, header(&answer, "location")), (303, "/orders/P1?fetched=offline"), "{answer}");
    let (_, page) = visitor.get("/orders/P1?fetched=offline");
    assert!(page.contains("Offline: the page was not fetched"), "{page}");
    assert!(page.contains("id=\"before\"") && page.contains("after-sale promises"), "{page}");
    assert!(page.contains("&#60;b&#62;cards") && !page.contains("<b>cards"), "{page}");
    assert!(!visitor.get("/orders/P1?fetched=%3Cscript%3E").1.contains("notice\" role=\"status\">&#60;"));
    let order = visitor.desk.with(|vault| vault.order(&"P1".parse().unwrap()).unwrap().unwrap());
    assert_eq!((order.facts.unit_fen, order.facts.amount_fen), (Some(3_000), None));
    assert_eq!(order.exhibits.len(), 1, "the address is noted");
    let (_, merchants) = visitor.get("/merchants");
    assert!(!merchants.contains("shop.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_look_and_save_too() {
    let visitor = Visitor::new().await;
    let (reader, writer) =
        (Program::with(&visitor.desk, Level::Read), Program::with(&visitor.desk, Level::Write));
    let found = reader.get("/merchants/check?offer=shop.example%2Fitem&price_fen=3000").is(200);
    assert_eq!((&found["whom"]["host"], &found["opened"]), (&json!("shop.example"), &json!(null)));
    let wish =
        json!({ "order": "P2", "purchase": { "price_fen": 3000, "offer": "https://shop.example/item" } });
    reader.post("/merchants/check", &wish).is(403);
    let made = writer.post("/merchants/check", &wish).is(201);
    assert_eq!((&made["opened"]["order"], &made["opened"]["fetched"]), (&json!("P2"), &json!("offline")));
    let again = writer.post("/merchants/check", &wish).is(422);
    assert_eq!(again["field"], "order", "{again}");
    let wrong = json!({ "order": "P3", "purchase": { "price_fen": 3000, "goods": "moon" } });
    assert_eq!(writer.post("/merchants/check", &wrong).is(422)["field"], "goods");
}

/// A membership that ends in a month.
fn membership(visitor: &Visitor) {
    let paid = now().checked_sub(jiff::SignedDuration::from_hours(30)).ok();
    let facts = OrderFacts {
        title: Some("视频会员 月卡".to_owned()),
        goods: Some(GoodsKind::MembershipAccount),
        amount_fen: Some(1_500),
        paid_at: paid,
        delivered_at: paid,
        ..OrderFacts::default()
    };
    let open = Command::OpenOrder { order: "M1".parse().unwrap(), facts };
    visitor.desk.with(|vault| vault.execute(vec![open], now()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_suggested_and_set_by_one_press() {
    let visitor = Visitor::new().await;
    membership(&visitor);
    let (_, page) = visitor.get("/orders/M1");
    let key = page.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(key.starts_with("term_ends."), "{key}");
    let program = Program::with(&visitor.desk, Level::Write);
    let found = program.get("/orders/M1/follow-ups").is(200);
    assert_eq!(found["suggestions"][0]["key"], key, "{found}");
    let (status, answer) = visitor.post("/orders/M1/follow-up", &format!("key={key}"));
    assert_eq!((status, header(&answer, "location")), (303, "/orders/M1#clocks"), "{answer}");
    let (_, page) = visitor.get("/orders/M1");
    assert!(!page.contains("name=\"key\""), "what is set is not suggested again: {page}");
    assert_eq!(visitor.post("/orders/M1/follow-up", &format!("key={key}")).0, 303, "pressed twice, set once");
    let order = visitor.desk.with(|vault| vault.order(&"M1".parse().unwrap()).unwrap().unwrap());
    assert_eq!(order.of_kind::<sigu_case::report::FollowUpSet>().count(), 1);
    assert_eq!(program.post("/orders/M1/follow-ups", &json!({ "key": key })).is(422)["field"], "key");
    // The clock outlasts the end and stands on the first page.
    visitor.post("/orders/M1/note", "what=close&outcome=fine");
    let (_, today) = visitor.get("/");
    assert!(today.contains("/orders/M1"), "{today}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_reviewed_with_its_figures_and_reasons() {
    let visitor = Visitor::new().await;
    let (status, page) = visitor.get("/rules/review?month=2026-09");
    assert_eq!(status, 200);
    assert!(page.contains("Review of 2026-09") && page.contains("What to buy where"), "{page}");
    assert!(page.contains("/rules/review?month=2026-08") && page.contains("/rules/review?month=2026-10"));
    let (_, page) = visitor.get("/rules/review?month=2026-12");
    assert!(page.contains("2026-12 so far") && !page.contains("month=2027-01"), "{page}");
    assert_eq!(visitor.get("/rules/review?month=2026-13").0, 404);
    let program = Program::with(&visitor.desk, Level::Read);
    let found = program.get("/review?month=2026-09").is(200);
    assert_eq!(found["review"]["over"], true, "{found}");
    assert_eq!(program.get("/review?month=soon").is(422)["field"], "month");
}
