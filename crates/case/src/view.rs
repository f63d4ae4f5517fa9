//! What every engine reads: one order as it stood at an instant, with the rules that applied.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::parameters::Parameters;
use crate::platform::{Profile, Registry, RuleBook, RuleVersion};
use crate::report::{
    Kind, Logged, MessageJudged, ObservationMade, Observed, PartyNamed, ProfileAdded, Role, RuleCaptured,
    Sense,
};
use crate::{Direction, ItemId, Message, Order, State};

/// The profile of a shop nobody named.
pub(crate) const UNKNOWN_SHOP: &str = "generic-t6";

/// The rules of the house: platform profiles, captured rules, the calendar. Made once from the state, shared by all views.
#[derive(Debug, Clone)]
pub struct House {
    registry: Cow<'static, Registry>,
    /// Profiles of the user's that cannot be read, with the reason.
    pub unreadable: Vec<String>,
    rules: Vec<RuleVersion>,
    notes: Vec<Logged>,
    parameters: Cow<'static, Parameters>,
    calendar: Cow<'static, Calendar>,
}

impl House {
    /// Reads what the log says of no order. A profile that cannot be read is left out and named.
    pub fn of(state: &State) -> Self {
        let added = state.house().iter().filter_map(|logged| ProfileAdded::of(&logged.report));
        let mut files: Vec<(String, String)> = Vec::new();
        for profile in added {
            // A later profile of the same name replaces the earlier one.
            files.retain(|(name, _)| *name != profile.id);
            files.push((profile.id.clone(), profile.toml.clone()));
        }
        let (registry, unreadable) = registry(files);
        let rules =
            state.house().iter().filter_map(|logged| RuleCaptured::of(&logged.report)).map(RuleVersion::from);
        Self {
            registry,
            unreadable,
            rules: rules.collect(),
            notes: state.house().to_vec(),
            parameters: Cow::Borrowed(Parameters::defaults()),
            calendar: Cow::Borrowed(Calendar::published()),
        }
    }

    /// Returns the house with other numbers.
    #[must_use]
    pub fn with_parameters(self, parameters: Parameters) -> Self {
        Self { parameters: Cow::Owned(parameters), ..self }
    }

    /// Returns the numbers that are defaults (S63).
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns the platform profiles.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns the working-day calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Returns what was noted of merchants and rules, in the order of the log.
    pub fn notes(&self) -> &[Logged] {
        &self.notes
    }

    /// Returns the platform profile of an order: by name, else by the platform's name or host, else the least one
    /// says nothing.
    pub fn profile(&self, order: &Order) -> &Profile {
        let named = [order.facts.profile.as_deref(), order.facts.platform.as_deref()];
        let found = named.into_iter().flatten().find_map(|key| self.registry.find(key));
        found
            .or_else(|| self.registry.find(UNKNOWN_SHOP))
            .expect("the built-in profiles hold one for unknown shops")
    }
}

/// Takes the user's profiles one by one, so that one that cannot be read spoils no other.
fn registry(files: Vec<(String, String)>) -> (Cow<'static, Registry>, Vec<String>) {
    if files.is_empty() {
        return (Cow::Borrowed(Registry::built_in()), Vec::new());
    }
    let (mut good, mut unreadable) = (Vec::new(), Vec::new());
    let mut registry = Cow::Borrowed(Registry::built_in());
    for file in files {
        let tried = good.iter().cloned().chain([file.clone()]).collect();
        match Registry::with_user(tried) {
            Ok(read) => {
                registry = Cow::Owned(read);
                good.push(file);
            }
            Err(error) => unreadable.push(error.to_string()),
        }
    }
    (registry, unreadable)
}

