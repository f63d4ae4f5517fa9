//! A simulated year: pages of a site on this machine that edits, decorates and breaks them, by a clock of the test's own.
//! Every planted edit of substance has to be found, and next to nothing else.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use sigu_case::page::PageChange;
use sigu_case::report::{PageKind, PageWatched};

use super::site::Site;
use super::{AT_ONCE, House};
use crate::support::watched::watched;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// What a year came to.
#[derive(Debug)]
pub(crate) struct Year {
    /// Pages that were watched.
    pub(crate) pages: usize,
    /// Edits of substance that were planted, and those that were found.
    pub(crate) planted: usize,
    pub(crate) found: usize,
    /// Which were not found.
    pub(crate) missed: Vec<String>,
    /// Changes of substance that were told and not planted.
    pub(crate) false_alarms: Vec<String>,
    /// Versions for which only wording differed.
    pub(crate) wording: usize,
    /// Looks at pages, and those that gave nothing to compare.
    pub(crate) looks: usize,
    pub(crate) failed: usize,
    /// Bytes of the vault at the end.
    pub(crate) stored: u64,
    /// The longest time between an edit and its version, in hours.
    pub(crate) slowest_h: i64,
}

impl Year {
    /// Says it in a few lines.
    pub(crate) fn told(&self) -> String {
        format!(
            "{} pages, {} looks ({} without text): {} of {} edits found, slowest after {} h; {} false alarms \
             ({:.3} per page), {} versions of wording; {} bytes stored, {} per page",
            self.pages,
            self.looks,
            self.failed,
            self.found,
            self.planted,
            self.slowest_h,
            self.false_alarms.len(),
            self.false_alarms.len() as f64 / self.pages as f64,
            self.wording,
            self.stored,
            self.stored / self.pages as u64,
        )
    }
}

/// An edit of substance: which page, on which day, what stands there afterwards.
struct Edit {
    page: usize,
    day: i64,
    mark: String,
}

/// What is planted in the year: some pages are edited once, some twice, most never.
fn edits(pages: usize) -> Vec<Edit> {
    let mut all = Vec::new();
    for page in (0..pages).filter(|page| page % 4 == 0) {
        all.push(Edit { page, day: 40 + (page as i64 * 7) % 200, mark: mark(page, 1) });
        if page % 8 == 0 {
            all.push(Edit { page, day: 270 + (page as i64 * 3) % 50, mark: mark(page, 2) });
        }
    }
    all
}

/// The words an edit puts in, and with it takes out those of the state before.
fn mark(page: usize, state: usize) -> String {
    let before = [
        "保证金 1000 元",
        "卡密失效的，48 小时内联系客服",
        "核实后退款 80%",
        "可以在申诉中心提出申诉",
        "平台承担担保责任",
    ];
    let after = [
        "保证金 500 元",
        "卡密失效的，24 小时内联系客服",
        "核实后退款 50%",
        "一经售出概不退换，不接受申诉",
        "平台不承担任何责任",
    ];
    let later = [
        "保证金 300 元",
        "卡密失效的，12 小时内联系客服",
        "核实后退款 30%",
        "申诉须在 2 小时内提出",
        "平台仅承担 10% 的责任",
    ];
    [before, after, later][state][page / 4 % 5].to_owned()
}

/// The rules of a page, as they stand after so many edits.
fn rules(page: usize, state: usize) -> Vec<String> {
    let terms = |state: usize| (0..5).map(move |kind| mark(kind * 4, state));
    let own = page / 4 % 5;
    let clauses = terms(0).enumerate().map(|(kind, text)| if kind == own { mark(page, state) } else { text });
    let mut all = vec![
        format!("本规则适用于第 {page} 号店铺销售的全部虚拟商品，买家下单即视为已经阅读。"),
        "付款后 10 分钟内自动发货，逾期未发货的，可以申请全额退款。".to_owned(),
    ];
    all.extend(clauses.map(|text| format!("{text}，具体以订单页面载明的为准。")));
    all.push("账号类商品自交付之日起 7 天内被找回的，由商家负责赔付。".to_owned());
    all.push("本规则自 2026 年 3 月 1 日起施行。".to_owned());
    all
}

