//! What outsiders say about when, in words: each proof with its own end, each entry between two instants.

use sigu_attestation::rfc3161::Trust;
use sigu_attestation::witness::Policy;
use sigu_bundle::{
    BlockEnd, BoundReport, BracketReport, KnownBlock, LogReport, OtsReport, OutsideTime, Report, ServiceEnd,
    ServiceReport, StampReport, Trusted, Voice, WitnessReport,
};

use super::code;
use crate::args::VerifyArgs;
use crate::lang::Words;
use crate::problem::Problem;
use crate::times;

/// Reads whom the caller believes: roots, a policy, blocks.
pub(super) fn trusted(own: &VerifyArgs) -> Result<Trusted, Problem> {
    let mut trusted = Trusted::default();
    let mut pem = Vec::new();
    for path in &own.tsa_root {
        let bytes = read(path)?;
        Trust::from_pem(&bytes).map_err(|error| {
            let values = [("path", path.display().to_string()), ("why", error.to_string())];
            Problem::usage("usage-tsa-root", &values)
        })?;
        pem.extend(bytes);
        pem.push(b'\n');
    }
    if !pem.is_empty() {
        trusted.roots = Trust::from_pem(&pem).map_err(|error| {
            let values = [("path", "--tsa-root".to_owned()), ("why", error.to_string())];
            Problem::usage("usage-tsa-root", &values)
        })?;
    }
    if let Some(path) = &own.policy {
        let policy = Policy::parse(&read(path)?).map_err(|error| {
            let values = [("path", path.display().to_string()), ("why", error.to_string())];
            Problem::usage("usage-policy", &values)
        })?;
        trusted.policy = Some(policy);
    }
    for value in &own.block_header {
        let block = match KnownBlock::parse(value.as_bytes()) {
            Ok(block) => block,
            Err(_) => KnownBlock::parse(&read(std::path::Path::new(value))?)
                .map_err(|_| Problem::usage("usage-block-header", &[("value", value.clone())]))?,
        };
        trusted.blocks.push(block);
    }
    Ok(trusted)
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| {
        let values = [("path", path.display().to_string()), ("why", error.to_string())];
        Problem::usage("usage-unreadable", &values)
    })
}

/// The verdict on time, and all that was said.
pub(super) fn lines(report: &Report, words: &Words) -> Vec<String> {
    let mut lines = vec![match report.outside_time {
        OutsideTime::None => words.word("verify-outside-none"),
        OutsideTime::Claimed => words.word("verify-outside-claimed"),
        OutsideTime::Shown { voices } => words.say("verify-outside-shown", &[("voices", voices.to_string())]),
    }];
    for log in &report.logs {
        for stamp in &log.stamps {
            stamp_lines(log, stamp, words, &mut lines);
        }
    }
    let bad = report.rounds.iter().filter(|round| !round.holds).count();
    if bad > 0 {
        lines.push(words.say("stamp-rounds-refused", &[("count", bad.to_string())]));
    }
    lines
}

fn stamp_lines(log: &LogReport, stamp: &StampReport, words: &Words, lines: &mut Vec<String>) {
    let values = [("log", log.number.to_string()), ("size", stamp.size.to_string())];
    lines.push(words.say(if stamp.tied { "stamp-seen" } else { "stamp-untied" }, &values));
    let mut said: Vec<String> = stamp.services.iter().map(|one| service_line(one, words)).collect();
    if let Some(ots) = &stamp.ots {
        said.extend(ots_lines(ots, words));
    }
    if let Some(witnesses) = &stamp.witnesses {
        said.extend(witness_lines(witnesses, words));
    }
    if stamp.quorum {
        said.push(words.word("stamp-quorum"));
    }
    lines.extend(said.into_iter().map(|line| format!("  - {line}")));
}

