//! `sigu watch`: pages that are watched, looks at them, and what changed.

use std::time::Duration;

use serde_json::{Value, json};
use sigu_case::page::{MAX_EVERY_HOURS, PageLabel, declared};
use sigu_case::report::{PageKind, PageWatched, PageWay};
use sigu_case::watch::open_terms::{Declaration, import as read_declarations};
use sigu_case::{Command, OrderId};
use sigu_server::App;
use sigu_server::answers::{self, VersionShown};
use sigu_server::watching::{self, Eyes, Looked, Manner, Outcome, Wanted, pass, said, standing};
use sigu_vault::{JobBook, Vault};

use super::capture::{launch, runtime};
use super::{order_id, stamp};
use crate::args::watch::{WatchAddArgs, WatchCommand, WatchImportArgs, WatchLookArgs, WatchPageArgs};
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome as Answered, clock, session, times};

pub(super) fn run(context: &Context<'_>, own: &WatchCommand) -> Answered {
    match own {
        WatchCommand::Add(own) => add(context, own),
        WatchCommand::List => list(context),
        WatchCommand::Look(own) => look(context, own),
        WatchCommand::Show(own) => show(context, own),
        WatchCommand::Stop(own) => stop(context, own),
        WatchCommand::Import(own) => import(context, own),
    }
}

fn add(context: &Context<'_>, own: &WatchAddArgs) -> Answered {
    let watched = |vault: &Vault| {
        let house = vault.house()?;
        let pages = declared(house.house());
        let page = match &own.name {
            Some(name) => label(name)?,
            None => PageLabel::of_address(&own.url, |label| pages.contains_key(label)),
        };
        Ok::<_, Problem>(PageWatched {
            at: clock::now(),
            page,
            url: own.url.clone(),
            name: own.title.clone(),
            // The parser lets the codes of kinds through only.
            kind: PageKind::from_code(&own.kind).unwrap_or(PageKind::Rule),
            platform: own.platform.clone(),
            merchant: own.merchant.clone(),
            bound_to: own.order.as_deref().map(order_id).transpose()?,
            title: own.rule.as_deref().map(|title| title.trim_matches(['《', '》']).to_owned()),
            article: own.article.as_deref().map(plain_article),
            select: own.select.clone(),
            remove: own.remove.clone(),
            mask: own.mask.clone(),
            way: if own.browser { PageWay::Browser } else { PageWay::Http },
            every_hours: hours(&own.every)?,
            watched: true,
        })
    };
    let watched = session::with(context, |vault| {
        let watched = watched(vault)?;
        watching::check_recipe(&watched).map_err(|fault| {
            let values = [("field", fault.field.to_owned()), ("value", fault.value), ("why", fault.why)];
            Problem::refused("refused-page-selector", &values)
        })?;
        vault.execute(vec![Command::Report(watched.clone().into())], clock::now())?;
        Ok(watched)
    })?;
    let values = [("page", watched.page.to_string()), ("every", said::every(&watched, context.words))];
    let json = json!({ "page": watched.page, "url": watched.url });
    Ok(Answer::new(context.words.say("watch-added", &values), json))
}

fn plain_article(text: &str) -> String {
    text.trim_start_matches('第').trim_end_matches('条').to_owned()
}

/// Reads `24h` or `7d`.
fn hours(text: &str) -> Result<u32, Problem> {
    let refused = || Problem::usage("usage-watch-every", &[("value", text.to_owned())]);
    let (number, times) = match (text.strip_suffix('h'), text.strip_suffix('d')) {
        (Some(hours), _) => (hours, 1),
        (_, Some(days)) => (days, 24),
        _ => return Err(refused()),
    };
    let hours = number.trim().parse::<u32>().ok().and_then(|number| number.checked_mul(times));
    hours.filter(|hours| (1..=MAX_EVERY_HOURS).contains(hours)).ok_or_else(refused)
}

fn label(text: &str) -> Result<PageLabel, Problem> {
    text.parse().map_err(|_| Problem::usage("usage-page-label", &[("value", text.to_owned())]))
}

/// The page of that name, as it was declared last.
fn known(vault: &Vault, text: &str) -> Result<PageWatched, Problem> {
    let (label, house) = (label(text)?, vault.house()?);
    let page = declared(house.house()).remove(&label).map(|(_, watched)| watched.clone());
    page.ok_or_else(|| Problem::refused("refused-unknown-page", &[("page", label.to_string())]))
}

