//! What goes along with a message: each piece of evidence, of a secret only a copy that covers it.

use sigu_case::letter::{SendStep, copy_of, send_plan};
use sigu_case::report::CopyMade;
use sigu_case::{Exhibit, ItemId, Order, View};
use sigu_evidence::{find_secrets, mask_text};
use sigu_vault::{Error, Vault};

use super::saying::drafted;
use crate::desk::form::Typed;
use crate::desk::page::Visit;
use crate::words::Words;

/// A piece of evidence that may go along.
pub(super) struct Enclosed {
    /// What would go: the marked copy where there is one.
    pub(super) item: ItemId,
    /// The same, as text.
    pub(super) label: String,
    pub(super) name: String,
    pub(super) slot: String,
    /// What to write beside it; empty where nothing is planned.
    pub(super) caption: String,
    /// Whether it is what the draft speaks of, in the order it is well sent.
    pub(super) planned: bool,
    /// Whether a marked copy goes in its place.
    pub(super) copy: bool,
    /// Whether it holds a secret and has no copy: it does not go.
    pub(super) secret: bool,
    /// Whether a copy can be drawn here.
    pub(super) picture: bool,
    pub(super) chosen: bool,
    /// The message it went with before.
    pub(super) sent_with: Option<String>,
    /// What is drawn upon.
    pub(super) original: String,
}

/// Everything that may go along: what is planned first, in its order.
pub(super) fn all(
    vault: &Vault,
    view: &View<'_>,
    typed: &Typed<'_>,
    visit: &Visit,
) -> Result<Vec<Enclosed>, Error> {
    let order = &view.order;
    let plan = drafted(view, typed).map(|letter| send_plan(view, &letter)).unwrap_or_default();
    let is_copy = |item: ItemId| order.of_kind::<CopyMade>().any(|(_, made)| made.copy == item);
    let planned = plan.iter().filter(|step| !is_copy(step.item));
    let planned: Vec<(ItemId, Option<&SendStep>)> = planned.map(|step| (step.item, Some(step))).collect();
    let others = order.exhibits.iter().map(|one| one.item);
    let others = others.filter(|item| !is_copy(*item) && planned.iter().all(|(own, _)| own != item));
    let rest: Vec<(ItemId, Option<&SendStep>)> = others.map(|item| (item, None)).collect();
    let mut all = Vec::new();
    for (item, step) in planned.into_iter().chain(rest) {
        let exhibit = order.exhibits.iter().find(|one| one.item == item);
        let Some(exhibit) = exhibit.filter(|one| one.manifest().is_some()) else { continue };
        all.push(one(vault, view, exhibit, step, (typed, visit))?);
    }
    Ok(all)
}

fn one(
    vault: &Vault,
    view: &View<'_>,
    exhibit: &Exhibit,
    step: Option<&SendStep>,
    (typed, visit): (&Typed<'_>, &Visit),
) -> Result<Enclosed, Error> {
    let manifest = exhibit.manifest();
    let marked = manifest.is_some_and(|manifest| manifest.secret);
    let kind = manifest.map(|manifest| manifest.media_type.as_str()).unwrap_or_default();
    let copy = copy_of(view, exhibit.item, marked);
    // A text that was not marked may hold a card all the same; what a picture shows only people can tell.
    let holds = !marked
        && kind.starts_with("text/")
        && vault.short_text(exhibit.item)?.is_some_and(|text| !find_secrets(&text).is_empty());
    let item = copy.unwrap_or(exhibit.item);
    let label = item.to_string();
    let with = typed.every("with").contains(&label.as_str());
    let sent_with = |one: &&sigu_case::Message| one.detail.exhibits.contains(&item);
    let before = view.order.messages.iter().find(sent_with).map(|one| one.item.to_string());
    Ok(Enclosed {
        name: name(&view.order, item, &visit.words),
        slot: visit.words.word(&format!("slot-{}", exhibit.slot.code())),
        caption: step.map(|step| mask_text(&step.caption)).unwrap_or_default(),
        planned: step.is_some(),
        copy: copy.is_some(),
        secret: (marked || holds) && copy.is_none(),
        picture: matches!(kind, "image/png" | "image/jpeg"),
        chosen: with && !((marked || holds) && copy.is_none()),
        sent_with: before,
        original: exhibit.item.to_string(),
        item,
        label,
    })
}

/// How a piece of evidence is called where others read it: its file's name, secrets masked, else what it shows.
pub(super) fn name(order: &Order, item: ItemId, words: &Words) -> String {
    let exhibit = order.exhibits.iter().find(|one| one.item == item);
    let manifest = exhibit.and_then(Exhibit::manifest).filter(|manifest| !manifest.secret);
    let file = manifest.and_then(|manifest| manifest.file_name.as_deref()).map(mask_text);
    let slot = || exhibit.map(|one| words.word(&format!("slot-{}", one.slot.code())));
    file.or_else(slot).unwrap_or_else(|| item.to_string())
}

/// The names of what was chosen, in order.
pub(super) fn names(all: &[Enclosed]) -> Vec<String> {
    all.iter().filter(|one| one.chosen).map(|one| one.name.clone()).collect()
}

/// The items that were chosen; `None` where one of them may not go.
pub(super) fn chosen(all: &[Enclosed], typed: &Typed<'_>) -> Option<Vec<ItemId>> {
    let wanted = typed.every("with");
    let known = |label: &&str| all.iter().any(|one| one.label == **label && one.chosen);
    wanted.iter().all(known).then(|| all.iter().filter(|one| one.chosen).map(|one| one.item).collect())
}
