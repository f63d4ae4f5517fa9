//! Rows of `[[guard]]` and `[[rule]]`, and their patterns compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;

use crate::Direction;
use crate::tone::digits::Check;
use crate::tone::fold::ViewKind;
use crate::tone::secrets::Finder;
use crate::tone::verdict::Label;

/// Which part of the surroundings a guard looks at.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::tone) enum Window {
    Before,
    After,
    Around,
}

/// Where the window ends.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::tone) enum Scope {
    Clause,
    Sentence,
    Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardFile {
    id: String,
    window: Window,
    scope: Scope,
    reach: Option<usize>,
    #[serde(default)]
    directions: Vec<String>,
    tag: String,
    pattern: String,
    unless: Option<String>,
}

/// A reason why a hit is no hit.
pub(in crate::tone) struct Guard {
    pub(in crate::tone) id: String,
    pub(in crate::tone) window: Window,
    pub(in crate::tone) scope: Scope,
    pub(in crate::tone) reach: usize,
    pub(in crate::tone) directions: Vec<Direction>,
    pub(in crate::tone) tag: String,
    pub(in crate::tone) pattern: Regex,
    pub(in crate::tone) unless: Option<Regex>,
}

/// What protects a rule's hits.
pub(in crate::tone) enum Shield {
    /// Quotation marks of titles.
    Quoted,
    /// The case's product names.
    Named,
    /// A window.
    Window(Arc<Guard>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    id: String,
    label: Option<Label>,
    tag: Option<String>,
    severity: u8,
    #[serde(default)]
    reason: String,
    rewrite: Option<String>,
    #[serde(default)]
    view: ViewKind,
    #[serde(default)]
    joined: bool,
    #[serde(default)]
    whole: bool,
    check: Option<Check>,
    finder: Option<Finder>,
    info: Option<String>,
    #[serde(default)]
    directions: Vec<String>,
    #[serde(default)]
    guards: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
}

/// What hits.
pub(in crate::tone) struct Rule {
    pub(in crate::tone) id: String,
    pub(in crate::tone) label: Option<Label>,
    pub(in crate::tone) tag: Option<String>,
    pub(in crate::tone) severity: u8,
    pub(in crate::tone) reason: String,
    pub(in crate::tone) rewrite: Option<String>,
    pub(in crate::tone) views: Vec<ViewKind>,
    pub(in crate::tone) whole: bool,
    pub(in crate::tone) check: Option<Check>,
    pub(in crate::tone) finder: Option<Finder>,
    pub(in crate::tone) info: Option<String>,
    pub(in crate::tone) directions: Vec<Direction>,
    pub(in crate::tone) shields: Vec<Shield>,
    pub(in crate::tone) except: Vec<String>,
    pub(in crate::tone) patterns: Vec<Regex>,
}

/// The named pieces of patterns.
pub(super) struct Words(pub(super) BTreeMap<String, String>);

impl Words {
    /// Pieces may use pieces that stand before them by need, not by order: three rounds reach all.
    fn fill(&self, pattern: &str) -> Result<Regex, String> {
        let mut text = pattern.to_owned();
        for _ in 0..3 {
            for (name, piece) in &self.0 {
                text = text.replace(&format!("{{{name}}}"), piece);
            }
        }
        Regex::new(&text).map_err(|error| error.to_string())
    }
}

fn directions(codes: &[String]) -> Result<Vec<Direction>, String> {
    if codes.is_empty() {
        return Ok(vec![Direction::In, Direction::Out]);
    }
    codes
        .iter()
        .map(|code| Direction::from_code(code).ok_or_else(|| format!("no direction {code}")))
        .collect()
}

pub(super) fn guard(row: GuardFile, words: &Words) -> Result<Arc<Guard>, String> {
    let named = |error| format!("guard {}: {error}", row.id);
    Ok(Arc::new(Guard {
        window: row.window,
        scope: row.scope,
        reach: row.reach.unwrap_or(DEFAULT_REACH),
        directions: directions(&row.directions)?,
        tag: row.tag.clone(),
        pattern: words.fill(&row.pattern).map_err(named)?,
        unless: row.unless.as_deref().map(|text| words.fill(text)).transpose().map_err(named)?,
        id: row.id,
    }))
}

/// How far a guard looks when its row does not say, in characters.
const DEFAULT_REACH: usize = 60;

fn shield(name: &str, guards: &[Arc<Guard>]) -> Result<Shield, String> {
    match name {
        "quoted" => Ok(Shield::Quoted),
        "named" => Ok(Shield::Named),
        _ => {
            let guard = guards.iter().find(|guard| guard.id == name);
            guard.map(|guard| Shield::Window(guard.clone())).ok_or_else(|| format!("no guard {name}"))
        }
    }
}

pub(super) fn rule(row: RuleFile, words: &Words, guards: &[Arc<Guard>]) -> Result<Rule, String> {
    let patterns: Result<Vec<_>, _> = row.patterns.iter().map(|text| words.fill(text)).collect();
    let shields: Result<Vec<_>, _> = row.guards.iter().map(|name| shield(name, guards)).collect();
    let mut views = vec![row.view];
    views.extend(row.joined.then_some(ViewKind::Joined));
    Ok(Rule {
        patterns: patterns.map_err(|error| format!("rule {}: {error}", row.id))?,
        shields: shields.map_err(|error| format!("rule {}: {error}", row.id))?,
        directions: directions(&row.directions)?,
        views,
        id: row.id,
        label: row.label,
        tag: row.tag,
        severity: row.severity,
        reason: row.reason,
        rewrite: row.rewrite,
        whole: row.whole,
        check: row.check,
        finder: row.finder,
        info: row.info,
        except: row.except,
    })
}
