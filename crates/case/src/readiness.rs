//! Readiness: what a complaint in a scenario must rest on, what is there, and what is missing (S8, S9, S41, domain §4).
//!
//! Which words show which proof is data (`data/readiness.toml`). A proof that nothing but typed facts shows is claimed:
//! it counts, and is named. What the user cannot have is listed with the reason and not missed.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::diagnosis::{Condition, reading};
use crate::report::{NeedWaived, Waived};
use crate::scenario::{Proof, Scenario, Table};
use crate::{Channel, ItemId, View};

coded! {
    /// One of the three groups a package needs at least (S41).
    Group {
        /// 订单截图
        Order = "order",
        /// 沟通记录
        Communication = "communication",
        /// 核验失败证明
        Failure = "failure",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    proof: Vec<ProofRow>,
    group: Vec<GroupRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofRow {
    code: Proof,
    any: Vec<String>,
    waived: Option<Waived>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    code: Group,
    name: Bilingual,
    any: Vec<String>,
    waived: Vec<Waived>,
}

struct Needs {
    proofs: Vec<(ProofRow, Vec<Condition>)>,
    groups: Vec<(GroupRow, Vec<Condition>)>,
}

static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
    read(include_str!("../data/readiness.toml")).expect("data/readiness.toml is checked by its tests")
});

fn read(text: &str) -> Result<Needs, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let parsed =
        |any: &[String]| any.iter().map(|word| Condition::parse(word)).collect::<Result<Vec<_>, _>>();
    let proofs = file.proof.into_iter().map(|row| parsed(&row.any).map(|any| (row, any)));
    let groups = file.group.into_iter().map(|row| parsed(&row.any).map(|any| (row, any)));
    Ok(Needs { proofs: proofs.collect::<Result<_, _>>()?, groups: groups.collect::<Result<_, _>>()? })
}

/// Returns the proofs `data/readiness.toml` has a row for, in its order.
pub fn covered() -> Vec<Proof> {
    NEEDS.proofs.iter().map(|(row, _)| row.code).collect()
}

/// How a proof or group stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stand {
    /// Shown by exhibits or recorded dialogue, and what else belongs to it.
    Shown(Vec<ItemId>),
    /// Known only from what the user entered.
    Claimed(Vec<ItemId>),
    /// Cannot be had, as the user says why.
    NotAvailable(ItemId, String),
    /// Not there.
    Missing,
}

/// A proof that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Met {
    /// Which.
    pub proof: Proof,
    /// The leaves that show it; none where only a fact of the order does.
    pub items: Vec<ItemId>,
}

/// A proof that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAvailable {
    /// Which.
    pub proof: Proof,
    /// The leaf that says so.
    pub item: ItemId,
    /// Why, in the user's words, secrets masked.
    pub because: String,
}

/// How one of the three groups stands (S41).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupState {
    /// Which.
    pub group: Group,
    /// Whether an exhibit or recorded dialogue is in it.
    pub met: bool,
    /// Whether it is known from entered facts only.
    pub claimed: bool,
    /// Whether the user said why it cannot be had.
    pub waived: bool,
    /// What is in it.
    pub items: Vec<ItemId>,
}

/// Whether a complaint is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// The scenario asked about.
    pub scenario: Scenario,
    /// Whether no required proof is missing and there is more than word of mouth.
    pub ok: bool,
    /// Required proof that is missing.
    pub missing: Vec<Proof>,
    /// Useful proof that is missing.
    pub missing_nice: Vec<Proof>,
    /// Proof that is there.
    pub met: Vec<Met>,
    /// Required proof that only entered facts show: it counts, and an exhibit would be better.
    pub claimed: Vec<Proof>,
    /// Proof that cannot be had, with the reason (S5).
    pub waived: Vec<NotAvailable>,
    /// The three groups a package needs at least (S41).
    pub groups: Vec<GroupState>,
    /// Whether all three are there: only then may a package be called complete.
    pub complete: bool,
    /// Whether word of mouth is all there is (S9).
    pub only_oral: bool,
}

