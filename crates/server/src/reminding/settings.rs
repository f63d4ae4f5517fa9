//! How the user wants to be reminded: a sealed setting of the vault, as TOML.
//!
//! The program alone writes it. It is sealed because keys of channels stand in it, and read strictly: what a later
//! version wrote is refused and not half understood.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_case::remind::Quiet;
use sigu_vault::{Error, Refusal, Vault, os_entropy};

use super::channel::{Channel, ChannelKind, ChannelRule, MAX_CHANNELS, Wrong};
use super::secret::Secret;
use crate::tokens::hex;
use crate::words::Words;

const VERSION: u32 = 1;

/// How much of an order a reminder names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Say {
    /// The label the user gave, and the clock.
    #[default]
    Label,
    /// That there is something to look at.
    Nothing,
}

impl Say {
    /// Returns its stored name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Nothing => "nothing",
        }
    }
}

/// How the user wants to be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// When nothing is told, by the clock of China; `None` for never quiet.
    pub quiet: Option<Quiet>,
    /// Whether an own clock that is due within the quiet hours is told of all the same.
    pub urgent_in_quiet: bool,
    /// How much is said.
    pub say: Say,
    /// Whether it is said in English; `None` for the language of whoever reminds.
    pub english: Option<bool>,
    /// The secret in the address of the calendar; `None` where there is none to subscribe to.
    pub calendar: Option<Secret>,
    /// The number the next channel gets.
    next_id: u32,
    /// When this was changed last.
    pub changed_at: Timestamp,
    /// Where reminders go.
    pub channels: Vec<Channel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    quiet: String,
    urgent_in_quiet: bool,
    say: Say,
    english: Option<bool>,
    calendar: Option<Secret>,
    next_id: u32,
    changed_at: Timestamp,
    #[serde(default)]
    channel: Vec<Channel>,
}

