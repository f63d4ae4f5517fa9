//! Where the checks write down what they covered and what they found.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Check, CheckResult, Finding, FindingCode, Outcome};

/// A report of a ruined package of 200 000 files is no use to anyone; so many findings are kept.
const MAX_FINDINGS: usize = 1000;

/// Findings and counts, collected.
#[derive(Default)]
pub(super) struct Tally {
    findings: Vec<Finding>,
    failed: BTreeSet<Check>,
    covered: BTreeMap<Check, u64>,
}

impl Tally {
    /// Writes a finding down.
    pub(super) fn add(&mut self, finding: Finding) {
        self.failed.insert(finding.code.check());
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else if self.findings.len() == MAX_FINDINGS {
            self.findings.push(Finding { code: FindingCode::MoreFindings, path: None, detail: None });
        }
    }

    /// Writes a finding about a file down.
    pub(super) fn fail(&mut self, code: FindingCode, path: impl Into<String>) {
        self.add(Finding { code, path: Some(path.into()), detail: None });
    }

    /// Writes a finding about a file down, with data to show.
    pub(super) fn fail_with(&mut self, code: FindingCode, path: impl Into<String>, detail: impl ToString) {
        self.add(Finding { code, path: Some(path.into()), detail: Some(detail.to_string()) });
    }

    /// Writes down that a check covered `count` more things.
    pub(super) fn cover(&mut self, check: Check, count: u64) {
        *self.covered.entry(check).or_default() += count;
    }

    /// Gives the findings and the end of every check.
    pub(super) fn finish(self) -> (Vec<Finding>, Vec<CheckResult>) {
        let outcome = |check: &Check| match self.covered.get(check) {
            _ if self.failed.contains(check) => Outcome::Failed,
            Some(count) => Outcome::Passed { count: *count },
            None => Outcome::NotRun,
        };
        let checks =
            Check::ALL.iter().map(|check| CheckResult { check: *check, outcome: outcome(check) }).collect();
        (self.findings, checks)
    }
}
