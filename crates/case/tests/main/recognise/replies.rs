//! The senses of incoming messages, with negation and invitations.

use sigu_case::recognise::{ReplySense, reply_sense};

use ReplySense::{Acceptance, Promise, Refusal, RequestInfo};

/// What merchants write, and what it amounts to.
const MESSAGES: &[(&str, Option<ReplySense>)] = &[
    // The dialogues of the five cases.
    ("虚拟商品售出概不退换，质保24小时已过", Some(Refusal)),
    ("加v yz_shop_01 微信给你换一张", None),
    ("卡没问题，不退", Some(Refusal)),
    ("已到账，不赔", Some(Refusal)),
    ("本人一手号，永不找回", Some(Promise)),
    ("想代练可以加我薇 haige_game", None),
    // Refusals.
    ("不退", Some(Refusal)),
    ("不给退的亲", Some(Refusal)),
    ("概不退换", Some(Refusal)),
    ("虚拟商品一经售出不予退款", Some(Refusal)),
    ("一经发货不支持退换", Some(Refusal)),
    ("质保已过", Some(Refusal)),
    ("已补发过一次，不再处理", Some(Refusal)),
    ("已发货，概不退换", Some(Refusal)),
    ("不能退款，虚拟商品", Some(Refusal)),
    ("没办法给您退", Some(Refusal)),
    ("已经过了质保期了", Some(Refusal)),
    ("超出质保范围", Some(Refusal)),
    ("卡是好的", Some(Refusal)),
    ("卡密没有问题", Some(Refusal)),
    ("你自己用的", Some(Refusal)),
    ("是您本人使用了", Some(Refusal)),
    ("已到账不赔", Some(Refusal)),
    ("这个退不了", Some(Refusal)),
    ("无法为您退款", Some(Refusal)),
    ("不再处理", Some(Refusal)),
    ("拒绝退款", Some(Refusal)),
    ("我们不负责", Some(Refusal)),
    ("随便你投诉", Some(Refusal)),
    ("与本店无关", Some(Refusal)),
    ("发货前都测试过的", Some(Refusal)),
    ("没有售后", Some(Refusal)),
    ("操作不当造成的，不管", Some(Refusal)),
    // Negated or conditional.
    ("不会不退的，请放心", None),
    ("没说不退", None),
    ("不是不退，系统在维护", None),
    ("没有拒绝退款", None),
    ("如果不退您再联系我", None),
    ("不会不处理的", None),
    ("是不是不退？", None),
    // Promises.
    ("马上补发", Some(Promise)),
    ("马上给您补发", Some(Promise)),
    ("明天处理", Some(Promise)),
    ("24小时内处理", Some(Promise)),
    ("24 小时内给您答复", Some(Promise)),
    ("两个工作日内退款", Some(Promise)),
    ("稍后处理", Some(Promise)),
    ("会尽快解决", Some(Promise)),
    ("今晚给您发", Some(Promise)),
    ("给您申请补发", Some(Promise)),
    ("22:30前处理", Some(Promise)),
    ("正在核实", Some(Promise)),
    ("亲，请在订单页点“申请售后”，我们按规则补发。", Some(Promise)),
    ("不会不退，明天处理", Some(Promise)),
    // Acceptance.
    ("已补发", Some(Acceptance)),
    ("已经给您补发了，24小时内到账", Some(Promise)),
    ("已为您补发，请查收", Some(Acceptance)),
    ("已退款", Some(Acceptance)),
    ("同意退款", Some(Acceptance)),
    ("退款已提交", Some(Acceptance)),
    ("可以退", Some(Acceptance)),
    ("可以给您补发", Some(Acceptance)),
    ("新卡密已发到邮箱", Some(Acceptance)),
    ("钱已原路退回", Some(Acceptance)),
    // Requests for information.
    ("请提供一下订单号", Some(RequestInfo)),
    ("麻烦发一下截图", Some(RequestInfo)),
    ("订单号发我", Some(RequestInfo)),
    ("有录屏吗", Some(RequestInfo)),
    ("提示什么问题呢", Some(RequestInfo)),
    ("订单号是多少", Some(RequestInfo)),
    ("什么报错", Some(RequestInfo)),
    // Neither.
    ("在的", None),
    ("亲，您好", None),
    ("您先确认收货点个好评，我立马补发给您", None),
    ("平台手续费贵，您直接转我收款码，便宜二十", None),
    ("亲这边售后加 v：xk_card_8888，微信上给您补", None),
    ("爱买不买，穷鬼别占着售后", None),
    ("", None),
];

#[test]
fn senses_of_incoming_messages() {
    assert!(MESSAGES.len() >= 60);
    for (text, sense) in MESSAGES {
        assert_eq!(reply_sense(text), *sense, "{text}");
    }
}
