//! Where a reminder goes: kinds of channels, what each needs, and what may be shown of one.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::secret::Secret;
use crate::outside::net;

/// Most channels of one user.
pub const MAX_CHANNELS: usize = 16;
/// The longest text of a field, in characters.
const MAX_CHARS: usize = 1_000;
/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 40;

/// The kind of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// The notification service of this machine's desktop.
    Desktop,
    /// E-mail over SMTP.
    Mail,
    /// A group robot of 企业微信.
    Wecom,
    /// A group robot of 钉钉, signed where it has a key.
    Dingtalk,
    /// A group robot of 飞书, signed where it has a key.
    Feishu,
    /// Bark, on iPhones.
    Bark,
    /// Server酱.
    Serverchan,
    /// ntfy.
    Ntfy,
    /// JSON to an address of the user's.
    Json,
}

/// A field of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The address.
    Url,
    /// The key, token or password.
    Key,
    /// The recipient, or the topic.
    To,
    /// The sender of a mail.
    From,
    /// The name to log in with.
    User,
}

impl Field {
    /// Returns its name, as settings, forms and answers write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Key => "key",
            Self::To => "to",
            Self::From => "from",
            Self::User => "user",
        }
    }
}

impl ChannelKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Desktop,
        Self::Mail,
        Self::Wecom,
        Self::Dingtalk,
        Self::Feishu,
        Self::Bark,
        Self::Serverchan,
        Self::Ntfy,
        Self::Json,
    ];

    /// Returns its stored name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Mail => "mail",
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
            Self::Bark => "bark",
            Self::Serverchan => "serverchan",
            Self::Ntfy => "ntfy",
            Self::Json => "json",
        }
    }

    /// Finds the kind with that stored name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the fields it has, and whether each must be filled.
    pub const fn fields(self) -> &'static [(Field, bool)] {
        use Field::{From, Key, To, Url, User};
        match self {
            Self::Desktop => &[],
            Self::Mail => &[(Url, true), (To, true), (From, true), (User, false), (Key, false)],
            Self::Wecom | Self::Serverchan => &[(Url, true)],
            Self::Dingtalk | Self::Feishu | Self::Json => &[(Url, true), (Key, false)],
            Self::Bark => &[(Url, true), (Key, true)],
            Self::Ntfy => &[(Url, true), (To, true), (Key, false)],
        }
    }
}

/// A channel.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its number, from 1; never given again.
    pub id: u32,
    /// Its kind.
    pub kind: ChannelKind,
    /// What the user calls it; may be empty.
    #[serde(default)]
    pub name: String,
    /// Reminders of before are not told there.
    pub added_at: Timestamp,
    /// The address; nearly always a secret in itself.
    #[serde(default)]
    pub url: Secret,
    /// The key, token or password.
    #[serde(default)]
    pub key: Secret,
    /// The recipient of a mail, or the topic.
    #[serde(default)]
    pub to: Secret,
    /// The sender of a mail.
    #[serde(default)]
    pub from: String,
    /// The name to log in with.
    #[serde(default)]
    pub user: String,
    /// Whether the way may be in clear: HTTP to another machine, SMTP without TLS to this one.
    #[serde(default)]
    pub clear: bool,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Says which field of a channel breaks which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: &'static str,
    /// Which rule.
    pub why: ChannelRule,
}

/// A rule of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelRule {
    /// It must be filled.
    Missing,
    /// It is too long, or has control characters.
    Text,
    /// Not an address of the web: `https://…`.
    Address,
    /// In clear to another machine, and the user did not say so.
    Clear,
    /// Not `smtps://host` or `smtp://host`, with a port where it is not the usual one.
    MailServer,
    /// Without TLS to another machine.
    MailClear,
    /// Not an address of a mailbox.
    Mailbox,
    /// There are as many channels as there may be.
    Many,
}

impl ChannelRule {
    /// All rules, so that a test can see that each has words.
    pub const ALL: [Self; 8] = [
        Self::Missing,
        Self::Text,
        Self::Address,
        Self::Clear,
        Self::MailServer,
        Self::MailClear,
        Self::Mailbox,
        Self::Many,
    ];

    /// Returns the end of the message `remind-wrong-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Text => "text",
            Self::Address => "address",
            Self::Clear => "clear",
            Self::MailServer => "mail-server",
            Self::MailClear => "mail-clear",
            Self::Mailbox => "mailbox",
            Self::Many => "many",
        }
    }
}

impl Channel {
    /// Makes an empty one of a kind.
    pub fn of(kind: ChannelKind, added_at: Timestamp) -> Self {
        let (name, from, user) = Default::default();
        let (url, key, to) = Default::default();
        Self { id: 0, kind, name, added_at, url, key, to, from, user, clear: false }
    }

