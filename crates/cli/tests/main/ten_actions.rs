//! A normal order, from payment to four fixations: how many actions it takes, and how long for somebody who reads.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use sigu_practice_shop::{Knobs, Settings, Shop, Skin};

use crate::browse::Desk;
use crate::process::Home;

/// To make up one's mind and to point and press: 1.35 s and 1.3 s in the keystroke-level model of Card, Moran, Newell.
const ACTION: Duration = Duration::from_millis(2_650);
/// An address typed or found among the tabs, beyond the action itself.
const ADDRESS: Duration = Duration::from_secs(5);
/// Silent reading of Chinese; 300 to 700 signs a minute are usual, and numbers count sign by sign here.
const SIGNS_PER_MINUTE: u32 = 400;

/// How many lines of the answer stand beside the button; the whole is on the terminal and in the record.
const BESIDE: usize = 6;

/// Someone who acts and reads; the time they would take is counted and not waited for.
struct Buyer<'d> {
    desk: &'d Desk,
    began: Instant,
    actions: usize,
    counted: Duration,
}

impl Buyer<'_> {
    fn acts(&mut self, step: &str) {
        self.actions += 1;
        self.counted += ACTION;
        if step.starts_with("goto ") {
            self.counted += ADDRESS;
        }
        self.desk.buyer(&[step]);
    }

    fn sees(&self, selector: &str) {
        self.desk.buyer(&[&format!("wait {selector}")]);
    }

    /// Presses 固定, and reads what is said beside it.
    fn fixes(&mut self, slot: &str) {
        // What the page is need not be said, unless it does not look like it.
        let actions = if slot == "auto" { 1 } else { 2 };
        self.actions += actions;
        self.counted += ACTION * u32::try_from(actions).unwrap();
        let said = self.desk.home.good(&["capture", "--as", slot]);
        let beside = said.lines().take(BESIDE).map(|line| line.chars().count()).sum::<usize>();
        let signs = u32::try_from(beside).unwrap();
        self.counted += Duration::from_secs(60) * signs / SIGNS_PER_MINUTE;
    }

    fn took(&self) -> Duration {
        self.began.elapsed() + self.counted
    }
}

#[test]
fn a_normal_order_is_fixed_in_ten_actions_and_three_minutes() {
    let settings = Settings { skin: Skin::Qs, knobs: Knobs::default(), ..Settings::default() };
    let shop = Shop::start_on_thread(settings).unwrap();
    let home = Home::with_vault();
    home.good(&["order", "new", "P1", "--goods", "point-card"]);
    let desk = Desk::at(home, &[&shop.url("/links/1"), "--order", "P1", "--lang", "zh"]);
    desk.buyer(&["wait .goods-name", "fill input[name=contact] 12345678"]);
    let number = desk.buyer(&["click form.qs-panel button.btn-primary", "say .cashier dd:nth-of-type(2)"]);
    desk.buyer(&["click a.qr", "click #pay", "wait #transaction_id"]);

    // From here on it is paid.
    let mut buyer = Buyer { desk: &desk, began: Instant::now(), actions: 0, counted: Duration::ZERO };
    buyer.fixes("auto");
    buyer.acts(&format!("goto {}", shop.url(&format!("/order?orderId={number}"))));
    buyer.sees(".trade-no");
    buyer.fixes("auto");
    buyer.acts("click button[data-toggle]");
    buyer.sees("#copyText");
    buyer.fixes("auto");
    buyer.acts(&format!("goto {}", shop.url("/links/1")));
    buyer.sees(".goods-name");
    buyer.fixes("auto");
    buyer.acts(&format!("goto {}", shop.url("/kefu")));
    buyer.sees(".chat-form");
    // Nothing was said yet: the page is an empty chat.
    buyer.fixes("chat");

    let (actions, took) = (buyer.actions, buyer.took());
    println!("{actions} actions, {} s", took.as_secs());
    let shown = desk.home.json(&["order", "show", "P1"]);
    let fixations = shown["completeness"]["fixations"].as_array().unwrap();
    assert!(fixations.len() == 4 && fixations.iter().all(|one| one["complete"] == true), "{shown}");
    assert!(actions <= 10, "{actions} actions");
    assert!(took <= Duration::from_secs(180), "{took:?} for {actions} actions");
}
