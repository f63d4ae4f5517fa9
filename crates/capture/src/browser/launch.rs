//! Starting a browser: a profile of its own, DevTools over two pipes that nobody else can reach.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::{Child, Command};

use super::{Installed, fonts};
use crate::devtools::{CallError, DevTools, Session};

/// How a browser is to be started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Which.
    pub installed: Installed,
    /// The folder of its profile; made when missing.
    pub profile: PathBuf,
    /// Without a window.
    pub headless: bool,
    /// Width and height of the window or, without one, of the screen, in CSS pixels.
    pub window: (u32, u32),
    /// A folder of fonts to add to the machine's own.
    pub fonts: Option<PathBuf>,
    /// Whether the sandbox has to be off, as for root in a container; never for users.
    pub without_sandbox: bool,
    /// More flags, for tests and for users who know why.
    pub flags: Vec<String>,
}

/// Why no browser is there.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Its profile folder cannot be used.
    #[error("the profile folder {path}: {why}")]
    Profile {
        /// The folder.
        path: String,
        /// Why.
        why: String,
    },
    /// The program could not be started.
    #[error("{program} could not be started: {why}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        why: String,
    },
    /// It ended, or said nothing, before it could be used: no display, or the profile is in use.
    #[error("the browser ended before it could be used: {0}")]
    Ended(String),
}

/// A browser that was started here. Dropped, it is killed with all its processes.
pub struct Browser {
    devtools: DevTools,
    child: Child,
    flags: Vec<String>,
    version: Version,
}

/// What the browser says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// Name and version, such as `Chrome/156.0.8078.79`.
    pub product: String,
    /// The user agent it sends.
    pub user_agent: String,
}

impl Browser {
    /// Starts a browser and waits until it answers.
    ///
    /// # Errors
    /// [`LaunchError`].
    pub async fn launch(launch: &Launch) -> Result<Self, LaunchError> {
        let profile = |error: std::io::Error| LaunchError::Profile {
            path: launch.profile.display().to_string(),
            why: error.to_string(),
        };
        std::fs::create_dir_all(&launch.profile).map_err(profile)?;
        let flags = flags(launch);
        let mut command = Command::new(&launch.installed.program);
        command.args(&flags).arg("about:blank").kill_on_drop(true).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(folder) = &launch.fonts {
            command.env("FONTCONFIG_FILE", fonts::configuration(&launch.profile, folder).map_err(profile)?);
        }
        let (child, devtools) = spawn(command, &launch.installed.program)?;
        let mut browser = Self { devtools, child, flags, version: Version::default() };
        match browser.ask_version().await {
            Ok(version) => browser.version = version,
            Err(error) => {
                let ended = browser.child.try_wait().ok().flatten();
                let why = ended.map_or_else(|| error.to_string(), |status| format!("{error} ({status})"));
                return Err(LaunchError::Ended(why));
            }
        }
        Ok(browser)
    }

    async fn ask_version(&self) -> Result<Version, CallError> {
        let answer =
            self.session().call_within("Browser.getVersion", json!({}), Duration::from_secs(30)).await?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Ok(Version { product: text("product"), user_agent: text("userAgent") })
    }

    /// Returns the browser's own session.
    #[must_use]
    pub fn session(&self) -> Session {
        self.devtools.browser()
    }

    /// Returns the connection.
    #[must_use]
    pub fn devtools(&self) -> &DevTools {
        &self.devtools
    }

    /// Returns the flags it was started with.
    #[must_use]
    pub fn flags(&self) -> &[String] {
        &self.flags
    }

    /// Returns what it says of itself.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Returns the number of its process; `None` once it has ended.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until it ends, because the user closed it or it died.
    pub async fn ended(&mut self) {
        // A wait that fails has nothing to wait for.
        let _ = self.child.wait().await;
    }

    /// Asks it to end, waits a while, and kills it otherwise.
    pub async fn close(mut self) {
        let asked = self.session().call_within("Browser.close", json!({}), Duration::from_secs(3)).await;
        let ended = tokio::time::timeout(Duration::from_secs(5), self.child.wait()).await;
        if asked.is_err() || ended.is_err() {
            self.kill();
            let _ = self.child.wait().await;
        }
    }

    /// Kills it and everything it started.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())) {
            // It is gone already when this fails.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.start_kill();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.kill();
    }
}

fn flags(launch: &Launch) -> Vec<String> {
    let mut flags = vec![
        "--remote-debugging-pipe".to_owned(),
        format!("--user-data-dir={}", launch.profile.display()),
        format!("--window-size={},{}", launch.window.0, launch.window.1),
    ];
    let plain = [
        "--no-first-run",
        "--no-default-browser-check",
        "--lang=zh-CN",
        "--accept-lang=zh-CN,zh,en",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        // An address that failed is asked again by the user only.
        "--disable-auto-reload",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-sync",
        "--no-pings",
        "--disable-breakpad",
    ];
    flags.extend(plain.map(str::to_owned));
    if launch.headless {
        flags.extend(
            ["--headless=new", "--hide-scrollbars", "--disable-gpu", "--password-store=basic"]
                .map(str::to_owned),
        );
    }
    if launch.without_sandbox {
        flags.push("--no-sandbox".to_owned());
    }
    flags.extend(launch.flags.iter().cloned());
    flags
}

#[cfg(unix)]
fn spawn(mut command: Command, program: &Path) -> Result<(Child, DevTools), LaunchError> {
    use command_fds::CommandFdExt;
    use command_fds::FdMapping;
    use tokio::net::unix::pipe;

    let start = |error: std::io::Error| LaunchError::Start {
        program: program.display().to_string(),
        why: error.to_string(),
    };
    let (to_browser, from_us) = pipe::pipe().map_err(start)?;
    let (to_us, from_browser) = pipe::pipe().map_err(start)?;
    let mappings = vec![
        FdMapping { parent_fd: from_us.into_blocking_fd().map_err(start)?, child_fd: 3 },
        FdMapping { parent_fd: to_us.into_blocking_fd().map_err(start)?, child_fd: 4 },
    ];
    command.fd_mappings(mappings).map_err(|error| start(std::io::Error::other(error.to_string())))?;
    let child = command.spawn().map_err(start)?;
    drop(command);
    Ok((child, DevTools::over_pipe(from_browser, to_browser)))
}