    /// Fills a field; it is trimmed.
    pub fn fill(&mut self, field: Field, text: &str) {
        match field {
            Field::Url => self.url = Secret::new(text),
            Field::Key => self.key = Secret::new(text),
            Field::To => self.to = Secret::new(text),
            Field::From => self.from = text.trim().to_owned(),
            Field::User => self.user = text.trim().to_owned(),
        }
    }

    fn get(&self, field: Field) -> &str {
        match field {
            Field::Url => self.url.show(),
            Field::Key => self.key.show(),
            Field::To => self.to.show(),
            Field::From => &self.from,
            Field::User => &self.user,
        }
    }

    /// Checks it by the rules of its kind.
    ///
    /// # Errors
    /// Names the first field that breaks one.
    pub fn check(&self) -> Result<(), Wrong> {
        let wrong = |field: &'static str, why| Err(Wrong { field, why });
        if self.name.chars().count() > MAX_NAME_CHARS || self.name.contains(char::is_control) {
            return wrong("name", ChannelRule::Text);
        }
        for (field, needed) in self.kind.fields() {
            let text = self.get(*field);
            if *needed && text.is_empty() {
                return wrong(field.name(), ChannelRule::Missing);
            }
            if text.chars().count() > MAX_CHARS || text.contains(char::is_control) {
                return wrong(field.name(), ChannelRule::Text);
            }
        }
        match self.kind {
            ChannelKind::Desktop => Ok(()),
            ChannelKind::Mail => self.check_mail(),
            _ => self.check_web(),
        }
    }

    fn check_web(&self) -> Result<(), Wrong> {
        let wrong = |why| Err(Wrong { field: Field::Url.name(), why });
        let Ok(url) = net::address(self.url.show()) else { return wrong(ChannelRule::Address) };
        let in_clear = url.scheme() == "http" && !net::is_near(&url);
        if in_clear && !self.clear { wrong(ChannelRule::Clear) } else { Ok(()) }
    }

    fn check_mail(&self) -> Result<(), Wrong> {
        let wrong = |field: Field, why| Err(Wrong { field: field.name(), why });
        let Some(server) = self.mail_server() else { return wrong(Field::Url, ChannelRule::MailServer) };
        if self.clear && !server.is_near() {
            return wrong(Field::Url, ChannelRule::MailClear);
        }
        for field in [Field::To, Field::From] {
            if !is_mailbox(self.get(field)) {
                return wrong(field, ChannelRule::Mailbox);
            }
        }
        Ok(())
    }

    /// Reads the address of a mail server.
    pub(super) fn mail_server(&self) -> Option<MailServer> {
        let url = Url::parse(self.url.show()).ok()?;
        let (tls, usual) = match url.scheme() {
            "smtps" => (true, 465),
            "smtp" => (false, 587),
            _ => return None,
        };
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        let bare = bare && url.fragment().is_none() && matches!(url.path(), "" | "/");
        let host = url.host_str().filter(|host| bare && !host.is_empty())?.to_owned();
        // An address in brackets is that of the socket; its name for TLS has none.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(MailServer { port: url.port().unwrap_or(usual), host, tls })
    }

    /// Says where it goes, as much as may be shown: never the part that is a key.
    pub fn place(&self) -> String {
        match self.kind {
            ChannelKind::Desktop => String::new(),
            ChannelKind::Mail => {
                let host = self.mail_server().map(|server| server.host).unwrap_or_default();
                format!("{} ({host})", mailbox_shown(self.to.show()))
            }
            _ => match Url::parse(self.url.show()) {
                Ok(url) => {
                    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                    format!("{}://{}{port}/…", url.scheme(), url.host_str().unwrap_or_default())
                }
                Err(_) => "…".to_owned(),
            },
        }
    }

    /// Returns every text of it that must not be shown, longest first.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let mut all = vec![self.url.show(), self.key.show()];
        if self.kind != ChannelKind::Mail {
            all.push(self.to.show());
            // The key of a robot stands behind the last `=` or slash of its address.
            all.extend(self.url.show().split(['=', '/', '?', '&']).filter(|part| part.len() >= 16));
        }
        all.retain(|text| text.len() >= 4);
        all.sort_by_key(|text| std::cmp::Reverse(text.len()));
        all
    }
}

/// Where mail is handed over.
pub(super) struct MailServer {
    pub(super) host: String,
    pub(super) port: u16,
    /// Whether TLS begins with the first byte; else by STARTTLS.
    pub(super) tls: bool,
}

