//! `sigu export`: a package of one order for a stranger.

use serde_json::json;
use sigu_evidence::Recipient;
use sigu_server::checker_page;
use sigu_server::index_page;
use sigu_vault::{ExportPlan, ExportSummary, Withhold};

use super::{item_id, order_id};
use crate::args::ExportArgs;
use crate::lang::Words;
use crate::meter::Meter;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &ExportArgs) -> Outcome {
    let recipient = own.to.as_deref().map(recipient).transpose()?;
    let plan = ExportPlan {
        checker_page: Some(checker_page::PAGE.to_vec()),
        order: order_id(&own.order)?,
        withhold: withhold(own)?,
        recipient,
        out: own.out.clone(),
        folder: std::path::PathBuf::from("."),
    };
    let meter = Meter::new(0);
    let summary = session::with(context, |vault| {
        Ok(vault.export(&plan, clock::now(), &index_page::render, &|progress| meter.add(progress.bytes))?)
    })?;
    drop(meter);
    let mut json = json!(summary);
    json["checker_sha256"] = checker_page::digest().into();
    Ok(Answer::new(text(&summary, context.words), json))
}

fn recipient(text: &str) -> Result<Recipient, Problem> {
    Recipient::parse(text).map_err(|_| Problem::usage("usage-recipient", &[("value", text.to_owned())]))
}

/// `note` withholds a field everywhere, `1-17:note` of one item.
fn withhold(own: &ExportArgs) -> Result<Withhold, Problem> {
    let mut rule = Withhold { include_secrets: own.include_secrets, ..Withhold::default() };
    for field in &own.withhold {
        match field.split_once(':') {
            Some((item, field)) => rule.of_items.push((item_id(item)?, field.to_owned())),
            None => rule.fields.push(field.clone()),
        }
    }
    Ok(rule)
}

fn text(summary: &ExportSummary, words: &Words) -> String {
    let values = [
        ("path", summary.path.display().to_string()),
        ("items", summary.items.to_string()),
        ("leaves", summary.leaves.to_string()),
        ("bytes", summary.bytes.to_string()),
    ];
    let mut lines = vec![words.say("export-done", &values)];
    if !summary.withheld.is_empty() {
        lines.push(words.say("export-withheld", &[("fields", words.list(&summary.withheld))]));
    }
    let values = [("fingerprint", summary.key_fingerprint.clone()), ("digest", checker_page::digest())];
    lines.push(words.say("export-fingerprint", &values));
    lines.join("\n")
}