fn list(context: &Context<'_>) -> Answered {
    let places = session::places(context.args)?;
    let all = session::with(context, |vault| Ok(standing(vault, &JobBook::open(&places)?)?))?;
    let words = context.words;
    let json = answers::json(&answers::Pages::of(&all));
    if all.is_empty() {
        return Ok(Answer::new(words.word("watch-list-empty"), json));
    }
    let line = |one: &watching::PageStanding| {
        let state = said::page_state(one, words, times::show);
        let versions = said::page_versions(one, words, times::show);
        format!(
            "{}  {}\n    {}\n    {state}\n    {versions}",
            one.watched.page,
            said::page_name(&one.watched),
            one.watched.url
        )
    };
    Ok(Answer::new(all.iter().map(line).collect::<Vec<_>>().join("\n"), json))
}

fn look(context: &Context<'_>, own: &WatchLookArgs) -> Answered {
    let keys = Keys::of(context)?;
    let pages = keys.with(|vault| {
        if own.pages.is_empty() {
            let house = vault.house()?;
            let watched = declared(house.house()).into_values().filter(|(_, page)| page.watched);
            return Ok(watched.map(|(_, page)| page.page.clone()).collect::<Vec<_>>());
        }
        let watched = |text: &String| {
            let page = known(vault, text)?;
            let refused = || Problem::refused("refused-page-stopped", &[("page", page.page.to_string())]);
            if page.watched { Ok(page.page.clone()) } else { Err(refused()) }
        };
        own.pages.iter().map(watched).collect::<Result<Vec<_>, Problem>>()
    })?;
    let app = App {
        places: keys.places().clone(),
        identity: keys.identity().clone().into(),
        now: clock::now,
        version: env!("CARGO_PKG_VERSION"),
    };
    let looked = runtime()?.block_on(looks(&app, &eyes(context, own)?, pages))?;
    let words = context.words;
    let text: Vec<String> = looked.iter().map(|one| said::looked(one, words)).collect();
    let text = if text.is_empty() { words.word("watch-list-empty") } else { text.join("\n") };
    Ok(Answer::new(text, json!({ "pages": looked.iter().map(json_of).collect::<Vec<_>>() })))
}

/// By what is looked: the browser, where one is installed, for pages that need it, or for all if the user says so.
fn eyes(context: &Context<'_>, own: &WatchLookArgs) -> Result<Eyes, Problem> {
    let eyes = Eyes::new(stamp::net()?);
    match launch(context, &own.browser) {
        Ok(launch) if own.with_browser => Ok(eyes.with_browser(launch).by_browser_alone()),
        Ok(launch) => Ok(eyes.with_browser(launch)),
        Err(problem) if own.with_browser => Err(problem),
        Err(_) => Ok(eyes),
    }
}

/// Looks at pages until each has an answer: hosts are left alone between two looks, and a difference is confirmed.
async fn looks(app: &App, eyes: &Eyes, pages: Vec<PageLabel>) -> Result<Vec<Looked>, Problem> {
    let manner = Manner::default();
    let gap = Duration::try_from(manner.gap).unwrap_or_default();
    let (mut open, mut done) = (pages, Vec::new());
    loop {
        let passed = pass(app, eyes, manner, Wanted::Now(&open)).await?;
        let before = open.len();
        for one in passed.pages.into_iter().filter(|one| one.outcome != Outcome::Suspected) {
            open.retain(|page| *page != one.page);
            done.push(one);
        }
        // A difference of wording has to last for hours: it is not waited for here.
        let lasting = passed.next.is_none_or(|next| next.duration_since((app.now)()) > manner.gap * 2);
        if open.is_empty() || (before == open.len() && lasting) {
            done.extend(open.into_iter().map(|page| Looked { page, outcome: Outcome::Suspected }));
            return Ok(done);
        }
        tokio::time::sleep(gap).await;
    }
}

fn json_of(one: &Looked) -> Value {
    match &one.outcome {
        Outcome::Unchanged => json!({ "page": one.page, "state": "unchanged" }),
        Outcome::Suspected => json!({ "page": one.page, "state": "suspected" }),
        Outcome::First { item } => json!({ "page": one.page, "state": "first", "item": item }),
        Outcome::Changed { item, before, found } => {
            json!({ "page": one.page, "state": "changed", "item": item, "before": before, "change": found })
        }
        Outcome::Failed(trouble) => {
            json!({ "page": one.page, "state": trouble.kind, "why": trouble.why, "detail": trouble.detail,
                "since": trouble.since, "times": trouble.times })
        }
    }
}

