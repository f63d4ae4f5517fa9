//! What the sender has to know: where it goes, what to attach, what to look over; and that this is no legal advice.

use sigu_case::ladder::Ladder;
use sigu_case::step::Step;

use crate::draft::Draft;

/// Adds what the ladder says of a step, and of one way into it.
pub(super) fn step(draft: &mut Draft<'_>, step: Step, route: Option<&str>) {
    let Some(rung) = Ladder::get().rung(step) else { return };
    let pick = |text: &sigu_case::bilingual::Bilingual| draft.words.pick(text).to_owned();
    let body = pick(&rung.body);
    let route = route.and_then(|code| rung.routes.iter().find(|one| one.code == code));
    let mut lines = vec![match route {
        Some(route) => draft.say("guide-goes-to", &[("body", &body), ("entry", &pick(&route.entry))]),
        None => draft.say("guide-goes-to-body", &[("body", &body)]),
    }];
    lines.push(draft.say("guide-can", &[("can", &pick(&rung.can)), ("cannot", &pick(&rung.cannot))]));
    lines.extend(rung.closes.iter().map(|closing| pick(&closing.note)));
    lines.extend(rung.notes.iter().map(pick));
    lines.into_iter().for_each(|line| draft.guide(line));
}

/// What stands at the end of every guide.
pub(super) fn end<S>(draft: &mut Draft<'_, S>) {
    draft.guide(draft.word("guide-check"));
    draft.guide(draft.word("guide-no-advice"));
}
