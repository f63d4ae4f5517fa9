//! What a look means: first versions, changes confirmed by a second look, flickers, dates, rules, open orders.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use sigu_case::page::PageChange;
use sigu_case::report::{CaptureMade, Kind as _, ObservationMade, PageKind, PageWatched, RuleCaptured};
use sigu_case::{Command, OrderFacts, Slot};
use sigu_server::watching::{Manner, Outcome, tasks};
use sigu_vault::Source;

use super::site::{Site, plain};
use super::{AT_ONCE, House, clock};
use crate::support::watched::watched;

const OLD: &str = "售后规范\n第四条 发货\n付款后 10 分钟内自动发货。\n第五条 失效\n卡密失效的，48 小时内可以申请退款，退款 80%。";
const NEW: &str = "售后规范\n第四条 发货\n付款后 10 分钟内自动发货。\n第五条 失效\n卡密失效的，24 小时内可以申请退款，退款 50%。";
const DAY: i64 = 24 * 3_600 + 4_400;

clock!(first);
#[tokio::test(flavor = "multi_thread")]
async fn the_first_version_is_fixed_and_the_same_again_fixes_nothing() {
    let (site, house) = (Site::new().await, House::new(&first::SECOND, first::now));
    site.text("/rules", OLD);
    house.watch([watched("rules", &site.url("/rules"))]);
    let looked = house.settle().await;
    assert!(matches!(looked[0].outcome, Outcome::First { .. }), "{looked:?}");
    assert!(looked[1..].iter().all(|one| one.outcome == Outcome::Unchanged), "{looked:?}");
    assert!(looked.len() <= 4, "it settles soon: {looked:?}");
    let before = site.asked("/rules");
    assert!(house.pass(AT_ONCE).await.pages.is_empty(), "nothing is due within the interval");
    house.wait(DAY);
    assert_eq!(house.settle().await.len(), 1);
    assert_eq!(site.asked("/rules"), before + 1);
    assert_eq!(house.texts("rules"), [OLD]);
    house.assert_clean();
}

clock!(edited);
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_confirmed_by_a_second_look_and_tells_its_clause() {
    let (site, house) = (Site::new().await, House::new(&edited::SECOND, edited::now));
    site.text("/rules", OLD);
    house.watch([watched("rules", &site.url("/rules"))]);
    house.settle().await;
    site.text("/rules", NEW);
    house.wait(DAY);
    let looked = house.settle().await;
    assert_eq!(looked[0].outcome, Outcome::Suspected);
    let Outcome::Changed { item, before, found } = &looked[1].outcome else { panic!("{looked:?}") };
    assert_eq!(site.asked("/rules"), 2);
    assert!(
        before.is_some()
            && found.clauses.iter().any(|one| one.new.as_ref().is_some_and(|new| new.contains("24 小时")))
    );
    house.with(|vault| {
        let version = vault.page_version(*item).unwrap().unwrap().fixed;
        assert_eq!((version.change, version.before), (Some(PageChange::Substance), *before));
        assert_eq!(vault.content(*item).unwrap(), NEW.as_bytes(), "the bytes as they came");
    });
    assert_eq!(house.texts("rules"), [OLD, NEW]);
    house.assert_clean();
}

clock!(early);
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_terms_right_after_the_first_version_is_found_too() {
    let (site, house) = (Site::new().await, House::new(&early::SECOND, early::now));
    site.text("/rules", OLD);
    house.watch([watched("rules", &site.url("/rules"))]);
    assert!(matches!(house.look("rules").await, Outcome::First { .. }));
    site.text("/rules", NEW);
    house.wait(12);
    assert!(matches!(house.look("rules").await, Outcome::Changed { .. }));
    assert_eq!(house.texts("rules"), [OLD, NEW]);
}

