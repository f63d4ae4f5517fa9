//! Watched pages as text: what flickers is left out, what is no page is told by its kind, hostile bytes cost little.

use sigu_capture::readable::{MAX_BYTES, MAX_TEXT, Recipe, Unreadable, read};

const RULES: &str = "<h1>售后规则</h1><p>第一条 卡密类商品无效的，24 小时内补发或者全额退款。</p>\
    <p>第二条 商家保证金不低于 5000 元。登录后可在订单页提交申诉，提交时需要输入验证码。</p>\
    <p>第三条 本规则自 2026 年 3 月 8 日起施行。</p><p>第四条 买家应当在收货后 48 小时内验证，逾期视为验收合格。</p>";

fn page(decoration: &str) -> String {
    format!(
        "<!doctype html><meta charset=utf-8><title>规则</title><body>{decoration}<main>{RULES}</main></body>"
    )
}

fn text(html: &str) -> String {
    read(html.as_bytes(), Some("text/html"), &Recipe::default()).unwrap().text
}

#[test]
fn what_flickers_is_left_out_and_terms_stay() {
    let plain = text(&page(""));
    for stays in ["24 小时内补发", "保证金不低于 5000 元", "2026 年 3 月 8 日起施行", "48 小时内验证"]
    {
        assert!(plain.contains(stays), "{stays}: {plain}");
    }
    for decoration in [
        "<script>var t=1</script><style>p{color:red}</style>",
        "<nav><a href=/a>首页</a><a href=/b>商品</a></nav>",
        "<div class=clock>12:30:45</div>",
        "<p>浏览 10233 次</p><p>在线 71 人</p>",
        "<div class=advertisement>限时特惠</div>",
        "<div style='display:none'>看不见的字</div>",
        "<!-- 注释 -->",
    ] {
        assert_eq!(text(&page(decoration)), plain, "{decoration}");
    }
}

#[test]
fn what_is_no_page_is_told_by_its_kind() {
    let table: &[(&str, &str, &str)] = &[
        ("text/html", "<title>安全验证</title><p>请完成验证，拖动滑块</p>", "captcha"),
        ("text/html", "<title>Just a moment...</title><div id=cf-challenge></div>", "captcha"),
        (
            "text/html",
            "<title>登录</title><form><input name=u><input type=password></form><p>请先登录</p>",
            "login",
        ),
        ("text/html", "<div id=app></div><script src=/app.js></script>", "blank"),
        ("text/html", "", "blank"),
        ("text/html", "<title>404</title><h1>页面不存在</h1>", "moved"),
        ("application/pdf", "%PDF-1.7", "not_text"),
        ("image/png", "\u{89}PNG", "not_text"),
    ];
    for (media, body, code) in table {
        let told = read(body.as_bytes(), Some(media), &Recipe::default());
        assert_eq!(told.map_err(|why| why.code()).unwrap_err(), *code, "{body}");
    }
}

#[test]
fn a_recipe_selects_and_says_where_it_rotted() {
    let html = page("<div class=news>公告一则</div>");
    let recipe = |select: &str| Recipe { select: vec![select.to_owned()], ..Recipe::default() };
    let only = read(html.as_bytes(), None, &recipe("main h1")).unwrap().text;
    assert_eq!(only, "售后规则");
    let rotted = read(html.as_bytes(), None, &recipe("#gone")).unwrap_err();
    assert_eq!(rotted, Unreadable::SelectorsRotted { selector: "#gone".to_owned() });
    let removed =
        Recipe { remove: vec!["h1".to_owned()], mask: vec!["24 小时".to_owned()], ..Recipe::default() };
    let rest = read(html.as_bytes(), None, &removed).unwrap().text;
    assert!(!rest.contains("售后规则\n") && !rest.contains("24 小时") && rest.contains("48 小时"), "{rest}");
    assert_eq!(recipe("p:has(a)").check().unwrap_err().field, "select");
    assert_eq!(
        Recipe { mask: vec![".*".to_owned()], ..Recipe::default() }.check().unwrap_err().field,
        "mask"
    );
}

#[test]
fn hostile_pages_end_within_bounds() {
    let deep = |tag: &str| format!("{}字", format!("<{tag}>").repeat(200_000));
    let attributes: String = (0..50_000).map(|at| format!(" a{at}=1")).collect();
    let shapes = [
        deep("div"),
        deep("b"),
        deep("a href=x"),
        deep("table"),
        format!("<p{attributes}>字</p>"),
        "<".repeat(1 << 20),
        "&amp;".repeat(1 << 18),
        format!("<p>{}</p>", "字".repeat(MAX_TEXT)),
        "<template>".repeat(100_000),
        "<svg><![CDATA[".repeat(50_000),
    ];
    for shape in shapes {
        // Any answer will do; what counts is that there is one, and none larger than is promised.
        if let Ok(reading) = read(shape.as_bytes(), Some("text/html"), &Recipe::default()) {
            assert!(reading.text.len() <= MAX_TEXT, "{}", &shape[..20]);
        }
    }
    assert_eq!(read(&vec![b' '; MAX_BYTES + 1], None, &Recipe::default()), Err(Unreadable::TooLarge));
}
