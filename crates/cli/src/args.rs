//! The command line: what may be said. Its words come from the message files, by the names of commands and arguments.

pub(crate) mod capture;
mod engine;
pub(crate) mod import;
pub(crate) mod mark;
pub(crate) mod remind;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod service;
pub(crate) mod stamp;
pub(crate) mod watch;
pub(crate) mod witness;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::capture::{BrowseArgs, CaptureArgs, RecordCommand};
pub(crate) use self::engine::{
    AdviseArgs, AppealArgs, CaseCommand, CaseImportArgs, CaseShowArgs, CheckMerchantArgs, DocArgs,
    LadderArgs, LawArgs, MerchantCommand, MerchantNameArgs, MerchantNoteArgs, NextArgs, NoticeArgs,
    ProfileCommand, ProfileFileArgs, ProfileIdArgs, RecogniseArgs, RuleAddArgs, RuleCommand, ToneArgs,
};
use self::import::{ApiTokenCommand, DeskArgs, ListenArgs, OcrArgs, PairingCommand};
use self::mark::MarkArgs;
use self::remind::RemindCommand;
use self::report::{
    ClaimArgs, CloseArgs, CoverageArgs, DecisionArgs, FollowUpCommand, ItemArgs, MessageSenseArgs,
    ObserveArgs, PartyArgs, PaymentArgs, ProblemArgs, PromiseCommand, RefundArgs, ReopenArgs, SilenceArgs,
    StepCommand, WaiveArgs,
};
use self::review::ReviewArgs;
use self::service::ServiceCommand;
use self::stamp::{CheckerArgs, PublishArgs, ServicesArgs, StampArgs};
use self::watch::WatchCommand;
use self::witness::WitnessCommand;
use crate::lang::Words;
use crate::problem::Problem;