impl MailServer {
    /// Whether it is this machine. The host of such an address is a word, even where it looks like a number.
    fn is_near(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// An address of a mailbox, as far as it matters here: one `@`, something before and a host behind it, no white space and
/// nothing that ends a command of SMTP.
fn is_mailbox(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ',' | '@'))
    };
    text.len() <= 254 && plain(local) && plain(host)
}

/// `w…g@example.com`.
fn mailbox_shown(text: &str) -> String {
    let Some((local, host)) = text.rsplit_once('@') else { return "…".to_owned() };
    let (first, last) =
        (local.chars().next(), local.chars().next_back().filter(|_| local.chars().count() > 2));
    format!(
        "{}…{}@{host}",
        first.map(String::from).unwrap_or_default(),
        last.map(String::from).unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(kind: ChannelKind, fields: &[(Field, &str)]) -> Channel {
        let mut channel = Channel::of(kind, Timestamp::UNIX_EPOCH);
        for (field, text) in fields {
            channel.fill(*field, text);
        }
        channel
    }

    #[test]
    fn each_kind_says_which_field_is_wrong() {
        use ChannelKind::{Bark, Desktop, Json, Mail, Ntfy, Wecom};
        use Field::{From, Key, To, Url};
        let mail = [(Url, "smtps://smtp.example.com"), (To, "me@example.com"), (From, "me@example.com")];
        let mail_with = |field: Field, text: &'static str| {
            let mut all = mail.to_vec();
            all.retain(|(own, _)| *own != field);
            all.push((field, text));
            all
        };
        type Row = (ChannelKind, Vec<(Field, &'static str)>, Option<(&'static str, ChannelRule)>);
        let table: Vec<Row> = vec![
            (Desktop, vec![], None),
            (Wecom, vec![], Some(("url", ChannelRule::Missing))),
            (Wecom, vec![(Url, "https://robots.example/send?key=k")], None),
            (Wecom, vec![(Url, "robots.example")], Some(("url", ChannelRule::Address))),
            (Wecom, vec![(Url, "ftp://robots.example/")], Some(("url", ChannelRule::Address))),
            (Wecom, vec![(Url, "https://u:p@robots.example/")], Some(("url", ChannelRule::Address))),
            (Json, vec![(Url, "http://192.168.1.9/in")], Some(("url", ChannelRule::Clear))),
            (Json, vec![(Url, "http://127.0.0.1:9/in")], None),
            (Json, vec![(Url, "https://e.example/"), (Key, "a\nb")], Some(("key", ChannelRule::Text))),
            (Bark, vec![(Url, "https://push.example")], Some(("key", ChannelRule::Missing))),
            (Ntfy, vec![(Url, "https://push.example")], Some(("to", ChannelRule::Missing))),
            (Mail, mail.to_vec(), None),
            (Mail, mail_with(Url, "https://smtp.example.com"), Some(("url", ChannelRule::MailServer))),
            (Mail, mail_with(Url, "smtp://u:p@smtp.example.com"), Some(("url", ChannelRule::MailServer))),
            (Mail, mail_with(To, "me"), Some(("to", ChannelRule::Mailbox))),
            (Mail, mail_with(To, "a>\r\nRCPT"), Some(("to", ChannelRule::Text))),
            (Mail, mail_with(From, "a b@example.com"), Some(("from", ChannelRule::Mailbox))),
        ];
        for (kind, fields, wrong) in table {
            let found = channel(kind, &fields).check().err().map(|wrong| (wrong.field, wrong.why));
            assert_eq!(found, wrong, "{kind:?} {fields:?}");
        }
        let clear = |url| Channel { clear: true, ..channel(Json, &[(Url, url)]) }.check();
        assert_eq!(clear("http://192.168.1.9/in"), Ok(()), "the user said so");
        let mail = Channel { clear: true, ..channel(Mail, &mail) };
        assert_eq!(mail.check().unwrap_err().why, ChannelRule::MailClear, "a password in clear goes nowhere");
    }

    #[test]
    fn nothing_secret_is_shown() {
        for (kind, fields, shown) in [
            (
                ChannelKind::Wecom,
                vec![(Field::Url, "https://robots.example/cgi/send?key=0123456789abcdef")],
                "https://robots.example/…",
            ),
            (ChannelKind::Json, vec![(Field::Url, "http://127.0.0.1:81/s3cret")], "http://127.0.0.1:81/…"),
            (
                ChannelKind::Mail,
                vec![
                    (Field::Url, "smtp://mail.example:25"),
                    (Field::To, "wang@example.com"),
                    (Field::Key, "pw"),
                ],
                "w…g@example.com (mail.example)",
            ),
        ] {
            let channel = channel(kind, &fields);
            assert_eq!(channel.place(), shown);
            assert_eq!(format!("{channel:?}"), format!("Channel {{ id: 0, kind: {kind:?}, .. }}"));
        }
    }
}
