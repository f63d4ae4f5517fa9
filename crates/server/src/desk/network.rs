//! The addresses this machine has in its own network, for the link that a phone opens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Returns the private IPv4 addresses (RFC 1918), the one of the default route first; empty where there is
/// none.
pub(super) fn addresses() -> Vec<Ipv4Addr> {
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let own = all.into_iter().filter_map(|one| match one.ip() {
        IpAddr::V4(address) if address.is_private() => Some(address),
        _ => None,
    });
    sorted(own.collect(), outward())
}

fn sorted(mut own: Vec<Ipv4Addr>, first: Option<Ipv4Addr>) -> Vec<Ipv4Addr> {
    own.sort_by_key(|address| (Some(*address) != first, *address));
    own.dedup();
    own
}

/// The address from which the machine would speak to others. Connecting a datagram socket sends nothing.
fn outward() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address kept for documentation (RFC 5737): nobody is there.
    socket.connect((Ipv4Addr::new(198, 51, 100, 1), 9)).ok()?;
    match socket.local_addr().ok()? {
        SocketAddr::V4(own) => Some(*own.ip()),
        SocketAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_default_route_is_first_and_none_is_named_twice() {
        let [one, two] = [Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(192, 168, 1, 7)];
        assert_eq!(sorted(vec![one, two, two], Some(two)), [two, one]);
        assert_eq!(sorted(vec![two, one], None), [one, two]);
        assert!(addresses().iter().all(Ipv4Addr::is_private));
    }
}
