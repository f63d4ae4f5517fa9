//! A task of the Windows Task Scheduler: XML of its schema 1.2, which `schtasks /Create /XML` reads.

use std::io::Cursor;

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::spec::Spec;
use crate::problem::Problem;

/// Its name in the scheduler.
pub(super) const NAME: &str = "sigu desk";
const SCHEMA: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/// What of a task does not depend on the machine: from the battery on as well, for as long as it likes, again after a failure.
const SETTINGS: [(&str, &str); 8] = [
    ("MultipleInstancesPolicy", "IgnoreNew"),
    ("DisallowStartIfOnBatteries", "false"),
    ("StopIfGoingOnBatteries", "false"),
    ("AllowHardTerminate", "true"),
    ("StartWhenAvailable", "true"),
    ("Enabled", "true"),
    ("Hidden", "false"),
    ("ExecutionTimeLimit", "PT0S"),
];

type Xml = Writer<Cursor<Vec<u8>>>;

/// Returns the task as text, without a word on its encoding.
///
/// # Errors
/// Refuses what the scheduler would read as a variable: two percent signs, which nothing can take their meaning from.
pub(super) fn text(spec: &Spec) -> Result<String, Problem> {
    let arguments = command_line(&spec.args);
    for part in [&spec.program, &arguments] {
        if part.matches('%').count() > 1 {
            return Err(Problem::refused("refused-service-percent", &[("path", part.clone())]));
        }
    }
    let mut xml = Writer::new_with_indent(Cursor::new(Vec::new()), b' ', 2);
    let task = xml.create_element("Task").with_attributes([("version", "1.2"), ("xmlns", SCHEMA)]);
    let written = task.write_inner_content(|xml| {
        group(xml, "RegistrationInfo", &[("Description", "sigu: the desk of a vault")])?;
        let user: Vec<(&str, &str)> = spec.user.iter().map(|user| ("UserId", user.as_str())).collect();
        let at_logon = [("Enabled", "true")].into_iter().chain(user.iter().copied()).collect::<Vec<_>>();
        xml.create_element("Triggers").write_inner_content(|xml| group(xml, "LogonTrigger", &at_logon))?;
        let rights = [("LogonType", "InteractiveToken"), ("RunLevel", "LeastPrivilege")];
        let principal = user.into_iter().chain(rights).collect::<Vec<_>>();
        let author = [("id", "Author")];
        xml.create_element("Principals").write_inner_content(|xml| {
            xml.create_element("Principal")
                .with_attributes(author)
                .write_inner_content(|xml| lines(xml, &principal))?;
            Ok(())
        })?;
        xml.create_element("Settings").write_inner_content(|xml| {
            lines(xml, &SETTINGS)?;
            group(xml, "RestartOnFailure", &[("Interval", "PT1M"), ("Count", "3")])
        })?;
        let actions = xml.create_element("Actions").with_attributes([("Context", "Author")]);
        actions.write_inner_content(|xml| {
            group(xml, "Exec", &[("Command", spec.program.as_str()), ("Arguments", arguments.as_str())])
        })?;
        Ok(())
    });
    written.expect("text in memory is always written");
    let text = String::from_utf8(xml.into_inner().into_inner()).expect("only text was written");
    Ok(format!("<?xml version=\"1.0\"?>\n{text}\n"))
}

fn group(xml: &mut Xml, name: &str, inside: &[(&str, &str)]) -> std::io::Result<()> {
    xml.create_element(name).write_inner_content(|xml| lines(xml, inside))?;
    Ok(())
}

fn lines(xml: &mut Xml, all: &[(&str, &str)]) -> std::io::Result<()> {
    for (name, value) in all {
        xml.create_element(*name).write_text_content(BytesText::new(value))?;
    }
    Ok(())
}

/// The file as the scheduler reads it on every version: UTF-16, little end first, with its mark.
pub(super) fn file(text: &str) -> Vec<u8> {
    let text = text.replacen("<?xml version=\"1.0\"?>", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", 1);
    let text = text.replace('\n', "\r\n");
    let units = std::iter::once(0xFEFF_u16).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Puts arguments into one line that programs take apart again as they were (`CommandLineToArgvW`).
fn command_line(args: &[String]) -> String {
    args.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    if !text.is_empty() && !text.contains([' ', '\t', '"']) {
        return text.to_owned();
    }
    let mut line = String::from("\"");
    let mut slashes = 0;
    for sign in text.chars() {
        match sign {
            '\\' => slashes += 1,
            '"' => {
                // Before a quote each backslash stands twice, and one more takes the quote its meaning.
                line.push_str(&"\\".repeat(2 * slashes + 1));
                slashes = 0;
            }
            _ => {
                line.push_str(&"\\".repeat(slashes));
                slashes = 0;
            }
        }
        if sign != '\\' {
            line.push(sign);
        }
    }
    line.push_str(&"\\".repeat(2 * slashes));
    line.push('"');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_quoted_as_windows_takes_it_apart() {
        for (text, written) in [
            ("desk", "desk"),
            ("", "\"\""),
            ("C:\\a b\\", "\"C:\\a b\\\\\""),
            ("C:\\a\\", "C:\\a\\"),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("a\\\"b c", "\"a\\\\\\\"b c\""),
            ("四 固", "\"四 固\""),
        ] {
            assert_eq!(quoted(text), written, "{text}");
        }
    }

    #[test]
    fn the_file_is_utf_16_and_says_so() {
        let bytes = file("<?xml version=\"1.0\"?>\n<Task/>\n");
        assert_eq!(&bytes[..4], [0xFF, 0xFE, b'<', 0]);
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units[1..]).expect("it is UTF-16");
        assert_eq!(text, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task/>\r\n");
    }
}
