//! Order numbers, transaction ids, cards: every text that must have a certain shape.

use jiff::Timestamp;

use crate::clock::china;
use crate::goods::CardKind;
use crate::skin::Skin;

/// Repeatable numbers (SplitMix64): the same seed gives the same shop.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `length` letters of an ASCII alphabet.
    pub(crate) fn letters(&mut self, alphabet: &str, length: usize) -> String {
        let letters = alphabet.as_bytes();
        let count = letters.len() as u64;
        (0..length).map(|_| char::from(letters[(self.next() % count) as usize])).collect()
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.letters("0123456789", length)
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.letters("0123456789abcdef", length)
    }
}

const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// Without the letters people confuse.
const CODE: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The order number of a skin; all but those of `dj-*` carry the order's time in China.
pub(crate) fn order_number(skin: Skin, at: Timestamp, dice: &mut Dice) -> String {
    let short = china(at).strftime("%y%m%d%H%M%S").to_string();
    match skin {
        Skin::DjUnicorn | Skin::DjHyper => {
            format!("{}{}", dice.letters("ABCDEFGHJKLMNP", 1), dice.letters(CAPITALS, 15))
        }
        Skin::Acg => format!("{}{short}{}", dice.digits(3), dice.digits(3)),
        Skin::Qs => format!("YZ1024{short}{}", dice.hex(8)),
        Skin::Rbw => format!("20{short}{}", dice.digits(3)),
    }
}

/// 28 digits: `42`, eight digits, the date in China, ten digits.
pub(crate) fn transaction_id(at: Timestamp, dice: &mut Dice) -> String {
    format!("42{}{}{}", dice.digits(8), china(at).strftime("%Y%m%d"), dice.digits(10))
}

/// `TK`, time, eight capital hex digits.
pub(crate) fn ticket_number(at: Timestamp, dice: &mut Dice) -> String {
    format!("TK{}{}", china(at).strftime("%y%m%d%H%M%S"), dice.letters("0123456789ABCDEF", 8))
}

/// What the buyer gets for one piece.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) number: String,
    pub(crate) code: String,
    kind: CardKind,
}

impl Card {
    pub(crate) fn draw(kind: CardKind, dice: &mut Dice) -> Card {
        let number = match kind {
            CardKind::Pair => format!("XH{}", dice.digits(12)),
            CardKind::Code => String::new(),
            CardKind::Account => format!("hy{}", dice.digits(8)),
        };
        let code = match kind {
            CardKind::Pair => dice.digits(16),
            CardKind::Code => (0..4).map(|_| dice.letters(CODE, 4)).collect::<Vec<_>>().join("-"),
            CardKind::Account => dice.letters("abcdefghjkmnpqrstuvwxyz23456789", 10),
        };
        Card { number, code, kind }
    }

    /// The line as delivered.
    pub(crate) fn line(&self) -> String {
        match self.kind {
            CardKind::Pair => format!("卡号：{}    卡密：{}", self.number, self.code),
            CardKind::Code => self.code.clone(),
            CardKind::Account => format!("{}----{}----{}@mail.test", self.number, self.code, self.number),
        }
    }
}