clock!(flicker);
#[tokio::test(flavor = "multi_thread")]
async fn what_differs_between_two_looks_at_once_is_no_change() {
    let (site, house) = (Site::new().await, House::new(&flicker::SECOND, flicker::now));
    let ads = ["新人立减", "全场特惠，退款险 9 元", "今日推荐：月卡", "会员日 5 折"];
    site.set("/rules", move |count, _| plain(&format!("{OLD}\n{}", ads[count % ads.len()])));
    house.watch([watched("rules", &site.url("/rules"))]);
    for _ in 0..12 {
        house.settle().await;
        house.wait(DAY);
    }
    assert_eq!(house.texts("rules").len(), 1);
    let text = NEW.to_owned();
    site.set("/rules", move |count, _| plain(&format!("{text}\n{}", ads[count % ads.len()])));
    house.settle().await;
    assert_eq!(house.texts("rules").len(), 2, "an edit is found among what flickers");
}

clock!(rollout);
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_comes_and_goes_while_servers_take_it_up_is_found_when_it_stays() {
    let (site, house) = (Site::new().await, House::new(&rollout::SECOND, rollout::now));
    site.text("/rules", OLD);
    house.watch([watched("rules", &site.url("/rules"))]);
    house.settle().await;
    site.set("/rules", |count, _| plain(if count % 2 == 0 { NEW } else { OLD }));
    house.wait(DAY);
    house.settle().await;
    assert_eq!(house.texts("rules"), [OLD], "one of two looks is no proof");
    site.text("/rules", NEW);
    house.wait(DAY);
    house.settle().await;
    assert_eq!(house.texts("rules"), [OLD, NEW]);
}

