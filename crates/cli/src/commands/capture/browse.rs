//! `sigu browse`: the evidence browser. The user shops as always; buttons in the page, hotkeys and other `sigu`
//! commands fix what is shown and record it.

use serde_json::{Value, json};
use sigu_capture::devtools::CallError;
use sigu_capture::page::{self, Limits};
use sigu_capture::panel::{self, Call};
use sigu_capture::recording::{Part, Recording, Settings};
use sigu_capture::traffic::TabId;
use sigu_case::{OrderFacts, OrderId};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::super::ending;
use super::control::{self, Wish};
use super::deposit::{self, Deposit, Deposited, SlotChoice};
use super::downloads::Downloads;
use super::film::{self, Film, Filmed};
use super::start::{self, Open};
use super::{interrupted, pages, words};
use crate::args::capture::BrowseArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome};

pub(in crate::commands) fn run(context: &Context<'_>, own: &BrowseArgs) -> Outcome {
    let order = own.order.as_deref().map(crate::commands::order_id).transpose()?;
    let url = own.url.as_deref().map(pages::address).transpose()?;
    let keys = Keys::of(context)?;
    if let Some(order) = &order {
        keys.with(|vault| crate::commands::fix::known_order(vault, order))?;
    }
    interrupted::end_all(context, &keys);
    let (door, wishes) = control::open(context)?;
    super::runtime()?.block_on(async {
        let open = start::browse(context, own).await?;
        let downloads = Downloads::open(context, &open).await?;
        let mut desk =
            Desk { context, keys, open, is_named: order.is_some(), order, downloads, film: None, fixed: 0 };
        let answer = desk.serve(url.as_deref(), wishes).await;
        drop(door);
        desk.close().await;
        answer
    })
}

/// A recording under way, and the task that takes its parts into the vault.
struct Running {
    recording: Recording,
    task: JoinHandle<Result<Filmed, Problem>>,
}

struct Desk<'a> {
    context: &'a Context<'a>,
    keys: Keys,
    open: Open,
    order: Option<OrderId>,
    /// Whether the user named it; else it follows the pages.
    is_named: bool,
    downloads: Downloads,
    film: Option<Running>,
    fixed: usize,
}

enum Next {
    Button(Option<Call>),
    Wish(Option<Wish>),
    Ended,
    Stop,
}

