//! Papers at their edges: many exhibits, long pictures, odd signs, long words, nothing at all, small and large sums.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use regex::Regex;
use sigu_case::claim::ClaimKind;
use sigu_case::report::{ClaimChosen, ObservationMade, Observed, Place};
use sigu_case::{OrderFacts, Slot};
use sigu_documents::{Kind, Lang, Made, pdf, text};

use crate::made::{Cases, order_id, written};
use crate::outside::{Page, is_sound, pages, words};

fn facts() -> OrderFacts {
    OrderFacts {
        title: Some("星环手游点卡 300点".into()),
        order_no: Some("417260918203145862".into()),
        amount_fen: Some(3_000),
        merchant: Some("流萤卡铺".into()),
        paid_at: Some("2026-11-20T12:32:10Z".parse().unwrap()),
        delivered_at: Some("2026-11-20T12:32:11Z".parse().unwrap()),
        ..OrderFacts::default()
    }
}

/// A striped picture, so that a piece that is missing or turned would show.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let stripe = |_, y| if y / 50 % 2 == 0 { Rgb([250, 250, 250]) } else { Rgb([200, 215, 235]) };
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, stripe).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// An order that can be appealed: its page, and a shot of the code being refused.
fn disputed(facts: OrderFacts) -> Cases {
    let mut case = Cases::one("A", facts);
    case.fix_file("A", Slot::Transaction, ("订单页.png", "image/png"), picture(400, 300));
    case.fix_file("A", Slot::Description, ("商品页.txt", "text/plain"), "无法使用包换".into());
    let shot = case.fix_file("A", Slot::Delivery, ("兑换结果.png", "image/png"), picture(400, 300));
    case.report(ObservationMade {
        at: "2026-11-20T13:00:00Z".parse().unwrap(),
        order: order_id("A"),
        state: Observed::Used,
        place: Place::Issuer,
        text: Some("该卡密已被使用".into()),
        since: None,
        count: None,
        proof: Some(shot),
    });
    case
}

fn set(name: &str, made: &Made) -> (std::path::PathBuf, usize) {
    let set = pdf::set(&made.paper, &made.pictures).unwrap();
    let path = written(name, &set.bytes);
    is_sound(&path);
    (path, set.pages)
}

/// On which page the section of each exhibit begins: its heading stands alone on a line, the name far from the number.
fn headings(pages: &[String]) -> BTreeMap<u32, usize> {
    let heading = Regex::new(r"(?m)^ *证据 ?([0-9]+) {2,}\S+$").unwrap();
    let mut found = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        for line in heading.captures_iter(page) {
            found.entry(line[1].parse().unwrap()).or_insert(at + 1);
        }
    }
    found
}

/// What stands in the column of pages of the catalogue, by the number of the exhibit in the same row.
fn page_column(pages: &[Page]) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    for page in pages.iter().filter(|page| page.width > page.height) {
        let Some(head) = page.words.iter().find(|word| word.text == "页码") else { continue };
        let in_column = |left: f64| (head.left - 3.0..head.left + 40.0).contains(&left);
        for row in page.words.iter().filter(|word| word.left < 60.0 && word.top > head.bottom) {
            let Ok(no) = row.text.parse::<u32>() else { continue };
            let same_line = page.words.iter().filter(|word| (word.top - row.top).abs() < 2.0);
            let cell = same_line.into_iter().find(|word| in_column(word.left));
            let first = cell.and_then(|word| word.text.split('–').next()?.parse().ok());
            found.insert(no, first.unwrap_or_else(|| panic!("no page for exhibit {no}")));
        }
    }
    found
}

fn is_within(pages: &[Page]) {
    for page in pages {
        for word in &page.words {
            let inside = word.left >= 30.0 && word.right <= page.width - 30.0;
            let inside = inside && word.top >= 0.0 && word.bottom <= page.height;
            assert!(inside, "outside the margins: {word:?}");
        }
    }
}

#[test]
fn two_hundred_exhibits_stand_on_the_pages_the_catalogue_names() {
    let mut case = Cases::one("A", facts());
    for no in 1..=200 {
        let name = format!("说明{no:03}.txt");
        case.fix_file("A", Slot::Other, (&name, "text/plain"), format!("第 {no} 件").into_bytes());
    }
    let made = case.paper("A", Kind::Catalogue, Lang::Zh).unwrap();
    let (path, count) = set("edge-200.pdf", &made);
    let (text, words) = (pages(&path), words(&path));
    assert_eq!((text.len(), words.len()), (count, count));
    let (headings, column) = (headings(&text), page_column(&words));
    assert_eq!(headings.len(), 200);
    assert_eq!(column, headings, "the column of pages");
    is_within(&words);
}

