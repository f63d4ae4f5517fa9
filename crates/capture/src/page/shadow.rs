//! Shadow trees a page keeps closed: no script outside them reads them, so they are in the picture only.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::asking::Asking;
use super::{Gap, Look};

/// Most elements a page may have to be asked for them: the answer names every node (45 000 took 4 s).
const MOST: u64 = 10_000;

/// Names how many closed shadow trees there are. Our own buttons are out of the page while it is looked at.
pub(super) async fn closed(asking: &Asking, look: &Look) -> Option<Gap> {
    if look.elements > MOST {
        return None;
    }
    let ask = json!({ "computedStyles": [] });
    // A browser that does not say it leaves the gap unnamed.
    let answer = asking.call("DOMSnapshot.captureSnapshot", ask).await.ok()?;
    let number = count(&answer);
    (number > 0).then(|| Gap::new("page.closed_shadow", number.to_string()))
}

/// Counts the elements a closed tree hangs on. The snapshot marks every node inside one with the kind of its tree,
/// and the browser's own elements with another kind.
fn count(snapshot: &Value) -> usize {
    let strings = snapshot["strings"].as_array();
    let Some(closed) = strings.and_then(|all| all.iter().position(|text| text == "closed")) else { return 0 };
    let documents = snapshot["documents"].as_array();
    documents.map_or(0, |all| all.iter().map(|one| hosts(&one["nodes"], closed).len()).sum())
}

fn hosts(nodes: &Value, closed: usize) -> BTreeSet<u64> {
    let numbers = |list: &Value| -> Vec<u64> {
        list.as_array().into_iter().flatten().map(|one| one.as_u64().unwrap_or(u64::MAX)).collect()
    };
    let marked = &nodes["shadowRootType"];
    let marks = numbers(&marked["index"]).into_iter().zip(numbers(&marked["value"]));
    let inside: BTreeSet<u64> =
        marks.filter(|(_, kind)| *kind == closed as u64).map(|(node, _)| node).collect();
    let parents = numbers(&nodes["parentIndex"]);
    let parent = |node: &u64| usize::try_from(*node).ok().and_then(|node| parents.get(node)).copied();
    inside.iter().filter_map(parent).filter(|parent| !inside.contains(parent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_element_with_a_closed_tree_counts_once_and_what_is_malformed_not_at_all() {
        let nodes = |index: Value, value: Value| {
            json!({ "strings": ["p", "closed", "user-agent"], "documents": [{ "nodes": {
                "parentIndex": [-1, 0, 1, 2, 1, 0, 5],
                "shadowRootType": { "index": index, "value": value } } }] })
        };
        assert_eq!(count(&nodes(json!([2, 3, 4]), json!([1, 1, 1]))), 1);
        assert_eq!(count(&nodes(json!([2, 3, 6]), json!([1, 1, 1]))), 2);
        assert_eq!(count(&nodes(json!([2, 3, 6]), json!([2, 2, 2]))), 0);
        assert_eq!(count(&nodes(json!([99, "x"]), json!([1, 1]))), 0);
        assert_eq!(count(&json!({ "strings": ["closed"], "documents": 7 })), 0);
        assert_eq!(count(&json!(null)), 0);
    }
}