#[derive(Debug, Parser)]
#[command(name = "sigu", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[arg(long, global = true, value_name = "DIR", env = "SIGU_VAULT")]
    pub(crate) vault: Option<PathBuf>,
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"])]
    pub(crate) lang: Option<String>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR", env = "SIGU_STATE_DIR", hide = true)]
    pub(crate) state_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(InitArgs),
    #[command(subcommand)]
    Order(OrderCommand),
    Fix(FixArgs),
    Browse(BrowseArgs),
    Capture(CaptureArgs),
    #[command(subcommand)]
    Record(RecordCommand),
    Desk(DeskArgs),
    Listen(ListenArgs),
    #[command(subcommand)]
    Pairing(PairingCommand),
    #[command(subcommand)]
    ApiToken(ApiTokenCommand),
    Openapi,
    Ocr(OcrArgs),
    #[command(subcommand)]
    Message(MessageCommand),
    Party(PartyArgs),
    Payment(PaymentArgs),
    #[command(subcommand)]
    Promise(PromiseCommand),
    Observe(ObserveArgs),
    Item(ItemArgs),
    Problem(ProblemArgs),
    Claim(ClaimArgs),
    #[command(subcommand)]
    Step(StepCommand),
    Decision(DecisionArgs),
    Refund(RefundArgs),
    Coverage(CoverageArgs),
    Waive(WaiveArgs),
    #[command(subcommand)]
    FollowUp(FollowUpCommand),
    Close(CloseArgs),
    Reopen(ReopenArgs),
    Next(NextArgs),
    Due,
    #[command(subcommand)]
    Remind(RemindCommand),
    Advise(AdviseArgs),
    Notice(NoticeArgs),
    Reply(MessageReplyArgs),
    Appeal(AppealArgs),
    Mark(MarkArgs),
    Doc(DocArgs),
    #[command(subcommand)]
    Merchant(MerchantCommand),
    CheckMerchant(CheckMerchantArgs),
    Review(ReviewArgs),
    Tone(ToneArgs),
    Recognise(RecogniseArgs),
    Law(LawArgs),
    Ladder(LadderArgs),
    #[command(subcommand)]
    Profile(ProfileCommand),
    #[command(subcommand)]
    Rule(RuleCommand),
    #[command(subcommand)]
    Watch(WatchCommand),
    #[command(subcommand)]
    Case(CaseCommand),
    Search(SearchArgs),
    Log(LogArgs),
    Stamp(StampArgs),
    Services(ServicesArgs),
    #[command(subcommand)]
    Service(ServiceCommand),
    Publish(PublishArgs),
    Checker(CheckerArgs),
    Check(CheckArgs),
    Export(ExportArgs),
    Verify(VerifyArgs),
    Disclose(DiscloseArgs),
    Erase(EraseArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    #[command(subcommand)]
    Key(KeyCommand),
    #[command(subcommand)]
    Witness(WitnessCommand),
    Rebuild,
    Completions(CompletionsArgs),
    Man(ManArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) no_passphrase: bool,
    #[arg(long, conflicts_with_all = ["passphrase_file", "no_passphrase"])]
    pub(crate) key_store: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrderCommand {
    New(Box<OrderFactsArgs>),
    Set(Box<OrderFactsArgs>),
    List,
    Show(OrderShowArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct OrderFactsArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long)]
    pub(crate) title: Option<String>,
    #[arg(long, value_name = "KIND", value_parser = ["point-card", "membership", "activation-code", "game-account", "licence"])]
    pub(crate) goods: Option<String>,
    #[arg(long, value_name = "NO")]
    pub(crate) no: Option<String>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) amount: Option<String>,
    #[arg(long)]
    pub(crate) merchant: Option<String>,
    #[arg(long)]
    pub(crate) platform: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) paid: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) delivered: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) created: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) credited: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) handed_over: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) confirmed: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) activated: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) revealed: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) quantity: Option<u32>,
    #[arg(long, value_name = "YUAN")]
    pub(crate) unit_price: Option<String>,
    #[arg(long)]
    pub(crate) status: Option<String>,
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) charge_account: Option<String>,
    #[arg(long, value_name = "NO")]
    pub(crate) internal_no: Option<String>,
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) escrow: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct OrderShowArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FixArgs {
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long = "as", value_name = "SLOT", value_parser = ["transaction", "voucher", "description", "chat", "delivery", "recording", "other"])]
    pub(crate) slot: String,
    #[arg(long)]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) formed: Option<String>,
    #[arg(long)]
    pub(crate) secret: bool,
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long)]
    pub(crate) no_look: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    Add(MessageAddArgs),
    Sense(MessageSenseArgs),
    Silence(SilenceArgs),
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("speaker").required(true).args(["from_me", "from_them"]))]
pub(crate) struct MessageAddArgs {
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: String,
    #[arg(long)]
    pub(crate) from_me: bool,
    #[arg(long)]
    pub(crate) from_them: bool,
    #[arg(long, value_name = "CHANNEL", value_parser = ["platform", "email", "off-platform", "oral"])]
    pub(crate) via: String,
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MessageReplyArgs {
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[arg(long, value_name = "CHANNEL", value_parser = ["platform", "email", "off-platform", "oral"], default_value = "platform")]
    pub(crate) via: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SearchArgs {
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) wanted: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    #[arg(long, value_name = "N")]
    pub(crate) last: Option<usize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[arg(long)]
    pub(crate) read_data: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    #[arg(long, value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(long, value_name = "FIELD", num_args = 1..)]
    pub(crate) withhold: Vec<String>,
    #[arg(long, value_name = "AGE-RECIPIENT")]
    pub(crate) to: Option<String>,
    #[arg(long)]
    pub(crate) include_secrets: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long, value_name = "KEY")]
    pub(crate) root: Option<String>,
    #[arg(long = "with", value_name = "DISCLOSURE")]
    pub(crate) with: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) tsa_root: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    #[arg(long, value_name = "HEX|FILE")]
    pub(crate) block_header: Vec<String>,
    #[arg(long, value_name = "N")]
    pub(crate) max_members: Option<u64>,
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_bytes: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiscloseArgs {
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    #[arg(long, value_name = "FIELD", num_args = 1.., required = true)]
    pub(crate) field: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EraseArgs {
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    #[arg(long, value_name = "FIELD", num_args = 1..)]
    pub(crate) field: Vec<String>,
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    #[arg(value_name = "BACKUP", required_unless_present = "adopt", conflicts_with = "adopt")]
    pub(crate) backup: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_key_file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) adopt: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    Passphrase(PassphraseArgs),
    Recovery(RecoveryArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct PassphraseArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    #[arg(long, conflicts_with = "new_passphrase_file")]
    pub(crate) remove: bool,
    #[arg(long, conflicts_with_all = ["new_passphrase_file", "remove"])]
    pub(crate) key_store: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    #[arg(value_name = "COMMAND")]
    pub(crate) page: Option<String>,
}

/// What the command line asks for.
pub(crate) enum Call {
    /// A command.
    Run(Box<Args>),
    /// Help or the version.
    Print(String),
}

/// The command line with all its words.
pub(crate) fn described(words: &Words) -> clap::Command {
    let mut root = Args::command();
    root.build();
    describe(root, "sigu", words)
}

/// Reads the command line; what is wrong with it is told in the user's language.
pub(crate) fn read(raw: &[OsString], words: &Words) -> Result<Call, Problem> {
    match described(words).try_get_matches_from(raw) {
        Ok(matches) => {
            let args = Args::from_arg_matches(&matches).expect("what was matched fits what is read");
            Ok(Call::Run(Box::new(args)))
        }
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Call::Print(error.to_string())),
            _ => Err(problem(&error)),
        },
    }
}