#[test]
fn a_screenshot_of_thirty_thousand_pixels_goes_on_over_pages() {
    let mut case = Cases::one("A", facts());
    case.fix_file("A", Slot::Description, ("长截图.png", "image/png"), picture(1_080, 30_000));
    let made = case.paper("A", Kind::Catalogue, Lang::Zh).unwrap();
    let (path, count) = set("edge-long.pdf", &made);
    let text = pages(&path).concat();
    let pieces = text.lines().filter(|line| line.contains("段 共")).count();
    assert!(pieces >= 10 && count >= pieces, "{pieces} pieces on {count} pages");
    assert!(text.contains(&format!("第 {pieces} 段 共 {pieces} 段")), "the last piece is there");
    assert_eq!(text.matches("接上段").count(), pieces - 1, "each later piece says that it goes on");
}

#[test]
fn odd_signs_are_shown_or_written_out_and_nothing_typed_runs() {
    let typed = "#panic(\"x\") *粗* $x^2$ <a> @b \\u{1F600} 𠮷㐂😀\u{202E}txt";
    let case = disputed(OrderFacts { title: Some(typed.into()), ..facts() });
    let made = case.paper("A", Kind::Catalogue, Lang::Zh).unwrap();
    assert!(made.paper.about.contains("A"));
    let mut case = Cases::one("A", facts());
    case.fix_file("A", Slot::Chat, ("聊天.txt", "text/plain"), typed.into());
    let made = case.paper("A", Kind::Catalogue, Lang::Zh).unwrap();
    let (path, _) = set("edge-signs.pdf", &made);
    let text = pages(&path).concat();
    for shown in ["#panic(\"x\")", "*粗*", "$x^2$", "<a>", "@b", "[U+20BB7]", "㐂", "字体没有的字"] {
        assert!(text.contains(shown), "{shown} is not in\n{text}");
    }
    assert!(!text.contains('\u{202E}'), "a sign that turns the text round");
    let markdown = text::markdown(&made.paper);
    assert!(markdown.contains(r"\<a\>") && markdown.contains(r"\*粗\*"), "{markdown}");
}

#[test]
fn long_words_break_and_stay_within_the_margins() {
    let facts = OrderFacts {
        title: Some("A".repeat(200)),
        merchant: Some("很长的店名".repeat(40)),
        order_no: Some("9".repeat(120)),
        ..facts()
    };
    let mut case = Cases::one("A", facts);
    let long =
        format!("{}\n{}\nhttps://shop.test/{}", "无空格".repeat(700), "x".repeat(900), "a/".repeat(300));
    case.fix_file("A", Slot::Chat, ("很长的文件名".repeat(30).as_str(), "text/plain"), long.into_bytes());
    let made = case.paper("A", Kind::Catalogue, Lang::Zh).unwrap();
    let (path, _) = set("edge-words.pdf", &made);
    is_within(&words(&path));
}

#[test]
fn of_nothing_no_paper_is_made_and_what_is_missing_is_named() {
    let case = Cases::one("A", OrderFacts::default());
    for kind in Kind::ALL {
        for lang in [Lang::Zh, Lang::En] {
            let refused = case.paper("A", *kind, lang).expect_err(kind.code());
            assert!(!refused.missing.is_empty(), "{}", kind.code());
            assert!(refused.missing.iter().all(|one| one.how.contains("sigu")), "{refused:?}");
        }
    }
}

#[test]
fn the_smallest_and_the_largest_sums_are_written_out() {
    for (fen, shown) in [(1, "0.01"), (999_999_999, "9999999.99")] {
        let mut case = disputed(OrderFacts { amount_fen: Some(fen), ..facts() });
        case.report(ClaimChosen {
            at: "2026-11-20T14:00:00Z".parse().unwrap(),
            order: order_id("A"),
            kind: ClaimKind::FullRefund.code().into(),
            amount_fen: Some(fen),
            basis: None,
        });
        let made = case.paper("A", Kind::Complaint12315, Lang::Zh).unwrap();
        let (path, _) = set(&format!("edge-{fen}.pdf"), &made);
        let text: String = pages(&path).concat().split_whitespace().collect();
        assert!(
            text.contains(&format!("支付{shown}元")) && text.contains(&format!("退还已付款{shown}元")),
            "{text}"
        );
    }
}
