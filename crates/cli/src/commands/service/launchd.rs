//! An agent of launchd: a property list as `launchd.plist(5)` has it.

use plist::{Dictionary, Value};

use super::spec::Spec;

/// Its name among the user's agents.
pub(super) const LABEL: &str = "local.sigu.desk";
/// Seconds between two starts after a failure, and until it is ended the hard way.
const SECONDS: i64 = 30;
/// Files of the service are its owner's alone: octal 077.
const UMASK: i64 = 0o077;

/// Returns the property list.
pub(super) fn text(spec: &Spec) -> String {
    let words = std::iter::once(&spec.program).chain(&spec.args).map(|word| Value::from(word.as_str()));
    let variables = spec.variables.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    let mut agent = Dictionary::new();
    agent.insert("Label".to_owned(), LABEL.into());
    agent.insert("ProgramArguments".to_owned(), Value::Array(words.collect()));
    agent.insert("EnvironmentVariables".to_owned(), Value::Dictionary(variables.collect()));
    agent.insert("RunAtLoad".to_owned(), true.into());
    // Again after a failure, not after an end that was asked for.
    let again: Dictionary = [("SuccessfulExit".to_owned(), Value::from(false))].into_iter().collect();
    agent.insert("KeepAlive".to_owned(), Value::Dictionary(again));
    agent.insert("ThrottleInterval".to_owned(), SECONDS.into());
    agent.insert("ExitTimeOut".to_owned(), SECONDS.into());
    agent.insert("ProcessType".to_owned(), "Background".into());
    agent.insert("Umask".to_owned(), UMASK.into());
    let mut bytes = Vec::new();
    plist::to_writer_xml(&mut bytes, &Value::Dictionary(agent)).expect("text in memory is always written");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("the writer writes UTF-8")
}
