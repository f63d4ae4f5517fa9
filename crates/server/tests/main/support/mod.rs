//! The room the pages are looked at in: a desk over a filled vault, and a real browser before it.

pub(crate) mod captured;
mod filled;
#[allow(dead_code, unused_imports, reason = "the example that shares this room asks nobody")]
pub(crate) mod outside;
pub(crate) mod room;
#[allow(dead_code, reason = "the example that shares this room declares none")]
pub(crate) mod watched;

pub(crate) use filled::{Filled, SECRETS, cases, noted, now, picture, take_in};
pub(crate) use room::Room;

/// The paths of every page, for a vault as [`Filled`] fills it. A new page is added here and is walked from then on.
pub(crate) const PAGES: [&str; 53] = [
    "/",
    "/orders",
    "/orders/new",
    "/search",
    "/search?q=%E9%80%80%E6%AC%BE",
    "/search?q=zzzz",
    "/orders/C03",
    "/orders/C03/evidence",
    "/orders/C03/log",
    "/orders/C03/fix",
    "/orders/C03/talk",
    "/orders/C03/appeal",
    "/orders/C02/ladder",
    "/orders/C02/papers",
    "/orders/C03/note",
    "/orders/C03/note?what=describe",
    "/orders/C03/note?what=promise",
    "/orders/C03/note?what=coverage",
    "/orders/C03/facts",
    "/orders/C02",
    "/orders/dk01/items/1-79",
    "/orders/dk01/items/1-79/mark",
    "/orders/dk01/items/1-79/mark?mark=cover+68,304,284,32&mark=box+18,404,386,36&mark=arrow+250,690,180,560&mark=number+1,40,560",
    "/orders/dk01/items/1-81/page",
    "/orders/dk01/appeal",
    "/phone?order=C03",
    "/merchants",
    "/merchants/%E6%A9%99%E5%A3%B3%E6%95%B0%E5%8D%A1",
    "/merchants/check",
    "/merchants/check?merchant=%E6%A9%99%E5%A3%B3%E6%95%B0%E5%8D%A1&price=12&typical=30&off_platform=yes",
    "/merchants/check?offer=https%3A%2F%2Fshop.example%2Fitem%2F3&price=12&goods=game_point_card",
    "/rules",
    "/rules/review?month=2026-09",
    "/rules/profiles/acg",
    "/rules/versions",
    "/rules/law",
    "/rules/law?q=%E9%80%80%E6%AC%BE",
    "/rules/law/L-CPL-48",
    "/vault",
    "/vault/settings",
    "/vault/settings/recovery/new",
    "/vault/access",
    "/rules/watch",
    "/rules/watch/rbw-rules",
    "/settings/reminders",
    "/settings/reminders?kind=mail",
    "/settings/reminders?kind=wecom",
    "/vault/outside",
    "/vault/outside/services",
    "/practice",
    "/vault/log",
    "/vault/log?page=2",
    "/none",
];

/// A page's name in file names and in what a test says.
pub(crate) fn name(path: &str) -> String {
    let name: String = path
        .trim_matches('/')
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' })
        .collect();
    if name.is_empty() { "today".to_owned() } else { name.chars().take(40).collect() }
}
