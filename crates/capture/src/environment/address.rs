//! Hosts and addresses: whose they are, and which of them lead nowhere but to this machine or its network.

use std::net::IpAddr;

/// Returns the host of an address of the web, in lower case, without user, port and brackets.
#[must_use]
pub fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https" | "ws" | "wss") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The public network.
    Public,
    /// This machine or the network around it (RFC 1122, 1918, 3927, 4193, 6598).
    Private,
    /// The range for measurements (RFC 2544, `198.18.0.0/15`), which proxy programs give out for names they
    /// resolve themselves.
    Stand,
}

pub(super) fn reach(ip: IpAddr) -> Reach {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [one, two, ..] = ip.octets();
            if one == 198 && (two == 18 || two == 19) {
                return Reach::Stand;
            }
            let shared = one == 100 && (64..128).contains(&two);
            let private = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified();
            if private || shared { Reach::Private } else { Reach::Public }
        }
        IpAddr::V6(ip) => {
            let private =
                ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local();
            if private { Reach::Private } else { Reach::Public }
        }
    }
}

/// Tells whether a name is one of the public network, and no address or name of a home.
pub(super) fn is_public_name(host: &str) -> bool {
    const HOME: [&str; 9] =
        [".localhost", ".local", ".internal", ".lan", ".home", ".home.arpa", ".test", ".invalid", ".example"];
    let host = host.trim_end_matches('.');
    host.contains('.') && host.parse::<IpAddr>().is_err() && !HOME.iter().any(|end| host.ends_with(end))
}

/// Returns the address without port of `203.0.113.7:443` or `[2001:db8::1]:443`, also where brackets are
/// missing.
pub(super) fn ip_of(remote: &str) -> Option<IpAddr> {
    let ip = remote.rsplit_once(':').map_or(remote, |(ip, _)| ip);
    ip.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Replaces user and password of addresses and of `user:password@host` by `***`.
#[must_use]
pub fn without_credentials(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may hold a slash written as it is; then the last @ before a blank counts.
    let at = rest[..end].rfind('@').or_else(|| rest.split_whitespace().next().and_then(|one| one.rfind('@')));
    let masked = at.map_or_else(|| rest.to_owned(), |at| format!("***{}", &rest[at..]));
    if scheme.is_empty() { masked } else { format!("{scheme}://{masked}") }
}
