//! Copies and key frames in the exhibits: what is covered takes the place of what it covers, and each says what it is.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use jiff::Timestamp;
use sigu_case::report::{CopyMade, Logged, RecordingEnded, RecordingPiece, Report};
use sigu_case::{Exhibit, ExhibitContent, House, ItemId, Order, OrderFacts, Slot, State, View};
use sigu_documents::{Block, Case, Kind, Lang, Made, Wishes, of_order, pdf, text};
use sigu_evidence::{ContentId, ItemManifest, Source};

use crate::made::written;

fn at() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

/// An order with pictures, each of one grey of its own.
struct Built {
    order: Order,
    contents: BTreeMap<ItemId, Vec<u8>>,
}

impl Built {
    fn new() -> Self {
        let facts = OrderFacts { title: Some("点卡".into()), ..OrderFacts::default() };
        Self { order: Order::new("A".parse().unwrap(), at(), facts), contents: BTreeMap::new() }
    }

    fn place(&self) -> ItemId {
        ItemId::new(1, 1 + self.order.exhibits.len() as u64 + self.order.reports.len() as u64)
    }

    fn file(&mut self, slot: Slot, name: &str, media_type: &str, secret: bool, bytes: Vec<u8>) -> ItemId {
        let item = self.place();
        let manifest = ItemManifest {
            content: ContentId::of(&bytes),
            size: bytes.len() as u64,
            media_type: media_type.into(),
            file_name: Some(name.into()),
            source: Source::File,
            modified_at: None,
            secret,
            masked: secret.then(|| name.into()),
        };
        let content = ExhibitContent::Kept(manifest);
        self.order.exhibits.push(Exhibit {
            item,
            slot,
            fixed_at: at(),
            formed_at: None,
            note: None,
            content,
        });
        self.contents.insert(item, bytes);
        item
    }

    fn picture(&mut self, slot: Slot, name: &str, secret: bool) -> ItemId {
        let grey = 40 + 20 * self.order.exhibits.len() as u8;
        let mut bytes = Vec::new();
        RgbImage::from_pixel(120, 80, Rgb([grey; 3]))
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        self.file(slot, name, "image/png", secret, bytes)
    }

    fn report(&mut self, report: impl Into<Report>) -> ItemId {
        let item = self.place();
        self.order.reports.push(Logged { item, recorded_at: at(), report: report.into() });
        item
    }

    fn copy(&mut self, of: ItemId, covers: bool) -> ItemId {
        let copy = self.picture(Slot::Other, "copy-marked.png", false);
        let order = self.order.id.clone();
        self.report(CopyMade { at: at(), order, of, copy, covers, marks: vec!["box 1,1,9,9".into()] });
        copy
    }

    fn digest(&self, item: ItemId) -> String {
        ContentId::of(&self.contents[&item]).prefix8()
    }

    fn made(&self, lang: Lang) -> Made {
        let house = House::of(&State::default());
        let view = View::new(&self.order, &house, at());
        let content = |item: ItemId| self.contents.get(&item).cloned();
        let (logged_at, wishes) = (BTreeMap::new(), Wishes::default());
        let (others, log) = (&[][..], None);
        let case =
            Case { view: &view, content: &content, logged_at: &logged_at, wishes: &wishes, others, log };
        of_order(Kind::Catalogue, &case, lang).unwrap()
    }
}

fn captions(made: &Made) -> Vec<&str> {
    let shown = made.paper.blocks.iter().filter_map(|block| match block {
        Block::Picture { caption, .. } => Some(caption.as_str()),
        _ => None,
    });
    shown.collect()
}

#[test]
fn a_covering_copy_stands_in_place_of_a_secret() {
    let mut built = Built::new();
    let card = built.picture(Slot::Delivery, "card.png", true);
    let bare = built.made(Lang::Zh);
    assert!(captions(&bare).is_empty());
    assert!(bare.paper.guide.iter().any(|line| line.contains(&format!("sigu mark {card} --order A"))));
    assert!(!text::plain(&bare.paper).contains("sigu mark"), "the receiver is not told how to use a tool");
    built.copy(card, false);
    assert!(captions(&built.made(Lang::Zh)).is_empty(), "a copy on which nothing is covered is not shown");
    let copy = built.copy(card, true);
    built.copy(card, false);
    let made = built.made(Lang::Zh);
    assert_eq!(captions(&made), [format!("card.png：遮盖副本，原件 SHA-256 前 8 位 {}", built.digest(card))]);
    assert!(made.paper.rests_on.contains(&copy) && made.paper.rests_on.contains(&card));
    assert!(!made.paper.guide.iter().any(|line| line.contains("sigu mark")));
    assert!(text::plain(&made.paper).contains(&format!("{copy}：遮盖副本，原件为 {card}")));
    let english = built.made(Lang::En);
    assert!(captions(&english)[0].contains("covered copy; SHA-256 of the original begins"));
    written("copies.pdf", &pdf::set(&made.paper, &made.pictures).unwrap().bytes);
}

