//! The command line of reminders.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum RemindCommand {
    List,
    Test(TestArgs),
    #[command(subcommand)]
    Channels(ChannelsCommand),
    Quiet(QuietArgs),
    Say(SayArgs),
    Snooze(SnoozeArgs),
    Calendar(CalendarArgs),
    Run,
    Log,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelsCommand {
    List,
    Add(ChannelAddArgs),
    Remove(ChannelArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    #[arg(long, id = "remind_channel", value_name = "N")]
    pub(crate) channel: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ChannelArgs {
    #[arg(id = "remind_id", value_name = "N")]
    pub(crate) id: u32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ChannelAddArgs {
    #[arg(
        id = "remind_kind",
        value_name = "KIND",
        value_parser = ["desktop", "mail", "wecom", "dingtalk", "feishu", "bark", "serverchan", "ntfy", "json"]
    )]
    pub(crate) kind: String,
    #[arg(long = "name", id = "remind_name", value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long = "from", id = "remind_from", value_name = "ADDRESS")]
    pub(crate) from: Option<String>,
    #[arg(long = "user", id = "remind_user", value_name = "NAME")]
    pub(crate) user: Option<String>,
    #[arg(long = "allow-clear", id = "remind_clear")]
    pub(crate) clear: bool,
    #[arg(long = "secrets", id = "remind_secrets", value_name = "FILE|-")]
    pub(crate) secrets: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct QuietArgs {
    #[arg(id = "remind_span", value_name = "HH:MM-HH:MM|off")]
    pub(crate) span: String,
    #[arg(long = "urgent", id = "remind_urgent", value_name = "yes|no", value_parser = ["yes", "no"])]
    pub(crate) urgent: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SayArgs {
    #[arg(id = "remind_say", value_name = "label|nothing", value_parser = ["label", "nothing"])]
    pub(crate) say: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SnoozeArgs {
    #[arg(id = "remind_order", value_name = "ORDER")]
    pub(crate) order: String,
    #[arg(id = "remind_clock", value_name = "CLOCK")]
    pub(crate) clock: String,
    #[arg(id = "remind_after", value_name = "2h|off")]
    pub(crate) after: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CalendarArgs {
    #[arg(long = "out", id = "remind_out", value_name = "FILE", conflicts_with = "remind_subscribe")]
    pub(crate) out: Option<PathBuf>,
    #[arg(
        long = "subscribe",
        id = "remind_subscribe",
        value_name = "on|renew|off",
        value_parser = ["on", "renew", "off"]
    )]
    pub(crate) subscribe: Option<String>,
}
