//! What the engines can be asked: tone, recogniser, law, platforms, whole cases.

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use sigu_case::tone::Venue;

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
    Add(RuleAddArgs),
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
}

#[derive(Debug, clap::Args)]
pub(crate) struct CaseImportArgs {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}