fn service_line(one: &ServiceReport, words: &Words) -> String {
    let service = ("service", one.service.clone());
    let (key, token) = match &one.end {
        ServiceEnd::Refused(defect) => {
            let why = words.word(&format!("token-defect-{}", code(defect)));
            return words.say("stamp-service-refused", &[service, ("why", why)]);
        }
        ServiceEnd::Shown(token) => ("stamp-service-shown", token),
        ServiceEnd::Claimed(token) => ("stamp-service-claimed", token),
    };
    let values = [
        service,
        ("at", times::show(token.not_after)),
        ("signer", token.signer.clone()),
        ("root", token.root.to_string()),
    ];
    let line = words.say(key, &values);
    if one.request { line } else { format!("{line}{}", words.aside(&words.word("stamp-no-request"))) }
}

fn ots_lines(ots: &OtsReport, words: &Words) -> Vec<String> {
    let OtsReport::Leads { blocks, pending, header_refused } = ots else {
        return vec![words.word("stamp-ots-refused")];
    };
    let mut lines: Vec<String> = blocks
        .iter()
        .map(|block| {
            let height = ("height", block.height.to_string());
            let (key, header) = match &block.end {
                BlockEnd::Shown(header) => ("stamp-block-shown", header),
                BlockEnd::Claimed(header) => ("stamp-block-claimed", header),
                BlockEnd::NoHeader => {
                    let root = ("root", block.merkle_root.clone());
                    return words.say("stamp-block-no-header", &[height, root]);
                }
            };
            let values = [height, ("at", times::show(header.not_after)), ("hash", header.hash.clone())];
            words.say(key, &values)
        })
        .collect();
    if *header_refused {
        lines.push(words.word("stamp-header-refused"));
    }
    if blocks.is_empty() {
        lines.push(words.say("stamp-pending", &[("count", pending.to_string())]));
    }
    lines
}

fn witness_lines(witnesses: &WitnessReport, words: &Words) -> Vec<String> {
    let WitnessReport::Lines { shown, strangers } = witnesses else {
        return vec![words.word("stamp-witness-refused")];
    };
    let mut lines: Vec<String> = shown
        .iter()
        .map(|seen| {
            words.say("stamp-witness-shown", &[("name", seen.name.clone()), ("at", times::show(seen.at))])
        })
        .collect();
    if !strangers.is_empty() {
        lines.push(words.say("stamp-witness-strangers", &[("names", words.list(strangers))]));
    }
    lines
}

/// `not before … · not after … (by …)`; `None` where nothing bounds an entry.
pub(super) fn bracket_line(bracket: &BracketReport, words: &Words) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(bound) = &bracket.not_before {
        let values = [("at", times::show(bound.at)), ("by", voice(bound, words))];
        parts.push(words.say("bracket-not-before", &values));
    }
    // The earliest that is shown; a claim only where nothing is.
    let nearest = bracket.not_after.iter().find(|bound| !bound.claim).or(bracket.not_after.first());
    if let Some(nearest) = nearest {
        let mut names: Vec<String> = Vec::new();
        for name in std::iter::once(nearest).chain(&bracket.not_after).map(|bound| voice(bound, words)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // Names of certificates hold commas.
        let by = names.join(if words.english() { "; " } else { "；" });
        let values = [("at", times::show(nearest.at)), ("by", by)];
        parts.push(words.say("bracket-not-after", &values));
    }
    if bracket.contradiction {
        parts.push(words.word("bracket-contradiction"));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn voice(bound: &BoundReport, words: &Words) -> String {
    let by = match &bound.by {
        Voice::Service { signer, .. } => signer.clone(),
        Voice::Block { height } => words.say("voice-block", &[("height", height.to_string())]),
        Voice::Witness { name } => words.say("voice-witness", &[("name", name.clone())]),
        Voice::Drand { round } => words.say("voice-drand", &[("round", round.to_string())]),
    };
    if bound.claim { words.say("voice-claim", &[("by", by)]) } else { by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigu_bundle::TokenDefect;

    #[test]
    fn every_defect_has_words() {
        for words in [Words::chinese(), Words::in_english()] {
            for defect in TokenDefect::ALL {
                assert!(!words.word(&format!("token-defect-{}", code(&defect))).is_empty());
            }
        }
    }
}
