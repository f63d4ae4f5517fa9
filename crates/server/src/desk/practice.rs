//! Practice: a card shop that does not exist, as a program of its own, and a desk over a vault of its own, so that
//! nothing invented ever stands in a real log. Both end with the desk that started them.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use sigu_evidence::Identity;
use sigu_vault::{Disk, Error, Fault, KeyFile, Places, create, os_entropy};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::Desk;
use crate::keys::{self, KeyProblem};
use crate::receiver::App;

/// How long the shop may take to say where it is.
const OPENING: Duration = Duration::from_secs(20);
/// A shop whose cards are used up and whose merchant says no: there is something to complain of.
const SHOP: [&str; 6] =
    ["--port=0", "--until-stdin-closes", "--knob", "card=used", "--knob", "merchant=refusing"];

/// Why practice did not begin.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotBegun {
    #[error("no practice shop here")]
    NoShop,
    #[error("the practice shop did not open: {0}")]
    Shop(String),
    #[error("not made for practice: {0}")]
    NotOurs(PathBuf),
    #[error(transparent)]
    Vault(#[from] Error),
}

impl From<std::io::Error> for NotBegun {
    fn from(error: std::io::Error) -> Self {
        Self::Shop(error.to_string())
    }
}

/// What runs while someone practises. Dropped, it ends.
struct Running {
    shop: Child,
    /// The shop ends when this closes, even if we are killed.
    _input: ChildStdin,
    url: String,
    desk: Arc<Desk>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The practice of one desk.
#[derive(Default)]
pub(super) struct Practice {
    program: Option<PathBuf>,
    running: Mutex<Option<Running>>,
}

/// Where the shop is, and the app of the practice vault.
pub(super) struct Open {
    pub(super) shop: String,
    pub(super) app: App,
    desk: Arc<Desk>,
}

impl Open {
    /// A link into the practice desk, to one of its pages.
    pub(super) fn link(&self, to: &str) -> String {
        format!("{}&to={}", self.desk.start_link().as_str(), to.replace('&', "%26"))
    }
}

/// The vault for practice lies beside the real one.
pub(super) fn places(real: &Places) -> Places {
    let mut name = real.vault.file_name().unwrap_or_default().to_owned();
    name.push("-practice");
    Places { vault: real.vault.with_file_name(name), state: real.state.join("practice") }
}

impl Practice {
    pub(super) fn with(program: PathBuf) -> Self {
        Self { program: Some(program), running: Mutex::new(None) }
    }

    pub(super) const fn has_shop(&self) -> bool {
        self.program.is_some()
    }

    /// What runs; a shop that ended by itself is none.
    pub(super) async fn open(&self) -> Option<Open> {
        let mut running = self.running.lock().await;
        if running.as_mut().is_some_and(|one| !matches!(one.shop.try_wait(), Ok(None))) {
            *running = None;
        }
        running.as_ref().map(|one| Open {
            shop: one.url.clone(),
            app: one.desk.app.clone(),
            desk: one.desk.clone(),
        })
    }

    /// Opens the shop and the practice desk, unless they are open.
    pub(super) async fn start(&self, real: &Desk) -> Result<(), NotBegun> {
        let program = self.program.as_ref().ok_or(NotBegun::NoShop)?;
        if self.open().await.is_some() {
            return Ok(());
        }
        let mut running = self.running.lock().await;
        let mut shop = Command::new(program)
            .args(SHOP)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let nothing = || NotBegun::Shop(program.display().to_string());
        let input = shop.stdin.take().ok_or_else(nothing)?;
        let said = shop.stdout.take().ok_or_else(nothing)?;
        let mut url = String::new();
        let told = tokio::time::timeout(OPENING, BufReader::new(said).read_line(&mut url)).await;
        told.map_err(|_| nothing())??;
        let url = url.trim().to_owned();
        if !url.starts_with("http://127.0.0.1:") {
            return Err(nothing());
        }
        let app = app(&real.app).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let mut desk = Desk::new(app, port, real.words.clone());
        desk.guide = Some(format!("{}/practice", real.origin()));
        let desk = Arc::new(desk);
        let own = desk.clone();
        let serving = tokio::spawn(async move {
            // A practice desk that fails is not there; the guide says so by not reaching it.
            drop(super::open(listener, own, std::future::pending()).await);
        });
        *running = Some(Running { shop, _input: input, url, desk, serving });
        Ok(())
    }

    /// Closes shop and practice desk; what was done stays in the practice vault.
    pub(super) async fn stop(&self) {
        let Some(mut running) = self.running.lock().await.take() else { return };
        // It may be gone already.
        let _ = running.shop.kill().await;
    }
}

/// Says in the state folder that the vault was made for practice: only such a one is opened, and only it may go.
const MADE: &str = "made-for-practice";

/// Refuses what lies where the practice vault would, unless it was made for practice.
fn ours(places: &Places) -> Result<(), NotBegun> {
    let made = crate::keep::read(&places.state.join(MADE))?.is_some();
    if made || !places.vault.exists() { Ok(()) } else { Err(NotBegun::NotOurs(places.vault.clone())) }
}

/// The practice vault, made where there is none.
async fn app(real: &App) -> Result<App, NotBegun> {
    let (places, now, version) = (places(&real.places), real.now, real.version);
    let made = tokio::task::spawn_blocking(move || {
        ours(&places)?;
        let identity = if places.vault.exists() {
            let nobody = || Ok::<_, KeyProblem>(Zeroizing::new(String::new()));
            keys::open(&places, nobody).map_err(|problem| NotBegun::Shop(problem.to_string()))?
        } else {
            let identity = Identity::generate(&mut os_entropy);
            crate::keep::folder(&places.state)?;
            crate::keep::replace(&places.state.join(MADE), b"")?;
            // In clear: there is nothing real in it.
            let key = KeyFile::Plain(identity.clone());
            create(&places, identity.clone(), &key, now(), Disk::default())?.vault.close()?;
            identity
        };
        Ok(App { places, identity: identity.into(), now, version })
    });
    made.await.map_err(|error| NotBegun::Shop(error.to_string()))?
}

/// Removes the practice vault: the one vault that may go, for nothing in it is real.
pub(super) fn remove(real: &Places) -> Result<(), NotBegun> {
    let own = places(real);
    ours(&own)?;
    // The state goes last: what is half gone can be removed again.
    for folder in [own.vault, own.state] {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(|error| Error::from(Fault::io("remove", &folder, error)))?;
        }
    }
    Ok(())
}