/// How the page looks on a day, asked so often before.
fn shown(page: usize, state: usize, now: Timestamp, day: i64, asked: usize) -> String {
    let way = page % 10;
    let on = |kind: usize| way == kind || way == 9;
    let clock = now.to_string();
    let mut head = String::new();
    let mut foot = String::new();
    if on(1) {
        head += &format!("<div class=clock>今天是 {} 当前时间 {}</div>", &clock[..10], &clock[11..19]);
    }
    if on(2) {
        let seen = 1_000 + asked * 37;
        foot += &format!(
            "<div class=count>浏览 {seen} 次</div><p>已售 {}</p><p>在线 {} 人</p>",
            seen * 3,
            seen % 97
        );
    }
    if on(3) {
        let ads = ["月卡特惠", "新人立减 5 元", "端游点券 9 折", "热门激活码上新", "周年庆满减"];
        head += &format!("<aside class=ad-banner><a href=/ad?{asked}>{}</a></aside>", ads[asked % ads.len()]);
    }
    if on(4) {
        let tips = ["温馨提示：请核对区服后下单", "温馨提示：请在付款前阅读本规则"];
        foot += &format!("<p>{}</p>", tips[asked % 2]);
    }
    if on(5) {
        foot += &format!("<p>距活动结束还剩 {} 天 {} 小时 {} 分</p>", 30 - day % 30, asked % 24, asked % 60);
    }
    if on(6) {
        let goods = ["点卡", "会员", "激活码", "账号", "授权"];
        let order: String = (0..5).map(|n| format!("<li>{}</li>", goods[(n + asked) % 5])).collect();
        foot += &format!("<section class=recommend><h3>猜你喜欢</h3><ul>{order}</ul></section>");
    }
    let class = if on(7) { format!("c{}", day / 30) } else { "terms".to_owned() };
    if on(8) {
        head += &format!(
            "<nav><a href=/?sid={asked}>首页</a><a href=/me?t={asked}>我的</a></nav><!-- {asked} -->"
        );
        foot += &format!("<script>var visit='{asked}';</script><p hidden>{asked}</p>");
    }
    let clauses = rules(page, state).into_iter().enumerate();
    let clauses: String = clauses.map(|(n, text)| format!("<p>第{}条 {text}</p>\n", n + 1)).collect();
    format!(
        "<!doctype html><html><head><meta charset=utf-8><title>售后规范</title></head><body><header>店铺</header>{head}\
         <main class={class}><h1>售后规范</h1>\n{clauses}</main>{foot}<footer>© 2026 店铺 {page}</footer></body></html>"
    )
}

