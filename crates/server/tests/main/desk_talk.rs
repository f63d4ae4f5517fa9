//! Talk and new orders at the desk: what is found in words, what is cited and goes along, what is brought along.

use serde_json::{Value, json};
use sigu_case::{Direction, Slot};
use sigu_server::talking::messages;

use crate::desk_write::Browser;
use crate::house::ORDER;
use crate::support::{Filled, Room};

const ANGRY: &str = "您好。你们这群骗子，马上退钱！谢谢。";

fn talk() -> String {
    format!("/orders/{ORDER}/talk")
}

fn told(page: &str) -> Value {
    serde_json::from_str(page).unwrap()
}

#[test]
fn what_is_found_has_its_place_and_one_press_says_it_better() {
    let desk = Browser::new();
    let told = told(&desk.post(&format!("{}/check", talk()), &[("text", ANGRY)]).text);
    let found = told["found"].as_array().unwrap();
    let insult = found.iter().find(|one| one["part"] == "骗子").expect("the insult is found");
    assert_eq!(insult["place"], json!({ "start": 7, "end": 9 }));
    assert_eq!(insult["put"]["place"], json!({ "start": 3, "end": 15 }));
    assert!(told["said"].as_str().unwrap().contains("发现"));

    // Without script the page shows the marks and takes the press as a form.
    let page = desk.post(&talk(), &[("what", "check"), ("text", ANGRY)]);
    assert_eq!(page.status, 200);
    page.says("<mark class=\"blocks\">骗子<sup>");
    let put = format!("put:{}", insult["number"]);
    page.says(&format!("value=\"{put}\""));
    let better = desk.post(&talk(), &[("what", put.as_str()), ("text", ANGRY)]);
    better.says(&format!(">您好。{}谢谢。</textarea>", insult["put"]["text"].as_str().unwrap()));
    assert!(desk.order(ORDER).messages.is_empty(), "nothing is recorded of a draft");

    // A secret is marked and not said again.
    let leak = "卡密是 ABCD-EFGH-JKLM-NPQR 请查";
    let page = desk.post(&talk(), &[("what", "check"), ("text", leak)]);
    let marked = page.text.split_once("class=\"marked\"").unwrap().1.split_once("</p>").unwrap().0;
    assert!(marked.contains("<mark") && !marked.contains("EFGH-JKLM"), "{marked}");
}

#[test]
fn longer_texts_go_as_several_messages() {
    let text = "第一句话。第二句话，有两个分句。第三句话很长很长很长很长很长很长很长！";
    let all = messages(text, 12);
    assert!(all.iter().all(|one| one.chars().count() <= 12), "{all:?}");
    assert_eq!(all.concat(), text);
    assert_eq!(all[0], "第一句话。");
    assert_eq!(messages("短。", 12), ["短。"]);
    assert_eq!(messages("一。\n\n二。", 3), ["一。", "二。"]);
    assert!(messages(" \n", 3).is_empty());
}

