//! Numbers as bars: the template draws them, text and Markdown show the same numbers as a table.

use serde::Serialize;
use sigu_case::claim::yuan;

use crate::words::Words;

/// How the bars stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Side by side: the months of a year.
    Columns,
    /// One below the other: categories with long names.
    Bars,
}

/// One number: how long its bar is, and what stands at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Size {
    /// In the least unit of its plot (pieces, 分); bars of one plot are to one scale.
    pub size: u64,
    /// As it is shown.
    pub shown: String,
}

impl Size {
    /// A count.
    pub fn count(count: u32) -> Self {
        Self { size: count.into(), shown: count.to_string() }
    }

    /// A sum in 分, shown in 元; what is below nothing has no bar.
    pub fn money(fen: i64) -> Self {
        Self { size: u64::try_from(fen).unwrap_or_default(), shown: yuan(fen) }
    }
}

/// One place of a plot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its numbers, one for each series.
    pub sizes: Vec<Size>,
}

/// A plot. Several series stand one below the other to one scale, so that no colour tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// The unit of its numbers, as it is shown.
    pub unit: String,
    /// How the bars stand.
    pub shape: Shape,
    /// What the labels name.
    pub labels: String,
    /// The names of the series, at least one.
    pub series: Vec<String>,
    /// The places, in order.
    pub bars: Vec<Bar>,
    /// All its numbers in words, for whoever cannot see it.
    pub alt: String,
}

impl Plot {
    /// Puts its numbers into words, which every plot has to have.
    #[must_use]
    pub(crate) fn spoken(self, words: &Words) -> Self {
        let bars = self.bars.iter().map(|bar| {
            let sizes: Vec<String> = match self.series.as_slice() {
                [_] => bar.sizes.iter().map(|size| size.shown.clone()).collect(),
                many => {
                    many.iter().zip(&bar.sizes).map(|(name, size)| format!("{name} {}", size.shown)).collect()
                }
            };
            words.say("text-field", &[("name", &bar.label), ("value", &words.list(&sizes))])
        });
        let bars: Vec<String> = bars.collect();
        let alt = words.say(
            "plot-alt",
            &[("title", &self.title), ("unit", &self.unit), ("bars", &words.entries(&bars))],
        );
        Self { alt, ..self }
    }

    /// Returns its numbers as a table, heads first.
    pub fn table(&self) -> Vec<Vec<String>> {
        let heads = std::iter::once(self.labels.clone()).chain(self.series.iter().cloned()).collect();
        let rows = self.bars.iter().map(|bar| {
            std::iter::once(bar.label.clone())
                .chain(bar.sizes.iter().map(|size| size.shown.clone()))
                .collect()
        });
        std::iter::once(heads).chain(rows).collect()
    }

    /// Visits every text that is shown.
    pub(crate) fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        [&mut self.title, &mut self.unit, &mut self.labels, &mut self.alt].into_iter().for_each(&mut *visit);
        self.series.iter_mut().for_each(&mut *visit);
        for bar in &mut self.bars {
            visit(&mut bar.label);
            bar.sizes.iter_mut().for_each(|size| visit(&mut size.shown));
        }
    }
}
