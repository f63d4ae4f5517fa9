//! What the facts mean, as coded notes; the words stand in the message files.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::Serialize;

use super::address::{Reach, is_public_name, reach};
use super::offset::DOUBTFUL;
use super::{Browser, By, Clock, Device, Name, Network, PageState};

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// As it should be.
    Fine,
    /// Worth knowing; it can be explained.
    Notice,
    /// It may be held against the capture.
    Warning,
}

/// One fact that matters. The code names the message that says it and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its name, one of [`NOTES`].
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it concerns: a host, an address, a number.
    pub detail: String,
}

/// All codes a [`Note`] can have; a test compares them with the message files.
pub const NOTES: [&str; 29] = [
    "device.zone",
    "device.zone_unknown",
    "browser.headless",
    "browser.not_own_profile",
    "browser.flags_unknown",
    "browser.flag",
    "browser.extension",
    "browser.no_extension",
    "browser.devtools_open",
    "network.no_proxy",
    "network.proxy",
    "network.hosts_clean",
    "network.hosts_unreadable",
    "network.hosts_entry",
    "network.private_address",
    "network.fake_address",
    "network.address_differs",
    "network.name_unknown",
    "network.no_address",
    "clock.right",
    "clock.off",
    "clock.unknown",
    "page.unedited",
    "page.edited_by_hand",
    "page.edited_in_console",
    "page.edited_by_extension",
    "page.not_watched",
    "page.partly_watched",
    "page.unexplained",
];

/// Flags that change what a page shows or whom it comes from.
const TELLING_FLAGS: [&str; 10] = [
    "--ignore-certificate-errors",
    "--ignore-certificate-errors-spki-list",
    "--allow-insecure-localhost",
    "--disable-web-security",
    "--host-resolver-rules",
    "--host-rules",
    "--load-extension",
    "--user-agent",
    "--custom-devtools-frontend",
    "--unsafely-treat-insecure-origin-as-secure",
];

fn fine(code: &'static str, detail: impl Into<String>) -> Note {
    Note { code, severity: Severity::Fine, detail: detail.into() }
}

fn notice(code: &'static str, detail: impl Into<String>) -> Note {
    Note { code, severity: Severity::Notice, detail: detail.into() }
}

fn warning(code: &'static str, detail: impl Into<String>) -> Note {
    Note { code, severity: Severity::Warning, detail: detail.into() }
}

/// The device: a zone other than that of the shops makes times hard to read.
pub(super) fn device(device: &Device, at: Timestamp) -> Vec<Note> {
    match jiff::tz::TimeZone::get(&device.zone) {
        Err(_) => vec![notice("device.zone_unknown", &device.zone)],
        Ok(zone) if zone.to_offset(at) == jiff::tz::offset(8) => Vec::new(),
        Ok(_) => vec![notice("device.zone", &device.zone)],
    }
}

pub(super) fn browser(browser: &Browser) -> Vec<Note> {
    let mut notes = Vec::new();
    if browser.headless {
        notes.push(notice("browser.headless", &browser.product));
    }
    if !browser.own_profile {
        notes.push(notice("browser.not_own_profile", ""));
    }
    if browser.flags.is_none() {
        notes.push(notice("browser.flags_unknown", ""));
    }
    for flag in browser.flags.iter().flatten() {
        let name = flag.split('=').next().unwrap_or_default();
        if TELLING_FLAGS.contains(&name) {
            notes.push(warning("browser.flag", flag));
        }
    }
    notes.extend(browser.extensions.iter().map(|id| notice("browser.extension", id)));
    if browser.extensions.is_empty() {
        notes.push(fine("browser.no_extension", ""));
    }
    if browser.devtools_open {
        notes.push(warning("browser.devtools_open", ""));
    }
    notes
}

pub(super) fn network(network: &Network) -> Vec<Note> {
    let mut notes: Vec<Note> = network.proxy.iter().map(|proxy| notice("network.proxy", proxy)).collect();
    if network.proxy.is_empty() {
        notes.push(fine("network.no_proxy", ""));
    }
    if !network.hosts_file_read {
        notes.push(notice("network.hosts_unreadable", ""));
    } else if network.hosts_file.is_empty() {
        notes.push(fine("network.hosts_clean", ""));
    }
    let entry = |line: &super::HostLine| format!("{} {}", line.host, line.address);
    notes.extend(network.hosts_file.iter().map(|line| warning("network.hosts_entry", entry(line))));
    notes.extend(network.names.iter().filter_map(name));
    notes.extend(network.addressless.iter().map(|host| warning("network.no_address", host)));
    notes
}

/// The address a browser spoke to. Another one than the device's resolver says is usual: large shops have
/// many.
fn name(name: &Name) -> Option<Note> {
    if !is_public_name(&name.host) {
        return None;
    }
    let used: Option<IpAddr> = name.used.as_deref().and_then(|used| used.parse().ok());
    let answers: Vec<IpAddr> = name.answers.iter().filter_map(|one| one.parse().ok()).collect();
    let detail = |ip: IpAddr| format!("{} {ip}", name.host);
    let all = || used.into_iter().chain(answers.iter().copied());
    if let Some(ip) = all().find(|ip| reach(*ip) == Reach::Private) {
        return Some(warning("network.private_address", detail(ip)));
    }
    if let Some(ip) = all().find(|ip| reach(*ip) == Reach::Stand) {
        return Some(notice("network.fake_address", detail(ip)));
    }
    if answers.is_empty() {
        return Some(notice("network.name_unknown", &name.host));
    }
    let differs = used.filter(|used| !answers.contains(used));
    differs.map(|ip| notice("network.address_differs", detail(ip)))
}

/// The clock: beyond 60 s it is doubtful.
pub(super) fn clock(clock: &Clock) -> Note {
    match clock.offset_s {
        None => notice("clock.unknown", ""),
        Some(offset) if offset.abs() > DOUBTFUL => warning("clock.off", offset.to_string()),
        Some(offset) => fine("clock.right", offset.to_string()),
    }
}

pub(super) fn page(page: &PageState) -> Vec<Note> {
    let mut notes = Vec::new();
    let edits = |by: &dyn Fn(&By) -> bool| page.edits.iter().filter(|edit| by(&edit.by)).count();
    let told = |notes: &mut Vec<Note>, code, count: usize| {
        if count > 0 {
            notes.push(warning(code, count.to_string()));
        }
    };
    told(&mut notes, "page.edited_by_hand", edits(&|by| *by == By::Nobody));
    told(&mut notes, "page.edited_in_console", edits(&|by| *by == By::Console));
    told(&mut notes, "page.edited_by_extension", edits(&|by| matches!(by, By::Extension(_))));
    if !page.watched {
        notes.push(notice("page.not_watched", ""));
    } else if page.watched_late || page.dropped > 0 || page.unwatched_frames > 0 {
        let late = u32::from(page.watched_late);
        let detail = format!("late={late} frames={} dropped={}", page.unwatched_frames, page.dropped);
        notes.push(notice("page.partly_watched", detail));
    } else if page.edits.is_empty() {
        notes.push(fine("page.unedited", ""));
    }
    notes.extend(page.unexplained.iter().map(|text| notice("page.unexplained", text)));
    notes
}
