//! What is reported of an order: each command becomes one report, one leaf, and the answer says what follows.

use jiff::Timestamp;
use sigu_case::history::promise_in;
use sigu_case::report::{
    ClaimChosen, CoverageBought, DecisionMade, FollowUpDone, FollowUpSet, ItemDescribed, MessageJudged,
    NeedWaived, ObservationMade, OrderClosed, OrderReopened, PartyNamed, PaymentSeen, ProblemFound,
    PromiseJudged, PromiseMade, RefundSeen, Report, SilenceNoted, StepMoved, StepTaken,
};
use sigu_case::{Command, ItemId, OrderId};
use sigu_server::answers;

use super::{fen, item_id, order_id, time};
use crate::args::report::{
    About, ClaimArgs, CloseArgs, CoverageArgs, DecisionArgs, FollowUpAddArgs, FollowUpDoneArgs, ItemArgs,
    MessageSenseArgs, ObserveArgs, PartyArgs, PaymentArgs, ProblemArgs, PromiseAddArgs, PromiseJudgeArgs,
    RefundArgs, ReopenArgs, SilenceArgs, StepMovedArgs, StepTakenArgs, WaiveArgs,
};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

/// What every report has, read.
struct Start {
    order: OrderId,
    at: Timestamp,
}

/// Anything that becomes a report of an order.
pub(super) trait Reported {
    /// The order and the time it names.
    fn about(&self) -> &About;
    /// The report; refuses a time, an amount or an item that cannot be read.
    fn report(&self, order: OrderId, at: Timestamp) -> Result<Report, Problem>;
}

/// Records a report and says so.
pub(super) fn run(context: &Context<'_>, own: &impl Reported) -> Outcome {
    let start = start(own.about())?;
    let report = own.report(start.order, start.at)?;
    record(context, report)
}

/// Records a report; the answer names its leaf and what it says.
pub(super) fn record(context: &Context<'_>, report: Report) -> Outcome {
    let (kind, at) = (report.kind(), report.at());
    let items =
        session::with(context, |vault| Ok(vault.execute(vec![Command::Report(report)], clock::now())?))?;
    let words = context.words;
    let what = words.word(&format!("kind-{}", kind.replace(['.', '_'], "-")));
    let values = [("item", items[0].to_string()), ("what", what), ("at", times::show(at))];
    let noted = answers::Noted { item: items[0], kind, at };
    Ok(Answer::new(words.say("reported", &values), answers::json(&noted)))
}

fn start(about: &About) -> Result<Start, Problem> {
    let at = about.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?;
    Ok(Start { order: order_id(&about.order)?, at })
}

fn money(text: Option<&String>) -> Result<Option<i64>, Problem> {
    text.map(|text| fen(text)).transpose()
}

fn item(text: Option<&String>) -> Result<Option<ItemId>, Problem> {
    text.map(|text| item_id(text)).transpose()
}

fn when(arg: &str, text: Option<&String>) -> Result<Option<Timestamp>, Problem> {
    text.map(|text| time(arg, text)).transpose()
}

fn yes(text: Option<&String>) -> Option<bool> {
    text.map(|text| text == "yes")
}

/// Declares how arguments become a report.
macro_rules! reported {
    ($args:ident, |$own:ident, $order:ident, $at:ident| $report:expr) => {
        impl Reported for $args {
            fn about(&self) -> &About {
                &self.about
            }

            fn report(&self, $order: OrderId, $at: Timestamp) -> Result<Report, Problem> {
                let $own = self;
                Ok(($report).into())
            }
        }
    };
}

reported!(PartyArgs, |own, order, at| PartyNamed {
    at,
    order,
    role: own.role,
    name: own.shown_name.clone(),
    legal_name: own.legal_name.clone(),
    address: own.address.clone(),
    contact: own.contact.clone(),
    licence: own.licence.clone(),
    proof: item(own.proof.as_ref())?,
});

reported!(PaymentArgs, |own, order, at| PaymentSeen {
    at,
    order,
    channel: own.channel,
    txn: own.txn.clone(),
    merchant_order_no: own.voucher_order_no.clone(),
    payee: own.payee.clone(),
    payer: own.payer.clone(),
    amount_fen: money(own.amount.as_ref())?,
    product: own.product.clone(),
    proof: item(own.proof.as_ref())?,
});

