//! `sigu notice` and `sigu appeal`: drafts that speak by rules, and what stands between them and being sent.

use sigu_case::advice::Dispute;
use sigu_case::appeal::{Statement, Variant};
use sigu_case::letter::{Finding, Gate, Letter, send_plan};
use sigu_case::tone::Venue;
use sigu_case::{House, View};
use sigu_server::answers;
use sigu_server::refusing::{of_gate, of_not_stated, of_not_yet};
use sigu_server::talking::{self, Sending, Wished};
use sigu_vault::Vault;

use super::law::pick;
use super::{advise, message, time};
use crate::args::{AppealArgs, NoticeArgs};
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn notice(context: &Context<'_>, own: &NoticeArgs) -> Outcome {
    session::with(context, |vault| {
        let (order, state) = advise::load(vault, &own.order)?;
        let house = House::of(&state);
        let view = View::new(&order, &house, clock::now());
        let due_at = own.due.as_deref().map(|text| time("--due", text)).transpose()?;
        let letter = talking::letter(&view, own.kind, due_at, own.cite_unverified)
            .map_err(|why| of_not_yet(why, &order.id))?;
        let text = own.text.clone().unwrap_or_else(|| letter.text.clone());
        let gate = talking::gate(vault, &view, Venue::MerchantChat, &text)?;
        let sent =
            if own.send { Some(send(vault, own, &view, &letter, &text, context.words)?) } else { None };
        Ok(notice_answer(&view, &letter, &text, &gate, sent, context.words))
    })
}

/// Records the message as sent; what stands against it must be overridden, and that is recorded.
fn send(
    vault: &Vault,
    own: &NoticeArgs,
    view: &View<'_>,
    letter: &Letter,
    text: &str,
    words: &Words,
) -> Result<sigu_case::ItemId, Problem> {
    let said_at = own.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?;
    let exhibits = own.with.iter().map(|item| super::item_id(item)).collect::<Result<Vec<_>, _>>()?;
    let sending = Sending {
        text: text.to_owned(),
        // Words given on the command line are the user's own, even where they are those of the draft.
        draft: own.text.is_none().then_some(letter),
        said_at,
        channel: message::channel(&own.via),
        exhibits,
        anyway: own.anyway,
    };
    talking::send(vault, view, sending, clock::now())?.map_err(|gate| of_gate(&gate, words).into())
}

fn notice_answer(
    view: &View<'_>,
    letter: &Letter,
    text: &str,
    gate: &Gate,
    sent: Option<sigu_case::ItemId>,
    words: &Words,
) -> Answer {
    let shown = sigu_evidence::mask_text(text);
    let count = [("chars", text.chars().count().to_string()), ("max", letter.max_chars.to_string())];
    let mut lines = vec![shown.clone(), String::new(), words.say("notice-chars", &count)];
    lines.push(words.say("notice-due", &[("due", times::show(letter.due_at))]));
    lines.extend(findings(&gate.blocked, "✗", words));
    lines.extend(findings(&gate.warnings, "–", words));
    let plan = send_plan(view, letter);
    if !plan.is_empty() {
        lines.push(words.word("notice-plan"));
        lines.extend(plan.iter().enumerate().map(|(place, step)| {
            let note = match step.copy {
                Some(copy) => words.aside(&words.say("notice-copy", &[("copy", copy.to_string())])),
                None if step.masked_copy => words.aside(&pick(&step.note, words)),
                None => String::new(),
            };
            format!("  {}. {}  {}{note}", place + 1, step.item, step.caption)
        }));
    }
    if let Some(item) = sent {
        lines.push(words.say("notice-sent", &[("item", item.to_string())]));
    }
    let json = answers::json(&answers::Letter { letter, text: shown, gate, plan, sent });
    Answer::new(lines.join("\n"), json)
}

fn findings(found: &[Finding], mark: &str, words: &Words) -> Vec<String> {
    found.iter().map(|one| format!("  {mark} {}  {}", one.code, pick(&one.text, words))).collect()
}

pub(super) fn appeal(context: &Context<'_>, own: &AppealArgs) -> Outcome {
    let (order, state) = session::with(context, |vault| advise::load(vault, &own.order))?;
    let house = House::of(&state);
    let view = View::new(&order, &house, clock::now());
    let wished = Wished {
        variant: own.variant,
        cite_unverified: own.cite_unverified,
        own_statements: own.own_statements,
        max_chars: own.max_chars,
    };
    let words = context.words;
    let (dispute, made) =
        talking::stated(&view, &wished).map_err(|why| of_not_stated(&why, &order.id, words))?;
    let (category, readiness) = (&dispute.category, &dispute.readiness);
    let json = answers::json(&answers::Statement { statement: &made, category, readiness });
    Ok(Answer::new(appeal_text(&dispute, &made, own.variant, words), json))
}

fn appeal_text(dispute: &Dispute, made: &Statement, variant: Variant, words: &Words) -> String {
    let mut lines = Vec::new();
    if let (Variant::Platform, Some(own)) = (variant, &dispute.category.on_platform) {
        lines.push(words.say("appeal-category", &[("category", pick(&own.name, words))]));
    }
    if !dispute.readiness.ok {
        let missing: Vec<String> =
            dispute.readiness.missing.iter().map(|proof| pick(&proof.text().label, words)).collect();
        lines.push(words.say("appeal-not-ready", &[("missing", words.list(&missing))]));
    }
    lines.extend([String::new(), made.text.clone(), String::new()]);
    let count = [("chars", made.chars.to_string()), ("max", made.limit.max.to_string())];
    lines.push(words.say("notice-chars", &count));
    lines.extend(made.footnotes.iter().map(|note| format!("  {} {}  {}", note.mark, note.item, note.name)));
    lines.extend(made.left_out.iter().map(|one| {
        let how: Vec<String> = one.how.iter().map(|how| pick(how, words)).collect();
        words.say("appeal-left-out", &[("how", how.join(" "))])
    }));
    lines.extend(findings(&made.findings, "–", words));
    lines.push(words.word("law-not-advice"));
    lines.join("\n")
}
