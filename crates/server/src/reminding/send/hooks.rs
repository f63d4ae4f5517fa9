//! Webhooks: each service's own form, and what it answers.
//!
//! The forms are those its makers document: 企业微信 群机器人 (developer.work.weixin.qq.com, document 91770), 钉钉 自定义机器人
//! with 加签 (open.dingtalk.com), 飞书 自定义机器人 with 签名校验 (open.feishu.cn), Bark's API V2 (Finb/bark-server,
//! docs/API_V2.md), Server酱 (sct.ftqq.com), ntfy (docs.ntfy.sh/publish, "Publish as JSON"). Their limits on how much may
//! be sent are theirs to say (待核验): a refusal for that reason is a refusal, and is tried again later.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::{NotSent, of_status};
use crate::outside::net::{Net, Question};
use crate::reminding::channel::{Channel, ChannelKind};
use crate::reminding::message::Message;

const JSON: &str = "application/json";
/// The most bytes of an answer that are read.
const MAX_ANSWER_BYTES: usize = 16 << 10;

/// What is posted.
struct Post {
    url: String,
    body: Value,
    /// A token that goes into the head.
    bearer: Option<String>,
}

pub(super) async fn send(net: &Net, channel: &Channel, message: &Message) -> Result<String, NotSent> {
    let post = post(channel, message, net.now()).ok_or_else(|| NotSent::of("address").change())?;
    let question = Question {
        url: &post.url,
        body: Some((JSON, post.body.to_string().into_bytes())),
        accept: JSON,
        most: MAX_ANSWER_BYTES,
    };
    let reply = net.ask_as(question, post.bearer.as_deref()).await?;
    judge(channel.kind, reply.status, &reply.body)
}

/// The form of each service; `None` for an address that is none.
fn post(channel: &Channel, message: &Message, now: Timestamp) -> Option<Post> {
    let url = channel.url.show().to_owned();
    let key = Some(channel.key.show()).filter(|key| !key.is_empty());
    let both = format!("{}\n{}", message.title, message.text);
    let plain = |url: String, body: Value| Post { url, body, bearer: None };
    Some(match channel.kind {
        ChannelKind::Desktop | ChannelKind::Mail => return None,
        ChannelKind::Wecom => plain(url, json!({ "msgtype": "text", "text": { "content": both } })),
        ChannelKind::Dingtalk => {
            let body = json!({ "msgtype": "text", "text": { "content": both } });
            plain(key.map_or(Some(url.clone()), |key| signed_address(&url, key, now))?, body)
        }
        ChannelKind::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": both } });
            if let Some(key) = key {
                let second = now.as_second().to_string();
                body["sign"] = json!(mac(format!("{second}\n{key}").as_bytes(), b""));
                body["timestamp"] = json!(second);
            }
            plain(url, body)
        }
        ChannelKind::Bark => {
            let body =
                json!({ "device_key": key?, "title": message.title, "body": message.text, "group": "sigu" });
            plain(below(&url, "push"), body)
        }
        ChannelKind::Serverchan => {
            // Its texts are Markdown, where one line end is none.
            let text = message.text.replace('\n', "\n\n");
            plain(url, json!({ "title": message.title, "desp": text }))
        }
        ChannelKind::Ntfy => {
            let body = json!({
                "topic": channel.to.show(), "title": message.title, "message": message.text,
                "priority": 4, "tags": ["alarm_clock"],
            });
            Post { url, body, bearer: key.map(str::to_owned) }
        }
        ChannelKind::Json => Post { url, body: own_form(message), bearer: key.map(str::to_owned) },
    })
}

/// The form that is ours, `docs/manual/remind.md`.
fn own_form(message: &Message) -> Value {
    json!({
        "version": "sigu-reminder/1",
        "title": message.title,
        "text": message.text,
        "count": message.count,
        "late": message.late,
        "repeated": message.repeated,
        "clocks": message.clocks,
        "sent_at": message.at,
    })
}

/// An address of 钉钉 with 加签: HMAC-SHA256 under the key over the milliseconds, a line end and the key.
fn signed_address(url: &str, key: &str, now: Timestamp) -> Option<String> {
    let millis = now.as_millisecond().to_string();
    let sign = mac(key.as_bytes(), format!("{millis}\n{key}").as_bytes());
    let mut url = Url::parse(url).ok()?;
    url.query_pairs_mut().append_pair("timestamp", &millis).append_pair("sign", &sign);
    Some(url.into())
}

