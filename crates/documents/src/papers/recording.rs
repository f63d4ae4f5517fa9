//! Recordings, as papers show them: how long they are, and their key frames with their place in the recording.

use sigu_case::report::{RecordingEnded, RecordingPiece};
use sigu_case::{Exhibit, ItemId};

use super::exhibits::{captioned, find, is_shown, uncovered};
use crate::draft::Draft;

/// Tells whether an item is a key frame of a recording.
pub(super) fn is_key_frame(draft: &Draft<'_>, item: ItemId) -> bool {
    draft.case.view.order.of_kind::<RecordingEnded>().any(|(_, ended)| ended.key_frames.contains(&item))
}

/// Tells whether an item is a piece of a recording whose whole is kept; then it shows nothing of its own.
pub(super) fn is_piece_of_a_whole(draft: &Draft<'_>, item: ItemId) -> bool {
    let order = &draft.case.view.order;
    let kept = |whole: ItemId| find(draft, whole).and_then(Exhibit::manifest).is_some();
    let piece = order.of_kind::<RecordingPiece>().find(|(_, one)| one.piece == item);
    let ended =
        |recording: ItemId| order.of_kind::<RecordingEnded>().find(|(_, ended)| ended.recording == recording);
    let whole = piece.and_then(|(_, one)| ended(one.recording)).and_then(|(_, ended)| ended.whole);
    whole.is_some_and(kept)
}

/// Says how long a whole recording is, and whether it is one take.
pub(super) fn length(draft: &mut Draft<'_>, whole: ItemId) {
    let order = &draft.case.view.order;
    let ended = order.of_kind::<RecordingEnded>().find(|(_, ended)| ended.whole == Some(whole));
    if let Some((_, ended)) = ended {
        let seconds = (ended.duration_ms / 1_000).to_string();
        let key = if ended.continuous { "video-continuous" } else { "video-broken" };
        draft.note(draft.say(key, &[("seconds", &seconds)]));
    }
}

/// Shows key frames in the order of the recording; those that hold a secret and have no covering copy are named.
pub(super) fn key_frames(draft: &mut Draft<'_>, frames: &[ItemId]) {
    let mut frames: Vec<(Option<u64>, ItemId)> =
        frames.iter().map(|item| (offset_ms(draft, *item), *item)).collect();
    frames.sort_unstable();
    let (shown, secret): (Vec<_>, Vec<_>) = frames
        .into_iter()
        .filter(|(_, item)| kept(draft, *item))
        .partition(|(_, item)| is_shown(draft, *item));
    for (offset, item) in shown {
        let caption = match offset {
            Some(offset) => {
                draft.say("key-frame-at", &[("time", &clock(offset)), ("item", &item.to_string())])
            }
            None => draft.say("key-frame", &[("item", &item.to_string())]),
        };
        captioned(draft, item, &caption);
    }
    if !secret.is_empty() {
        let named = |(offset, item): &(Option<u64>, ItemId)| match offset {
            Some(offset) => {
                draft.say("key-frame-named", &[("time", &clock(*offset)), ("item", &item.to_string())])
            }
            None => item.to_string(),
        };
        let names: Vec<String> = secret.iter().map(named).collect();
        let values = [("count", &*secret.len().to_string()), ("items", &*draft.words.list(&names))];
        draft.note(draft.say("key-frames-secret", &values));
        uncovered(draft, secret[0].1);
    }
}

fn kept(draft: &Draft<'_>, item: ItemId) -> bool {
    find(draft, item).and_then(Exhibit::manifest).is_some()
}

/// Where in its recording a key frame is, in milliseconds: its file's name ends so (`…-0003000ms.jpg`, see
/// [the format](../docs/formats/capture.md)).
fn offset_ms(draft: &Draft<'_>, item: ItemId) -> Option<u64> {
    let manifest = find(draft, item).and_then(Exhibit::manifest)?;
    let name = manifest.file_name.as_deref()?.strip_suffix("ms.jpg")?;
    let (_, digits) = name.rsplit_once('-')?;
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric.then(|| digits.parse().ok()).flatten()
}

/// Shows a place in a recording: minutes, seconds, tenths; `01:04.5`.
fn clock(offset_ms: u64) -> String {
    let (seconds, tenths) = (offset_ms / 1_000, offset_ms % 1_000 / 100);
    format!("{:02}:{:02}.{tenths}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_recording_is_minutes_seconds_tenths() {
        assert_eq!(clock(0), "00:00.0");
        assert_eq!(clock(64_570), "01:04.5");
        assert_eq!(clock(3_600_000), "60:00.0");
    }
}
