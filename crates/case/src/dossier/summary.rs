//! From orders and notes to dossiers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::figures::Figures;
use super::names::{self, Named};
use super::noted;
use super::of_order::{OfOrder, Party, is_one_of};
use super::talk::count;
use super::{Dossier, Endings, IdentityGap, Known, Money, Promises, Quality, Rate, Replies, began};
use crate::recognise::names_match;
use crate::report::{MerchantNoted, Observed};
use crate::{House, Order, View};

/// Returns a dossier for every merchant of `orders` and of the notes, as of `now`; the latest purchase first.
///
/// Spellings are joined by `names_match`. A masked spelling that fits several merchants is joined with none of
/// them and says so in [`Dossier::could_be`]. Merchants of one name on several platforms are one dossier:
/// registered names that differ show as [`IdentityGap::SeveralLegalNames`]. An order without a merchant's name
/// is in no dossier.
pub fn dossiers<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Order>,
    now: Timestamp,
) -> Vec<Dossier> {
    let begun = orders.into_iter().filter(|order| began(order) <= now);
    let made = begun.map(|order| View::new(order, house, now)).filter(|view| !view.order.facts.is_plan());
    let read: Vec<OfOrder> = made.map(|view| OfOrder::of(&view)).collect();
    all(house, read.iter().collect(), now)
}

/// As [`dossiers`], from what was read of the orders before.
pub fn dossiers_of<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Figures>,
    now: Timestamp,
) -> Vec<Dossier> {
    all(house, orders.into_iter().filter_map(|one| one.at(now)).collect(), now)
}

/// Returns the next instant after `now` at which these orders and the notes say something else.
pub fn next_turn<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Figures>,
    now: Timestamp,
) -> Option<Timestamp> {
    let noted = house.notes().iter().map(|logged| logged.report.at()).filter(|at| *at > now);
    orders.into_iter().filter_map(|one| one.next_turn(now)).chain(noted).min()
}

fn all(house: &House, mut read: Vec<&OfOrder>, now: Timestamp) -> Vec<Dossier> {
    read.sort_by(|a, b| (a.began, &a.order).cmp(&(b.began, &b.order)));
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut spelled: Vec<&str> = Vec::new();
    for (place, one) in read.iter().enumerate() {
        let Some(name) = one.name.as_deref() else { continue };
        let places = by_name.entry(name).or_default();
        if places.is_empty() {
            spelled.push(name);
        }
        places.push(place);
    }
    let noted = noted::noted(house, now);
    let merchants = names::join(spelled.into_iter().chain(noted.iter().map(|note| note.merchant.as_str())));
    let of_merchant = |merchant: Named| {
        let mut places: Vec<usize> = merchant
            .spellings
            .iter()
            .filter_map(|name| by_name.get(name.as_str()))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        summed(merchant, &places.into_iter().map(|place| read[place]).collect::<Vec<_>>(), &noted)
    };
    let mut dossiers: Vec<Dossier> = merchants.into_iter().map(of_merchant).collect();
    dossiers.sort_by(|a, b| (b.last_order.value(), &a.name).cmp(&(a.last_order.value(), &b.name)));
    dossiers
}

/// Returns the dossier of the merchant a name stands for; `None` when it fits none or several.
pub fn dossier<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Order>,
    now: Timestamp,
    name: &str,
) -> Option<Dossier> {
    pick(dossiers(house, orders, now), name)
}

/// As [`dossier`], among dossiers made before.
pub fn dossier_of(all: &[Dossier], name: &str) -> Option<Dossier> {
    Some(all[place_of(all, name)?].clone())
}

fn pick(mut all: Vec<Dossier>, name: &str) -> Option<Dossier> {
    let found = place_of(&all, name)?;
    Some(all.swap_remove(found))
}

fn place_of(all: &[Dossier], name: &str) -> Option<usize> {
    let spellings: Vec<Vec<&str>> =
        all.iter().map(|one| one.names.iter().map(String::as_str).collect()).collect();
    names::find(&spellings, name)
}

/// Returns each merchant's name once, by the same joining as dossiers.
pub(crate) fn joined_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let joined = names::join(names);
    joined.into_iter().filter_map(|merchant| merchant.spellings.into_iter().next()).collect()
}