reported!(PromiseAddArgs, |own, order, at| PromiseMade {
    at,
    order,
    kind: own.kind.unwrap_or_else(|| promise_in(&own.text)),
    place: own.place,
    text: own.text.clone(),
    due_at: when("--due", own.due.as_ref())?,
    proof: item(own.proof.as_ref())?,
});

reported!(ObserveArgs, |own, order, at| ObservationMade {
    at,
    order,
    state: own.observed,
    place: own.seen_at,
    text: own.words.clone(),
    since: when("--since", own.since.as_ref())?,
    count: own.count,
    proof: item(own.proof.as_ref())?,
});

reported!(ItemArgs, |own, order, at| ItemDescribed {
    at,
    order,
    item: item_id(&own.item)?,
    form: own.form,
    parts: own.part.clone(),
    url: own.url.clone(),
    clock_off_s: own.clock_off,
    continuous: yes(own.continuous.as_ref()),
    original_kept: yes(own.original_kept.as_ref()),
    own_account: yes(own.own_account.as_ref()),
    lawful: yes(own.lawful.as_ref()),
    caption: own.caption.clone(),
    proves: own.proves.clone(),
});

reported!(MessageSenseArgs, |own, order, at| MessageJudged {
    at,
    order,
    message: item_id(&own.item)?,
    sense: own.sense,
    due_at: when("--due", own.due.as_ref())?,
});

reported!(SilenceArgs, |own, order, at| SilenceNoted { at, order, body: own.body });

reported!(ProblemArgs, |own, order, at| ProblemFound {
    at,
    order,
    scenario: own.scenario,
    fraud: yes(own.fraud.as_ref()),
    resale: yes(own.resale.as_ref()),
    note: own.note.clone(),
});

reported!(ClaimArgs, |own, order, at| ClaimChosen {
    at,
    order,
    kind: own.claim.replace('-', "_"),
    amount_fen: money(own.amount.as_ref())?,
    basis: own.basis.clone(),
});

reported!(StepTakenArgs, |own, order, at| StepTaken {
    at,
    order,
    body: own.body,
    category: own.category.clone(),
    reference: own.reference.clone(),
    claim_fen: money(own.amount.as_ref())?,
    proof: item(own.proof.as_ref())?,
});

reported!(StepMovedArgs, |own, order, at| StepMoved {
    at,
    order,
    body: own.body,
    stage: own.stage,
    note: own.note.clone(),
    proof: item(own.proof.as_ref())?,
});

reported!(DecisionArgs, |own, order, at| DecisionMade {
    at,
    order,
    body: own.body,
    verdict: own.verdict,
    text: own.words.clone(),
    by_machine: yes(own.by_machine.as_ref()),
    refund_fen: money(own.amount.as_ref())?,
    proof: item(own.proof.as_ref())?,
});

reported!(RefundArgs, |own, order, at| RefundSeen {
    at,
    order,
    amount_fen: money(own.amount.as_ref())?,
    state: own.refund,
    destination: own.destination,
    shown_by: own.shown_by,
    body: own.body,
    proof: item(own.proof.as_ref())?,
});

reported!(CoverageArgs, |own, order, at| CoverageBought {
    at,
    order,
    issuer: own.issuer.clone(),
    fee_fen: money(own.fee.as_ref())?,
    period_days: own.days,
    claim_within_h: own.claim_within,
    condition: own.condition.clone(),
    proof: item(own.proof.as_ref())?,
});

reported!(WaiveArgs, |own, order, at| NeedWaived { at, order, need: own.need, reason: own.reason.clone() });

reported!(FollowUpAddArgs, |own, order, at| FollowUpSet {
    at,
    order,
    kind: own.kind,
    due_at: time("--due", &own.due)?,
    note: own.note.clone(),
});

reported!(FollowUpDoneArgs, |own, order, at| FollowUpDone { at, order, follow_up: item_id(&own.item)? });

reported!(CloseArgs, |own, order, at| OrderClosed {
    at,
    order,
    outcome: own.outcome,
    note: own.note.clone()
});

reported!(ReopenArgs, |own, order, at| OrderReopened { at, order, note: own.note.clone() });

/// A promise kept or broken: the same arguments, two answers.
pub(super) fn judge(context: &Context<'_>, own: &PromiseJudgeArgs, kept: bool) -> Outcome {
    let Start { order, at } = start(&own.about)?;
    let promise = item_id(&own.item)?;
    record(context, PromiseJudged { at, order, promise, kept }.into())
}
