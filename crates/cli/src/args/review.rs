//! The command line of looking back on a month.

use sigu_case::review::CalendarMonth;

#[derive(Debug, clap::Args)]
pub(crate) struct ReviewArgs {
    #[arg(long = "month", id = "review_month", value_name = "YYYY-MM")]
    pub(crate) month: Option<CalendarMonth>,
}
