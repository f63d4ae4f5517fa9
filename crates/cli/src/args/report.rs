//! What can be reported of an order: one kind of arguments for each kind of report.

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sigu_case::Coded;
use sigu_case::report::{
    Body, Destination, FollowUpKind, Form, Observed, Outcome, Part, PayChannel, Place, PromiseKind,
    PromisePlace, RefundProof, RefundState, Role, Sense, Stage, Verdict, Waived,
};
use sigu_case::scenario::Scenario;

/// Takes one of the words of a type, written with hyphens.
pub(super) fn word<T: Coded>() -> impl TypedValueParser<Value = T> {
    let words = T::all().iter().map(|value| value.word().replace('_', "-"));
    PossibleValuesParser::new(words).map(|given| {
        let found = T::all().iter().find(|value| value.word().replace('_', "-") == given);
        *found.expect("only words of the type are let through")
    })
}

/// What every report has.
#[derive(Debug, clap::Args)]
pub(crate) struct About {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PartyArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_parser = word::<Role>())]
    pub(crate) role: Role,
    #[arg(long, value_name = "NAME")]
    pub(crate) shown_name: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) legal_name: Option<String>,
    #[arg(long)]
    pub(crate) address: Option<String>,
    #[arg(long)]
    pub(crate) contact: Option<String>,
    #[arg(long, value_name = "NO")]
    pub(crate) licence: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PaymentArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_parser = word::<PayChannel>())]
    pub(crate) channel: PayChannel,
    #[arg(long, value_name = "NO")]
    pub(crate) txn: Option<String>,
    #[arg(long, value_name = "NO")]
    pub(crate) voucher_order_no: Option<String>,
    #[arg(long)]
    pub(crate) payee: Option<String>,
    #[arg(long)]
    pub(crate) payer: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long)]
    pub(crate) product: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PromiseCommand {
    Add(PromiseAddArgs),
    Kept(PromiseJudgeArgs),
    Broken(PromiseJudgeArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PromiseAddArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[arg(long, value_parser = word::<PromiseKind>())]
    pub(crate) kind: Option<PromiseKind>,
    #[arg(long, value_parser = word::<PromisePlace>(), default_value = "product-page")]
    pub(crate) place: PromisePlace,
    #[arg(long, value_name = "TIME")]
    pub(crate) due: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PromiseJudgeArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ObserveArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "STATE", value_parser = word::<Observed>())]
    pub(crate) observed: Observed,
    #[arg(long, value_parser = word::<Place>(), default_value = "issuer")]
    pub(crate) seen_at: Place,
    #[arg(long)]
    pub(crate) words: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u32>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ItemArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    #[arg(long, value_parser = word::<Form>())]
    pub(crate) form: Option<Form>,
    #[arg(long, value_parser = word::<Part>(), num_args = 1..)]
    pub(crate) part: Vec<Part>,
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) clock_off: Option<i64>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) continuous: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) original_kept: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) own_account: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) lawful: Option<String>,
    #[arg(long)]
    pub(crate) caption: Option<String>,
    #[arg(long, value_name = "FACT")]
    pub(crate) proves: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MessageSenseArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    #[arg(long, value_parser = word::<Sense>())]
    pub(crate) sense: Sense,
    #[arg(long, value_name = "TIME")]
    pub(crate) due: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SilenceArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_parser = word::<Body>(), default_value = "merchant")]
    pub(crate) body: Body,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProblemArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_name = "SCENARIO", value_parser = word::<Scenario>())]
    pub(crate) scenario: Option<Scenario>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) fraud: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) resale: Option<String>,
    #[arg(long)]
    pub(crate) note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ClaimArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "KIND")]
    pub(crate) claim: String,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long, value_name = "LAW")]
    pub(crate) basis: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StepCommand {
    Taken(StepTakenArgs),
    Moved(StepMovedArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct StepTakenArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_parser = word::<Body>(), default_value = "platform")]
    pub(crate) body: Body,
    #[arg(long)]
    pub(crate) category: Option<String>,
    #[arg(long, value_name = "NO")]
    pub(crate) reference: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StepMovedArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_parser = word::<Body>(), default_value = "platform")]
    pub(crate) body: Body,
    #[arg(long, value_parser = word::<Stage>())]
    pub(crate) stage: Stage,
    #[arg(long)]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DecisionArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "VERDICT", value_parser = word::<Verdict>())]
    pub(crate) verdict: Verdict,
    #[arg(long, value_parser = word::<Body>(), default_value = "platform")]
    pub(crate) body: Body,
    #[arg(long)]
    pub(crate) words: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) by_machine: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RefundArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "STATE", value_parser = word::<RefundState>())]
    pub(crate) refund: RefundState,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long = "to", value_parser = word::<Destination>(), default_value = "original")]
    pub(crate) destination: Destination,
    #[arg(long, value_parser = word::<RefundProof>(), default_value = "none")]
    pub(crate) shown_by: RefundProof,
    #[arg(long, value_parser = word::<Body>())]
    pub(crate) body: Option<Body>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CoverageArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long)]
    pub(crate) issuer: String,
    #[arg(long, value_name = "YUAN")]
    pub(crate) fee: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
    #[arg(long, value_name = "HOURS")]
    pub(crate) claim_within: Option<u32>,
    #[arg(long)]
    pub(crate) condition: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WaiveArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "NEED", value_parser = word::<Waived>())]
    pub(crate) need: Waived,
    #[arg(value_name = "REASON")]
    pub(crate) reason: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FollowUpCommand {
    Add(FollowUpAddArgs),
    Done(FollowUpDoneArgs),
    Suggest(FollowUpSuggestArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct FollowUpAddArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long, value_name = "TIME")]
    pub(crate) due: String,
    #[arg(long, value_parser = word::<FollowUpKind>(), default_value = "other")]
    pub(crate) kind: FollowUpKind,
    #[arg(long)]
    pub(crate) note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FollowUpSuggestArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, id = "follow_up_accept", value_name = "N", num_args = 1.., conflicts_with = "follow_up_all")]
    pub(crate) accept: Vec<usize>,
    #[arg(long = "all", id = "follow_up_all")]
    pub(crate) all: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FollowUpDoneArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CloseArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(value_name = "OUTCOME", value_parser = word::<Outcome>())]
    pub(crate) outcome: Outcome,
    #[arg(long)]
    pub(crate) note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReopenArgs {
    #[command(flatten)]
    pub(crate) about: About,
    #[arg(long)]
    pub(crate) note: Option<String>,
}