fn show(context: &Context<'_>, own: &WatchPageArgs) -> Answered {
    let (page, versions) = session::with(context, |vault| {
        let page = known(vault, &own.page)?;
        let versions = vault.page(&page.page)?;
        Ok((page, versions))
    })?;
    let words = context.words;
    let mut lines = vec![format!("{}  {}", page.page, said::page_name(&page)), page.url.clone()];
    let shown = VersionShown::of(&versions);
    for version in &shown {
        let values = [("item", version.item.to_string()), ("at", times::show(version.seen_at))];
        let key = if version.text.is_some() { "watch-version" } else { "watch-version-erased" };
        lines.push(words.say(key, &values));
        lines.extend(version.difference.iter().map(|found| said::comparison(found, words)));
    }
    if versions.is_empty() {
        lines.push(words.word("watch-no-versions"));
    }
    Ok(Answer::new(lines.join("\n"), json!({ "page": page.page, "url": page.url, "versions": shown })))
}

fn stop(context: &Context<'_>, own: &WatchPageArgs) -> Answered {
    let page = session::with(context, |vault| {
        let page = known(vault, &own.page)?;
        if !page.watched {
            return Err(Problem::refused("refused-page-stopped", &[("page", page.page.to_string())]));
        }
        let stopped = PageWatched { at: clock::now(), watched: false, ..page };
        vault.execute(vec![Command::Report(stopped.clone().into())], clock::now())?;
        Ok(stopped.page)
    })?;
    let text = context.words.say("watch-stopped", &[("page", page.to_string())]);
    Ok(Answer::new(text, json!({ "page": page })))
}

fn import(context: &Context<'_>, own: &WatchImportArgs) -> Answered {
    let unreadable = |why: String| {
        Problem::usage("usage-unreadable", &[("path", own.file.display().to_string()), ("why", why)])
    };
    let text = std::fs::read_to_string(&own.file).map_err(|error| unreadable(error.to_string()))?;
    let found = read_declarations(&text).map_err(|error| unreadable(error.to_string()))?;
    let added = session::with(context, |vault| {
        let house = vault.house()?;
        let pages = declared(house.house());
        let mut added: Vec<PageWatched> = Vec::new();
        for one in &found {
            let taken =
                |label: &PageLabel| pages.contains_key(label) || added.iter().any(|own| own.page == *label);
            let page = PageLabel::of_address(&one.url, taken);
            added.push(of_declaration(one, page, own.platform.as_ref()));
        }
        let commands = added.iter().map(|page| Command::Report(page.clone().into())).collect();
        vault.execute(commands, clock::now())?;
        Ok(added)
    })?;
    let words = context.words;
    let mut lines = Vec::new();
    for (page, one) in added.iter().zip(&found) {
        let values = [("page", page.page.to_string()), ("every", said::every(page, words))];
        lines.push(words.say("watch-added", &values));
        lines.extend(
            one.unsupported.iter().map(|part| words.say("watch-unsupported", &[("part", part.clone())])),
        );
    }
    let json = added
        .iter()
        .zip(&found)
        .map(|(page, one)| json!({ "page": page.page, "url": page.url, "unsupported": one.unsupported }));
    let json = json!({ "pages": json.collect::<Vec<_>>() });
    let text = if lines.is_empty() { words.word("watch-list-empty") } else { lines.join("\n") };
    Ok(Answer::new(text, json))
}

fn of_declaration(one: &Declaration, page: PageLabel, platform: Option<&String>) -> PageWatched {
    PageWatched {
        at: clock::now(),
        page,
        url: one.url.clone(),
        name: Some(format!("{} {}", one.service, one.terms_type)),
        kind: PageKind::Rule,
        platform: platform.cloned(),
        merchant: None,
        bound_to: None::<OrderId>,
        title: None,
        article: None,
        select: one.select.clone(),
        remove: one.remove.clone(),
        mask: Vec::new(),
        way: if one.needs_browser { PageWay::Browser } else { PageWay::Http },
        every_hours: 24,
        watched: true,
    }
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn an_interval_is_hours_or_days_and_nothing_else() {
        for (text, wanted) in [
            ("24h", Some(24)),
            ("7d", Some(168)),
            ("366d", Some(8_784)),
            ("367d", None),
            ("0h", None),
            ("24", None),
            ("h", None),
            ("1.5h", None),
            ("99999999999d", None),
        ] {
            assert_eq!(hours(text).ok(), wanted, "{text}");
        }
    }
}
