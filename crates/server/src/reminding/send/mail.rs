//! Mail over SMTP (RFC 5321), with TLS from the first byte or by STARTTLS (RFC 8314), in clear to this machine only.

use jiff::Timestamp;
use mail_send::mail_builder::MessageBuilder;
use mail_send::smtp::message::{Address, Message as Envelope};
use mail_send::{Credentials, Error, SmtpClient, SmtpClientBuilder};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{NotSent, PATIENCE};
use crate::outside::net::Net;
use crate::reminding::channel::{Channel, MailServer};
use crate::reminding::message::Message;
use crate::tokens::hex;

/// What this machine calls itself in the greeting: no name of it.
const GREETING: &str = "[127.0.0.1]";

pub(super) async fn send(net: &Net, channel: &Channel, message: &Message) -> Result<String, NotSent> {
    let server = channel.mail_server().ok_or_else(|| NotSent::of("address").change())?;
    let sending = over(net, channel, &server, message);
    tokio::time::timeout(PATIENCE, sending).await.unwrap_or_else(|_| Err(NotSent::of("slow").unsure()))
}

async fn over(
    net: &Net,
    channel: &Channel,
    server: &MailServer,
    message: &Message,
) -> Result<String, NotSent> {
    let tls = net.tls().map_err(|error| NotSent::of("mail").with(error))?;
    let mut builder = SmtpClientBuilder::new_with_tls_connector(server.host.clone(), server.port, tls)
        .implicit_tls(server.tls)
        .helo_host(GREETING)
        .timeout(PATIENCE);
    // An address of six groups of digits stands in brackets in that of a socket.
    if server.host.contains(':') {
        builder.addr = format!("[{}]:{}", server.host, server.port);
    }
    if !channel.user.is_empty() {
        let (username, secret) = (channel.user.clone(), channel.key.show().to_owned());
        builder = builder.credentials(Credentials::Plain { username, secret });
    }
    let envelope = envelope(channel, message)?;
    if channel.clear {
        let client = builder.connect_plain().await.map_err(|error| before(&error))?;
        return hand_over(client, envelope).await;
    }
    let client = builder.connect().await.map_err(|error| before(&error))?;
    hand_over(client, envelope).await
}

async fn hand_over<T: AsyncRead + AsyncWrite + Unpin>(
    mut client: SmtpClient<T>,
    envelope: Envelope<'_>,
) -> Result<String, NotSent> {
    let said = client.send(envelope).await.map_err(|error| after(&error))?;
    // It was taken: whether the server hears the farewell changes nothing.
    drop(client.quit().await);
    Ok(format!("{} {}", said.code, said.message))
}

/// The mail. Its date and id come from the message, so that a mail that is sent again is known as the same.
fn envelope(channel: &Channel, message: &Message) -> Result<Envelope<'static>, NotSent> {
    let (from, to) = (channel.from.as_str(), channel.to.show());
    let body = MessageBuilder::new()
        .from(from)
        .to(to)
        .subject(message.title.as_str())
        .date(message.at.as_second())
        .message_id(message_id(channel, &message.text, message.at))
        .header("Auto-Submitted", mail_send::mail_builder::headers::raw::Raw::new("auto-generated"))
        .text_body(message.text.as_str())
        .write_to_vec()
        .map_err(|error| NotSent::of("mail").with(error))?;
    let address = |email: &str| Address { email: email.to_owned().into(), parameters: Default::default() };
    Ok(Envelope { mail_from: address(from), rcpt_to: vec![address(to)], body: body.into() })
}

fn message_id(channel: &Channel, text: &str, at: Timestamp) -> String {
    let digest = Sha256::digest(format!("{}\n{at}\n{text}", channel.to.show()));
    format!("{}@sigu.invalid", hex(&digest[..16]))
}

/// What went wrong before the text was handed over: it was surely not taken.
fn before(error: &Error) -> NotSent {
    match error {
        Error::Tls(_) | Error::InvalidTLSName => NotSent::of("untrusted"),
        // rustls reports a certificate it does not accept as an error of the socket.
        Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => NotSent::of("untrusted"),
        Error::Io(_) => NotSent::of("unreachable"),
        Error::AuthenticationFailed(reply) => NotSent::of("login").with(&reply.message).change(),
        Error::Auth(_) | Error::UnsupportedAuthMechanism | Error::MissingCredentials => {
            NotSent::of("login").change()
        }
        Error::MissingStartTls => NotSent::of("no-tls").change(),
        Error::Timeout => NotSent::of("slow"),
        other => NotSent::of("mail").with(other),
    }
}

/// What went wrong while it was handed over.
fn after(error: &Error) -> NotSent {
    match error {
        Error::UnexpectedReply(reply) if (400..500).contains(&reply.code) => {
            NotSent::of("busy").with(format!("{} {}", reply.code, reply.message))
        }
        Error::UnexpectedReply(reply) => {
            NotSent::of("refused").with(format!("{} {}", reply.code, reply.message)).change()
        }
        other => before(other).unsure(),
    }
}