#[test]
fn a_marked_copy_stands_behind_its_original_and_a_covered_one_in_its_place() {
    let mut built = Built::new();
    let page = built.picture(Slot::Transaction, "page.png", false);
    built.copy(page, false);
    let digest = built.digest(page);
    assert_eq!(
        captions(&built.made(Lang::Zh)),
        ["page.png".to_owned(), format!("page.png：标注副本，原件 SHA-256 前 8 位 {digest}")]
    );
    built.copy(page, true);
    let made = built.made(Lang::Zh);
    assert_eq!(captions(&made), [format!("page.png：遮盖副本，原件 SHA-256 前 8 位 {digest}")]);
    assert!(made.paper.guide.iter().any(|line| line.contains("证据包里仍有原件")));
}

#[test]
fn a_copy_without_its_original_says_so() {
    let mut built = Built::new();
    let page = built.picture(Slot::Transaction, "page.png", false);
    built.copy(page, true);
    built.order.exhibits[0].content = ExhibitContent::Erased;
    let made = built.made(Lang::Zh);
    assert_eq!(captions(&made), [format!("copy-marked.png：副本，原件 {page} 已删除")]);
}

/// A recording of `secret` key frames at 0 and 64.5 seconds, its pieces and its whole.
fn recording(secret: bool) -> (Built, [ItemId; 2], ItemId) {
    let mut built = Built::new();
    let order = built.order.id.clone();
    let began = ItemId::new(1, 900);
    let piece = built.file(Slot::Recording, "REC_A.part0000.webm", "video/webm", secret, vec![1]);
    // Later frames first: they are shown in the order of the recording.
    let late = built.picture(Slot::Other, "REC_A_2026-11-22_16.00.00-0064500ms.jpg", secret);
    let first = built.picture(Slot::Other, "REC_A_2026-11-22_16.00.00-0000000ms.jpg", secret);
    built.report(RecordingPiece { at: at(), order: order.clone(), recording: began, number: 0, piece });
    let whole = built.file(Slot::Recording, "REC_A.webm", "video/webm", secret, vec![1]);
    built.report(RecordingEnded {
        at: at(),
        order,
        recording: began,
        pieces: 1,
        duration_ms: 74_200,
        continuous: true,
        reason: "stopped".into(),
        whole: Some(whole),
        marks: None,
        key_frames: vec![late, first],
    });
    (built, [first, late], piece)
}

#[test]
fn key_frames_are_shown_with_their_time_in_the_recording() {
    let (built, [first, late], _) = recording(false);
    let made = built.made(Lang::Zh);
    let caption = |time: &str, item: ItemId| format!("录像 {time} 处的关键帧（{item}）");
    assert_eq!(captions(&made), [caption("00:00.0", first), caption("01:04.5", late)]);
    let said = text::plain(&made.paper);
    assert!(said.contains("一次连续录制，74 秒"), "{said}");
    assert!(
        said.contains("REC_A.webm") && !said.contains("part0000"),
        "pieces of a whole show nothing: {said}"
    );
    assert!(captions(&built.made(Lang::En))[1].contains("at 01:04.5 of the recording"));
}

#[test]
fn key_frames_of_a_reveal_are_named_until_they_are_covered() {
    let (mut built, [first, late], _) = recording(true);
    let made = built.made(Lang::Zh);
    assert!(captions(&made).is_empty());
    let said = text::plain(&made.paper);
    assert!(
        said.contains(&format!("另有 2 张关键帧可能显示卡密，未印出：00:00.0 处 {first}、01:04.5 处 {late}")),
        "{said}"
    );
    assert!(said.contains("一次连续录制，74 秒"), "{said}");
    built.copy(late, true);
    let made = built.made(Lang::Zh);
    let digest = built.digest(late);
    let caption = format!("录像 01:04.5 处的关键帧（{late}）：遮盖副本，原件 SHA-256 前 8 位 {digest}");
    assert_eq!(captions(&made), [caption]);
    assert!(text::plain(&made.paper).contains("另有 1 张关键帧"));
}
