//! Papers that carry a statement: 申诉书, 人工复核, 支付渠道投诉, 12315 投诉和举报, 消协调解申请, 报案材料,
//! 请求商家身份信息.

use sigu_case::appeal::{StatementPartKind, Variant};
use sigu_case::ladder::Ladder;
use sigu_case::step::Step;

use super::dispute::{Told, told, unverified};
use super::values::{Value, Values};
use super::{catalogue, exhibits, guide};
use crate::draft::Draft;
use crate::kind::Kind;
use crate::paper::{Block, Span};

/// How a kind of form is made.
struct Form {
    variant: Variant,
    step: Step,
    /// The way into the step whose fields the form has, in their official order.
    route: Option<&'static str>,
    /// Fields without which it would be turned away.
    required: &'static [&'static str],
}

fn form(kind: Kind) -> Form {
    let form = |variant, step, route, required| Form { variant, step, route, required };
    match kind {
        Kind::HumanReview => form(Variant::HumanReview, Step::E2, None, &["order_no"]),
        Kind::WechatPay => form(
            Variant::Payment,
            Step::E3,
            Some("wechat_pay"),
            &["wechat_transaction_id", "paid_at", "amount"],
        ),
        Kind::Alipay => {
            form(Variant::Payment, Step::E3, Some("alipay"), &["alipay_trade_no", "paid_at", "amount"])
        }
        Kind::Complaint12315 => {
            form(Variant::Complaint12315, Step::E5, Some("complaint"), &["respondent_name", "request"])
        }
        Kind::Report12315 => form(Variant::Report12315, Step::E5, Some("report"), &["reported_name"]),
        Kind::Association => form(Variant::Association, Step::E4, None, &["respondent_name"]),
        Kind::PoliceSummary => {
            form(Variant::Police, Step::E7, Some("police"), &["payee_account", "paid_at", "amount"])
        }
        Kind::IdentityRequest => form(Variant::Identity, Step::E1, None, &["order_no"]),
        _ => form(Variant::Platform, Step::E1, None, &["order_no"]),
    }
}

/// Writes the form of a kind.
pub(super) fn write(draft: &mut Draft<'_>, kind: Kind) {
    let form = form(kind);
    let Some(told) = told(draft, form.variant) else { return };
    told.paste(draft);
    guide::step(draft, form.step, form.route);
    fields(draft, &form, &told);
    statement(draft, &told, kind.with_exhibits());
    if kind == Kind::IdentityRequest {
        draft.para(draft.word("identity-records"));
    }
    attachments(draft, kind);
    unverified(draft, &told.statement.unverified);
    guide::end(draft);
}

/// The fields of the form, in their official order.
fn fields(draft: &mut Draft<'_>, form: &Form, told: &Told) {
    let Some(rung) = Ladder::get().rung(form.step) else { return };
    let route = form.route.and_then(|code| rung.routes.iter().find(|one| one.code == code));
    let codes = rung.fields.iter().chain(route.map(|route| route.fields.as_slice()).unwrap_or_default());
    let values = Values { dispute: &told.dispute, claim: &told.claim };
    let mut rows = Vec::new();
    let mut by_user = Vec::new();
    for code in codes {
        let label = label(draft, code);
        match values.of(draft, code) {
            Value::Elsewhere => {}
            Value::Known(text) => rows.push((short(&label).to_owned(), vec![Span::Text(text)])),
            Value::ByUser => by_user.push(label),
            Value::Unknown if form.required.contains(&code.as_str()) => ask(draft, label, code),
            Value::Unknown => {
                let how = how(draft, code);
                draft.wanted(&label, &how);
            }
        }
    }
    draft.fields(rows);
    if !by_user.is_empty() {
        draft.guide(draft.say("guide-by-user", &[("fields", &draft.words.list(&by_user))]));
    }
}

/// A label without what it explains: a paper has room for the name alone.
fn short(label: &str) -> &str {
    label.split(['（', '：', '(', ':']).next().unwrap_or(label).trim_end()
}

fn label(draft: &Draft<'_>, code: &str) -> String {
    let label = Ladder::get().field(code).map(|field| draft.words.pick(&field.label).to_owned());
    label.unwrap_or_else(|| code.to_owned())
}

fn ask(draft: &mut Draft<'_>, label: String, code: &str) {
    let how = how(draft, code);
    draft.miss_so(label, how);
}

/// Where a field of a form is filled in.
fn how(draft: &Draft<'_>, code: &str) -> String {
    let key = match code {
        "order_no" | "paid_at" | "amount" | "purchase_time" | "purchase_place" | "purchase_content" => {
            "how-order"
        }
        code if code.starts_with("respondent") || code.starts_with("reported") => "how-merchant",
        "category" => "how-category",
        _ => "how-payment",
    };
    draft.say(key, &[("order", draft.case.view.order.id.as_str())])
}

/// Fact, basis, claim.
pub(super) fn statement(draft: &mut Draft<'_>, told: &Told, footnotes: bool) {
    let facts = told.facts(draft);
    draft.heading(1, draft.word("part-fact"));
    if facts.iter().all(Option::is_none) {
        draft.miss("exhibits");
    }
    draft.facts(facts, footnotes);
    let (basis, claim) = (told.words(StatementPartKind::Basis), told.words(StatementPartKind::Claim));
    if !basis.is_empty() {
        draft.heading(1, draft.word("part-basis"));
        draft.para(basis);
    }
    draft.heading(1, draft.word("part-claim"));
    draft.para(claim);
}

/// What goes with it: the exhibits in the same paper, or a list of those it names.
pub(super) fn attachments(draft: &mut Draft<'_>, kind: Kind) {
    if kind.with_exhibits() {
        draft.heading(1, draft.word("part-exhibits"));
        catalogue::table(draft);
        exhibits::write(draft);
        return;
    }
    let cited: Vec<(u32, String)> = draft
        .rows
        .iter()
        .filter(|row| row.covers.iter().any(|item| draft.numbers.rests_on(*item)))
        .map(|row| (row.no, row.name.clone()))
        .collect();
    if cited.is_empty() {
        return;
    }
    draft.heading(1, draft.word("part-attachments"));
    let items = cited.into_iter().map(|(no, name)| vec![Span::Exhibit(no), Span::Text(format!("　{name}"))]);
    draft.push(Block::List { numbered: false, items: items.collect() });
    draft.guide(draft.word("guide-attach"));
}
