//! The ladder in memory.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Clock, ClockEvent, Field, Rung};
use crate::bilingual::Bilingual;
use crate::step::Step;

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
    steps: Vec<Rung>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLabel {
    event: ClockEvent,
    label: Bilingual,
}

impl Ladder {
    /// Returns the ladder that comes with the program.
    pub fn get() -> &'static Self {
        &LADDER
    }

    /// Returns the steps, E0 to E11.
    pub fn rungs(&self) -> &[Rung] {
        &self.steps
    }

    /// Returns the row of a step; E0 to E11 have one, the coverage claim follows its own terms.
    pub fn rung(&self, code: Step) -> Option<&Rung> {
        self.steps.iter().find(|step| step.code == code)
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
    pub fn event_label(&self, event: ClockEvent) -> Option<&Bilingual> {
        self.events.iter().find(|label| label.event == event).map(|label| &label.label)
    }

    /// Returns the steps that may close `step` if taken before it, in the order of the ladder.
    pub fn closers_of(&self, step: Step) -> Vec<&Rung> {
        self.steps.iter().filter(|one| one.closes.iter().any(|closing| closing.step == step)).collect()
    }

    /// Returns all clocks of all steps, each with its step.
    pub fn clocks(&self) -> impl Iterator<Item = (&Rung, &Clock)> {
        self.steps.iter().flat_map(|step| step.clocks.iter().map(move |clock| (step, clock)))
    }
}
