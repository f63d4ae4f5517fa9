//! Each form is taken by a receiver that knows no other, and each way to fail has its name.

use jiff::Timestamp;
use sigu_server::Words;
use sigu_server::reminding::channel::Field;
use sigu_server::reminding::{Channel, ChannelKind, NotSent, Ways, test};

use super::receivers::{KEY, Mood, Receivers, TOKEN};
use super::{no_screen, wall};
use crate::support::outside::{clock, hasty, net, nobody};

fn now() -> Timestamp {
    wall("2026-11-24T12:00")
}

/// A channel of each form that goes to the receivers.
pub(super) fn channels(receivers: &Receivers) -> Vec<Channel> {
    use ChannelKind::{Bark, Dingtalk, Feishu, Json, Ntfy, Serverchan, Wecom};
    use Field::{Key, To, Url};
    type Row = (ChannelKind, &'static str, &'static [(Field, &'static str)]);
    let table: [Row; 7] = [
        (Wecom, "wecom?key=693a91f6-7aaa-4bc4-97a0", &[]),
        (Dingtalk, "dingtalk?access_token=0123456789abcdef", &[(Key, KEY)]),
        (Feishu, "feishu", &[(Key, KEY)]),
        (Bark, "bark/", &[(Key, KEY)]),
        (Serverchan, "serverchan", &[]),
        (Ntfy, "ntfy", &[(To, "a-topic-nobody-guesses"), (Key, TOKEN)]),
        (Json, "json", &[(Key, TOKEN)]),
    ];
    table
        .into_iter()
        .map(|(kind, path, fields)| {
            let mut channel = Channel::of(kind, now());
            channel.fill(Url, &receivers.url(path));
            for (field, text) in fields {
                channel.fill(*field, text);
            }
            channel.check().unwrap();
            channel
        })
        .collect()
}

fn ways() -> Ways {
    Ways { net: Some(net()), desktop: no_screen }
}

async fn said(ways: &Ways, channel: &Channel) -> Result<String, NotSent> {
    test(ways, channel, &Words::chinese(), now()).await
}

#[tokio::test]
async fn every_form_is_taken_by_its_receiver() {
    let receivers = Receivers::new().await;
    for channel in channels(&receivers) {
        said(&ways(), &channel).await.unwrap_or_else(|why| panic!("{:?}: {why}", channel.kind));
        let came = receivers.came();
        assert_eq!(came.len(), 1);
        assert_eq!(came[0].kind, channel.kind.code());
        assert!(came[0].text().contains("四固提醒：测试"), "{:?}", came[0].body);
        assert!(came[0].text().contains("2026-11-24 12:00（北京时间）"), "{:?}", came[0].body);
    }
}

#[tokio::test]
async fn a_wrong_signature_is_refused_in_the_receivers_words() {
    let receivers = Receivers::new().await;
    for mut channel in channels(&receivers) {
        let signs = matches!(
            channel.kind,
            ChannelKind::Dingtalk | ChannelKind::Feishu | ChannelKind::Bark | ChannelKind::Ntfy
        );
        if !signs {
            continue;
        }
        channel.fill(Field::Key, "another-key");
        let why = said(&ways(), &channel).await.unwrap_err();
        assert!(why.detail.contains("not of the form"), "{:?}: {why}", channel.kind);
        assert!(!why.unsure);
    }
}

#[tokio::test]
async fn each_way_to_fail_has_its_name() {
    let receivers = Receivers::new().await;
    let all = channels(&receivers);
    for channel in &all {
        receivers.mood(Mood::No);
        let why = said(&ways(), channel).await.unwrap_err();
        assert!(matches!(why.code.as_str(), "refused" | "status"), "{:?}: {why}", channel.kind);
        assert!(why.detail.contains("not today") && !why.unsure, "{why}");
        receivers.mood(Mood::Down(503));
        assert_eq!(said(&ways(), channel).await.unwrap_err().detail, "503");
        receivers.mood(Mood::Down(429));
        assert_eq!(said(&ways(), channel).await.unwrap_err().code, "busy");
    }
    // A page of somebody between: nobody knows whether the robot saw it.
    receivers.mood(Mood::Page);
    let why = said(&ways(), &all[0]).await.unwrap_err();
    assert_eq!((why.code.as_str(), why.unsure), ("garbage", true));
    receivers.mood(Mood::Silent);
    let hasty = Ways { net: Some(hasty()), desktop: no_screen };
    let why = said(&hasty, &all[0]).await.unwrap_err();
    assert_eq!((why.code.as_str(), why.unsure), ("slow", true));
    let mut gone = all[0].clone();
    gone.fill(Field::Url, &format!("{}/send?key=k", nobody().await));
    let why = said(&ways(), &gone).await.unwrap_err();
    assert_eq!((why.code.as_str(), why.unsure), ("unreachable", false));
    let offline = Ways { net: None, desktop: no_screen };
    assert_eq!(said(&offline, &all[0]).await.unwrap_err().code, "offline");
    let why = said(&offline, &Channel::of(ChannelKind::Desktop, clock())).await.unwrap_err();
    assert_eq!((why.code.as_str(), why.detail.as_str()), ("desktop", "no session bus"));
}

#[test]
fn every_reason_rule_and_kind_has_words() {
    use sigu_server::reminding::channel::ChannelRule;
    for words in [Words::chinese(), Words::in_english()] {
        let says = |key: &str| assert!(!words.say(key, &[("detail", String::new())]).is_empty());
        NotSent::CODES.iter().for_each(|code| says(&format!("remind-why-{code}")));
        ChannelRule::ALL.iter().for_each(|rule| says(&format!("remind-wrong-{}", rule.code())));
        sigu_server::reminding::ToldState::ALL
            .iter()
            .for_each(|state| says(&sigu_server::reminding::saying::state_key(*state)));
        for kind in ChannelKind::ALL {
            says(&format!("remind-kind-{}", kind.code()));
            for (field, _) in kind.fields() {
                says(&format!("remind-{}-{}", field.name(), kind.code()));
            }
        }
    }
}