impl From<&RuleCaptured> for RuleVersion {
    fn from(rule: &RuleCaptured) -> Self {
        Self {
            platform: rule.platform.clone(),
            title: rule.title.clone(),
            article: rule.article.clone(),
            text: rule.text.clone().unwrap_or_default(),
            in_force_from: rule.in_force_from,
            in_force_to: rule.in_force_to,
            published_at: rule.published_on,
            snapshot: rule.snapshot,
            retrieved_at: Some(rule.at),
        }
    }
}

/// An order as it stood at an instant.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The order, without anything that happened after [`View::now`].
    pub order: Order,
    /// The instant.
    pub now: Timestamp,
    /// The rules of its platform.
    pub profile: &'a Profile,
    /// Everything else that applies.
    pub house: &'a House,
    /// What every message does, in the order they were said: worked out once, since every engine asks.
    dialogue: Vec<Said>,
}

/// A message by its place in the order, with what it does and the time it sets.
#[derive(Debug, Clone, Copy)]
struct Said {
    place: usize,
    sense: Option<Sense>,
    due_at: Option<Timestamp>,
}

impl<'a> View<'a> {
    /// Looks at an order as it stood at `now`.
    pub fn new(order: &Order, house: &'a House, now: Timestamp) -> Self {
        let then = order.as_of(now);
        let dialogue = dialogue(&then);
        Self { order: then, now, profile: house.profile(order), house, dialogue }
    }

    /// Returns the rules of the platform: the profile's, and those captured by then.
    pub fn rule_book(&self) -> RuleBook {
        let captured =
            self.house.rules.iter().filter(|rule| rule.retrieved_at.is_none_or(|at| at <= self.now));
        RuleBook::new(self.profile.rules.iter().chain(captured).cloned().collect())
    }

    /// Returns the reports of one kind, by the time they happened.
    pub fn told<K: Kind + 'a>(&self) -> Vec<(ItemId, &K, Timestamp)> {
        let mut told: Vec<(ItemId, &K, Timestamp)> = self
            .order
            .reports
            .iter()
            .filter_map(|logged| Some((logged.item, K::of(&logged.report)?, logged.report.at())))
            .collect();
        told.sort_by_key(|(item, _, at)| (*at, *item));
        told
    }

    /// Returns the observations of one of these states, by time.
    pub fn observed(&self, states: &[Observed]) -> Vec<(ItemId, &ObservationMade)> {
        let all = self.told::<ObservationMade>();
        all.into_iter()
            .filter(|(_, made, _)| states.contains(&made.state))
            .map(|(item, made, _)| (item, made))
            .collect()
    }

    /// Returns the messages of one sense in one direction, by the time they were said, each with the time it sets.
    pub fn said(&self, direction: Direction, sense: Sense) -> Vec<(&Message, Option<Timestamp>)> {
        let those = self.dialogue.iter().filter(|said| said.sense == Some(sense));
        let those = those.filter_map(|said| Some((self.order.messages.get(said.place)?, said.due_at)));
        those.filter(|(message, _)| message.direction == direction).collect()
    }

    /// Returns the last that is known of the party in a role.
    pub fn party(&self, role: Role) -> Option<&PartyNamed> {
        self.order.of_kind::<PartyNamed>().map(|(_, party)| party).rfind(|party| party.role == role)
    }
}

/// What every message of an order does, by the time it was said.
fn dialogue(order: &Order) -> Vec<Said> {
    // The user's last word on a message counts.
    let judged: BTreeMap<ItemId, &MessageJudged> =
        order.of_kind::<MessageJudged>().map(|(_, judged)| (judged.message, judged)).collect();
    let mut all: Vec<Said> = order
        .messages
        .iter()
        .enumerate()
        .map(|(place, message)| match judged.get(&message.item) {
            Some(judged) => Said { place, sense: Some(judged.sense), due_at: judged.due_at },
            None => Said { place, sense: message.detail.sense, due_at: message.detail.due_at },
        })
        .collect();
    all.sort_by_key(|said| (order.messages[said.place].said_at, order.messages[said.place].item));
    all
}