impl Group {
    /// Returns its name, from `data/readiness.toml`.
    pub fn name(self) -> &'static Bilingual {
        let found = NEEDS.groups.iter().find(|(row, _)| row.code == self);
        &found.expect("data/readiness.toml has every group, checked by its tests").0.name
    }
}

/// Tells whether a complaint in `scenario` is ready, as the order stood at `view.now`. Never fails.
pub fn readiness(view: &View<'_>, scenario: Scenario) -> Readiness {
    let row = Table::get().row(scenario);
    let groups: Vec<GroupState> = NEEDS.groups.iter().map(|(row, any)| group(view, row, any)).collect();
    let only_oral = only_oral(view);
    let mut found = Readiness {
        scenario,
        ok: false,
        missing: Vec::new(),
        missing_nice: Vec::new(),
        met: Vec::new(),
        claimed: Vec::new(),
        waived: Vec::new(),
        complete: groups.iter().all(|one| one.met),
        groups,
        only_oral,
    };
    let musts = row.must.iter().map(|proof| (*proof, true));
    for (proof, must) in musts.chain(row.nice.iter().map(|proof| (*proof, false))) {
        found.place(proof, must, stand(view, proof));
    }
    found.ok = found.missing.is_empty() && !only_oral;
    found
}

impl Readiness {
    fn place(&mut self, proof: Proof, must: bool, stand: Stand) {
        match stand {
            Stand::Shown(items) => self.met.push(Met { proof, items }),
            Stand::Claimed(items) => {
                self.met.push(Met { proof, items });
                if must {
                    self.claimed.push(proof);
                }
            }
            Stand::NotAvailable(item, because) => self.waived.push(NotAvailable { proof, item, because }),
            Stand::Missing if must => self.missing.push(proof),
            Stand::Missing => self.missing_nice.push(proof),
        }
    }
}

fn stand(view: &View<'_>, proof: Proof) -> Stand {
    let found = NEEDS.proofs.iter().find(|(row, _)| row.code == proof);
    let (row, any) = found.expect("data/readiness.toml has every proof, checked by its tests");
    stands(view, any, row.waived.as_slice())
}

fn stands(view: &View<'_>, any: &[Condition], waived: &[Waived]) -> Stand {
    let met: Vec<Vec<ItemId>> = any.iter().filter_map(|condition| condition.met(view)).collect();
    if met.is_empty() {
        let waiver = view.order.of_kind::<NeedWaived>().rfind(|(_, one)| waived.contains(&one.need));
        return waiver.map_or(Stand::Missing, |(item, one)| {
            Stand::NotAvailable(item, sigu_evidence::mask_text(&one.reason))
        });
    }
    let mut items: Vec<ItemId> = met.into_iter().flatten().collect();
    items.sort();
    items.dedup();
    match items.iter().any(|item| recorded(view, *item)) {
        true => Stand::Shown(items),
        false => Stand::Claimed(items),
    }
}

/// Whether a leaf is an exhibit with its content, or written dialogue.
fn recorded(view: &View<'_>, item: ItemId) -> bool {
    let written = view.order.messages.iter().filter(|one| one.channel != Channel::Oral);
    reading::kept(view).any(|one| one.item == item) || written.into_iter().any(|one| one.item == item)
}

fn group(view: &View<'_>, row: &GroupRow, any: &[Condition]) -> GroupState {
    let stand = stands(view, any, &row.waived);
    let (met, claimed, waived) = match &stand {
        Stand::Shown(_) => (true, false, false),
        Stand::Claimed(_) => (false, true, false),
        Stand::NotAvailable(..) => (false, false, true),
        Stand::Missing => (false, false, false),
    };
    let items = match stand {
        Stand::Shown(items) | Stand::Claimed(items) => items,
        Stand::NotAvailable(item, _) => vec![item],
        Stand::Missing => Vec::new(),
    };
    GroupState { group: row.code, met, claimed, waived, items }
}

/// S9: words by mouth, and neither exhibit nor written line beside them.
fn only_oral(view: &View<'_>) -> bool {
    let oral = view.order.messages.iter().any(|one| one.channel == Channel::Oral);
    let written = view.order.messages.iter().any(|one| one.channel != Channel::Oral);
    oral && !written && reading::kept(view).next().is_none()
}
