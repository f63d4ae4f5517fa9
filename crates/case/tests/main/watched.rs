//! Watched pages: what may be declared, whose versions are taken, what may cite them, what an erasure leaves.

use sigu_case::page::{MAX_EVERY_HOURS, PageFixed, declared};
use sigu_case::report::{PageWatched, Report, RuleCaptured};
use sigu_case::wire::v1::{KEPT_ON_ERASE, from_wire, to_wire};
use sigu_case::{Command, Event, ItemId, Refusal, State, decide};

use crate::made::{
    NOW, erased, facts, item, label, opened, page_fixed, page_watched, recorded, replay, state_of, time,
};

fn watched(change: impl FnOnce(&mut PageWatched)) -> Command {
    let mut page = page_watched("rules");
    change(&mut page);
    Command::Report(page.into())
}

fn declared_page() -> Event {
    Event::Reported(page_watched("rules").into())
}

fn version(change: impl FnOnce(&mut PageFixed)) -> PageFixed {
    let mut fixed = page_fixed("rules");
    change(&mut fixed);
    fixed
}

fn check(command: &Command, wanted: Result<(), Refusal>) {
    let state =
        state_of([opened("A", facts()), declared_page(), Event::PageFixed(Box::new(page_fixed("rules")))]);
    assert_eq!(decide(&state, command, time(NOW)).map(drop), wanted, "{command:?}");
}

#[test]
fn what_cannot_be_watched_is_refused_by_its_field() {
    check(&watched(|_| {}), Ok(()));
    check(&watched(|page| page.url = "http://127.0.0.1:8080/rules".into()), Ok(()));
    for url in
        ["ftp://a.example/", "https://", "https://u:p@a.example/", "a.example", "https://a b/", "file:///x"]
    {
        check(&watched(|page| page.url = url.into()), Err(Refusal::PageAddress(url.into())));
    }
    for hours in [0, MAX_EVERY_HOURS + 1] {
        check(&watched(|page| page.every_hours = hours), Err(Refusal::PageInterval(hours)));
    }
    check(&watched(|page| page.every_hours = MAX_EVERY_HOURS), Ok(()));
    let lines = |line: &str, times: usize| vec![line.to_owned(); times];
    check(
        &watched(|page| page.select = lines("main", 51)),
        Err(Refusal::PageRecipe { field: "page.select" }),
    );
    check(&watched(|page| page.remove = lines(" ", 1)), Err(Refusal::PageRecipe { field: "page.remove" }));
    let long = "x".repeat(501);
    check(&watched(|page| page.mask = lines(&long, 1)), Err(Refusal::PageRecipe { field: "page.mask" }));
    check(&watched(|page| page.bound_to = Some(label("A"))), Ok(()));
    check(&watched(|page| page.bound_to = Some(label("C"))), Err(Refusal::UnknownOrder(label("C"))));
}

#[test]
fn a_version_is_of_a_page_that_was_declared_and_follows_one_of_the_same() {
    let fix = |change: fn(&mut PageFixed)| Command::FixPage(Box::new(version(change)));
    check(&fix(|_| {}), Ok(()));
    check(&fix(|fixed| fixed.before = Some(item(2))), Ok(()));
    check(&fix(|fixed| fixed.before = Some(item(0))), Err(Refusal::UnknownItem(item(0))));
    check(
        &fix(|fixed| fixed.page = "other".parse().unwrap()),
        Err(Refusal::UnknownPage("other".parse().unwrap())),
    );
    let far = "2030-01-01T00:00:00Z";
    check(
        &fix(|fixed| fixed.seen_at = time("2030-01-01T00:00:00Z")),
        Err(Refusal::ImpossibleTime { field: "seen_at", value: time(far) }),
    );
}

#[test]
fn a_rule_may_cite_a_version_and_nothing_else_that_is_not_there() {
    let rule = |snapshot: ItemId| -> Command {
        Command::Report(
            RuleCaptured {
                at: time(NOW),
                platform: "rbw".into(),
                title: "规范".into(),
                article: "5".into(),
                text: Some("卡类失效 24 小时内补发或退款".into()),
                in_force_from: None,
                in_force_to: None,
                published_on: None,
                snapshot: Some(snapshot),
            }
            .into(),
        )
    };
    check(&rule(item(2)), Ok(()));
    check(&rule(item(1)), Err(Refusal::UnknownItem(item(1))));
}

#[test]
fn what_was_declared_last_counts() {
    let mut second = page_watched("rules");
    second.watched = false;
    let state = state_of([declared_page(), Event::Reported(Report::from(second))]);
    let pages = declared(state.house());
    assert_eq!(pages.len(), 1);
    assert!(pages.values().all(|(leaf, page)| *leaf == item(1) && !page.watched));
}

fn left(fields: &[&str]) -> (State, State) {
    let log = vec![declared_page(), Event::PageFixed(Box::new(page_fixed("rules")))];
    let live = [log.clone(), vec![erased(item(1), fields)]].concat();
    let (kind, written) = to_wire(&log[1]).unwrap();
    let mut kept = written.clone();
    for (name, _) in written.iter() {
        let name = name.as_str();
        if if fields.is_empty() { !KEPT_ON_ERASE.contains(&name) } else { fields.contains(&name) } {
            kept.remove(name);
        }
    }
    let replayed = vec![log[0].clone(), from_wire(kind, &kept).unwrap().unwrap(), erased(item(1), fields)];
    (replay(&recorded(live, time(NOW))), replay(&recorded(replayed, time(NOW))))
}

#[test]
fn an_erased_version_is_the_same_in_a_running_state_and_a_replayed_one() {
    for (fields, gone) in [(&[][..], true), (&["file.name"], false), (&["file.modified_at"], false)] {
        let (live, replayed) = left(fields);
        assert_eq!(live, replayed, "{fields:?}");
        assert_eq!(live.erased(item(1)), Some(gone), "{fields:?}");
        assert_eq!(live.page(item(1)).unwrap().page.as_str(), "rules");
    }
}