#[test]
fn clauses_in_force_are_cited_with_their_day_and_state() {
    let desk = Browser::new();
    let noted = [("what", "problem"), ("scenario", "key_used")];
    assert_eq!(desk.post(&format!("/orders/{ORDER}/appeal"), &noted).status, 303);
    let page = desk.get(&talk());
    let id = page.text.split_once("value=\"cite:").expect("a statute fits").1.split_once('"').unwrap().0;
    let name = page.text.split_once("data-insert=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(name.starts_with('《') && name.contains("起施行"), "{name}");
    let cited = desk.post(&talk(), &[("what", &format!("cite:{id}")), ("text", "请退款。")]);
    cited.says(&format!(">请退款。\n{name}</textarea>"));
    let appeal = format!("/orders/{ORDER}/appeal");
    desk.get(&appeal).says("id=\"statement\"");
    let none = desk.post(&talk(), &[("what", "cite:L-NONE-1"), ("text", "请退款。")]);
    none.says(">请退款。</textarea>");
}

#[test]
fn evidence_goes_along_and_secrets_do_not() {
    let desk = Browser::new();
    let fix = format!("/orders/{ORDER}/fix");
    let picture: &[u8] = include_bytes!("support/order.png");
    assert_eq!(desk.upload(&fix, &[("slot", "transaction")], &[("订单<i>.png", picture)]).status, 303);
    let card: &[u8] = "卡密：ABCD-EFGH-JKLM-NPQR".as_bytes();
    assert_eq!(desk.upload(&fix, &[("slot", "delivery")], &[("卡密.txt", card)]).status, 303);
    let items: Vec<String> = desk.order(ORDER).exhibits.iter().map(|one| one.item.to_string()).collect();
    let (shown, secret) = (items[0].as_str(), items[1].as_str());

    let page = desk.get(&talk());
    page.says(&format!("name=\"with\" value=\"{shown}\""));
    page.says(&format!("name=\"with\" value=\"{secret}\" disabled"));
    let listed = desk.post(&talk(), &[("what", "list"), ("text", "请看截图。"), ("with", shown)]);
    listed.says("请看截图。\n附件1 订单&#60;i&#62;.png。</textarea>");
    listed.says(&format!("value=\"{shown}\" checked"));

    let words = "请在 2027-01-01 12:00 前退款。";
    for with in [secret, "9-99"] {
        let refused =
            desk.post(&talk(), &[("what", "send"), ("text", words), ("anyway", "yes"), ("with", with)]);
        assert_eq!(refused.status, 422);
        refused.says("没有记下。先做遮盖的副本再选。");
    }
    assert!(desk.order(ORDER).messages.is_empty());
    let sent = desk.post(&talk(), &[("what", "send"), ("text", words), ("anyway", "yes"), ("with", shown)]);
    assert_eq!(sent.status, 303, "{}", sent.text);
    let order = desk.order(ORDER);
    assert_eq!(order.messages[0].direction, Direction::Out);
    assert_eq!(order.messages[0].detail.exhibits, [order.exhibits[0].item]);
    let row = desk.get(&talk());
    let row = row.text.split_once("class=\"with\"").expect("the row links to what went along").1;
    assert!(row.contains(&format!("/orders/{ORDER}/items/{shown}")), "{row}");
    desk.house.assert_clean();
}

const MAIL: &str = "From: =?utf-8?B?6ZKx5Y2h5bqX?= <shop@shop.example>\r\nTo: me@mail.example\r\n\
Subject: =?utf-8?B?6K6i5Y2V5bey5LuY5qy+?=\r\nDate: Mon, 21 Sep 2026 20:40:00 +0800\r\n\
MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
订单号：20260921203258\r\n商品名称：点卡 100 元\r\n实付款：95.00 元\r\n付款时间：2026-09-21 20:33:10\r\n";

#[test]
fn a_mail_and_a_picture_are_fixed_with_the_new_order_and_nothing_is_lost() {
    let desk = Browser::new();
    let picture: &[u8] = include_bytes!("support/order.png");
    let files: [(&str, &[u8]); 2] = [("付款.eml", MAIL.as_bytes()), ("截图.png", picture)];
    let read = desk.upload("/orders/recognise", &[("order", "N1"), ("merchant", "小店")], &files);
    assert_eq!(read.status, 200, "{}", read.text);
    read.says("value=\"20260921203258\"");
    read.says("value=\"95.00\"");
    read.says("value=\"小店\"");
    let ids: Vec<&str> =
        read.text.split("name=\"brought\" value=\"").skip(1).map(|rest| &rest[..16]).collect();
    assert_eq!(ids.len(), 2, "{}", read.text);
    assert_eq!(desk.house.with(|vault| vault.orders().unwrap().len()), 1, "reading opens nothing");

    // A wrong field loses neither what was typed nor what was brought.
    let slot = format!("slot-{}", ids[1]);
    let fields = |amount: &'static str| {
        vec![
            ("order", "N1"),
            ("amount", amount),
            ("brought", ids[0]),
            ("brought", ids[1]),
            (&slot, "description"),
        ]
    };
    let wrong = desk.upload("/orders/new", &fields("十元"), &[]);
    assert_eq!(wrong.status, 422);
    wrong.says("id=\"w-amount\"");
    wrong.says(&format!("value=\"{}\" checked", ids[1]));
    wrong.says("<option value=\"description\" selected>");
    let taken = desk.upload("/orders/new", &[("order", ORDER), ("brought", ids[0])], &[]);
    assert_eq!(taken.status, 422);
    taken.says("这个编号已经用了");

    let opened = desk.upload("/orders/new", &fields("95"), &[]);
    assert_eq!((opened.status, opened.header("location")), (303, "/orders/N1"), "{}", opened.text);
    let order = desk.order("N1");
    let slots: Vec<Slot> = order.exhibits.iter().map(|one| one.slot).collect();
    assert_eq!(slots, [Slot::Transaction, Slot::Description]);
    assert_eq!(order.exhibits[1].manifest().unwrap().size, picture.len() as u64);
    // They wait no longer: the same again is said to be gone.
    let again = desk.upload("/orders/new", &[("order", "N2"), ("brought", ids[0])], &[]);
    assert_eq!(again.status, 422);
    again.says("有文件已经不在了");
    desk.house.assert_clean();
}