impl Desk<'_> {
    async fn serve(&mut self, url: Option<&str>, mut wishes: UnboundedReceiver<Wish>) -> Outcome {
        let mut calls = panel::calls(&self.open.traffic);
        // Heard from here on, whatever comes first: a signal that comes during a capture ends the program after it.
        let mut end = std::pin::pin!(ending::asked());
        let mut is_over = false;
        if let Some(url) = url {
            tokio::select! {
                went = self.go(url) => went?,
                () = &mut end => is_over = true,
            }
        }
        eprintln!("{}", self.context.words.word("browse-open"));
        while !is_over {
            let next = tokio::select! {
                call = calls.recv() => Next::Button(call),
                wish = wishes.recv() => Next::Wish(wish),
                () = self.open.ended() => Next::Ended,
                () = &mut end => Next::Stop,
            };
            match next {
                Next::Button(Some(call)) => self.button(&call).await,
                Next::Wish(Some(wish)) => is_over = self.wish(wish).await,
                Next::Button(None) | Next::Wish(None) | Next::Ended | Next::Stop => is_over = true,
            }
        }
        if self.film.is_some() {
            let ended = self.stop().await;
            eprintln!(
                "{}",
                ended.map_or_else(|problem| problem.to_text(self.context.words), |answer| answer.text)
            );
        }
        let values = [("count", self.fixed.to_string())];
        Ok(Answer::new(self.context.words.say("browse-ended", &values), json!({ "captures": self.fixed })))
    }

    async fn go(&self, url: &str) -> Result<(), Problem> {
        let opened = page::open(&self.open.traffic, &self.open.tab, url, &Limits::default()).await;
        if let Some(why) = opened.map_err(start::gone)? {
            eprintln!(
                "{}",
                self.context.words.say("browse-not-opened", &[("url", url.to_owned()), ("why", why)])
            );
        }
        Ok(())
    }

    /// A button was pressed: the answer is shown beside it and on the terminal.
    async fn button(&mut self, call: &Call) {
        let outcome = match call.wish {
            panel::Wish::Fix => self.fix(&call.tab, SlotChoice::from_code(&call.slot)).await,
            // A page that was just opened does not know yet that a recording is under way.
            panel::Wish::Record if self.film.is_none() => self.record(&call.tab).await,
            panel::Wish::Record | panel::Wish::Stop => self.stop().await,
        };
        eprintln!("{}", self.shown(&outcome).0);
        self.show(&call.tab, &outcome).await;
    }

    fn shown(&self, outcome: &Outcome) -> (String, bool) {
        match outcome {
            Ok(answer) => (answer.text.clone(), true),
            Err(problem) => (problem.to_text(self.context.words), false),
        }
    }

    /// Shows how a wish ended beside the buttons, and whether a recording is under way.
    async fn show(&self, tab: &TabId, outcome: &Outcome) {
        let (text, good) = self.shown(outcome);
        let brief: String = text.lines().take(6).collect::<Vec<_>>().join("\n");
        panel::tell(&self.open.traffic, tab, &brief, good, Some(self.film.is_some())).await;
    }

    /// Answers a wish from outside; returns whether the browser is to be closed.
    async fn wish(&mut self, wish: Wish) -> bool {
        let asked = &wish.asked;
        let tab = self.open.traffic.tabs().into_iter().next().map(|tab| tab.id);
        let shown = tab.clone();
        let outcome = match (asked["do"].as_str().unwrap_or_default(), tab) {
            ("close", _) => Ok(Answer::text(String::new())),
            (_, None) => Err(Problem::refused("refused-no-tab", &[])),
            ("fix", Some(tab)) => {
                let slot = SlotChoice::from_code(asked["slot"].as_str().unwrap_or("auto"));
                match self.turn_to(asked["order"].as_str()) {
                    Ok(()) => self.fix(&tab, slot).await,
                    Err(problem) => Err(problem),
                }
            }
            ("record", Some(tab)) => self.record(&tab).await,
            ("stop", _) => self.stop().await,
            (other, _) => self.mark(other, asked),
        };
        if let Some(tab) = shown {
            self.show(&tab, &outcome).await;
        }
        let answer = match outcome {
            Ok(answer) => json!({ "text": answer.text, "json": answer.json, "exit": answer.exit }),
            Err(problem) => json!({ "text": problem.to_text(self.context.words),
                "json": problem.to_json(self.context.words), "exit": problem.exit() }),
        };
        // Whoever asked may be gone; what was fixed is fixed.
        let _ = wish.answer.send(answer);
        wish.asked["do"] == "close"
    }

    fn turn_to(&mut self, order: Option<&str>) -> Result<(), Problem> {
        let Some(order) = order else { return Ok(()) };
        let order = crate::commands::order_id(order)?;
        self.keys.with(|vault| crate::commands::fix::known_order(vault, &order))?;
        self.order = Some(order);
        self.is_named = true;
        Ok(())
    }

    async fn fix(&mut self, tab: &TabId, slot: SlotChoice) -> Outcome {
        let fixed = self.capture(tab, slot).await?;
        self.fixed += 1;
        Ok(words::answer(self.context.words, &fixed))
    }

    async fn capture(&mut self, tab: &TabId, slot: SlotChoice) -> Result<Deposited, Problem> {
        let capture = page::fix(&self.open.traffic, tab, &Limits::default()).await.map_err(start::gone)?;
        let environment = start::environment(&self.open, tab, &capture).await;
        let order = self.order_for(&capture)?;
        let asked = self.open.traffic.tab(tab).map(|tab| tab.url).unwrap_or_default();
        let deposit =
            Deposit { order, slot, refused: None, said: Vec::new(), asked, files: self.downloads.ended() };
        self.keys.with(|vault| deposit::put(vault, &deposit, &capture, &environment))
    }

    /// The order a capture goes to: the one named; else the one whose number is on the page, the one before, or a
    /// new one.
    fn order_for(&mut self, capture: &page::Capture) -> Result<OrderId, Problem> {
        if let (true, Some(order)) = (self.is_named, &self.order) {
            return Ok(order.clone());
        }
        let found = super::reading::read(capture, &OrderFacts::default());
        let before = self.order.clone();
        let order = self.keys.with(|vault| match super::orders::on_page(vault, &found)?.or(before) {
            Some(order) => Ok(order),
            None => super::orders::open(vault, &found),
        })?;
        if self.order.as_ref() != Some(&order) {
            eprintln!("{}", self.context.words.say("browse-order", &[("order", order.to_string())]));
        }
        self.order = Some(order.clone());
        Ok(order)
    }

    /// The reveal protocol: the page as it stands is fixed first; its place in the log is in the picture from the
    /// first second on.
    async fn record(&mut self, tab: &TabId) -> Outcome {
        if self.film.is_some() {
            return Err(Problem::refused("refused-recording-already", &[]));
        }
        interrupted::end_all(self.context, &self.keys);
        let before = self.capture(tab, SlotChoice::Auto).await?;
        self.fixed += 1;
        let (beacon, url) = (self.beacon()?, before.url.clone());
        let order = before.order.clone();
        let words = self.context.words;
        let label = words.say("recording-strip", &[("order", order.to_string()), ("beacon", beacon.clone())]);
        let settings = Settings { label, paused: words.word("recording-paused"), size: before.viewport };
        let started = Recording::start(&self.open.traffic, tab, &settings).await;
        let (recording, parts) = started
            .map_err(|error: CallError| Problem::fault("fault-recording", &[("why", error.to_string())]))?;
        let film = Film::begin(
            self.keys.clone(),
            order,
            &url,
            &beacon,
            Some(before.capture),
            before.environment.clock.offset_s,
        )?;
        let task = tokio::task::spawn_blocking(move || keep(film, parts));
        self.film = Some(Running { recording, task });
        let values = [("capture", before.capture.to_string()), ("beacon", beacon.clone())];
        let json = json!({ "before": before.capture, "beacon": beacon });
        Ok(Answer::new(words.say("recording-began", &values), json))
    }

    /// The log as it stands, and the newest round of drand that this machine knows.
    fn beacon(&self) -> Result<String, Problem> {
        self.keys.with(|vault| {
            let (size, root) = vault.standing()?;
            Ok(film::beacon(size, &root, vault.newest_round().as_ref()))
        })
    }

    async fn stop(&mut self) -> Outcome {
        let running = self.film.take().ok_or_else(|| Problem::refused("refused-not-recording", &[]))?;
        running.recording.stop().await;
        let ended = running.task.await;
        let filmed =
            ended.map_err(|error| Problem::fault("fault-recording", &[("why", error.to_string())]))??;
        Ok(words::filmed(self.context.words, &filmed))
    }

    fn mark(&mut self, wish: &str, asked: &Value) -> Outcome {
        let running = self.film.as_ref().ok_or_else(|| Problem::refused("refused-not-recording", &[]))?;
        match wish {
            "pause" => running.recording.pause(),
            "resume" => running.recording.resume(),
            _ => running.recording.note(asked["text"].as_str().unwrap_or_default()),
        }
        Ok(Answer::new(self.context.words.word("recording-marked"), json!({ "marked": wish })))
    }

    async fn close(self) {
        self.open.close().await;
    }
}

/// Takes the parts of a recording into the vault until it ends. A piece that could not be written goes before the
/// next one; what could not be written to the end is what the user hears.
fn keep(mut film: Film, mut parts: UnboundedReceiver<Part>) -> Result<Filmed, Problem> {
    while let Some(part) = parts.blocking_recv() {
        let is_last = matches!(part, Part::Ended(_));
        match film.take(part) {
            Ok(Some(filmed)) => return Ok(filmed),
            Ok(None) => {}
            Err(problem) if is_last => return Err(problem),
            Err(_) => {}
        }
    }
    Err(Problem::fault("fault-recording", &[("why", String::new())]))
}
