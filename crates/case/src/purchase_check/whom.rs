//! Whom an offer is of: the platform by its host, the merchant by what one bought before.

use serde::Serialize;

use super::Address;
use crate::coded::coded;
use crate::dossier::{Dossier, OfOrder, dossier_of, joined_names};
use crate::platform::SellerType;
use crate::{House, OrderId};

coded! {
    /// By what a merchant is known.
    KnownBy {
        /// Its name was given.
        Name = "name",
        /// This very page was captured for earlier orders, all of this merchant.
        Page = "page",
        /// The host is a shop of one merchant, and earlier orders were of this one.
        Host = "host",
    }
}

/// Whom one would deal with, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Whom {
    /// The address, if one was given.
    pub url: Option<String>,
    /// Its host, in ASCII.
    pub host: Option<String>,
    /// The platform's profile, if the host belongs to one.
    pub platform: Option<String>,
    /// The merchant.
    pub merchant: Option<String>,
    /// By what it is known.
    pub known_by: Option<KnownBy>,
    /// Merchants one bought from at this host: it may be one of them, or another.
    pub could_be: Vec<String>,
    /// Earlier orders at this page, else at this host.
    pub orders: Vec<OrderId>,
}

/// Tells whom an address or a name stands for.
///
/// Nothing is guessed: on a host where many merchants sell, only the very page says which it is.
pub fn whom<'a>(
    house: &House,
    dossiers: &[Dossier],
    orders: impl IntoIterator<Item = &'a OfOrder>,
    text: &str,
) -> Whom {
    let named = dossier_of(dossiers, text);
    let address = match (&named, Address::of(text)) {
        // A name one knows is that name, even if it looks like a host.
        (Some(one), _) if one.names.iter().any(|name| name == text.trim()) => None,
        (_, address) => address,
    };
    let Some(address) = address else {
        let name = text.trim();
        let merchant = (!name.is_empty()).then(|| named.map_or_else(|| name.to_owned(), |one| one.name));
        let known_by = merchant.is_some().then_some(KnownBy::Name);
        return Whom { merchant, known_by, ..Whom::default() };
    };
    at(house, dossiers, &orders.into_iter().collect::<Vec<_>>(), &address)
}

fn at(house: &House, dossiers: &[Dossier], orders: &[&OfOrder], address: &Address) -> Whom {
    let (host, page) = (address.host(), address.page());
    // Pages are kept as host and path; a platform may be noted as a host or an address, or by its name.
    let is_at = |page: &String| page.split('/').next() == Some(host);
    let is_here = |text: &str| text == host || Address::of(text).is_some_and(|own| own.host() == host);
    let here: Vec<&OfOrder> = orders
        .iter()
        .copied()
        .filter(|order| order.pages.iter().any(is_at) || is_here(&order.platform))
        .collect();
    let same: Vec<&OfOrder> = here.iter().copied().filter(|order| order.pages.contains(&page)).collect();
    let profile = house.registry().find(host);
    let platform = profile.map(|profile| profile.id.clone()).or_else(|| one_platform(house, &here));
    let one_shop = platform.as_deref().and_then(|id| house.registry().find(id));
    let one_shop = one_shop.is_some_and(|profile| profile.seller_type == SellerType::T1);
    let (by_page, by_host) = (merchants(&same), merchants(&here));
    let (merchant, known_by) = match (by_page.as_slice(), by_host.as_slice()) {
        ([only], _) => (Some(only.clone()), Some(KnownBy::Page)),
        ([], [only]) if one_shop => (Some(only.clone()), Some(KnownBy::Host)),
        _ => (None, None),
    };
    let merchant = merchant.map(|name| dossier_of(dossiers, &name).map_or(name, |one| one.name));
    let could_be = if merchant.is_some() { Vec::new() } else { by_host };
    let told = if same.is_empty() { &here } else { &same };
    Whom {
        url: Some(address.url().to_owned()),
        host: Some(host.to_owned()),
        platform,
        merchant,
        known_by,
        could_be,
        orders: told.iter().map(|order| order.order.clone()).collect(),
    }
}

fn merchants(orders: &[&OfOrder]) -> Vec<String> {
    joined_names(orders.iter().filter_map(|order| order.name.as_deref()))
}

/// The profile of earlier orders at a host, if all of them have the same.
fn one_platform(house: &House, orders: &[&OfOrder]) -> Option<String> {
    let of = |order: &&OfOrder| {
        let named = order.profile.as_deref().unwrap_or(&order.platform);
        house.registry().find(named).map(|one| one.id.clone())
    };
    let mut found = orders.iter().map(of);
    let first = found.next()??;
    found.all(|other| other.as_ref() == Some(&first)).then_some(first)
}
