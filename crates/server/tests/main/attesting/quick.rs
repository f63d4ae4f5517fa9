//! How soon after a click two outsiders who do not know each other vouch.

use crate::support::outside::{Click, Clicks, median};

/// Either service answers only when the other is asked too: asked one after the other, neither would.
#[tokio::test(flavor = "multi_thread")]
async fn a_piece_is_stamped_by_two_services_at_once_soon_after_it_is_fixed() {
    let mut clicks = Clicks::new("/together").await;
    let mut all: Vec<Click> = Vec::new();
    for _ in 0..3 {
        all.push(clicks.click().await);
    }
    for Click { item, tokens, together, .. } in &all {
        assert!(*together, "either was asked before the other had answered");
        let [one, other] = tokens.as_slice() else { panic!("{tokens:?}") };
        assert_eq!((one.size, one.received, one.item.seq + 1), (other.size, other.received, other.item.seq));
        assert_eq!(clicks.between(*item).not_after.len(), 2);
    }
    let (whole, beside) = (median(all.iter().map(|one| one.took)), median(all.iter().map(Click::beside)));
    eprintln!("from click to two tokens: median {whole:?}, {beside:?} of it beside the services");
}
