//! The API does everything the pages do: each route of a page has its operation, or a reason why it has none.

use sigu_server::openapi;

/// The routes of the pages, as they are registered.
const ROUTES: &str = include_str!("../../../src/desk/pages/mod.rs");

/// A route of a page, and the operations that do the same.
const SAME: &[(&str, &str, &[&str])] = &[
    ("get", "/", &["get /due", "get /next", "get /log"]),
    ("get", "/orders", &["get /orders"]),
    ("get", "/search", &["get /search"]),
    ("get", "/orders/{id}", &["get /orders/{order}", "get /orders/{order}/advice"]),
    ("get", "/orders/{id}/evidence", &["get /orders/{order}/items"]),
    ("get", "/orders/{id}/log", &["get /orders/{order}/log"]),
    (
        "post",
        "/orders/{id}/follow-up",
        &["get /orders/{order}/follow-ups", "post /orders/{order}/follow-ups"],
    ),
    (
        "get",
        "/orders/{id}/items/{item}",
        &["get /orders/{order}/items/{item}", "get /orders/{order}/items/{item}/outside"],
    ),
    ("get", "/orders/{id}/items/{item}/content", &["get /orders/{order}/items/{item}/content"]),
    ("get", "/orders/{id}/items/{item}/mark", &["get /orders/{order}/items/{item}/marks/preview"]),
    ("post", "/orders/{id}/items/{item}/mark", &["post /orders/{order}/items/{item}/marks"]),
    ("get", "/orders/{id}/items/{item}/mark/preview", &["get /orders/{order}/items/{item}/marks/preview"]),
    ("get", "/merchants", &["get /merchants"]),
    ("get", "/merchants/check", &["get /merchants/check"]),
    ("post", "/merchants/check", &["post /merchants/check"]),
    ("get", "/merchants/{name}", &["get /merchants/{name}"]),
    ("get", "/rules", &["get /profiles", "get /rules"]),
    ("get", "/rules/profiles/{id}", &["get /profiles/{id}"]),
    ("get", "/rules/versions", &["get /rules"]),
    ("get", "/rules/watch", &["get /watch"]),
    ("post", "/rules/watch", &["post /watch"]),
    ("get", "/rules/watch/{name}", &["get /watch/{page}"]),
    ("post", "/rules/watch/{name}", &["put /watch/{page}", "post /watch/{page}/look"]),
    ("get", "/rules/watch/{name}/{item}/content", &["get /watch/{page}/{item}/content"]),
    ("get", "/rules/review", &["get /review"]),
    ("get", "/rules/law", &["get /law"]),
    ("get", "/rules/law/{id}", &["get /law/{id}"]),
    ("get", "/vault", &["get /vault", "get /background"]),
    ("get", "/vault/log", &["get /log"]),
    ("post", "/vault/check", &["post /vault/work/check"]),
    ("post", "/vault/backup", &["post /vault/work/backup"]),
    ("post", "/vault/export", &["post /vault/work/export"]),
    ("get", "/vault/work/{id}", &["get /vault/work/{id}"]),
    ("post", "/vault/work/{id}/stop", &["post /vault/work/{id}/stop"]),
    ("get", "/vault/work/{id}/package", &["get /vault/work/{id}/package"]),
    ("get", "/vault/settings", &["get /settings"]),
    ("post", "/vault/settings/idle", &["put /settings"]),
    ("get", "/vault/outside", &["get /outside"]),
    ("post", "/vault/outside/ask", &["post /outside/ask"]),
    ("post", "/vault/outside/switch", &["put /outside/services"]),
    ("get", "/vault/outside/services", &["get /outside/services"]),
    ("post", "/vault/outside/services", &["put /outside/services", "post /outside/header"]),
    ("get", "/phone", &["get /phone"]),
    ("post", "/phone", &["post /phone"]),
    ("post", "/phone/end", &["delete /phone"]),
    ("post", "/orders/new", &["post /orders"]),
    ("post", "/orders/recognise", &["post /recognise"]),
    ("post", "/orders/{id}/fix", &["post /orders/{order}/items"]),
    ("get", "/orders/{id}/facts", &["get /orders/{order}"]),
    ("post", "/orders/{id}/facts", &["patch /orders/{order}/facts"]),
    ("get", "/orders/{id}/talk", &["get /orders/{order}/talk", "get /orders/{order}/notice"]),
    (
        "post",
        "/orders/{id}/talk",
        &["post /orders/{order}/messages", "post /orders/{order}/notice", "post /orders/{order}/notes"],
    ),
    ("post", "/orders/{id}/talk/check", &["post /orders/{order}/check"]),
    ("get", "/orders/{id}/appeal", &["get /orders/{order}/appeal", "get /orders/{order}/advice"]),
    ("post", "/orders/{id}/appeal", &["post /orders/{order}/appeal", "post /orders/{order}/notes"]),
    ("post", "/orders/{id}/appeal/check", &["post /orders/{order}/check"]),
    ("get", "/orders/{id}/ladder", &["get /ladder", "get /orders/{order}/advice"]),
    ("get", "/orders/{id}/papers", &["get /orders/{order}/papers"]),
    ("post", "/orders/{id}/papers", &["post /orders/{order}/papers"]),
    ("get", "/orders/{id}/papers/{item}", &["get /orders/{order}/items/{item}/content"]),
    ("post", "/orders/{id}/note", &["post /orders/{order}/notes"]),
    ("get", "/settings/reminders", &["get /reminders"]),
    (
        "post",
        "/settings/reminders",
        &[
            "put /reminders",
            "post /reminders/channels",
            "delete /reminders/channels/{id}",
            "post /reminders/channels/{id}/test",
            "post /reminders/calendar",
            "delete /reminders/calendar",
        ],
    ),
    ("post", "/orders/{id}/snooze", &["post /orders/{order}/snooze"]),
];

