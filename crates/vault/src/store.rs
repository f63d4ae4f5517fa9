//! SQLite on a thread of its own: work is handed to it and answered, one piece at a time.
//!
//! WAL with `synchronous=FULL`: what a commit acknowledged survives a power cut. `secure_delete` overwrites erased rows.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Damage, Fault, Refusal, Result};

/// The version of the tables; a vault of a later version is refused.
const SCHEMA_VERSION: i64 = 5;
/// The first version. The second has the index of words, the third the figures, the fourth the proofs of outsiders, the
/// fifth the watched pages; the first write adds what is missing.
const FIRST_VERSION: i64 = 1;

/// `id` is `log << 40 | seq`. The first four tables are the truth, and so are the proofs, which are added to them;
/// `removals` holds the files an erasure has yet to remove; `case_*` and `followers` are projections, as are the index of
/// words and the figures.
const SCHEMA: &str = "
CREATE TABLE logs(log INTEGER PRIMARY KEY, vkey TEXT NOT NULL) STRICT;
CREATE TABLE leaves(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL, disclosures BLOB NOT NULL) STRICT;
CREATE TABLE tiles(log INTEGER NOT NULL, level INTEGER NOT NULL, tile INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY(log, level, tile)) STRICT;
CREATE TABLE checkpoints(log INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY(log, size)) STRICT;
CREATE TABLE removals(blob TEXT PRIMARY KEY) STRICT;
CREATE TABLE case_events(id INTEGER PRIMARY KEY, order_key BLOB NOT NULL, blob TEXT) STRICT;
CREATE INDEX case_events_by_order ON case_events(order_key);
CREATE INDEX case_events_by_blob ON case_events(blob) WHERE blob IS NOT NULL;
CREATE TABLE case_orders(order_key BLOB PRIMARY KEY, summary BLOB NOT NULL, agenda BLOB NOT NULL) STRICT;
CREATE TABLE followers(log INTEGER PRIMARY KEY, size INTEGER NOT NULL) STRICT;
";

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The database of an open vault.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Creates the database in a folder that has none.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        configure(&connection)?;
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(crate::search::index::SCHEMA)?;
        connection.execute_batch(crate::projection::figures::SCHEMA)?;
        connection.execute_batch(crate::projection::pages::SCHEMA)?;
        crate::outside::table::add(&connection)?;
        set_version(&connection)?;
        Ok(Self::spawn(path, connection))
    }

    /// Opens the database; a missing one is damage, for every vault has one.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Damage::Missing(path.to_owned()).into());
        }
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|error| db_error(path, error))?;
        if !(FIRST_VERSION..=SCHEMA_VERSION).contains(&version) {
            return Err(Refusal::UnknownFormat(format!("database {version}")).into());
        }
        configure(&connection).map_err(|error| db_error(path, error))?;
        Ok(Self::spawn(path, connection))
    }

    fn spawn(path: &Path, mut connection: Connection) -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let thread = std::thread::spawn(move || {
            for job in inbox {
                job(&mut connection);
            }
        });
        Self { path: path.to_owned(), jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `work` on the database's thread and returns its answer. Database errors that mean damage become damage.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, outbox) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |connection| {
            // The asker waits below; if it is gone, so is the need for the answer.
            let _ = answer.send(work(connection));
        });
        let jobs = self.jobs.as_ref().expect("the store is open until it is dropped");
        jobs.send(job).expect("the database's thread lives as long as the store");
        let answered = outbox.recv().expect("the database's thread answers every job");
        answered.map_err(|error| match error {
            crate::Error::Fault(Fault::Db(error)) => db_error(&self.path, error),
            other => other,
        })
    }

    /// Folds the write-ahead log into the database; `false` if another process is reading it just now.
    pub(crate) fn fold(&self) -> Result<bool> {
        self.call(|connection| {
            let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            Ok(busy == 0)
        })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic of a job was already reported to its asker.
            let _ = thread.join();
        }
    }
}

/// Says that the tables are those of this version.
pub(crate) fn set_version(connection: &Connection) -> Result<()> {
    Ok(connection.pragma_update(None, "user_version", SCHEMA_VERSION)?)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(30))?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;
         PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384;",
    )
}

/// Tells a damaged database from a failing disk.
fn db_error(path: &Path, error: rusqlite::Error) -> crate::Error {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => Damage::file(path, error).into(),
        _ => match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Damage::file(path, error).into(),
            other => Fault::Db(other).into(),
        },
    }
}