/// HMAC-SHA256 in Base64.
fn mac(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

fn below(url: &str, path: &str) -> String {
    format!("{}/{path}", url.trim_end_matches('/'))
}

/// Says whether it was taken: a robot answers 200 to what it refuses, too.
fn judge(kind: ChannelKind, status: u16, body: &[u8]) -> Result<String, NotSent> {
    let read: Option<Value> = serde_json::from_slice(body).ok();
    let (code, good) = match kind {
        ChannelKind::Wecom | ChannelKind::Dingtalk => ("errcode", 0),
        ChannelKind::Feishu | ChannelKind::Serverchan => ("code", 0),
        ChannelKind::Bark => ("code", 200),
        ChannelKind::Ntfy | ChannelKind::Json | ChannelKind::Desktop | ChannelKind::Mail => {
            return if (200..300).contains(&status) {
                Ok(status.to_string())
            } else {
                Err(with_words(of_status(status), read.as_ref()))
            };
        }
    };
    let number = read.as_ref().and_then(|read| read.get(code)?.as_i64());
    match (status, number) {
        (200, Some(number)) if number == good => Ok(format!("{code} {number} {}", words(read.as_ref()))),
        (200, Some(number)) => {
            Err(NotSent::of("refused").with(format!("{code} {number} {}", words(read.as_ref()))))
        }
        // Somebody between answered, or a page: nobody knows whether the robot saw it.
        (200, None) => Err(NotSent::of("garbage").unsure()),
        (status, _) => Err(with_words(of_status(status), read.as_ref())),
    }
}

fn with_words(error: NotSent, read: Option<&Value>) -> NotSent {
    let detail = format!("{} {}", error.detail, words(read));
    error.with(detail.trim())
}

/// What a service says of its answer.
fn words(read: Option<&Value>) -> &str {
    let named = ["errmsg", "msg", "message", "error", "info"];
    let read = read.and_then(|read| named.iter().find_map(|name| read.get(name)?.as_str()));
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::super::channel::Field;
    use super::*;

    /// The signatures the makers' own examples give, computed with Python's `hmac` for these values.
    #[test]
    fn signatures_are_those_of_the_documented_ways() {
        let now = Timestamp::from_millisecond(1_599_360_473_123).unwrap();
        assert_eq!(mac(b"this is secret", b"1599360473123\nthis is secret"), DINGTALK);
        let mut channel = Channel::of(ChannelKind::Dingtalk, now);
        channel.fill(Field::Url, "https://robots.example/send?access_token=abc");
        channel.fill(Field::Key, "this is secret");
        let post = post(&channel, &Message::test(&crate::Words::chinese(), now), now).unwrap();
        let pairs: Vec<(String, String)> =
            Url::parse(&post.url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(pairs[1], ("timestamp".to_owned(), "1599360473123".to_owned()));
        assert_eq!(pairs[2], ("sign".to_owned(), DINGTALK.to_owned()));
        assert!(!post.url.contains('+'), "a sign in an address is escaped: {}", post.url);
        assert_eq!(mac(b"1599360473\ndemo", b""), FEISHU);
    }

    const DINGTALK: &str = "0eVlIU0GooHVuIBX6FZ86JNxxfy4qwhOlP5JU2uHmq4=";
    const FEISHU: &str = "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=";

    #[test]
    fn answers_are_judged_by_what_they_say() {
        use ChannelKind::{Bark, Dingtalk, Feishu, Json, Ntfy, Serverchan, Wecom};
        for (kind, status, body, judged) in [
            (Wecom, 200, r#"{"errcode":0,"errmsg":"ok"}"#, "errcode 0 ok"),
            (
                Wecom,
                200,
                r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#,
                "refused errcode 93000 invalid webhook url",
            ),
            (Wecom, 200, "<html>", "garbage unsure"),
            (
                Dingtalk,
                200,
                r#"{"errcode":310000,"errmsg":"sign not match"}"#,
                "refused errcode 310000 sign not match",
            ),
            (Feishu, 200, r#"{"code":0,"msg":"success"}"#, "code 0 success"),
            (Feishu, 200, r#"{"code":19021,"msg":"sign match fail"}"#, "refused code 19021 sign match fail"),
            (Bark, 200, r#"{"code":200,"message":"success"}"#, "code 200 success"),
            (
                Bark,
                400,
                r#"{"code":400,"message":"device key is empty"}"#,
                "status 400 device key is empty change",
            ),
            (Serverchan, 200, r#"{"code":0,"message":""}"#, "code 0 "),
            (Ntfy, 200, r#"{"id":"x"}"#, "200"),
            (Ntfy, 403, r#"{"code":40301,"error":"forbidden"}"#, "status 403 forbidden change"),
            (Ntfy, 429, "", "busy "),
            (Json, 204, "", "204"),
            (Json, 503, "", "status 503"),
        ] {
            let found = match judge(kind, status, body.as_bytes()) {
                Ok(said) => said,
                Err(error) => {
                    let marks = [(error.unsure, "unsure"), (error.change, "change")];
                    let marks: Vec<&str> =
                        marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
                    let all = [error.code.as_str(), error.detail.as_str(), &marks.join(" ")];
                    let filled: Vec<&str> = all.into_iter().filter(|part| !part.is_empty()).collect();
                    filled.join(" ")
                }
            };
            assert_eq!(found.trim(), judged.trim(), "{kind:?} {status} {body}");
        }
    }
}
