//! Recordings that a crash of `sigu` cut off: at the next start each gets its end in the log, once.
//!
//! Who films holds a shared lock on a file of the state folder; the system lets it go when the process dies, however
//! that happens. Recordings are ended only by who gets the lock alone: then nobody films, and what has no end broke off.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};

use sigu_case::report::{RecordingBegan, RecordingEnded, RecordingPiece};
use sigu_case::{Command, ItemId, Order};

use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, clock};

const FILE: &str = "recording.lock";

/// Held while a recording goes into the vault; released when dropped or when the process dies.
pub(super) struct Filming {
    _lock: File,
}

impl Filming {
    /// Waits for whoever is just ending recordings that broke off.
    pub(super) fn begin(keys: &Keys) -> Result<Self, Problem> {
        let lock = file(keys).and_then(|file| file.lock_shared().map(|()| file));
        lock.map(|lock| Self { _lock: lock }).map_err(fault)
    }
}

fn file(keys: &Keys) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(keys.places().state.join(FILE))
}

#[allow(clippy::needless_pass_by_value, reason = "given to map_err")]
fn fault(error: std::io::Error) -> Problem {
    Problem::fault("fault-recording", &[("why", error.to_string())])
}

/// Ends what broke off and says it, a line for each. What keeps it from that is said too, and keeps nobody from
/// capturing: the next start tries again.
pub(super) fn end_all(context: &Context<'_>, keys: &Keys) {
    let words = context.words;
    match ended(keys) {
        Ok(ended) => ended.iter().for_each(|one| eprintln!("{}", line(context, one))),
        Err(problem) => eprintln!("{}", problem.to_text(words)),
    }
}

fn line(context: &Context<'_>, ended: &RecordingEnded) -> String {
    let values = [
        ("order", ended.order.to_string()),
        ("recording", ended.recording.to_string()),
        ("pieces", ended.pieces.to_string()),
        ("seconds", (ended.duration_ms / 1_000).to_string()),
    ];
    let key = if ended.pieces == 0 { "recording-broke-off-at-once" } else { "recording-broke-off" };
    context.words.say(key, &values)
}

/// Writes the ends that are missing and returns them; nothing while somebody films.
pub(super) fn ended(keys: &Keys) -> Result<Vec<RecordingEnded>, Problem> {
    let file = file(keys).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => {}
        // Somebody films; it may be one of those without an end.
        Err(TryLockError::WouldBlock) => return Ok(Vec::new()),
        Err(TryLockError::Error(error)) => return Err(fault(error)),
    }
    keys.with(|vault| {
        let state = vault.state()?;
        let ended: Vec<RecordingEnded> = state.orders().flat_map(broke_off).collect();
        let reports = ended.iter().map(|one| Command::Report(one.clone().into()));
        if !ended.is_empty() {
            vault.execute(reports.collect(), clock::now())?;
        }
        Ok(ended)
    })
}

/// The ends of an order's recordings that have none.
fn broke_off(order: &Order) -> Vec<RecordingEnded> {
    let ended: BTreeSet<ItemId> = order.of_kind::<RecordingEnded>().map(|(_, one)| one.recording).collect();
    let began = order.of_kind::<RecordingBegan>().filter(|(item, _)| !ended.contains(item));
    began.map(|(item, began)| end(order, item, began)).collect()
}

/// The end as far as it is known: the moment of the last piece up to which none is missing.
fn end(order: &Order, recording: ItemId, began: &RecordingBegan) -> RecordingEnded {
    let pieces = order.of_kind::<RecordingPiece>().filter(|(_, piece)| piece.recording == recording);
    let whole: Vec<(ItemId, &RecordingPiece)> = pieces
        .zip(0_u32..)
        .take_while(|((_, piece), number)| piece.number == *number)
        .map(|(one, _)| one)
        .collect();
    let at = whole.last().map_or(began.at, |(_, piece)| piece.at.max(began.at));
    let duration_ms = at.as_millisecond() - began.at.as_millisecond();
    RecordingEnded {
        at,
        order: order.id.clone(),
        recording,
        pieces: u32::try_from(whole.len()).unwrap_or(u32::MAX),
        duration_ms,
        continuous: false,
        reason: "interrupted".to_owned(),
        whole: None,
        marks: None,
        key_frames: whole.iter().flat_map(|(report, piece)| between(order, piece.piece, *report)).collect(),
    }
}

/// The key frames of a piece: what lies in the log between it and its report.
fn between(order: &Order, piece: ItemId, report: ItemId) -> impl Iterator<Item = ItemId> + '_ {
    let items = order.exhibits.iter().map(|exhibit| exhibit.item);
    items.filter(move |item| item.log == piece.log && item.seq > piece.seq && item.seq < report.seq)
}