impl Default for Settings {
    /// Quiet at night, nobody to tell: reminders begin with the first channel.
    fn default() -> Self {
        Self {
            quiet: Some(Quiet::default()),
            urgent_in_quiet: true,
            say: Say::default(),
            english: None,
            calendar: None,
            next_id: 1,
            changed_at: Timestamp::UNIX_EPOCH,
            channels: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads how the user wants it; the default where nothing was set.
    ///
    /// # Errors
    /// Damage in the vault; refuses what a later version wrote.
    pub fn read(vault: &Vault) -> Result<Self, Error> {
        match vault.reminding()? {
            None => Ok(Self::default()),
            Some(text) => {
                Self::parse(&text).ok_or_else(|| Refusal::UnknownFormat("reminding".to_owned()).into())
            }
        }
    }

    /// Writes it, with the instant of the change.
    ///
    /// # Errors
    /// A fault of the disk, or another process that writes.
    pub fn keep(&mut self, vault: &Vault, now: Timestamp) -> Result<(), Error> {
        self.changed_at = now;
        vault.set_reminding(Some(&self.to_toml()))
    }

    /// Reads the text; `None` for another form.
    fn parse(text: &str) -> Option<Self> {
        let file: File = toml::from_str(text).ok()?;
        let quiet = match file.quiet.as_str() {
            "off" => None,
            span => Some(span.parse().ok()?),
        };
        (file.version == VERSION).then_some(Self {
            quiet,
            urgent_in_quiet: file.urgent_in_quiet,
            say: file.say,
            english: file.english,
            calendar: file.calendar,
            next_id: file.next_id,
            changed_at: file.changed_at,
            channels: file.channel,
        })
    }

    fn to_toml(&self) -> String {
        let quiet = self.quiet.map_or_else(|| "off".to_owned(), |quiet| quiet.to_string());
        let mut lines = vec![
            format!("version = {VERSION}"),
            format!("quiet = {}", quoted(&quiet)),
            format!("urgent_in_quiet = {}", self.urgent_in_quiet),
            format!("say = {}", quoted(self.say.code())),
            format!("next_id = {}", self.next_id),
            format!("changed_at = {}", quoted(&self.changed_at.to_string())),
        ];
        lines.extend(self.english.map(|english| format!("english = {english}")));
        lines.extend(self.calendar.as_ref().map(|secret| format!("calendar = {}", quoted(secret.show()))));
        for one in &self.channels {
            lines.push(String::from("\n[[channel]]"));
            lines.push(format!("id = {}", one.id));
            lines.push(format!("kind = {}", quoted(one.kind.code())));
            lines.push(format!("added_at = {}", quoted(&one.added_at.to_string())));
            let texts = [
                ("name", one.name.as_str()),
                ("url", one.url.show()),
                ("key", one.key.show()),
                ("to", one.to.show()),
                ("from", one.from.as_str()),
                ("user", one.user.as_str()),
            ];
            let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
            lines.extend(filled.map(|(name, text)| format!("{name} = {}", quoted(text))));
            lines.push(format!("clear = {}", one.clear));
        }
        lines.join("\n") + "\n"
    }

    /// Adds a channel and gives its number.
    ///
    /// # Errors
    /// Names the field that breaks a rule.
    pub fn add(&mut self, channel: Channel) -> Result<u32, Wrong> {
        channel.check()?;
        if self.channels.len() >= MAX_CHANNELS {
            return Err(Wrong { field: "kind", why: ChannelRule::Many });
        }
        let id = self.next_id.max(1);
        self.next_id = id.saturating_add(1);
        self.channels.push(Channel { id, ..channel });
        Ok(id)
    }

    /// Takes a channel out; tells whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        let before = self.channels.len();
        self.channels.retain(|one| one.id != id);
        self.channels.len() < before
    }

    /// Returns the channel of that number.
    pub fn channel(&self, id: u32) -> Option<&Channel> {
        self.channels.iter().find(|one| one.id == id)
    }

    /// Makes a new secret for the address of the calendar; the address before is void.
    pub fn renew_calendar(&mut self) {
        let mut random = zeroize::Zeroizing::new([0; 16]);
        os_entropy(random.as_mut());
        self.calendar = Some(Secret::new(&zeroize::Zeroizing::new(hex(random.as_ref()))));
    }

    /// Returns the words reminders are said in.
    pub fn words(&self, otherwise: &Words) -> Words {
        match self.english {
            Some(true) => Words::in_english(),
            Some(false) => Words::chinese(),
            None => otherwise.clone(),
        }
    }

    /// Returns whether the net is needed.
    pub fn needs_net(&self) -> bool {
        self.channels.iter().any(|one| one.kind != ChannelKind::Desktop)
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::channel::Field;
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut settings = Settings { quiet: None, say: Say::Nothing, ..Settings::default() };
        assert_eq!(Settings::parse(&settings.to_toml()).as_ref(), Some(&settings));
        settings.quiet = Some("12:00-13:30".parse().unwrap());
        settings.english = Some(true);
        settings.renew_calendar();
        let mut ntfy = Channel::of(ChannelKind::Ntfy, "2026-11-24T00:00:00Z".parse().unwrap());
        for (field, text) in
            [(Field::Url, "https://push.example"), (Field::To, "a\"\\b"), (Field::Key, "tk_é")]
        {
            ntfy.fill(field, text);
        }
        assert_eq!(settings.add(ntfy), Ok(1));
        assert_eq!(settings.add(Channel::of(ChannelKind::Desktop, Timestamp::UNIX_EPOCH)), Ok(2));
        assert_eq!(Settings::parse(&settings.to_toml()).as_ref(), Some(&settings));
        assert!(settings.remove(2) && !settings.remove(2));
        assert_eq!(
            settings.add(Channel::of(ChannelKind::Desktop, Timestamp::UNIX_EPOCH)),
            Ok(3),
            "a number is given once"
        );
    }

    #[test]
    fn what_is_not_known_is_not_half_understood() {
        let text = Settings::default().to_toml();
        for (from, to) in [("version = 1", "version = 2"), ("say = ", "sya = "), ("\"label\"", "\"all\"")] {
            assert_eq!(Settings::parse(&text.replace(from, to)), None, "{to}");
        }
        assert_eq!(Settings::parse(""), None);
    }

    #[test]
    fn a_renewed_secret_is_another() {
        let mut settings = Settings::default();
        settings.renew_calendar();
        let first = settings.calendar.clone().unwrap();
        settings.renew_calendar();
        assert_eq!(first.show().len(), 32);
        assert_ne!(settings.calendar.unwrap(), first);
    }
}