/// What a page answers with instead of itself on a day, if it is broken then.
fn broken(page: usize, day: i64) -> Option<Response> {
    let captcha = "<html><head><title>安全验证</title></head><body><p>请完成下方验证后继续访问</p><p>请拖动滑块完成拼图</p></body></html>";
    let login = "<html><head><title>登录</title></head><body><form><h1>请先登录</h1><input name=u><input type=password name=p><button>登录</button></form></body></html>";
    let blank =
        "<!doctype html><html><head><script src=a.js></script></head><body><div id=app></div></body></html>";
    match (page % 7, day) {
        (1, 90..=99) => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        (2, 120..=131) => Some(Html(captcha).into_response()),
        (3, 150..=160) => Some(Html(login).into_response()),
        (4, 180..=189) => Some(Html(blank).into_response()),
        (5, 210..=220) => Some(Redirect::temporary("https://elsewhere.example/").into_response()),
        (6, 240..=250) => Some(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        _ => None,
    }
}

/// Lives through a year: `pages` pages, each looked at every so many hours; the clock goes on by `step` hours.
pub(crate) async fn live(
    house: &House,
    now: fn() -> Timestamp,
    pages: usize,
    every_hours: u32,
    step: i64,
) -> Year {
    let site = Site::new().await;
    let start = house.now();
    let day = move |at: Timestamp| at.duration_since(start).as_secs() / DAY;
    let planted = edits(pages);
    for page in 0..pages {
        let days: Vec<i64> = planted.iter().filter(|edit| edit.page == page).map(|edit| edit.day).collect();
        site.set(&format!("/shop/{page}/rules"), move |asked, _| {
            let (now, today) = (now(), day(now()));
            let state = days.iter().filter(|edited| **edited <= today).count();
            broken(page, today).unwrap_or_else(|| Html(shown(page, state, now, today, asked)).into_response())
        });
    }
    house.watch((0..pages).map(|page| PageWatched {
        kind: PageKind::AfterSale,
        merchant: None,
        every_hours,
        ..watched(&format!("p{page}"), &site.url(&format!("/shop/{page}/rules")))
    }));
    let (mut looks, mut failed) = (0, 0);
    while day(house.now()) < 365 {
        let passed = house.pass(AT_ONCE).await;
        looks += passed.pages.len();
        let without = |one: &&sigu_server::watching::Looked| {
            matches!(one.outcome, sigu_server::watching::Outcome::Failed(_))
        };
        failed += passed.pages.iter().filter(without).count();
        // What is to be confirmed is due at once; else the clock goes on.
        if passed.next.is_none_or(|next| next > house.now()) {
            house.wait(step * 3_600);
        }
    }
    count(house, start, pages, &planted, (looks, failed))
}

fn count(
    house: &House,
    start: Timestamp,
    pages: usize,
    planted: &[Edit],
    (looks, failed): (usize, usize),
) -> Year {
    let mut year = Year {
        pages,
        planted: planted.len(),
        found: 0,
        missed: Vec::new(),
        false_alarms: Vec::new(),
        wording: 0,
        looks,
        failed,
        stored: 0,
        slowest_h: 0,
    };
    for page in 0..pages {
        let versions = house.with(|vault| vault.page(&format!("p{page}").parse().unwrap()).unwrap());
        let mut told: Vec<_> = versions.iter().collect();
        year.wording += told.iter().filter(|one| one.fixed.change == Some(PageChange::Wording)).count();
        told.retain(|one| one.fixed.change == Some(PageChange::Substance));
        for edit in planted.iter().filter(|edit| edit.page == page) {
            let when = start + SignedDuration::from_hours(24 * edit.day);
            let shows = |one: &&sigu_vault::PageVersion| {
                one.fixed.seen_at >= when
                    && one.fixed.text.as_deref().is_some_and(|text| text.contains(&edit.mark))
            };
            match told.iter().position(shows) {
                Some(place) => {
                    let late = told.remove(place).fixed.seen_at.duration_since(when).as_hours();
                    year.slowest_h = year.slowest_h.max(late);
                    year.found += 1;
                }
                None => year.missed.push(format!("page {page} day {}", edit.day)),
            }
        }
        let day = |at: Timestamp| at.duration_since(start).as_hours() / 24;
        year.false_alarms
            .extend(told.iter().map(|one| format!("page {page} day {}", day(one.fixed.seen_at))));
    }
    year.stored = house.stored();
    year
}

#[cfg(test)]
mod tests {
    use super::super::{House, clock};
    use super::live;

    clock!(calendar);

    #[tokio::test(flavor = "multi_thread")]
    async fn a_year_of_two_hundred_pages_misses_no_edit_and_alarms_for_nothing() {
        let house = House::new(&calendar::SECOND, calendar::now);
        let year = live(&house, calendar::now, 200, 24 * 12, 48).await;
        println!("{}", year.told());
        assert_eq!(year.missed, [] as [String; 0], "every planted edit is found");
        assert_eq!(year.found, year.planted);
        let mut each = std::collections::BTreeMap::new();
        for alarm in &year.false_alarms {
            *each.entry(alarm.split(" day").next().unwrap()).or_insert(0) += 1;
        }
        assert!(each.values().all(|count| *count <= 1), "{:?}", year.false_alarms);
        assert!(year.failed > 100, "pages did break: {}", year.told());
        house.assert_clean();
    }
}
