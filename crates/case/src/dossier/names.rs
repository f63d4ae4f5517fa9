//! Which spellings name the same merchant.

use crate::recognise::names_match;

/// A merchant: the spellings that were joined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Its spellings, as they were first met.
    pub(super) spellings: Vec<String>,
    /// Spellings of other merchants a masked name fits as well as one another: joined with none of them.
    pub(super) could_be: Vec<String>,
}

/// Joins spellings into merchants, in the order in which they are first met.
///
/// Full spellings join where [`names_match`] says so; that is the same whatever the order. A masked spelling such as
/// `橙*数字` joins the one merchant it fits. Where it fits none or several it stands for itself: a dispute is never
/// charged to a merchant on a guess.
pub(super) fn join<'a>(spellings: impl IntoIterator<Item = &'a str>) -> Vec<Named> {
    let mut distinct: Vec<&str> = Vec::new();
    for spelling in spellings.into_iter().map(str::trim).filter(|spelling| !spelling.is_empty()) {
        if !distinct.contains(&spelling) {
            distinct.push(spelling);
        }
    }
    let (masked, full): (Vec<&str>, Vec<&str>) = distinct.into_iter().partition(|name| is_masked(name));
    let mut merchants: Vec<Named> = Vec::new();
    for name in full {
        match merchants.iter_mut().find(|known| known.has(name)) {
            Some(known) => known.spellings.push(name.to_owned()),
            None => merchants.push(Named::alone(name)),
        }
    }
    let whole = merchants.len();
    for name in masked {
        let fitting: Vec<usize> = (0..whole).filter(|at| merchants[*at].has(name)).collect();
        if let [only] = fitting[..] {
            merchants[only].spellings.push(name.to_owned());
            continue;
        }
        let could_be = fitting.into_iter().map(|at| merchants[at].spellings[0].clone()).collect();
        merchants.push(Named { could_be, ..Named::alone(name) });
    }
    merchants
}

/// Finds the merchant a name stands for; `None` where it fits none or several.
pub(super) fn find(merchants: &[Vec<&str>], name: &str) -> Option<usize> {
    let name = name.trim();
    let exact = merchants.iter().position(|spellings| spellings.contains(&name));
    exact.or_else(|| {
        let fits = |spellings: &Vec<&str>| {
            spellings.iter().any(|one| (is_masked(name) || !is_masked(one)) && names_match(one, name))
        };
        let mut fitting = merchants.iter().enumerate().filter(|(_, spellings)| fits(spellings));
        let (at, _) = fitting.next()?;
        fitting.next().is_none().then_some(at)
    })
}

fn is_masked(name: &str) -> bool {
    name.contains(['*', '＊'])
}

impl Named {
    fn alone(name: &str) -> Self {
        Self { spellings: vec![name.to_owned()], could_be: Vec::new() }
    }

    /// The first spelling is a full one and speaks for all.
    fn has(&self, name: &str) -> bool {
        self.spellings.first().is_some_and(|first| names_match(first, name))
    }
}
