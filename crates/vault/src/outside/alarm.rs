//! A witness that saw more of a log than this vault holds, or another history: from then on nothing is signed in that log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::table;
use crate::error::{Damage, Refusal, Result};
use crate::rows::{self, LogRow};
use crate::vault::Vault;

/// What a witness saw that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The log.
    pub log: u32,
    /// The witness, by its name.
    pub witness: String,
    /// What it answered.
    pub sign: AlarmSign,
    /// When, by this machine's clock.
    pub at: Timestamp,
}

/// Which answer it was (C2SP tlog-witness).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "saw")]
pub enum AlarmSign {
    /// It saw more leaves than this vault ever signed: an older copy was put back.
    More {
        /// How many it saw.
        size: u64,
    },
    /// It saw another tree of the same size, or one this log does not continue: there are two histories.
    Another {
        /// The size that was shown to it.
        size: u64,
    },
}

fn key(log: u32) -> String {
    format!("alarm {log}")
}

impl Vault {
    /// Writes down that a witness saw something else, and returns whether that stands: nothing more is signed in that log
    /// then. A vault goes on in a new log by `adopt`.
    ///
    /// Who asked a witness knew the log as it was when it began to ask. If another process signed more meanwhile, and showed
    /// it, a witness that saw more than was known saw nothing that cannot be: nothing is written down then. That such a log
    /// was put back all the same, the witness says by its next answer, for then the trees differ.
    ///
    /// # Errors
    /// A fault of the disk, or another process that writes.
    pub fn raise_alarm(&self, alarm: &Alarm) -> Result<bool> {
        // Under the lock nobody signs more between the look and the row.
        let _lock = self.begin_write()?;
        let text = serde_json::to_string(alarm).expect("an alarm always serialises");
        let (row, key, log, sign) = (self.row_key(), key(alarm.log), alarm.log, alarm.sign);
        self.store().call(move |connection| {
            if matches!(sign, AlarmSign::More { size } if size <= rows::size(connection, log)?) {
                return Ok(false);
            }
            table::set(connection, &row, &key, &text)?;
            Ok(true)
        })
    }

    /// Returns what a witness saw otherwise of the newest log.
    ///
    /// # Errors
    /// Damage where it is not what was written.
    pub fn alarm(&self) -> Result<Option<Alarm>> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let Some(log) = rows::logs(connection)?.pop() else { return Ok(None) };
            let key = key(log.log);
            let text = table::setting(connection, &row, &key)?;
            let read = |text: String| {
                serde_json::from_str(&text).map_err(|error| Damage::row("outside", &key, error).into())
            };
            text.map(read).transpose()
        })
    }

    /// Refuses to go on in a log of which a witness saw something else.
    pub(crate) fn check_alarm(&self, log: &LogRow) -> Result<()> {
        match self.alarm()? {
            Some(alarm) if alarm.log == log.log => Err(Refusal::SeenOtherwise(Box::new(alarm)).into()),
            _ => Ok(()),
        }
    }
}