fn describe(command: clap::Command, path: &str, words: &Words) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let (options, positions) = if words.english() { ("Options", "Arguments") } else { ("选项", "参数") };
    let mut command = command.about(words.word(&format!("cmd-{path}"))).long_about(None).mut_args(|arg| {
        let key = format!("arg-{}", arg.get_id().as_str().replace('_', "-"));
        let values: Vec<String> =
            arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let values = match values.as_slice() {
            [] => String::new(),
            _ if !arg.get_action().takes_values() => String::new(),
            _ if words.english() => format!(" [{}]", values.join("|")),
            _ => format!("（{}）", values.join("|")),
        };
        let heading = if arg.is_positional() { positions } else { options };
        arg.help(format!("{}{values}", words.word(&key)))
            .long_help(None)
            .hide_possible_values(true)
            .hide_env(true)
            .help_heading(heading)
    });
    if !words.english() {
        command = command
            .subcommand_help_heading("命令")
            .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}");
    }
    for name in names {
        let deeper = if path == "sigu" { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(&name, |sub| describe(sub, &deeper, words));
    }
    command
}

fn problem(error: &clap::Error) -> Problem {
    use clap::error::{ContextKind, ContextValue};
    let text = |kind| {
        error.get(kind).map(|value| match value {
            ContextValue::Strings(all) => all.join(" "),
            other => other.to_string(),
        })
    };
    let arg =
        text(ContextKind::InvalidArg).or_else(|| text(ContextKind::InvalidSubcommand)).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let valid = text(ContextKind::ValidValue).unwrap_or_default();
    let key = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage-invalid-value",
        ErrorKind::UnknownArgument => "usage-unknown-argument",
        ErrorKind::InvalidSubcommand => "usage-unknown-command",
        ErrorKind::ArgumentConflict => "usage-conflict",
        ErrorKind::MissingRequiredArgument => "usage-missing-argument",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "usage-missing-command"
        }
        _ => "usage-other",
    };
    let mut problem = Problem::usage(key, &[("arg", arg), ("value", value), ("valid", valid)]);
    problem.usage = text(ContextKind::Usage).map(|usage| usage.replace("Usage: ", ""));
    problem
}
