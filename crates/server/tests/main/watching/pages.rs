//! The desk's pages of watched pages: adding, looking, stopping, what changed, what is refused.

use sigu_case::Command;
use sigu_case::report::PageWay;

use super::site::Site;
use crate::desk_house::Visitor;
use crate::support::Filled;
use crate::support::outside::net;
use crate::support::watched::{PAGE, watched};

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_shown_clause_by_clause_and_only_as_words() {
    let visitor = Visitor::new().await;
    let (status, list) = visitor.get("/rules/watch");
    assert_eq!(status, 200);
    assert!(list.contains(PAGE) && list.contains("2 versions"), "{list}");
    let (status, page) = visitor.get(&format!("/rules/watch/{PAGE}"));
    assert_eq!(status, 200);
    assert!(page.contains("<ins>") && page.contains("<del>"), "{page}");
    assert!(page.contains("in force from 2026-12-28") && !page.contains("<b>本店</b>"), "{page}");
    let (_, today) = visitor.get("/");
    assert!(today.contains(&format!("/rules/watch/{PAGE}")) && today.contains("2026-12-28"), "{today}");
    let item = visitor.desk.with(|vault| vault.pages().unwrap()[0].last.as_ref().unwrap().item);
    let raw = visitor.bytes(&format!("/rules/watch/{PAGE}/{item}/content"));
    let raw = String::from_utf8_lossy(&raw);
    assert!(raw.contains("attachment") && raw.contains("sandbox") && raw.contains("保证金 500 元"), "{raw}");
    for path in ["/rules/watch/none", "/rules/watch/no%20name", "/rules/watch/rbw-rules/1-1/content"] {
        assert_eq!(visitor.get(path).0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_added_stopped_and_watched_again() {
    let visitor = Visitor::new().await;
    let at = "/rules/watch";
    for (body, said) in [
        ("url=&kind=rule", "This is needed"),
        ("url=ftp://a.example/&kind=rule", "http://"),
        ("url=https://a.example/&kind=rule&name=a+b", "1 to 32"),
        ("url=https://a.example/&kind=rule&every=0", "8784"),
        ("url=https://a.example/&kind=", "hoose"),
    ] {
        let (status, page) = visitor.post(at, body);
        assert_eq!(status, 422, "{body}");
        assert!(page.contains(said), "{body}: {page}");
    }
    assert_eq!(visitor.desk.with(|vault| sigu_case::page::declared(vault.house().unwrap().house()).len()), 1);
    let body = "url=https://a.example/rules&kind=rule&name=own&title=%E8%A7%84%E5%88%99&every=48&select=main%0A.terms&browser=yes";
    assert_eq!(visitor.post(at, body).0, 303);
    let way = visitor.desk.with(|vault| {
        let house = vault.house().unwrap();
        let pages = sigu_case::page::declared(house.house());
        pages.values().find(|(_, page)| page.page.as_str() == "own").unwrap().1.way
    });
    assert_eq!(way, PageWay::Browser);
    let (_, page) = visitor.get("/rules/watch/own");
    assert!(page.contains("every 2 days") && page.contains("规则"), "{page}");
    let looked = visitor.post("/rules/watch/own", "what=look");
    assert!(looked.0 == 303 && looked.1.contains("done=offline"), "{looked:?}");
    assert!(visitor.get("/rules/watch/own?done=offline").1.contains("offline"));
    assert_eq!(visitor.post("/rules/watch/own", "what=stop").0, 303);
    assert!(visitor.get("/rules/watch/own").1.contains("Not watched any more"));
    assert_eq!(visitor.post("/rules/watch/own", "what=again").0, 303);
    assert_eq!(visitor.post("/rules/watch/own", "what=else").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_looks_by_itself_and_at_once_when_somebody_wants_it() {
    let site = Site::new().await;
    site.text("/rules", "第一条 48 小时内可以退款。");
    let url = site.url("/rules");
    let desk = Filled::with_net(net(), |vault| {
        let page = watched("own", &url);
        vault.execute(vec![Command::Report(page.into())], crate::support::now()).unwrap();
    });
    let visitor = Visitor::to(desk.await);
    let (status, answer) = visitor.post("/rules/watch/own", "what=look");
    assert!(status == 303 && answer.contains("done=looked"), "{answer}");
    let versions = visitor.desk.with(|vault| vault.page(&"own".parse().unwrap()).unwrap().len());
    assert_eq!(versions, 1, "by itself or because somebody wanted it, once");
    assert!(visitor.get("/rules/watch/own").1.contains("48 小时内可以退款"));
}
