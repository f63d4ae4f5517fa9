//! `sigu ladder`: every body one can turn to, what it can and cannot do, what it wants, its clocks, and the order trap.

use sigu_case::confidence::CheckStatus;
use sigu_case::ladder::{Ladder, Rung};
use sigu_case::step::Step;
use sigu_server::answers;

use super::law::pick;
use crate::args::LadderArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::{Context, Outcome};

pub(super) fn run(context: &Context<'_>, own: &LadderArgs) -> Outcome {
    let ladder = Ladder::get();
    let asked = own.step.as_deref().and_then(Step::from_code);
    let rungs: Vec<&Rung> =
        ladder.rungs().iter().filter(|rung| asked.is_none_or(|step| rung.code == step)).collect();
    let words = context.words;
    let text: Vec<String> = rungs
        .iter()
        .map(|rung| if asked.is_some() { whole(rung, words) } else { brief(rung, words) })
        .collect();
    Ok(Answer::new(text.join("\n"), answers::json(&answers::Ladder { steps: rungs })))
}

fn brief(rung: &Rung, words: &Words) -> String {
    format!("{:<4} {}  {}", rung.code.code(), pick(&rung.body, words), pick(&rung.can, words))
}

fn whole(rung: &Rung, words: &Words) -> String {
    let ladder = Ladder::get();
    let mut lines = vec![format!("{} {}", rung.code.code(), pick(&rung.body, words))];
    lines.push(format!("  ✓ {}", pick(&rung.can, words)));
    lines.push(format!("  ✗ {}", pick(&rung.cannot, words)));
    lines.extend(wants(&rung.fields, words));
    for route in &rung.routes {
        lines.push(format!("  · {}{}", pick(&route.name, words), words.aside(&pick(&route.entry, words))));
        lines.extend(wants(&route.fields, words).map(|line| format!("  {line}")));
    }
    lines.extend(rung.clocks.iter().map(|clock| {
        let n = clock.n.map_or_else(String::new, |n| format!(" {n}"));
        let unsure = match clock.status() {
            CheckStatus::Checked => String::new(),
            status @ CheckStatus::ToBeChecked => words.aside(&pick(&status.label(), words)),
        };
        let kind = serde_json::to_value(clock.kind).unwrap_or_default();
        let kind = words.word(&format!("ladder-{}", kind.as_str().unwrap_or("none").replace('_', "-")));
        format!("  ◷ {}{n} {kind}{unsure}", pick(&clock.what, words))
    }));
    lines.extend(ladder.closers_of(rung.code).iter().map(|closer| {
        let values = [("step", closer.code.code().to_owned()), ("body", pick(&closer.body, words))];
        format!("  ! {}", words.say("ladder-closed-by", &values))
    }));
    lines.extend(rung.notes.iter().map(|note| format!("  ! {}", pick(note, words))));
    lines.join("\n")
}

/// What a body or one of its ways in wants, if anything.
fn wants(codes: &[String], words: &Words) -> Option<String> {
    let ladder = Ladder::get();
    let name =
        |code: &String| ladder.field(code).map_or_else(|| code.clone(), |field| pick(&field.label, words));
    let fields: Vec<String> = codes.iter().map(name).collect();
    let line = || format!("  {}", words.say("ladder-wants", &[("fields", words.list(&fields))]));
    (!fields.is_empty()).then(line)
}
