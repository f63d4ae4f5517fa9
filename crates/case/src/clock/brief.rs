//! Foreseen clocks in few bytes, so that those of ten thousand orders can be read at once.

use jiff::Timestamp;

use super::{Clock, ClockKind, ClockState, appeal};

/// As much of a clock as a list needs: one that nothing has stopped yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// What is counted.
    pub kind: ClockKind,
    /// When it starts.
    pub started_at: Timestamp,
    /// When it is due; `None` where the calendar is not published.
    pub due_at: Option<Timestamp>,
}

/// One brief clock: kind, start, due, both in milliseconds; the least number stands for no due time.
const BYTES: usize = 1 + 8 + 8;

impl Brief {
    /// Keeps those foreseen clocks that are not stopped.
    pub fn of(foreseen: &[Clock]) -> Vec<Self> {
        let open =
            foreseen.iter().filter(|clock| matches!(clock.state, ClockState::Open | ClockState::Overdue));
        open.map(|clock| Self { kind: clock.kind, started_at: clock.started_at, due_at: clock.due.instant() })
            .collect()
    }

    /// Returns those that run at an instant and decide; the earlier of two windows for the appeal does.
    pub fn running(all: &[Self], now: Timestamp) -> Vec<Self> {
        let started = |brief: &&Self| brief.started_at <= now;
        let windows = all.iter().filter(started).filter(|brief| appeal::is_window(brief.kind));
        let decides = windows.min_by_key(|brief| brief.due_at).map(|brief| brief.kind);
        let runs = |brief: &&Self| {
            brief.due_at.is_none_or(|due| now <= due)
                && (!appeal::is_window(brief.kind) || decides == Some(brief.kind))
        };
        all.iter().filter(started).filter(runs).copied().collect()
    }

    /// Returns whether no other window for the appeal that has started by an instant decides instead of this one.
    pub fn decides(&self, all: &[Self], at: Timestamp) -> bool {
        let windows = || all.iter().filter(|brief| brief.started_at <= at && appeal::is_window(brief.kind));
        !appeal::is_window(self.kind)
            || windows().min_by_key(|brief| brief.due_at).is_none_or(|brief| brief.kind == self.kind)
    }

    /// Writes them down.
    pub fn encode(all: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(all.len() * BYTES);
        for brief in all {
            let place = ClockKind::ALL.iter().position(|kind| *kind == brief.kind).unwrap_or_default();
            bytes.push(u8::try_from(place).unwrap_or_default());
            bytes.extend(brief.started_at.as_millisecond().to_be_bytes());
            bytes.extend(brief.due_at.map_or(i64::MIN, Timestamp::as_millisecond).to_be_bytes());
        }
        bytes
    }

    /// Reads them back; `None` for bytes that are none.
    pub fn decode(bytes: &[u8]) -> Option<Vec<Self>> {
        if !bytes.len().is_multiple_of(BYTES) {
            return None;
        }
        bytes.chunks_exact(BYTES).map(Self::read).collect()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (place, times) = bytes.split_first()?;
        let (started, due) = times.split_first_chunk::<8>()?;
        let instant = |bytes: [u8; 8]| Timestamp::from_millisecond(i64::from_be_bytes(bytes)).ok();
        let due: [u8; 8] = due.try_into().ok()?;
        let due_at = if i64::from_be_bytes(due) == i64::MIN { None } else { Some(instant(due)?) };
        Some(Self { kind: *ClockKind::ALL.get(usize::from(*place))?, started_at: instant(*started)?, due_at })
    }
}
