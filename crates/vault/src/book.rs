//! The job book: what the jobs of this machine did, and when they are to do more. It lies beside the vault, not in it.
//!
//! Whoever reads the file learns how many jobs there are and when: names are keyed codes, and what a job notes is sealed
//! by [`Vault::seal_note`]. Lost, it costs no evidence: pages are looked at again, and a reminder may come twice.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use zeroize::Zeroizing;

use crate::disk::Disk;
use crate::error::{Damage, Refusal, Result};
use crate::vault::{Places, Vault};

/// The file in the state folder.
const FILE: &str = "jobs.db";
/// The version of its table.
const VERSION: i64 = 1;
/// `kind` and `id` name a job; `due` is when it is to run, in seconds since 1970; `state` is one word of its kind.
const SCHEMA: &str = "
CREATE TABLE jobs(kind TEXT NOT NULL, id BLOB NOT NULL, due INTEGER, state TEXT NOT NULL, note BLOB NOT NULL,
  PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_due ON jobs(kind, due) WHERE due IS NOT NULL;
";

/// The keyed code of a job's name; it says nothing to whoever has not the vault's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId([u8; 32]);

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLine {
    /// Which job.
    pub id: JobId,
    /// When it is to run, to the second; `None` where it is not to run any more.
    pub due: Option<Timestamp>,
    /// A word of its kind, such as `told`. Not sealed: nothing of a case stands in it.
    pub state: String,
    /// What it noted, as it was given: sealed where it tells of a case.
    pub note: Vec<u8>,
}

/// A line that a process wants to write, and what it saw in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobClaim {
    /// The line that was there; `None` where there was none.
    pub seen: Option<JobLine>,
    /// The line to be written.
    pub own: JobLine,
}

/// The job book of one machine, open.
#[derive(Debug)]
pub struct JobBook(Mutex<Connection>);

impl Vault {
    /// Returns the keyed code under which a job stands in the book. `kind` is that of the job, `name` tells it from its like.
    pub fn job_id(&self, kind: &str, name: &str) -> JobId {
        JobId(self.row_key().mac("job", format!("{kind}\n{name}").as_bytes()))
    }

    /// Seals what a job notes, for its own line.
    pub fn seal_note(&self, id: JobId, plain: &[u8]) -> Vec<u8> {
        self.row_key().seal(&aad(id), plain, &mut crate::os_entropy)
    }

    /// Opens what [`Vault::seal_note`] sealed for that line; `None` for anything else: a book that was damaged is begun anew.
    pub fn open_note(&self, id: JobId, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.row_key().open(&aad(id), sealed).ok()
    }
}

fn aad(id: JobId) -> Vec<u8> {
    [b"job ".as_slice(), &id.0].concat()
}

impl JobBook {
    /// Opens the book of this machine; an absent one is made.
    ///
    /// # Errors
    /// A fault of the disk; damage where the file is no book; a refusal where a later version wrote it.
    pub fn open(places: &Places) -> Result<Self> {
        Disk::default().create_folder(&places.state)?;
        let path = places.state.join(FILE);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(std::time::Duration::from_secs(30))?;
        prepare(&path, &mut connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Returns the line of a job.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn line(&self, kind: &str, id: JobId) -> Result<Option<JobLine>> {
        let own = self.own();
        let mut query =
            own.prepare_cached("SELECT id, due, state, note FROM jobs WHERE kind = ?1 AND id = ?2")?;
        Ok(query.query_row(params![kind, id.0], line).optional()?)
    }

    /// Returns all lines of a kind, by their codes.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn lines(&self, kind: &str) -> Result<Vec<JobLine>> {
        let own = self.own();
        let mut query =
            own.prepare_cached("SELECT id, due, state, note FROM jobs WHERE kind = ?1 ORDER BY id")?;
        let found = query.query_map([kind], line)?.collect::<rusqlite::Result<_>>()?;
        Ok(found)
    }

    /// Writes the line of a job, over the one that is there.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn put(&self, kind: &str, job: &JobLine) -> Result<()> {
        write(&self.own(), "INSERT OR REPLACE", kind, job).map(drop)
    }

