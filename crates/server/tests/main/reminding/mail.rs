//! Mail against a small server on loopback that speaks as much of RFC 5321 as it takes, and is strict about it.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sigu_server::Words;
use sigu_server::reminding::channel::Field;
use sigu_server::reminding::{Channel, ChannelKind, NotSent, Ways, test};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{no_screen, wall};
use crate::support::outside::net;

const PASSWORD: &str = "a-password-of-mine";

/// What the server was told.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    greeting: String,
    login: String,
    from: String,
    to: String,
    pub(super) data: String,
}

impl Taken {
    /// Its head and body as people read them.
    pub(super) fn text(&self) -> String {
        let (subject, body) = read_mail(&self.data);
        format!("{subject}\n{body}")
    }
}

/// Subject and body, decoded by a reader of mails.
fn read_mail(data: &str) -> (String, String) {
    let parser = mail_parser::MessageParser::default();
    let mail = parser.parse(data.as_bytes()).unwrap();
    (mail.subject().unwrap().to_owned(), mail.body_text(0).unwrap().into_owned())
}

/// The server; it takes mails as long as the runtime of the test lives.
pub(super) struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    refuse: Arc<Mutex<Option<&'static str>>>,
}

impl Server {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, refuse) = (Arc::default(), Arc::default());
        let own = Self { port, taken, refuse };
        let (taken, refuse) = (own.taken.clone(), own.refuse.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, taken.clone(), refuse.clone()));
            }
        });
        own
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    /// A channel to it, in clear to this machine.
    pub(super) fn channel(&self, at: Timestamp) -> Channel {
        let mut channel = Channel::of(ChannelKind::Mail, at);
        channel.clear = true;
        for (field, text) in [
            (Field::Url, format!("smtp://127.0.0.1:{}", self.port).as_str()),
            (Field::To, "me@example.com"),
            (Field::From, "sigu@example.com"),
            (Field::User, "me"),
            (Field::Key, PASSWORD),
        ] {
            channel.fill(field, text);
        }
        channel.check().unwrap();
        channel
    }
}

async fn serve(stream: TcpStream, all: Arc<Mutex<Vec<Taken>>>, refuse: Arc<Mutex<Option<&'static str>>>) {
    let mut stream = BufReader::new(stream);
    let mut taken = Taken::default();
    let mut answer = "220 mail.test".to_owned();
    loop {
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        // What begins with TLS is no command.
        let Some(line) = line.strip_suffix("\r\n") else { return };
        let refused = (*refuse.lock().unwrap()).filter(|head| line.starts_with(head));
        answer = match line.split_once(' ').unwrap_or((line, "")) {
            _ if refused == Some("AUTH") => "535 wrong password".to_owned(),
            _ if refused == Some("RCPT") => "550 no such mailbox".to_owned(),
            _ if refused == Some("DATA") => "451 too many mails".to_owned(),
            ("EHLO", name) => {
                taken.greeting = name.to_owned();
                "250-mail.test\r\n250 AUTH PLAIN".to_owned()
            }
            ("AUTH", what) => {
                let plain = STANDARD.decode(what.strip_prefix("PLAIN ").unwrap()).unwrap();
                taken.login = String::from_utf8(plain).unwrap();
                "235 ok".to_owned()
            }
            ("MAIL", from) => {
                taken.from = from.to_owned();
                "250 ok".to_owned()
            }
            ("RCPT", to) => {
                taken.to = to.to_owned();
                "250 ok".to_owned()
            }
            ("DATA", "") => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).await.unwrap();
                    assert!(line.ends_with("\r\n") && line.len() <= 1_000, "{line:?}");
                    if line == ".\r\n" {
                        break;
                    }
                    taken.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                all.lock().unwrap().push(taken.clone());
                "250 taken".to_owned()
            }
            ("QUIT", "") => "221 bye".to_owned(),
            other => panic!("{other:?}"),
        };
    }
}

async fn sent(channel: &Channel) -> Result<String, NotSent> {
    let ways = Ways { net: Some(net()), desktop: no_screen };
    test(&ways, channel, &Words::chinese(), wall("2026-11-24T12:00")).await
}

#[tokio::test]
async fn a_mail_is_taken_and_reads_as_it_was_written() {
    let server = Server::new().await;
    let said = sent(&server.channel(wall("2026-11-24T09:00"))).await.unwrap();
    assert!(said.contains("250"), "{said}");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    let one = &taken[0];
    assert_eq!(one.greeting, "[127.0.0.1]", "no name of the machine");
    assert_eq!(one.login, format!("\0me\0{PASSWORD}"));
    assert_eq!((one.from.as_str(), one.to.as_str()), ("FROM:<sigu@example.com>", "TO:<me@example.com>"));
    let (subject, body) = read_mail(&one.data);
    assert_eq!(subject, "四固提醒：测试");
    assert!(body.contains("2026-11-24 12:00（北京时间）"), "{body}");
    assert!(one.data.contains("Date: Tue, 24 Nov 2026 04:00:00 +0000"), "{}", one.data);
    assert!(one.data.contains("Auto-Submitted: auto-generated"), "{}", one.data);
    assert!(one.data.contains("@sigu.invalid>"), "{}", one.data);
}

#[tokio::test]
async fn what_a_mail_server_refuses_has_its_name_and_hides_the_password() {
    let server = Server::new().await;
    let channel = server.channel(wall("2026-11-24T09:00"));
    for (refused, code, detail, change) in [
        ("AUTH", "login", "wrong password", true),
        ("RCPT", "refused", "550 no such mailbox", true),
        ("DATA", "busy", "451 too many mails", false),
    ] {
        *server.refuse.lock().unwrap() = Some(refused);
        let why = sent(&channel).await.unwrap_err();
        assert_eq!((why.code.as_str(), why.change, why.unsure), (code, change, false), "{why}");
        assert!(why.detail.contains(detail), "{why}");
        assert!(!format!("{why:?} {channel:?}").contains(PASSWORD));
    }
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn without_encryption_nothing_is_said_to_another_machine_or_by_itself() {
    let server = Server::new().await;
    let mut channel = server.channel(wall("2026-11-24T09:00"));
    channel.clear = false;
    assert_eq!(sent(&channel).await.unwrap_err().code, "no-tls", "it offers no STARTTLS");
    channel.fill(Field::Url, &format!("smtps://127.0.0.1:{}", server.port));
    let why = sent(&channel).await.unwrap_err();
    assert!(matches!(why.code.as_str(), "untrusted" | "unreachable" | "slow"), "{why}");
    assert!(server.taken().is_empty(), "no login and no mail went out");
    channel.fill(Field::Url, "smtp://mail.example.com");
    channel.clear = true;
    assert!(channel.check().is_err());
}
