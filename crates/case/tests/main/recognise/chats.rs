//! Pasted dialogues of every layout: order, sides, times, gaps, and that nothing is lost.

use jiff::tz::Offset;
use proptest::prelude::*;
use sigu_case::Direction;
use sigu_case::recognise::{Chat, ChatNote, Form, Hints, ReplySense, readable, recognise};

use super::{at, page};

fn chat(text: &[u8], hints: &Hints) -> Chat {
    let found = recognise(text, hints);
    assert_eq!(found.form, Form::Chat);
    found.chat.unwrap()
}

#[test]
fn a_shop_thread() {
    let chat = chat(page!("chat_thread.txt"), &Hints::default());
    let table: Vec<_> = chat
        .lines
        .iter()
        .map(|line| {
            let at = line.at.map(|moment| Offset::constant(8).to_datetime(moment.at).time().to_string());
            (at.unwrap_or_default(), line.direction, line.sense)
        })
        .collect();
    let row = |time: &str, direction, sense| (time.to_owned(), Some(direction), sense);
    let expected = [
        row("14:50:00", Direction::Out, None),
        row("16:05:30", Direction::In, None),
        row("16:07:00", Direction::Out, None),
        row("18:20:00", Direction::In, Some(ReplySense::Refusal)),
    ];
    assert_eq!(table, expected);
    assert_eq!(chat.lines[0].due, Some(at(2026, 9, 21, 18, 50, 0)));
    assert!(chat.lines[2].text.contains("7Q…XA (14)"), "{}", chat.lines[2].text);
    assert_eq!(chat.lines[2].text_spans.len(), 2);
    assert_eq!(chat.notes, [ChatNote::Omission(8)]);
    assert!(chat.unplaced.is_empty());
}

#[test]
fn a_paste_out_of_order_is_sorted_and_said_so() {
    let hints = Hints { own_names: vec!["林某(10001)".to_owned()], ..Hints::default() };
    let page = page!("chat_qq.txt");
    let chat = chat(page, &hints);
    let days: Vec<_> = chat
        .lines
        .iter()
        .map(|line| line.at.map(|m| Offset::constant(8).to_datetime(m.at).to_string()))
        .collect();
    let day = |text: &str| Some(text.to_owned());
    let expected = [day("2026-10-01T09:30:00"), None, day("2026-10-01T11:00:00"), day("2026-10-02T08:10:00")];
    assert_eq!(days, expected);
    assert_eq!(chat.lines[1].speaker.as_deref(), Some("橙壳售后(20002)"));
    let sides: Vec<_> = chat.lines.iter().map(|line| (line.direction, line.direction_inferred)).collect();
    let (own, other) = ((Some(Direction::Out), false), (Some(Direction::In), true));
    assert_eq!(sides, [own, other, other, own]);
    assert_eq!(chat.lines[2].sense, Some(ReplySense::Refusal));
    let notes = [ChatNote::Sorted(2), ChatNote::Untimed(1), ChatNote::Gap { line: 2, hours: 21 }];
    assert_eq!(chat.notes, notes);
    assert_eq!(chat.unplaced[0].text, "转自聊天记录");
    let source = readable(page, &hints);
    assert_eq!(source.reveal(&chat.unplaced[0].span), Some("转自聊天记录"));
}

#[test]
fn every_layout_is_read() {
    for (text, speaker, words) in [
        ("流萤客服 2026-09-21 14:50:00\n在的", "流萤客服", "在的"),
        ("2026-09-21 14:50:00 流萤客服\n在的", "流萤客服", "在的"),
        ("2026-09-21 14:50 流萤客服：在的", "流萤客服", "在的"),
        ("[2026-09-21 14:50] 流萤客服: 在的", "流萤客服", "在的"),
        ("【2026/9/21 14:50:00】流萤客服：在的", "流萤客服", "在的"),
        ("流萤客服(2026-09-21 14:50:00)：在的", "流萤客服", "在的"),
        ("流萤客服 2026年9月21日 14:50\n在的", "流萤客服", "在的"),
        ("2026年9月21日 星期一\n流萤客服 14:50\n在的", "流萤客服", "在的"),
        ("—— 2026年9月21日 ——\n[14:50] 流萤客服: 在的", "流萤客服", "在的"),
    ] {
        let chat = chat(text.as_bytes(), &Hints::default());
        assert_eq!(chat.lines.len(), 1, "{text}");
        let line = &chat.lines[0];
        assert_eq!(line.at.unwrap().at, at(2026, 9, 21, 14, 50, 0), "{text}");
        assert_eq!((line.speaker.as_deref(), line.text.as_str()), (Some(speaker), words), "{text}");
        assert_eq!(line.direction, Some(Direction::In), "{text}");
    }
}

#[test]
fn a_time_without_a_day_is_no_instant() {
    let text = "[14:50] 客服: 在的\n[14:52] 我: 好";
    let found = chat(text.as_bytes(), &Hints::default());
    assert!(found.lines.iter().all(|line| line.at.is_none()));
    assert_eq!(found.notes, [ChatNote::Undated(2)]);
    let day = Hints { day: Some(jiff::civil::date(2026, 9, 21)), ..Hints::default() };
    assert_eq!(chat(text.as_bytes(), &day).lines[1].at.unwrap().at, at(2026, 9, 21, 14, 52, 0));
}

fn paste() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[^\n]{0,30}",
        Just("我 14:50".to_owned()),
        Just("客服：在".to_owned()),
        Just("[23:59] 客服: 不退".to_owned()),
        Just("2026-09-21 14:50:00 林某".to_owned()),
        Just("—— 2026年9月21日 ——".to_owned()),
        Just("……".to_owned()),
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn no_line_is_lost(text in paste()) {
        let hints = Hints { form: Some(Form::Chat), ..Hints::default() };
        let chat = recognise(&text, &hints).chat.unwrap();
        let source = readable(text.as_bytes(), &hints);
        let mut spans: Vec<_> = chat.lines.iter().flat_map(|line| line.spans.clone()).collect();
        spans.extend(chat.unplaced.iter().map(|one| one.span.clone()));
        spans.extend(chat.separators.clone());
        spans.sort_by_key(|span| span.start);
        let kept: Vec<_> = spans.iter().map(|span| source.reveal(span).unwrap()).collect();
        let lines = source.text().split('\n').map(|line| line.trim_start_matches('\u{feff}').trim());
        let all: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(kept, all);
    }
}