    /// Writes the lines of several jobs, over those that are there, in one durable commit.
    ///
    /// # Errors
    /// A fault of the disk; then none of them was written.
    pub fn put_all(&self, kind: &str, jobs: &[JobLine]) -> Result<()> {
        let mut own = self.own();
        let begun = own.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in jobs {
            write(&begun, "INSERT OR REPLACE", kind, job)?;
        }
        Ok(begun.commit()?)
    }

    /// Writes each line unless another process wrote in its place since it was seen; tells which were written. It is one
    /// durable commit: of several processes that saw the same lines one gets them all.
    ///
    /// # Errors
    /// A fault of the disk; then none of them was written.
    pub fn claim(&self, kind: &str, claims: &[JobClaim]) -> Result<Vec<bool>> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let mut own = self.own();
        let begun = own.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let taken = claims.iter().map(|claim| match &claim.seen {
            None => write(&begun, "INSERT OR IGNORE", kind, &claim.own),
            Some(seen) => replace(&begun, kind, seen, &claim.own),
        });
        let taken = taken.collect::<Result<_>>()?;
        begun.commit()?;
        Ok(taken)
    }

    /// Takes the line of a job out.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn forget(&self, kind: &str, id: JobId) -> Result<()> {
        self.own()
            .prepare_cached("DELETE FROM jobs WHERE kind = ?1 AND id = ?2")?
            .execute(params![kind, id.0])?;
        Ok(())
    }

    fn own(&self) -> MutexGuard<'_, Connection> {
        // A statement is whole or not at all: a thread that panicked left nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(connection: &Connection, verb: &str, kind: &str, job: &JobLine) -> Result<bool> {
    let due = job.due.map(Timestamp::as_second);
    let text = format!("{verb} INTO jobs(kind, id, due, state, note) VALUES (?1, ?2, ?3, ?4, ?5)");
    let changed =
        connection.prepare_cached(&text)?.execute(params![kind, job.id.0, due, job.state, job.note])?;
    Ok(changed > 0)
}

/// Writes over the line that was seen, if it is still there.
fn replace(connection: &Connection, kind: &str, seen: &JobLine, job: &JobLine) -> Result<bool> {
    let text = "UPDATE jobs SET due = ?1, state = ?2, note = ?3 \
        WHERE kind = ?4 AND id = ?5 AND state = ?6 AND note = ?7";
    let due = job.due.map(Timestamp::as_second);
    let changed = connection
        .prepare_cached(text)?
        .execute(params![due, job.state, job.note, kind, seen.id.0, seen.state, seen.note])?;
    Ok(changed > 0)
}

fn prepare(path: &Path, connection: &mut Connection) -> Result<()> {
    let damage = |error: rusqlite::Error| Damage::file(path, error);
    let read = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map_err(damage)
    };
    if read(connection)? == 0 {
        connection
            .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;")?;
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been first.
        if read(&begun)? == 0 {
            begun.execute_batch(SCHEMA)?;
            begun.pragma_update(None, "user_version", VERSION)?;
        }
        begun.commit()?;
    }
    match read(connection)? {
        VERSION => Ok(()),
        other => Err(Refusal::UnknownFormat(format!("{FILE} {other}")).into()),
    }
}

fn line(columns: &rusqlite::Row<'_>) -> rusqlite::Result<JobLine> {
    let due: Option<i64> = columns.get(1)?;
    Ok(JobLine {
        id: JobId(columns.get(0)?),
        // A second no clock has: the job is not to run.
        due: due.and_then(|second| Timestamp::from_second(second).ok()),
        state: columns.get(2)?,
        note: columns.get(3)?,
    })
}
