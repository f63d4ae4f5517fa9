//! The command line of the desk as a service of the system.

use clap::Subcommand;

use super::import::SERVICE_PORT;

/// The systems that start a program by themselves, by their words on the command line.
pub(crate) const SYSTEMS: [&str; 3] = ["systemd", "launchd", "windows"];

#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    Install(ServiceInstallArgs),
    Remove(ServicePlace),
    Status(ServicePlace),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServicePlace {
    #[arg(long = "system", id = "service_system", value_name = "SYSTEM", value_parser = SYSTEMS)]
    pub(crate) system: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServiceInstallArgs {
    #[command(flatten)]
    pub(crate) place: ServicePlace,
    #[arg(long = "port", id = "service_port", value_name = "N", default_value_t = SERVICE_PORT, hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(1024..))]
    pub(crate) port: u16,
    #[arg(long, id = "service_print")]
    pub(crate) print: bool,
    #[arg(long, id = "service_offline", env = "SIGU_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
}
