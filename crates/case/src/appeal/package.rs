//! The evidence package that goes with a statement: complete only with its three minimum groups (S41).

use serde::Serialize;

use super::table::Table;
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::letter::{described, is_failure};
use crate::{Exhibit, ItemId, Slot, View};

coded! {
    /// What a complete package has at least (S41).
    PackageGroup {
        /// 订单截图
        OrderScreenshot = "order_screenshot",
        /// 沟通记录
        Communication = "communication",
        /// 验证失败证明
        FailureProof = "failure_proof",
    }
}

/// One of the three groups and what fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupState {
    /// Which.
    pub group: PackageGroup,
    /// Its name.
    pub label: Bilingual,
    /// The exhibits and messages that fill it; empty is a gap.
    pub items: Vec<ItemId>,
}

/// What goes with a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Package {
    /// The three groups of the minimum.
    pub groups: Vec<GroupState>,
    /// Whether none of them is empty.
    pub complete: bool,
    /// Everything else there is.
    pub extra: Vec<ItemId>,
}

/// Sorts the evidence of an order into the three groups and the rest; erased content counts for nothing.
pub fn package(view: &View<'_>) -> Package {
    let kept: Vec<&Exhibit> = view.order.exhibits.iter().filter(|one| one.manifest().is_some()).collect();
    let of = |group| GroupState {
        group,
        label: Table::get().group(group.code()),
        items: items(view, &kept, group),
    };
    let groups: Vec<GroupState> = PackageGroup::ALL.iter().copied().map(of).collect();
    let grouped = |item: ItemId| groups.iter().any(|group| group.items.contains(&item));
    let extra = kept.iter().map(|one| one.item).filter(|item| !grouped(*item)).collect();
    Package { complete: groups.iter().all(|group| !group.items.is_empty()), groups, extra }
}

fn items(view: &View<'_>, kept: &[&Exhibit], group: PackageGroup) -> Vec<ItemId> {
    let slot = |slot: Slot| kept.iter().filter(move |one| one.slot == slot).map(|one| one.item);
    match group {
        PackageGroup::OrderScreenshot => slot(Slot::Transaction).collect(),
        PackageGroup::Communication => {
            let said = view.order.dialogue().into_iter().filter(|message| message.text.is_some());
            slot(Slot::Chat).chain(said.map(|message| message.item)).collect()
        }
        PackageGroup::FailureProof => {
            let fails = |one: &&&Exhibit| is_failure(view, one.item, described(view, one.item));
            kept.iter().filter(fails).map(|one| one.item).collect()
        }
    }
}