#[test]
fn a_file_nobody_said_anything_of_goes_where_it_belongs() {
    let desk = Browser::new();
    let files: [(&str, &[u8]); 1] = [("付款.eml", MAIL.as_bytes())];
    let opened = desk.upload("/orders/new", &[("order", "N3")], &files);
    assert_eq!(opened.status, 303, "{}", opened.text);
    assert_eq!(desk.order("N3").exhibits[0].slot, Slot::Transaction);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_is_marked_while_it_is_written_and_undo_takes_a_rewrite_back() {
    let mut room = Room::new().await;
    for width in [360, 1440] {
        room.width(width).await;
        assert_eq!(room.open("/orders/C03/talk").await, Vec::<String>::new());
        room.until("document.querySelector('.draft.live')").await;
        let type_in = |text: &str| {
            format!(
                "(() => {{ const field = document.getElementById('text'); field.focus(); field.select(); \
                 return document.execCommand('insertText', false, {}) }})()",
                Value::from(text)
            )
        };
        room.ask(&type_in(ANGRY)).await;
        room.until("document.querySelector('.mirror mark.blocks')?.textContent === '骗子'").await;
        // The marks stand where the words stand: field and mirror break their lines alike.
        let same = "(() => { const field = document.getElementById('text'); \
            const mirror = document.querySelector('.mirror'); \
            return Math.abs(field.scrollHeight - mirror.scrollHeight) < 3 \
              && field.clientWidth === mirror.clientWidth })()";
        assert_eq!(room.ask(same).await, json!(true), "{width}");
        assert!(room.overflow().await.is_none(), "{width}");
        assert_eq!(room.judged().await, Vec::<String>::new());
        // Words typed before a mark move it.
        room.ask(
            "(() => { const field = document.getElementById('text'); field.setSelectionRange(0, 0); \
             return document.execCommand('insertText', false, '喂，') })()",
        )
        .await;
        assert_eq!(
            room.ask("document.querySelector('.mirror mark.blocks').textContent").await,
            json!("骗子")
        );
        room.ask("document.querySelector('#findings li.blocks p > button').click()").await;
        let value = "document.getElementById('text').value";
        room.until(&format!("!{value}.includes('骗子')")).await;
        assert_eq!(room.ask(&format!("{value}.endsWith('谢谢。')")).await, json!(true));
        room.ask("document.execCommand('undo')").await;
        assert_eq!(room.ask(value).await, json!(format!("喂，{ANGRY}")));

        // While an input method composes, nothing is touched.
        room.ask("document.getElementById('text').dispatchEvent(new CompositionEvent('compositionstart'))")
            .await;
        let cite = "document.querySelector('[data-insert]')";
        room.ask(&format!("{cite}.click()")).await;
        assert_eq!(room.ask(value).await, json!(format!("喂，{ANGRY}")));
        room.ask("document.getElementById('text').dispatchEvent(new CompositionEvent('compositionend'))")
            .await;
        room.ask(&format!("{cite}.click()")).await;
        let has = room.ask(&format!("{value}.includes({cite}.dataset.insert)")).await;
        assert_eq!(has, json!(true), "a clause is put in where the cursor is");
        assert_eq!(room.complaints(), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_desk_begins_with_an_order_or_with_practice() {
    let mut room = Room::before(Filled::with_vault(|_| {}).await).await;
    for width in [360, 1440] {
        room.width(width).await;
        assert_eq!(room.open("/").await, Vec::<String>::new());
        let there = "document.querySelectorAll('.begin a.button').length";
        room.until(&format!("{there} === 2")).await;
        let ways = "[...document.querySelectorAll('.begin a.button')].map(one => one.getAttribute('href'))";
        assert_eq!(room.ask(ways).await, json!(["/orders/new", "/practice"]));
        assert!(room.overflow().await.is_none(), "{width}");
        assert_eq!(room.judged().await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_picture_is_read_at_once_and_waits_for_the_order() {
    let mut room = Room::new().await;
    assert_eq!(room.open("/orders/new").await, Vec::<String>::new());
    room.until("document.querySelector('#f-files') !== null").await;
    let paste = "(async () => { document.querySelector('[name=merchant]').value = '小店'; \
        const bytes = await fetch('/orders/dk01/items/1-79/content').then(answer => answer.blob()); \
        const brought = new DataTransfer(); \
        brought.items.add(new File([bytes], '截图.png', { type: 'image/png' })); \
        document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: brought, bubbles: true })); \
        return 0 })()";
    room.ask(paste).await;
    room.until("document.querySelector('.brought input[name=brought]')?.checked").await;
    assert_eq!(room.ask("document.querySelector('[name=merchant]').value").await, json!("小店"));
    assert!(room.overflow().await.is_none());
    assert_eq!(room.judged().await, Vec::<String>::new());
}