/// Routes that have no operation, and why.
const ONLY_PAGES: &[(&str, &str, &str)] = &[
    ("get", "/orders/new", "an empty form"),
    ("get", "/orders/{id}/fix", "an empty form"),
    ("get", "/orders/{id}/note", "empty forms"),
    (
        "get",
        "/orders/{id}/items/{item}/page",
        "a captured page drawn in a frame; its archive is the item's content",
    ),
    ("get", "/practice", "an exercise for a person, in a vault of its own"),
    ("get", "/practice/enter", "an exercise for a person"),
    ("post", "/practice/start", "an exercise for a person"),
    ("post", "/practice/stop", "an exercise for a person"),
    ("post", "/practice/again", "an exercise for a person"),
    ("get", "/vault/access", "a program gives itself no tokens"),
    ("post", "/vault/access", "a program gives itself no tokens"),
    ("post", "/vault/access/revoke", "a program takes no tokens back"),
    ("post", "/vault/settings/passphrase", "a person types a passphrase"),
    ("post", "/vault/settings/recovery", "a person types the recovery key"),
    ("get", "/vault/settings/recovery/new", "asks a person whether pen and paper are ready"),
    ("post", "/vault/settings/recovery/new", "a person has the recovery key replaced, and copies it by hand"),
    ("get", "/phone/code.svg", "the link as a picture; the link itself is in the answer"),
    ("get", "/live", "tells an open page to draw itself again"),
    ("get", "/start", "lets a browser in"),
    ("get", "/calendar/{name}", "for calendar programs, behind a secret of its own"),
    ("post", "/language", "a browser's language; programs say Accept-Language"),
    ("post", "/lock", "a person locks the desk"),
    ("post", "/unlock", "a person types the passphrase"),
    ("get", "/assets/{name}", "what pages are drawn with"),
];

/// Every route with its methods, read from where they are registered.
fn routes() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in ROUTES.split(".route(").skip(1) {
        let path = part.split('"').nth(1).unwrap().to_owned();
        let end = part.split('"').nth(2).unwrap();
        // What stands on later lines belongs to other routes.
        let methods = end.split("\n        .").next().unwrap_or(end);
        let before = found.len();
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods.contains(&format!("{method}(")) {
                found.push((method.to_owned(), path.clone()));
            }
        }
        assert!(found.len() > before, "no method is read of {path}: {methods}");
    }
    found
}

#[test]
fn each_route_of_a_page_has_its_operation_or_a_reason() {
    let all = routes();
    assert!(all.len() > 60, "{all:?}");
    for (method, path) in &all {
        let is = |own: &&str, at: &&str| *own == method && *at == path;
        let same = SAME.iter().filter(|(own, at, _)| is(own, at)).count();
        let only = ONLY_PAGES.iter().filter(|(own, at, _)| is(own, at)).count();
        assert_eq!(same + only, 1, "{method} {path} is in {same} rows of operations and {only} of reasons");
    }
    let rows = SAME.iter().map(|(method, path, _)| (method, path));
    for (method, path) in rows.chain(ONLY_PAGES.iter().map(|(method, path, _)| (method, path))) {
        let is = |(own, at): &(String, String)| own == method && at == path;
        assert!(all.iter().any(is), "{method} {path} is no route any more");
    }
    assert!(ONLY_PAGES.iter().all(|(_, _, why)| !why.is_empty()));
}

#[test]
fn each_operation_named_is_there_and_described() {
    let document = serde_json::to_value(openapi()).unwrap();
    for operation in SAME.iter().flat_map(|(_, _, all)| all.iter()) {
        let (method, path) = operation.split_once(' ').unwrap();
        let described = &document["paths"][path][method];
        assert!(described["summary"].is_string() || described["description"].is_string(), "{operation}");
    }
    // Large files in pieces are the same operations at both places.
    for path in ["/uploads", "/uploads/{id}", "/uploads/{id}/finish"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    assert!(ROUTES.contains(".merge(resumable::routes())"));
}
