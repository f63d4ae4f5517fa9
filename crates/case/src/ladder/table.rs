//! The ladder in memory.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Clock, ClockEvent, Field, Step, StepCode};
use crate::law::Words;

static LADDER: LazyLock<Ladder> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/ladder.toml")).expect("data/ladder.toml is checked by its tests")
});

/// All steps, with the labels of the fields they want and of the events their clocks start from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    #[serde(rename = "field")]
    fields: Vec<Field>,
    #[serde(rename = "event")]
    events: Vec<EventLabel>,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLabel {
    event: ClockEvent,
    label: Words,
}

impl Ladder {
    /// Returns the ladder that comes with the program.
    pub fn get() -> &'static Self {
        &LADDER
    }

    /// Returns the steps, E0 to E11.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the row of a step; every step has one.
    pub fn step(&self, code: StepCode) -> &Step {
        self.steps
            .iter()
            .find(|step| step.code == code)
            .expect("data/ladder.toml has every step, by its tests")
    }

    /// Returns all fields any body wants.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Finds a field by its code.
    pub fn field(&self, code: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.code == code)
    }

    /// Returns the label of what starts a clock; `None` where nothing is counted.
    pub fn event_label(&self, event: ClockEvent) -> Option<&Words> {
        self.events.iter().find(|label| label.event == event).map(|label| &label.label)
    }

    /// Returns the steps that may close `step` if taken before it, in the order of the ladder.
    pub fn closers_of(&self, step: StepCode) -> Vec<&Step> {
        self.steps.iter().filter(|one| one.closes.iter().any(|closing| closing.step == step)).collect()
    }

    /// Returns all clocks of all steps, each with its step.
    pub fn clocks(&self) -> impl Iterator<Item = (&Step, &Clock)> {
        self.steps.iter().flat_map(|step| step.clocks.iter().map(move |clock| (step, clock)))
    }
}
