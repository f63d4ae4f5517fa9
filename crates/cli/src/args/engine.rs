//! What the engines can be asked: tone, recogniser, law, platforms, whole cases.

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sigu_case::appeal::Variant;
use sigu_case::letter::LetterKind;
use sigu_case::tone::Venue;

use super::report::word;

/// Where a text goes, by its word on the command line.
const VENUES: [(&str, Venue); 8] = [
    ("merchant-chat", Venue::MerchantChat),
    ("group", Venue::Group),
    ("public-post", Venue::PublicPost),
    ("platform-ticket", Venue::PlatformTicket),
    ("regulator", Venue::Regulator),
    ("court", Venue::Court),
    ("police", Venue::Police),
    ("payment-institution", Venue::PaymentInstitution),
];

fn venue() -> impl TypedValueParser<Value = Venue> {
    PossibleValuesParser::new(VENUES.map(|(word, _)| word)).map(|given| {
        let found = VENUES.iter().find(|(word, _)| *word == given);
        found.map(|(_, venue)| *venue).expect("only words of the list are let through")
    })
}

#[derive(Debug, clap::Args)]
pub(crate) struct ToneArgs {
    #[arg(long, value_name = "in|out", value_parser = ["in", "out"], default_value = "out")]
    pub(crate) direction: String,
    #[arg(long, value_parser = venue(), default_value = "merchant-chat")]
    pub(crate) venue: Venue,
    #[arg(long, value_name = "NAME")]
    pub(crate) product: Vec<String>,
    #[arg(long)]
    pub(crate) style: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecogniseArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: Option<String>,
    #[arg(long = "as", value_name = "FORM", value_parser = ["html", "page", "api", "chat", "mail", "wechat-bill", "alipay-bill", "delivered"])]
    pub(crate) form: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) me: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LawArgs {
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LadderArgs {
    #[arg(value_name = "STEP", value_parser = ["E0", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11"])]
    pub(crate) step: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    List,
    Show(ProfileIdArgs),
    Check(ProfileIdArgs),
    Add(ProfileFileArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProfileIdArgs {
    #[arg(value_name = "PROFILE")]
    pub(crate) profile_id: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProfileFileArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RuleCommand {
    Add(Box<RuleAddArgs>),
    List,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RuleAddArgs {
    #[arg(value_name = "PLATFORM")]
    pub(crate) platform: String,
    #[arg(value_name = "TITLE")]
    pub(crate) rule_title: String,
    #[arg(value_name = "ARTICLE")]
    pub(crate) article: String,
    #[arg(long)]
    pub(crate) words: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    Import(CaseImportArgs),
    Show(CaseShowArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CaseShowArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AdviseArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NextArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NoticeArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, value_parser = word::<LetterKind>(), default_value = "notice")]
    pub(crate) kind: LetterKind,
    #[arg(long, value_name = "TIME")]
    pub(crate) due: Option<String>,
    #[arg(long)]
    pub(crate) cite_unverified: bool,
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    #[arg(long)]
    pub(crate) send: bool,
    #[arg(long, requires = "send")]
    pub(crate) anyway: bool,
    #[arg(long, value_name = "TIME", requires = "send")]
    pub(crate) at: Option<String>,
    #[arg(long, value_name = "CHANNEL", value_parser = ["platform", "email", "off-platform", "oral"], default_value = "platform")]
    pub(crate) via: String,
    #[arg(long, value_name = "ITEM", num_args = 1.., requires = "send", id = "sent_items")]
    pub(crate) with: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AppealArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long = "to", value_parser = word::<Variant>(), default_value = "platform")]
    pub(crate) variant: Variant,
    #[arg(long, value_name = "N")]
    pub(crate) max_chars: Option<u32>,
    #[arg(long)]
    pub(crate) own_statements: bool,
    #[arg(long)]
    pub(crate) cite_unverified: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MerchantCommand {
    List,
    Show(MerchantNameArgs),
    Note(MerchantNoteArgs),
    Review,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MerchantNameArgs {
    #[arg(value_name = "NAME")]
    pub(crate) merchant_name: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MerchantNoteArgs {
    #[arg(value_name = "NAME")]
    pub(crate) merchant_name: String,
    #[arg(long, value_name = "YUAN")]
    pub(crate) deposit: Option<String>,
    #[arg(long, value_name = "PERCENT")]
    pub(crate) shown_rate: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) escrow: Option<String>,
    #[arg(long = "coverage", value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) has_coverage: Option<String>,
    #[arg(long)]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "ITEM")]
    pub(crate) proof: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckMerchantArgs {
    #[arg(id = "offer", value_name = "URL|NAME")]
    pub(crate) offer: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) price: String,
    #[arg(long, value_name = "YUAN")]
    pub(crate) typical: Option<String>,
    #[arg(long)]
    pub(crate) platform: Option<String>,
    #[arg(long, value_name = "KIND", value_parser = ["point-card", "membership", "activation-code", "game-account", "licence"])]
    pub(crate) goods: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) escrow: Option<String>,
    #[arg(long = "coverage", value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) has_coverage: Option<String>,
    #[arg(long)]
    pub(crate) payee: Option<String>,
    #[arg(long, value_name = "PERCENT")]
    pub(crate) shown_rate: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) deposit: Option<String>,
    #[arg(long)]
    pub(crate) asked_off_platform: bool,
    #[arg(long = "merchant", id = "offer_merchant", value_name = "NAME")]
    pub(crate) merchant: Option<String>,
    #[arg(long = "save", id = "save_as", value_name = "ORDER")]
    pub(crate) save: Option<String>,
    #[arg(long, requires = "save_as")]
    pub(crate) title: Option<String>,
    #[arg(long, env = "SIGU_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CaseImportArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// What `sigu doc` makes, or `list`.
#[derive(Debug, clap::Args)]
pub(crate) struct DocArgs {
    #[arg(value_name = "KIND", value_parser = doc_kinds())]
    pub(crate) paper: String,
    #[arg(long = "order", id = "of_order", value_name = "ORDER")]
    pub(crate) order: Option<String>,
    #[arg(long = "year", id = "of_year", value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1970..=9998))]
    pub(crate) year: Option<i16>,
    #[arg(long, value_name = "FORMAT", value_parser = ["pdf", "txt", "md"], default_value = "pdf")]
    pub(crate) format: String,
    #[arg(long = "out", id = "paper_out", value_name = "FILE")]
    pub(crate) out: Option<std::path::PathBuf>,
    #[arg(long = "due", id = "paper_due", value_name = "TIME")]
    pub(crate) due: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) court: Option<String>,
    #[arg(long)]
    pub(crate) cite_unverified: bool,
}

/// The kinds of papers, and the word that lists those already made.
fn doc_kinds() -> clap::builder::PossibleValuesParser {
    let kinds = sigu_documents::Kind::ALL.iter().map(|kind| kind.code());
    clap::builder::PossibleValuesParser::new(kinds.chain(["list"]))
}
