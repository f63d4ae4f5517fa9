//! 沟通时间线: who said what when, which rule it cited and what was due; silence and broken promises stand as rows of
//! their own (S34, S65).

use sigu_case::clock::{Clock, ClockKind, ClockState, clocks};
use sigu_case::report::{Body, PromiseMade, SilenceNoted};
use sigu_case::timeline::{TimelineKind, TimelineRow, timeline};
use sigu_case::{Direction, ItemId, Message};
use sigu_evidence::mask_text;

use super::guide;
use crate::draft::Draft;
use crate::paper::{Fact, Span};
use crate::times;

/// The columns with their share of the width.
const COLUMNS: [(&str, u32); 7] = [
    ("timeline-at", 14),
    ("timeline-who", 8),
    ("timeline-channel", 9),
    ("timeline-what", 36),
    ("timeline-cites", 15),
    ("timeline-due", 14),
    ("timeline-exhibit", 10),
];

pub(super) fn write(draft: &mut Draft<'_>) {
    let view = draft.case.view;
    let kept: Vec<&Message> = view.order.dialogue().into_iter().filter(|one| one.text.is_some()).collect();
    if kept.is_empty() {
        draft.miss("dialogue");
        return;
    }
    head(draft, &kept);
    let mut cells = Vec::new();
    for row in timeline(view) {
        let shown = draft.marks(&shown_by(draft, &row));
        if shown.is_empty() {
            let told = format!("{} {} {}", times::minute(row.at), who(draft, &row), what(draft, &row));
            draft.left_out(told.trim());
            continue;
        }
        cells.push(row_cells(draft, &row, shown));
    }
    draft.table(&COLUMNS, cells);
    draft.note(draft.word("timeline-foot"));
    draft.guide(draft.word("guide-timeline"));
    guide::end(draft);
}

/// From when to when, how many messages, and what is still unanswered.
fn head(draft: &mut Draft<'_>, kept: &[&Message]) {
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return };
    let all: Vec<ItemId> = kept.iter().map(|one| one.item).collect();
    let own = kept.iter().filter(|one| one.direction == Direction::Out).count();
    let span = draft.say(
        "timeline-span",
        &[
            ("from", &times::second(first.said_at)),
            ("to", &times::second(last.said_at)),
            ("count", &kept.len().to_string()),
            ("own", &own.to_string()),
            ("theirs", &(kept.len() - own).to_string()),
        ],
    );
    let mut facts = vec![draft.numbers.fact(span, &all)];
    let replies = clocks(draft.case.view).into_iter().filter(|clock| clock.kind == ClockKind::Reply);
    let (open, answered): (Vec<Clock>, Vec<Clock>) =
        replies.partition(|clock| matches!(clock.state, ClockState::Open | ClockState::Overdue));
    facts.extend(open.iter().map(|clock| unanswered(draft, clock)));
    if open.is_empty() && !answered.is_empty() {
        facts.push(draft.numbers.fact(draft.word("timeline-all-answered"), &all));
    }
    draft.facts(facts, false);
}

fn unanswered(draft: &mut Draft<'_>, clock: &Clock) -> Option<Fact> {
    let due = clock.due.instant().map(times::minute)?;
    let key = if clock.state == ClockState::Open { "timeline-waiting" } else { "timeline-unanswered" };
    let text = draft.say(key, &[("at", &times::second(clock.started_at)), ("due", &due)]);
    draft.numbers.fact(text, clock.started_by.as_slice())
}

fn row_cells(draft: &mut Draft<'_>, row: &TimelineRow, shown: Vec<Span>) -> Vec<Vec<Span>> {
    let channel = row.channel.map(|one| draft.word(&format!("channel-{}", one.code().replace('_', "-"))));
    let cites: Vec<String> = row.cites.iter().map(|cite| mask_text(cite)).collect();
    let mut said = Span::cell(what(draft, row));
    let sent = draft.marks(&row.exhibits);
    if !sent.is_empty() {
        said.push(Span::Text(format!("\n{}", draft.word("timeline-sent"))));
        said.extend(sent);
    }
    vec![
        Span::cell(times::second(row.at)),
        Span::cell(who(draft, row)),
        Span::cell(channel.unwrap_or_default()),
        said,
        Span::cell(cites.join("\n")),
        Span::cell(row.due_at.map(times::minute).unwrap_or_default()),
        shown,
    ]
}

/// What shows a row: the message; for silence the notice it followed, for a promise where it was made.
fn shown_by(draft: &Draft<'_>, row: &TimelineRow) -> Vec<ItemId> {
    let order = &draft.case.view.order;
    let promise = || order.of_kind::<PromiseMade>().find(|(item, _)| row.item == Some(*item));
    match (row.kind, row.item) {
        (TimelineKind::Silence, None) if !by_platform(draft, row) => {
            let mut own = order.dialogue().into_iter().filter(|one| one.direction == Direction::Out);
            own.rfind(|one| one.said_at <= row.at).map(|one| one.item).into_iter().collect()
        }
        (TimelineKind::PromiseOver, _) if promise().is_some() => {
            promise().and_then(|(_, made)| made.proof).into_iter().collect()
        }
        (_, item) => item.into_iter().collect(),
    }
}

/// Silence the user noted of somebody else than the merchant.
fn by_platform(draft: &Draft<'_>, row: &TimelineRow) -> bool {
    let noted = draft.case.view.told::<SilenceNoted>();
    row.item.is_none() && noted.iter().any(|(_, one, at)| *at == row.at && one.body != Body::Merchant)
}

fn who(draft: &Draft<'_>, row: &TimelineRow) -> String {
    let message = draft.case.view.order.messages.iter().find(|one| Some(one.item) == row.item);
    let own = row.kind == TimelineKind::Message && message.is_some_and(|one| one.direction == Direction::Out);
    draft.word(match (own, by_platform(draft, row)) {
        (true, _) => "timeline-buyer",
        (_, true) => "timeline-platform",
        _ => "timeline-them",
    })
}

fn what(draft: &Draft<'_>, row: &TimelineRow) -> String {
    match row.kind {
        TimelineKind::Message => row.what.clone(),
        TimelineKind::Silence => draft.word("timeline-silence"),
        TimelineKind::PromiseOver => draft.word("timeline-promise-over"),
    }
}
