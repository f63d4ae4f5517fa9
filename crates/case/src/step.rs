//! The steps of the escalation ladder, as every table names them.

use crate::coded::coded;

coded! {
    /// A step of the escalation ladder (domain §3.9), and the coverage claim of account trades (D11).
    Step {
        /// The merchant, in the platform's chat.
        E0 = "E0",
        /// The platform's complaint form or ticket.
        E1 = "E1",
        /// The platform's human review.
        E2 = "E2",
        /// The payment channel.
        E3 = "E3",
        /// A consumer association or another mediator.
        E4 = "E4",
        /// 12315.
        E5 = "E5",
        /// A private complaint site.
        E6 = "E6",
        /// The police.
        E7 = "E7",
        /// 12377, 12321, 12300: reports of content and telecom, no refunds.
        E8 = "E8",
        /// The regulator of games and culture markets.
        E9 = "E9",
        /// Court.
        E10 = "E10",
        /// Arbitration with a valid clause.
        E11 = "E11",
        /// A coverage claim 包赔.
        Coverage = "coverage",
    }
}
