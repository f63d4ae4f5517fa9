//! What keeps a page from being compared: each fault has its name, none is a change, and a lasting one is told.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use sigu_case::report::PageWatched;
use sigu_server::watching::{Outcome, PageState, Trouble, TroubleKind, standing};
use sigu_vault::JobBook;

use super::site::Site;
use super::{House, clock};
use crate::support::outside::{cut, nobody};
use crate::support::watched::watched;

const RULES: &str = "<!doctype html><html><head><title>售后规范</title></head><body><main id=terms><h1>售后规范</h1>\
    <p>第一条 付款后 10 分钟内自动发货，逾期未发货的，可以申请全额退款。</p>\
    <p>第二条 卡密失效的，48 小时内联系客服，核实后补发或者退款 80%。</p>\
    <p>第三条 对处理结果有异议的，可以在申诉中心提出申诉，平台在 3 个工作日内答复。</p></main></body></html>";
const CAPTCHA: &str = "<html><head><title>安全验证</title></head><body><div id=captcha><p>为了您的账号安全，请完成下方验证</p>\
    <p>请拖动滑块完成拼图</p><input name=captcha></div></body></html>";
const LOGIN: &str = "<html><head><title>登录</title></head><body><form><h1>请先登录</h1><input name=user placeholder=手机号>\
    <input type=password name=pass><button>登录</button></form></body></html>";
const BLANK: &str = "<!doctype html><html><head><title>商城</title><script src=app.js></script></head><body><div id=app></div></body></html>";
const DAY: i64 = 24 * 3_600 + 4_400;

type Fault = (&'static str, TroubleKind, &'static str, fn() -> Response);

fn faults() -> Vec<Fault> {
    use TroubleKind::{Unextractable, Unreachable};
    vec![
        ("error", Unreachable, "status", || StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        ("busy", Unreachable, "status", || {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "172800")]).into_response()
        }),
        ("cut", Unreachable, "cut-off", cut),
        ("gone", Unextractable, "gone", || StatusCode::GONE.into_response()),
        ("forbidden", Unextractable, "forbidden", || StatusCode::FORBIDDEN.into_response()),
        ("wall", Unextractable, "captcha", || (StatusCode::FORBIDDEN, Html(CAPTCHA)).into_response()),
        ("captcha", Unextractable, "captcha", || Html(CAPTCHA).into_response()),
        ("login", Unextractable, "login", || Html(LOGIN).into_response()),
        ("asked", Unextractable, "login", || StatusCode::UNAUTHORIZED.into_response()),
        ("blank", Unextractable, "blank", || Html(BLANK).into_response()),
        ("moved", Unextractable, "moved", || {
            Redirect::temporary("https://elsewhere.example/x").into_response()
        }),
        ("inside", Unextractable, "moved", || Redirect::temporary("http://127.0.0.1:9/").into_response()),
        ("picture", Unextractable, "not-text", || {
            ([(header::CONTENT_TYPE, "image/png")], b"\x89PNG\r\n\x1a\n".to_vec()).into_response()
        }),
        ("large", Unextractable, "too-large", || Html("长".repeat(3 << 20)).into_response()),
    ]
}

