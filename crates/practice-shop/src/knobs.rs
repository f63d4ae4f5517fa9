//! What the person at the test bench can turn, at the start or while the shop runs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the issuer says of every card of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Can be redeemed once.
    #[default]
    Ok,
    /// Was redeemed before it was sold.
    Used,
    /// Unknown to the issuer.
    Invalid,
    /// Past its validity.
    Expired,
    /// For another region than the buyer's.
    WrongRegion,
}

/// How the merchant answers in chats, tickets, complaints and work orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merchant {
    /// Says the case is being looked at.
    #[default]
    Helpful,
    /// Never answers.
    Silent,
    /// Refuses to refund.
    Refusing,
    /// Asks the buyer to leave the platform for WeChat.
    SolicitingWechat,
}

/// All knobs. They are read when a page is made, so a change shows on pages of earlier orders too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// The merchant edits warranty and refund text after purchases: this text stands instead.
    pub edited_text: Option<String>,
    /// Order records vanish this many minutes after they were made.
    pub delete_after_minutes: Option<u32>,
    /// Cards come this many seconds after payment.
    pub delivery_delay_seconds: u32,
    /// The delivered content is a text that only asks to wait or to contact somebody.
    pub placeholder: bool,
    /// Only this many cards of an order are delivered.
    pub delivered_cards: Option<u32>,
    /// The delivered cards are for the region 港澳台服, although the product page says 国服.
    pub wrong_region: bool,
    /// The complaint page words the states by another table than the JSON (qs skin).
    pub wrong_label: bool,
    /// Paid orders are 异常; the theme of `dj-hyper` shows an empty cell for it.
    pub empty_status: bool,
    /// What the issuer says of the cards.
    pub card: CardState,
    /// How the merchant answers.
    pub merchant: Merchant,
    /// Paid orders were refunded to the balance on the site (rbw and qs; other skins have no such state).
    pub refund_to_balance: bool,
    /// Which version of the platform's rules is shown: 1 or 2 (0 counts as 1).
    pub rules_version: u32,
}

impl Knobs {
    /// These knobs with one of them changed by name and text, as on the command line.
    ///
    /// `name` may have `-` for `_`; `value` is JSON (`true`, `3`, `null`) or else a bare text.
    ///
    /// # Errors
    /// A sentence in Chinese and English when the name is unknown or the value does not fit.
    pub fn with(&self, name: &str, value: &str) -> Result<Knobs, String> {
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        self.merged(&Value::Object([(name.replace('-', "_"), value)].into_iter().collect()))
    }

    /// These knobs with those of a JSON object put over them.
    ///
    /// # Errors
    /// As [`Knobs::with`].
    pub fn merged(&self, changes: &Value) -> Result<Knobs, String> {
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        let (Some(all_fields), Some(changes)) = (all.as_object_mut(), changes.as_object()) else {
            return Err("应为 JSON 对象 a JSON object is expected".to_owned());
        };
        for (name, value) in changes {
            if !all_fields.contains_key(name) {
                let known: Vec<&str> = all_fields.keys().map(String::as_str).collect();
                return Err(format!("没有这个旋钮 no such knob: {name}（可用 known: {}）", known.join(", ")));
            }
            all_fields.insert(name.clone(), value.clone());
        }
        serde_json::from_value(all)
            .map_err(|error| format!("旋钮的值不合适 a knob's value does not fit: {error}"))
    }
}
