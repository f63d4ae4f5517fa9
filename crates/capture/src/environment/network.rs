//! The way to the servers: proxies, the hosts file, what names resolve to, and which addresses were used.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::address::{host, ip_of, without_credentials};
use crate::exchange::{Answer, Exchange, Origin};

/// Most hosts of a visit that are looked for in the hosts file.
const MOST_HOSTS: usize = 30;
/// Most hosts that are resolved.
const MOST_NAMES: usize = 6;
/// How long a name may take to resolve.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Most bytes of the hosts file that are read; lists against advertisements have some MiB.
const MOST_BYTES: u64 = 16 << 20;
const VARIABLES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
const FLAGS: [&str; 4] = ["--proxy-server", "--proxy-pac-url", "--proxy-auto-detect", "--proxy-bypass-list"];

/// An entry of the hosts file for a host of the visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostLine {
    /// The host.
    pub host: String,
    /// The address the file gives it.
    pub address: String,
}

/// A host and what it resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// The host.
    pub host: String,
    /// What the device's resolver answered; empty when it did not in time.
    pub answers: Vec<String>,
    /// The address the browser spoke to.
    pub used: Option<String>,
}

/// The way to the servers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Proxies named by variables and flags, without user and password.
    pub proxy: Vec<String>,
    /// Whether the hosts file could be read.
    pub hosts_file_read: bool,
    /// Its entries for hosts of the visit.
    pub hosts_file: Vec<HostLine>,
    /// The page's host first, then up to five more.
    pub names: Vec<Name>,
    /// Hosts whose answers the browser counts as received from the network and yet from no address: something
    /// inside the browser answered, as local overrides of DevTools do.
    pub addressless: Vec<String>,
}

pub(super) async fn examine(
    variables: &[(String, String)],
    flags: &[String],
    hosts_file: &Path,
    exchanges: &[Exchange],
    main: Option<String>,
) -> Network {
    let hosts = hosts(exchanges, main);
    let lines = read_hosts(hosts_file, &hosts).await;
    let asked = hosts.iter().take(MOST_NAMES).map(|host| name(host, exchanges));
    Network {
        proxy: proxies(variables, flags),
        hosts_file_read: lines.is_some(),
        hosts_file: lines.unwrap_or_default(),
        names: futures_util::future::join_all(asked).await,
        addressless: addressless(exchanges),
    }
}

/// Returns the hosts of a visit, each once, the page's own first.
fn hosts(exchanges: &[Exchange], main: Option<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let all = main.into_iter().chain(exchanges.iter().filter_map(|exchange| host(&exchange.url)));
    all.filter(|host| seen.insert(host.clone())).take(MOST_HOSTS).collect()
}

/// Returns the proxies named by variables (`HTTP_PROXY` and its kin, in either case) and by flags of the
/// browser.
#[must_use]
pub fn proxies(variables: &[(String, String)], flags: &[String]) -> Vec<String> {
    let named = |name: &str| VARIABLES.contains(&name.to_ascii_lowercase().as_str());
    let of_variables = variables
        .iter()
        .filter(|(name, value)| named(name) && !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", without_credentials(value)));
    let of_flags = flags.iter().filter_map(|flag| {
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        let value = value.split(';').map(|part| match part.split_once('=') {
            Some((scheme, proxy)) => format!("{scheme}={}", without_credentials(proxy)),
            None => without_credentials(part),
        });
        let value: Vec<String> = value.collect();
        FLAGS.contains(&name).then(|| format!("{name}={}", value.join(";")).trim_end_matches('=').to_owned())
    });
    of_variables.chain(of_flags).collect()
}

async fn read_hosts(path: &Path, hosts: &[String]) -> Option<Vec<HostLine>> {
    use tokio::io::AsyncReadExt;
    let file = tokio::fs::File::open(path).await.ok()?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).await.ok()?;
    Some(host_lines(&String::from_utf8_lossy(&bytes), hosts))
}

/// Returns the entries of a hosts file for some hosts: `address name name… # comment` in each line.
#[must_use]
pub fn host_lines(text: &str, hosts: &[String]) -> Vec<HostLine> {
    let mut found = Vec::new();
    for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(address) = words.next().filter(|address| address.parse::<IpAddr>().is_ok()) else {
            continue;
        };
        for name in words {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let line = HostLine { host: name, address: address.to_owned() };
            // `localhost` is in every hosts file and says nothing.
            let usual = line.host == "localhost";
            if !usual && hosts.contains(&line.host) && !found.contains(&line) {
                found.push(line);
            }
        }
    }
    found
}

async fn name(host: &str, exchanges: &[Exchange]) -> Name {
    let used = exchanges.iter().find_map(|exchange| used(host, exchange)).map(|ip| ip.to_string());
    let answers = if host.parse::<IpAddr>().is_ok() { Vec::new() } else { resolve(host).await };
    Name { host: host.to_owned(), answers, used }
}

fn used(name: &str, exchange: &Exchange) -> Option<IpAddr> {
    let is_network =
        matches!(&exchange.answer, Answer::Received(response) if response.from == Origin::Network);
    let own = is_network && host(&exchange.url).as_deref() == Some(name);
    exchange.remote_address.as_deref().filter(|_| own).and_then(ip_of)
}

async fn resolve(host: &str) -> Vec<String> {
    let Ok(Ok(found)) = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, 0))).await else {
        return Vec::new();
    };
    let mut answers: Vec<String> = found.map(|address| address.ip().to_canonical().to_string()).collect();
    answers.sort();
    answers.dedup();
    answers.truncate(20);
    answers
}

fn addressless(exchanges: &[Exchange]) -> Vec<String> {
    let strange = exchanges.iter().filter(|exchange| {
        let network = matches!(&exchange.answer, Answer::Received(response)
            if response.from == Origin::Network && !(300..400).contains(&response.status));
        network && exchange.remote_address.as_deref().is_none_or(|remote| ip_of(remote).is_none())
    });
    let mut hosts: Vec<String> = strange.filter_map(|exchange| host(&exchange.url)).collect();
    hosts.sort();
    hosts.dedup();
    hosts.truncate(MOST_HOSTS);
    hosts
}
