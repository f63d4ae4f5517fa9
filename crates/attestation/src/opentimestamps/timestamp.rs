//! The tree of a proof: from one message, steps to others, and attestations at their ends.
//!
//! The bytes hold no messages; they follow from the first one. So a tree is read, merged and followed with
//! the message it begins with at hand, and no message is kept.

use super::attestation::Attestation;
use super::op::Op;
use super::wire::{Input, OtsError};

/// The most steps from the first message to an end.
const MAX_DEPTH: usize = 256;

/// What stands before every element of a message but its last.
const FORK: u8 = 0xff;

/// What stands before an attestation.
const ATTESTATION: u8 = 0x00;

/// What is known of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timestamp {
    /// Sorted, each once.
    attestations: Vec<Attestation>,
    /// Sorted by step, each step once.
    branches: Vec<(Op, Timestamp)>,
}

impl Timestamp {
    /// Reads the tree that begins with `message`.
    pub(crate) fn read(input: &mut Input<'_>, message: &[u8]) -> Result<Self, OtsError> {
        Self::read_within(input, message, MAX_DEPTH)
    }

    fn read_within(input: &mut Input<'_>, message: &[u8], depth: usize) -> Result<Self, OtsError> {
        let depth = depth.checked_sub(1).ok_or(OtsError::Depth)?;
        let mut tree = Self::default();
        loop {
            let mut tag = input.byte()?;
            let more = tag == FORK;
            if more {
                tag = input.byte()?;
            }
            if tag == ATTESTATION {
                tree.add_attestation(Attestation::read(input)?);
            } else {
                let op = Op::read(tag, input)?;
                let below = Self::read_within(input, &op.apply(message)?, depth)?;
                tree.add_branch(op, below);
            }
            if !more {
                return Ok(tree);
            }
        }
    }

    /// Makes a tree of one step.
    pub(crate) fn step(op: Op, below: Self) -> Self {
        Self { attestations: Vec::new(), branches: vec![(op, below)] }
    }

    /// Writes the tree in the order other writers use; it must not be empty.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let mut left = self.attestations.len() + self.branches.len();
        let mut fork = |out: &mut Vec<u8>| {
            left -= 1;
            if left > 0 {
                out.push(FORK);
            }
        };
        for attestation in &self.attestations {
            fork(out);
            out.push(ATTESTATION);
            attestation.write(out);
        }
        for (op, below) in &self.branches {
            fork(out);
            op.write(out);
            below.write(out);
        }
    }

    fn add_attestation(&mut self, new: Attestation) {
        if let Err(place) = self.attestations.binary_search(&new) {
            self.attestations.insert(place, new);
        }
    }

    fn add_branch(&mut self, op: Op, below: Self) {
        match self.branches.binary_search_by(|(known, _)| known.cmp(&op)) {
            Ok(place) => self.branches[place].1.merge(below),
            Err(place) => self.branches.insert(place, (op, below)),
        }
    }

    /// Adds all that another tree knows of the same message.
    pub(crate) fn merge(&mut self, other: Self) {
        other.attestations.into_iter().for_each(|one| self.add_attestation(one));
        other.branches.into_iter().for_each(|(op, below)| self.add_branch(op, below));
    }

    /// Adds a tree wherever the message is `at`; says how often that was.
    pub(crate) fn merge_at(&mut self, message: &[u8], at: &[u8], other: &Self) -> Result<usize, OtsError> {
        let mut found = 0;
        for (op, below) in &mut self.branches {
            found += below.merge_at(&op.apply(message)?, at, other)?;
        }
        if message == at {
            self.merge(other.clone());
            found += 1;
        }
        Ok(found)
    }

    /// Hands every message and each of its attestations to `see`.
    pub(crate) fn follow(
        &self,
        message: &[u8],
        see: &mut dyn FnMut(&[u8], &Attestation),
    ) -> Result<(), OtsError> {
        self.attestations.iter().for_each(|attestation| see(message, attestation));
        for (op, below) in &self.branches {
            below.follow(&op.apply(message)?, see)?;
        }
        Ok(())
    }

    /// Says whether the tree is as deep as a reader allows, at most.
    pub(crate) fn fits(&self) -> bool {
        self.depth() <= MAX_DEPTH
    }

    fn depth(&self) -> usize {
        1 + self.branches.iter().map(|(_, below)| below.depth()).max().unwrap_or(0)
    }

    /// Writes the tree as `ots info` does, without its remarks on transactions.
    pub(crate) fn describe(&self, message: &[u8], indent: usize, out: &mut String) -> Result<(), OtsError> {
        let space = " ".repeat(indent);
        for attestation in &self.attestations {
            out.push_str(&format!("{space}verify {attestation}\n"));
            if matches!(attestation, Attestation::Bitcoin { .. }) {
                let shown: Vec<u8> = message.iter().rev().copied().collect();
                out.push_str(&format!("{space}# Bitcoin block merkle root {}\n", crate::hex::hex(&shown)));
            }
        }
        let several = self.branches.len() > 1;
        for (op, below) in &self.branches {
            let arrow = if several { " -> " } else { "" };
            out.push_str(&format!("{space}{arrow}{op}\n"));
            below.describe(&op.apply(message)?, if several { indent + 4 } else { indent }, out)?;
        }
        Ok(())
    }
}
