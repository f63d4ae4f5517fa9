//! Pages that only a browser can read, looked at by a real one.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use sigu_capture::browser::Browser;
use sigu_case::report::{PageWatched, PageWay};
use sigu_server::watching::{Outcome, TroubleKind};

use super::site::{Site, plain};
use super::{House, clock};
use crate::support::room::launch;
use crate::support::watched::watched;

const SCRIPTED: &str = "<!doctype html><meta charset=utf-8><title>规则</title><main></main><script>
fetch('/text').then((answer) => answer.text()).then((text) => {
  for (const line of text.split('\\n')) {
    document.querySelector('main').appendChild(document.createElement('p')).textContent = line;
  }
});
</script>";
const OLD: &str = "第五条 卡密失效的，48 小时内可以申请退款，退款 80%。";
const NEW: &str = "第五条 卡密失效的，24 小时内可以申请退款，退款 50%。";
const DAY: i64 = 24 * 3_600 + 4_400;

fn by_browser(name: &str, url: &str) -> PageWatched {
    PageWatched { way: PageWay::Browser, ..watched(name, url) }
}

clock!(scripted);
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_scripts_write_is_read_and_its_edit_found() {
    let (site, profile) = (Site::new().await, tempfile::tempdir().unwrap());
    let house = House::new(&scripted::SECOND, scripted::now).with_browser(launch(profile.path()));
    site.html("/rules", SCRIPTED);
    site.text("/text", OLD);
    house.watch([by_browser("rules", &site.url("/rules"))]);
    let looked = house.settle().await;
    assert!(matches!(looked[0].outcome, Outcome::First { .. }), "{looked:?}");
    assert_eq!(house.texts("rules"), [OLD]);
    site.text("/text", NEW);
    house.wait(DAY);
    let looked = house.settle().await;
    assert_eq!(looked[0].outcome, Outcome::Suspected, "{looked:?}");
    assert!(matches!(looked[1].outcome, Outcome::Changed { .. }), "{looked:?}");
    assert_eq!(house.texts("rules"), [OLD, NEW]);
    house.assert_clean();
}

clock!(logged_in);
#[tokio::test(flavor = "multi_thread")]
async fn what_the_user_is_logged_in_to_is_read() {
    let (site, profile) = (Site::new().await, tempfile::tempdir().unwrap());
    let house = House::new(&logged_in::SECOND, logged_in::now).with_browser(launch(profile.path()));
    site.set("/login", |_, _| {
        let cookie = (header::SET_COOKIE, "session=mine; Max-Age=86400; Path=/");
        ([cookie], Html("<p>欢迎回来，请继续浏览店铺的规则。</p>")).into_response()
    });
    site.set("/mine", |_, headers| match headers.get(header::COOKIE) {
        Some(_) => plain(OLD),
        None => (StatusCode::FOUND, [(header::LOCATION, "/login")]).into_response(),
    });
    let (net, mine) = (watched("net", &site.url("/mine")), by_browser("mine", &site.url("/mine")));
    house.watch([net, mine]);
    let Outcome::Failed(trouble) = house.look("net").await else { panic!("it is read without a login") };
    assert_eq!(trouble.why, "login");
    // The first visit is led to the login, which this site grants to everybody; the profile keeps it.
    let Outcome::Failed(trouble) = house.look("mine").await else { panic!("nobody is logged in yet") };
    assert_eq!(trouble.why, "login");
    house.wait(3_600);
    assert!(matches!(house.look("mine").await, Outcome::First { .. }));
    assert_eq!(house.texts("mine"), [OLD]);
}

clock!(without);
#[tokio::test(flavor = "multi_thread")]
async fn no_browser_and_one_in_use_are_told_and_are_no_change() {
    let (site, profile) = (Site::new().await, tempfile::tempdir().unwrap());
    site.html("/rules", SCRIPTED);
    site.text("/text", OLD);
    let house = House::new(&without::SECOND, without::now);
    house.watch([by_browser("rules", &site.url("/rules"))]);
    let Outcome::Failed(trouble) = house.look("rules").await else { panic!("there is no browser") };
    assert_eq!((trouble.kind, trouble.why.as_str()), (TroubleKind::Unextractable, "browser"));
    let house = house.with_browser(launch(profile.path()));
    let open = Browser::launch(&launch(profile.path())).await.unwrap();
    house.wait(DAY);
    let Outcome::Failed(trouble) = house.look("rules").await else { panic!("the profile is in use") };
    assert_eq!((trouble.kind, trouble.why.as_str()), (TroubleKind::Unreachable, "browser-start"));
    open.close().await;
    house.wait(DAY);
    assert!(matches!(house.look("rules").await, Outcome::First { .. }));
    let nowhere = by_browser("nowhere", "http://127.0.0.1:9/rules");
    house.watch([nowhere]);
    let Outcome::Failed(trouble) = house.look("nowhere").await else { panic!("nobody listens there") };
    assert_eq!((trouble.kind, trouble.why.as_str()), (TroubleKind::Unreachable, "no-connection"));
    assert!(trouble.detail.contains("ERR_"), "{trouble:?}");
}