clock!(all);
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_name_and_none_is_a_change() {
    let (site, house) = (Site::new().await, House::new(&all::SECOND, all::now));
    for (name, ..) in faults() {
        site.html(&format!("/{name}"), RULES);
        house.watch([watched(name, &site.url(&format!("/{name}")))]);
    }
    house.settle().await;
    for (name, _, _, answer) in faults() {
        site.set(&format!("/{name}"), move |_, _| answer());
    }
    house.wait(DAY);
    for (name, kind, why, _) in faults() {
        let outcome = house.look(name).await;
        let Outcome::Failed(trouble) = outcome else { panic!("{name}: {outcome:?}") };
        assert_eq!((trouble.kind, trouble.why.as_str(), trouble.times), (kind, why, 1), "{name}");
        assert!(!trouble.is_told());
    }
    house.look("captcha").await;
    let Outcome::Failed(Trouble { times: 3, .. }) = house.look("captcha").await else {
        panic!("a third time")
    };
    house.with(|vault| {
        let found = standing(vault, &JobBook::open(&house.app.places).unwrap()).unwrap();
        let state = |name: &str| found.iter().find(|one| one.watched.page.as_str() == name).unwrap().state;
        assert_eq!((state("captcha"), state("login")), (PageState::Trouble, PageState::Missed));
        let next = |name: &str| found.iter().find(|one| one.watched.page.as_str() == name).unwrap().next;
        let two_days = jiff::SignedDuration::from_hours(48);
        assert!(next("busy").unwrap() >= house.now() + two_days, "it asked to wait");
        assert!(next("error").unwrap() < house.now() + two_days, "it is tried again soon");
    });
    for (name, ..) in faults() {
        site.html(&format!("/{name}"), RULES);
        assert_eq!(house.look(name).await, Outcome::Unchanged, "{name} is back as it was");
        assert_eq!(house.texts(name).len(), 1, "{name}");
    }
    house.assert_clean();
}

clock!(rotted);
#[tokio::test(flavor = "multi_thread")]
async fn a_selector_that_finds_nothing_is_named() {
    let (site, house) = (Site::new().await, House::new(&rotted::SECOND, rotted::now));
    site.html("/rules", RULES);
    let page = PageWatched { select: vec!["#terms".to_owned()], ..watched("rules", &site.url("/rules")) };
    house.watch([page]);
    house.settle().await;
    site.html("/rules", &RULES.replace("id=terms", "class=c81"));
    house.wait(DAY);
    let Outcome::Failed(trouble) = house.look("rules").await else { panic!("it reads something else") };
    assert_eq!((trouble.why.as_str(), trouble.detail.as_str()), ("selectors-rotted", "#terms"));
}

clock!(silent);
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_asked_less_and_less() {
    let house = House::new(&silent::SECOND, silent::now);
    house.watch([watched("rules", &format!("{}/rules", nobody().await))]);
    let mut waits = Vec::new();
    for _ in 0..6 {
        let looked = house.settle().await;
        let Outcome::Failed(trouble) = &looked[0].outcome else { panic!("{looked:?}") };
        assert_eq!((trouble.kind, trouble.why.as_str()), (TroubleKind::Unreachable, "no-connection"));
        let next = house.pass(super::AT_ONCE).await.next.unwrap();
        let wait = next.duration_since(house.now()).as_secs();
        waits.push(wait);
        house.wait(wait);
    }
    assert!(waits.is_sorted() && waits[0] == 900, "{waits:?}");
    assert!(*waits.last().unwrap() <= DAY);
    assert!(house.texts("rules").is_empty());
}

clock!(restless);
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_never_twice_the_same_is_called_noisy() {
    let (site, house) = (Site::new().await, House::new(&restless::SECOND, restless::now));
    site.set("/rules", |count, _| {
        let all = (0..9)
            .map(|n| format!("第{n}条 退款 {} 元，{} 小时内处理完毕。", count * 37 + n, count * 11 + n));
        super::site::plain(&all.collect::<Vec<_>>().join("\n"))
    });
    house.watch([watched("rules", &site.url("/rules"))]);
    let mut told = false;
    for _ in 0..12 {
        house.pass(super::AT_ONCE).await;
        house.wait(60);
        house.pass(super::AT_ONCE).await;
        house.wait(DAY);
        let found = house.with(|vault| standing(vault, &JobBook::open(&house.app.places).unwrap()).unwrap());
        told |= found[0].trouble.as_ref().is_some_and(|trouble| trouble.kind == TroubleKind::Noisy);
    }
    assert_eq!(house.texts("rules").len(), 1, "it is no change");
    assert!(told);
}