clock!(conditional);
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_says_it_is_unchanged_is_not_read_again() {
    let (site, house) = (Site::new().await, House::new(&conditional::SECOND, conditional::now));
    let tagged = |tag: &'static str, text: &'static str| {
        move |_: usize, headers: &HeaderMap| {
            let known = headers.get(header::IF_NONE_MATCH).is_some_and(|own| own == tag);
            if known {
                return StatusCode::NOT_MODIFIED.into_response();
            }
            ([(header::ETAG, tag), (header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
        }
    };
    site.set("/rules", tagged("\"a\"", OLD));
    house.watch([watched("rules", &site.url("/rules"))]);
    house.settle().await;
    house.wait(DAY);
    let looked = house.settle().await;
    assert_eq!(looked.len(), 1);
    site.set("/rules", tagged("\"b\"", NEW));
    house.wait(DAY);
    house.settle().await;
    assert_eq!(house.texts("rules"), [OLD, NEW]);
}

clock!(wording);
#[tokio::test(flavor = "multi_thread")]
async fn other_words_have_to_last_before_they_count() {
    let (site, house) = (Site::new().await, House::new(&wording::SECOND, wording::now));
    site.text("/rules", "欢迎光临\n感谢支持");
    house.watch([watched("rules", &site.url("/rules"))]);
    house.settle().await;
    site.text("/rules", "欢迎光临本站\n感谢支持");
    house.wait(DAY);
    house.settle().await;
    house.wait(3 * 3_600 + 60);
    house.settle().await;
    assert_eq!(house.texts("rules").len(), 2);
}

clock!(ruled);
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_becomes_a_version_of_its_article_and_a_task() {
    let (site, house) = (Site::new().await, House::new(&ruled::SECOND, ruled::now));
    let facts = OrderFacts {
        merchant: Some("橙壳数卡".to_owned()),
        platform: Some("shop.example".to_owned()),
        ..OrderFacts::default()
    };
    house.open_order("dk01", facts);
    site.text("/rules", OLD);
    let page = PageWatched {
        kind: PageKind::Rule,
        platform: Some("shop.example".to_owned()),
        merchant: None,
        title: Some("售后规范".to_owned()),
        article: Some("5".to_owned()),
        ..watched("rules", &site.url("/rules"))
    };
    house.watch([page]);
    house.settle().await;
    site.text("/rules", NEW);
    house.wait(DAY);
    house.settle().await;
    house.with(|vault| {
        let state = vault.house().unwrap();
        let rules: Vec<&RuleCaptured> =
            state.house().iter().filter_map(|logged| RuleCaptured::of(&logged.report)).collect();
        let texts: Vec<_> = rules.iter().map(|rule| rule.text.as_deref().unwrap()).collect();
        assert_eq!(texts[0], "第五条 失效\n卡密失效的，48 小时内可以申请退款，退款 80%。");
        assert!(texts.len() == 2 && texts[1].contains("24 小时"), "{texts:?}");
        let last = vault.pages().unwrap()[0].last.as_ref().unwrap().item;
        assert_eq!(rules[1].snapshot, Some(last), "the citation is shown by the page");
        let found = tasks(vault, house.now()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].orders, ["dk01".parse().unwrap()]);
    });
    house.assert_clean();
}

clock!(silent);
#[tokio::test(flavor = "multi_thread")]
async fn a_product_page_that_changes_after_the_purchase_becomes_evidence_of_the_order() {
    let (site, house) = (Site::new().await, House::new(&silent::SECOND, silent::now));
    let paid_at = Some(house.now());
    for label in ["bound", "captured", "other"] {
        house.open_order(label, OrderFacts { paid_at, ..OrderFacts::default() });
    }
    let url = site.url("/product");
    house.with(|vault| {
        let taken = vault.ingest(vec![Source::Bytes(b"page".to_vec())], &|_| {}).unwrap().remove(0).unwrap();
        let manifest = sigu_server::fixing::manifest(false, Slot::Description, &taken, None, false);
        let order: sigu_case::OrderId = "captured".parse().unwrap();
        let commands = |first| {
            let fix = Command::FixEvidence {
                order: order.clone(),
                slot: Slot::Description,
                formed_at: None,
                note: None,
                manifest,
            };
            let made = CaptureMade {
                at: house.now(),
                order: order.clone(),
                url: format!("{url}#top"),
                title: None,
                record: first,
                items: vec![first],
            };
            vec![fix, Command::Report(made.into())]
        };
        vault.execute_from(commands, house.now()).unwrap();
    });
    site.text("/product", OLD);
    site.text("/bound", OLD);
    let product = PageWatched { kind: PageKind::Product, merchant: None, ..watched("product", &url) };
    let bound = PageWatched {
        bound_to: Some("bound".parse().unwrap()),
        ..PageWatched { page: "bound".parse().unwrap(), url: site.url("/bound"), ..product.clone() }
    };
    house.watch([product, bound]);
    house.settle().await;
    site.text("/product", NEW);
    site.text("/bound", NEW);
    house.wait(DAY);
    house.settle().await;
    house.with(|vault| {
        for (label, own) in [("bound", 1), ("captured", 1), ("other", 0)] {
            let order = vault.order(&label.parse().unwrap()).unwrap().unwrap();
            let noted: Vec<_> = order.exhibits.iter().filter_map(|one| one.note.as_deref()).collect();
            assert_eq!(noted.len(), own, "{label}");
            assert!(noted.iter().all(|note| note.contains("- ") && note.contains("24 小时")), "{noted:?}");
            assert_eq!(order.of_kind::<ObservationMade>().count(), own, "{label}");
        }
    });
    house.assert_clean();
}

clock!(gentle);
#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_left_alone_between_two_looks() {
    let (site, house) = (Site::new().await, House::new(&gentle::SECOND, gentle::now));
    for path in ["/a", "/b", "/c"] {
        site.text(path, OLD);
        house.watch([watched(&path[1..], &site.url(path))]);
    }
    let manner = Manner::default();
    let mut looked = 0;
    for _ in 0..3 {
        let passed = house.pass(manner).await;
        assert_eq!(passed.pages.len(), 1, "one page of a host at a time");
        looked += passed.pages.len();
        assert!(house.pass(manner).await.pages.is_empty(), "not at once again");
        assert!(passed.next.unwrap() > house.now());
        house.wait(11);
    }
    assert_eq!(looked, 3);
}

clock!(stopped);
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_stopped_is_asked_no_more_and_keeps_its_versions() {
    let (site, house) = (Site::new().await, House::new(&stopped::SECOND, stopped::now));
    site.text("/rules", OLD);
    let page = watched("rules", &site.url("/rules"));
    house.watch([page.clone()]);
    house.settle().await;
    let asked = site.asked("/rules");
    house.watch([PageWatched { watched: false, ..page.clone() }]);
    house.wait(30 * DAY);
    assert!(house.settle().await.is_empty());
    assert_eq!((site.asked("/rules"), house.texts("rules").len()), (asked, 1));
    house.watch([page]);
    assert_eq!(house.look("rules").await, Outcome::Unchanged, "what is known is not fixed twice");
}