fn summed(merchant: Named, own: &[&OfOrder], noted: &[&MerchantNoted]) -> Dossier {
    let is_own = |name: &str| merchant.spellings.iter().any(|spelling| spelling == name.trim());
    let noted: Vec<&MerchantNoted> = noted.iter().filter(|note| is_own(&note.merchant)).copied().collect();
    let disputed: Vec<_> =
        own.iter().filter(|one| one.dispute.is_some()).map(|one| one.order.clone()).collect();
    let endings = Endings::of(own.iter().filter_map(|one| one.dispute));
    let ended = [endings.unproved, endings.partly, endings.unresolved].iter().sum::<u32>() + endings.resolved;
    let mut money = Money::default();
    own.iter().for_each(|one| money.add(one.money));
    let answers: Vec<_> = own.iter().filter_map(|one| one.answer).collect();
    let promises: Vec<_> = own.iter().flat_map(|one| one.promises.iter().copied()).collect();
    let legal_names = legal_names(own);
    Dossier {
        name: merchant.spellings.first().cloned().unwrap_or_default(),
        could_be: merchant.could_be,
        platforms: own.iter().map(|one| one.platform.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        dispute_rate: Rate::new(count(&disputed), count(own)),
        orders: own.iter().map(|one| one.order.clone()).collect(),
        disputed,
        shown_rate: noted::shown_rate(&noted),
        endings,
        resolved: Rate::new(endings.resolved, ended),
        replies: Replies::of(&answers),
        promises: Promises::of(&promises),
        deposit: noted::deposit(&noted),
        escrow: noted::last(&noted, |note| note.escrow),
        coverage: noted::last(&noted, |note| note.coverage),
        quality: quality(own),
        money,
        notes: noted::notes(&noted),
        last_order: own.iter().map(|one| one.began).max().into(),
        identity_gaps: identity_gaps(own, &merchant.spellings, &legal_names),
        legal_names,
        names: merchant.spellings,
    }
}

fn quality(own: &[&OfOrder]) -> Quality {
    let seen: Vec<&BTreeSet<Observed>> = own.iter().filter_map(|one| one.problems.as_ref()).collect();
    let fine = count(seen.iter().filter(|problems| problems.is_empty()));
    let mut problems: BTreeMap<Observed, u32> = BTreeMap::new();
    for state in seen.iter().flat_map(|problems| problems.iter()) {
        *problems.entry(*state).or_default() += 1;
    }
    Quality { stayed_fine: Rate::new(fine, count(&seen)), problems: problems.into_iter().collect() }
}

/// Registered names, each once however it is spelled, in the order they were seen.
fn legal_names(own: &[&OfOrder]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut parties: Vec<&Party> = own.iter().flat_map(|one| &one.parties).collect();
    parties.sort_by_key(|party| party.at);
    for name in parties.into_iter().filter_map(|party| party.legal_name.as_deref()).map(str::trim) {
        if !name.is_empty() && !names.iter().any(|known| known == name || names_match(known, name)) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A thing is missing when no order of the merchant's shows it.
fn identity_gaps(own: &[&OfOrder], names: &[String], legal: &[String]) -> Known<Vec<IdentityGap>> {
    if own.is_empty() {
        return Known::Unknown;
    }
    let nowhere = |of: fn(&Party) -> bool| !own.iter().flat_map(|one| &one.parties).any(of);
    let unrelated = own.iter().any(|one| {
        let known = || names.iter().chain(legal).chain(&one.may_take).map(String::as_str);
        one.payees.iter().any(|payee| !is_one_of(payee, known()))
    });
    let gaps = [
        (IdentityGap::NoLegalName, legal.is_empty()),
        (IdentityGap::NoAddress, nowhere(|party| party.address)),
        (IdentityGap::NoContact, nowhere(|party| party.contact)),
        (IdentityGap::NoLicence, nowhere(|party| party.licence)),
        (IdentityGap::PayeeUnrelated, unrelated),
        (IdentityGap::SeveralLegalNames, legal.len() > 1),
    ];
    Known::Known(gaps.into_iter().filter(|(_, missing)| *missing).map(|(gap, _)| gap).collect())
}
