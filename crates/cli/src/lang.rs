//! Which words the commands use; they are those of the pages.

pub(crate) use sigu_server::Words;

/// Chooses the language: `--lang` on the command line, else the locale; Chinese unless it says English.
#[allow(clippy::disallowed_methods, reason = "the edge reads the locale")]
pub(crate) fn of_process() -> Words {
    let mut args = std::env::args().skip(1);
    let mut asked = None;
    while let Some(arg) = args.next() {
        if arg == "--lang" {
            asked = args.next();
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            asked = Some(value.to_owned());
        }
    }
    let locale = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    let name = asked.or_else(locale).unwrap_or_default();
    if name.starts_with("en") { Words::in_english() } else { Words::chinese() }
}
