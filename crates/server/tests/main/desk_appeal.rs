//! 申诉 by forms alone: the question, the gate, the statement, what was submitted; and the ladder.

use sigu_case::Slot;
use sigu_case::report::{Body, ProblemFound, StepTaken};
use sigu_case::scenario::Scenario;

use crate::desk_write::Browser;
use crate::house::ORDER;

fn appeal() -> String {
    format!("/orders/{ORDER}/appeal")
}

/// What stands in the field of the statement.
fn statement(page: &str) -> String {
    let field = page.split_once("<textarea id=\"text\"").expect("a statement").1.split_once('>').unwrap().1;
    field.split_once("</textarea>").unwrap().0.to_owned()
}

/// A desk whose order has a page, a chat, a card that was used and a claim.
fn used_card() -> Browser {
    let desk = Browser::new();
    let fix = format!("/orders/{ORDER}/fix");
    for (slot, name, text) in [
        ("transaction", "订单.txt", "订单号 20261120203258，付款 95.00 元，已发货"),
        ("goods", "商品.txt", "100 元点卡，自动发货"),
        ("chat", "聊天.txt", "客服：卡密没问题"),
        ("delivery", "兑换.txt", "兑换页：该卡已使用"),
    ] {
        let fixed = desk.upload(&fix, &[("slot", slot)], &[(name, text.as_bytes())]);
        assert_eq!(fixed.status, 303, "{}", fixed.text);
    }
    let note = format!("/orders/{ORDER}/note");
    let seen = [("what", "observe"), ("observed", "used"), ("place", "issuer"), ("text", "该卡已使用")];
    assert_eq!(desk.post(&note, &seen).status, 303);
    desk
}

#[test]
fn a_question_answered_with_yes_is_the_problem_until_another_is() {
    let desk = Browser::new();
    let empty = desk.get(&appeal());
    empty.says("还没有记下出了什么问题");
    empty.says("value=\"key_used\"");
    empty.says("先选出了什么问题，才能起草");
    let nothing = desk.post(&appeal(), &[("what", "problem")]);
    assert_eq!(nothing.status, 422);
    let chosen = desk.post(&appeal(), &[("what", "problem"), ("scenario", "key_invalid")]);
    assert_eq!(chosen.header("location"), format!("{}?kept=problem&to=platform", appeal()));
    let page = desk.get(chosen.header("location"));
    page.says("已记下出了什么问题");
    page.says("value=\"key_invalid\" checked");
    assert_eq!(desk.post(&appeal(), &[("what", "problem"), ("scenario", "key_used")]).status, 303);
    desk.get(&appeal()).says("value=\"key_used\" checked");
    let order = desk.order(ORDER);
    let found: Vec<_> = order.of_kind::<ProblemFound>().map(|(_, one)| one.scenario).collect();
    assert_eq!(found, [Some(Scenario::KeyInvalid), Some(Scenario::KeyUsed)], "the first stays in the log");
}

#[test]
fn the_gate_names_what_is_missing_and_the_right_and_the_tempting_entry() {
    let desk = used_card();
    let page = desk.get(&appeal());
    page.says("class=\"missing\"");
    page.says("还差必需的证据");
    page.says("<b>选</b>");
    page.says("<b>不选</b>");
}

#[test]
fn words_as_submitted_are_fixed_with_the_step_or_neither() {
    let desk = used_card();
    let page = desk.get(&appeal());
    let text = statement(&page.text);
    assert!(text.contains("【事实】") && text.contains("【诉求】"), "{text}");
    let changed = format!("{text}\n已多次沟通无果。");
    let before = desk.order(ORDER).exhibits.len();
    let wrong = [
        ("what", "filed"),
        ("text", changed.as_str()),
        ("body", "platform"),
        ("at", "前天"),
        ("reference", "T-1"),
    ];
    let refused = desk.post(&appeal(), &wrong);
    assert_eq!(refused.status, 422);
    refused.says("已多次沟通无果。");
    refused.says("value=\"T-1\"");
    refused.says("id=\"w-at\"");
    assert_eq!(desk.order(ORDER).exhibits.len(), before, "nothing is fixed of a form that is wrong");
    let filed = [("what", "filed"), ("text", changed.as_str()), ("body", "platform"), ("reference", "T-1")];
    assert_eq!(desk.post(&appeal(), &filed).status, 303);
    let order = desk.order(ORDER);
    let (_, step) = order.of_kind::<StepTaken>().next().expect("a step");
    assert_eq!((step.body, step.reference.as_deref()), (Body::Platform, Some("T-1")));
    let proof = order.exhibits.iter().find(|one| Some(one.item) == step.proof).expect("its words are kept");
    assert_eq!(proof.slot, Slot::Other);
    let kept = desk.house.with(|vault| vault.content(proof.item).unwrap());
    assert_eq!(String::from_utf8(kept).unwrap(), changed);
    desk.house.assert_clean();
}

#[test]
fn a_statement_is_looked_over_for_whom_it_speaks_to() {
    let desk = used_card();
    let angry = "你们这群骗子，不退钱我就叫人砸了你的店！";
    let checked = desk.post(&format!("{}/check", appeal()), &[("text", angry), ("to", "platform")]);
    checked.says("\"blocks\":true");
    let payment = desk.get(&format!("{}?to=payment", appeal()));
    payment.says("value=\"payment\" selected");
    payment.says("现有证据还写不出这份陈述");
}

#[test]
fn the_ladder_tells_what_is_open_and_leads_to_the_note() {
    let desk = used_card();
    let page = desk.get(&format!("/orders/{ORDER}/ladder"));
    page.says("E1");
    page.says("E10");
    page.says("note?what=step&#38;body=complaint_12315");
    let note = desk.get(&format!("/orders/{ORDER}/note?what=step&body=alipay"));
    note.says("value=\"alipay\" selected");
    let bare = Browser::new();
    bare.get(&format!("/orders/{ORDER}/ladder")).says("没有按你的情况排");
}
