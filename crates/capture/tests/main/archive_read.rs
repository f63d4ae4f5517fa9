//! Answers are looked up in archives, whole and damaged ones.

use proptest::prelude::*;
use sigu_capture::archive::{ReadError, Reader};

use crate::archive_sample::{PAGE, PAGE_BODY, Visit, at, exchange, headers, received, visit};
use sigu_capture::archive::Resource;

fn with_dom() -> Visit {
    let mut visit = visit();
    visit.resources.push(Resource {
        target_uri: format!("urn:dom:{PAGE}"),
        media_type: "text/html; charset=utf-8".to_owned(),
        at: at(14),
        bytes: "<p>如所见".as_bytes().to_vec(),
        about: Vec::new(),
    });
    visit
}

#[test]
fn answers_are_found_by_their_address() {
    let reader = Reader::open(with_dom().bytes()).unwrap();
    assert_eq!(reader.pages().len(), 1);
    assert_eq!((reader.pages()[0].url.as_str(), reader.pages()[0].title.as_str()), (PAGE, "点卡 \"100元\""));
    let text = |url: &str| {
        let kept = reader.find(url).unwrap()?;
        Some((kept.content_type, String::from_utf8_lossy(&kept.body).into_owned()))
    };
    let page = Some(("text/html; charset=utf-8".to_owned(), PAGE_BODY.to_owned()));
    assert_eq!(text(PAGE), page);
    assert_eq!(text(&format!("{PAGE}#top")), page);
    assert_eq!(text("http://shop.example.cn/goods/42"), page, "a redirect is followed");
    assert_eq!(text("https://shop.example.cn/logo.png").unwrap().0, "image/png");
    assert_eq!(text("https://shop.example.cn/gone").unwrap().1, "");
    for absent in ["https://cdn.example.com:8443/a.js?b=2&a=1", "https://else.example/", "", "data:,x", "🂡"]
    {
        assert_eq!(text(absent), None, "{absent}");
    }
    let dom = reader.rendered(PAGE).unwrap().unwrap();
    assert_eq!((dom.url.as_str(), dom.body.as_slice()), (PAGE, "<p>如所见".as_bytes()));
    assert_eq!(reader.rendered("https://shop.example.cn/logo.png").unwrap(), None);
}

#[test]
fn addresses_with_secrets_find_what_was_kept_without_them() {
    let reader = Reader::open(with_dom().bytes()).unwrap();
    // The order was asked for by POST; its answer is no page to go to.
    let mut visit = with_dom();
    let url = "https://shop.example.cn/card.png?token=hidden-9&size=2";
    visit.exchanges.push(exchange(url, 8, received(200, &[("Content-Type", "image/png")], b"png")));
    assert_eq!(reader.find(url).unwrap(), None);
    let found = Reader::open(visit.bytes()).unwrap().find(url).unwrap().unwrap();
    assert!(!found.url.contains("hidden"), "{}", found.url);
    assert_eq!(found.body, b"png");
}

#[test]
fn redirects_in_a_circle_lead_nowhere() {
    let mut visit = with_dom();
    let to = |location| received(302, &[("Location", location)], b"");
    visit.exchanges.push(exchange("https://shop.example.cn/one", 8, to("/two")));
    visit.exchanges.push(exchange("https://shop.example.cn/two", 9, to("one")));
    let reader = Reader::open(visit.bytes()).unwrap();
    assert_eq!(reader.find("https://shop.example.cn/one").unwrap(), None);
}

#[test]
fn the_answer_with_content_is_found_before_the_one_without() {
    let mut visit = with_dom();
    let url = "https://shop.example.cn/twice";
    visit.exchanges.push(exchange(url, 8, received(500, &[], b"wrong")));
    visit.exchanges.push(exchange(url, 9, received(200, &[], b"right")));
    let mut asked = exchange(url, 3, received(200, &[], b"asked by POST"));
    asked.method = "POST".to_owned();
    asked.request_headers = headers(&[("content-type", "application/x-www-form-urlencoded")]);
    asked.request_body = Some(b"a=1".to_vec());
    visit.exchanges.push(asked);
    let reader = Reader::open(visit.bytes()).unwrap();
    assert_eq!(reader.find(url).unwrap().unwrap().body, b"right");
}

#[test]
fn what_is_no_archive_is_said_to_be_none() {
    for bytes in [Vec::new(), b"PK\x03\x04".to_vec(), b"<p>".to_vec()] {
        assert_eq!(Reader::open(bytes).map(|_| ()), Err(ReadError::NotAnArchive));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Any byte changed, any end cut off: something is read or refused, and nothing breaks.
    #[test]
    fn damaged_archives_are_read_or_refused(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = with_dom().bytes();
        let mut changed = whole.clone();
        let at = at.index(changed.len());
        changed[at] = byte;
        let end = cut.index(whole.len());
        for bytes in [changed, whole[..end].to_vec()] {
            if let Ok(reader) = Reader::open(bytes) {
                let _ = reader.rendered(PAGE);
                let _ = reader.find(PAGE);
                let _ = reader.find("https://shop.example.cn/logo.png");
            }
        }
    }
}
