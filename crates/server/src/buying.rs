//! Before buying, for commands, pages and programs alike: whom one would deal with, what speaks for and against it, and an
//! order that is opened before the payment, with what can be saved at once.

use jiff::Timestamp;
use sigu_case::dossier::{Dossier, Figures, OfOrder, dossier_of};
use sigu_case::purchase_check::{Intent, OwnPrices, PurchaseCheck, Whom, check, whom};
use sigu_case::report::{Form, ItemDescribed, Report};
use sigu_case::{Command, House, ItemId, OrderFacts, OrderId, Slot};
use sigu_evidence::{ItemManifest, Source as Origin, mask_text};
use sigu_vault::{Ingested, Source, Vault};

use crate::making::NotMade;
use crate::outside::net::{Net, NetFault, Question, Reply};
use crate::words::Words;

/// The largest page that is fetched, in bytes.
const LARGEST: usize = 8 << 20;

/// A look before buying.
#[derive(Debug, Clone)]
pub struct Look {
    /// Whom one would deal with.
    pub whom: Whom,
    /// What is intended, with what was found.
    pub intent: Intent,
    /// What speaks for and against it.
    pub check: PurchaseCheck,
}

/// Looks at what one is about to buy. `offer` is an address or a name; what the intent names itself wins over it.
pub fn look<'a>(
    house: &House,
    dossiers: &[Dossier],
    figures: impl IntoIterator<Item = &'a Figures>,
    offer: Option<&str>,
    intent: Intent,
    now: Timestamp,
) -> Look {
    let orders: Vec<&OfOrder> = figures.into_iter().filter_map(|one| one.at(now)).collect();
    let offer = offer.map(str::trim).filter(|text| !text.is_empty());
    let whom = offer.map(|text| whom(house, dossiers, orders.iter().copied(), text)).unwrap_or_default();
    let mut intent = intent;
    intent.merchant = intent.merchant.or_else(|| whom.merchant.clone());
    intent.platform = intent.platform.or_else(|| whom.platform.clone()).or_else(|| whom.host.clone());
    let known = intent.merchant.as_deref().and_then(|name| dossier_of(dossiers, name));
    if let Some(goods) = intent.goods.filter(|_| intent.own_prices.is_none()) {
        let names: Vec<&str> = known.iter().flat_map(|one| one.names.iter().map(String::as_str)).collect();
        intent.own_prices = OwnPrices::of(orders, goods, &names);
    }
    let check = check(house, known.as_ref(), &intent, now);
    Look { whom, intent, check }
}

/// Says whom an address is of, by what that is known, and who else it could be.
pub fn whom_lines(whom: &Whom, words: &Words) -> Vec<String> {
    let unknown = || words.word("buying-unknown");
    let orders: Vec<String> = whom.orders.iter().map(ToString::to_string).collect();
    let by = whom
        .known_by
        .map(|by| words.say(&format!("buying-by-{}", by.code()), &[("orders", words.list(&orders))]));
    let by = by.map(|by| words.aside(&by)).unwrap_or_default();
    let value = |key, value: Option<&String>, more: &str| {
        let value = value.map_or_else(unknown, |value| mask_text(value));
        words.say(key, &[("value", format!("{value}{more}"))])
    };
    let mut lines = vec![
        value("buying-host", whom.host.as_ref(), ""),
        value("buying-platform", whom.platform.as_ref(), ""),
        value("buying-merchant", whom.merchant.as_ref(), &by),
    ];
    if whom.host.as_deref().is_some_and(|host| host.contains("xn--")) {
        lines.push(words.word("buying-other-script"));
    }
    if !whom.could_be.is_empty() {
        let names: Vec<String> = whom.could_be.iter().map(|name| mask_text(name)).collect();
        lines.push(words.say("buying-could-be", &[("names", words.list(&names))]));
    }
    lines
}

/// What came of fetching the page of an offer.
#[derive(Debug, Clone)]
pub enum Fetched {
    /// It was answered.
    Page(Reply),
    /// It was not.
    Not(NetFault),
    /// No net is to be used.
    Offline,
    /// There is no address to fetch.
    NoAddress,
}

/// The ends of the messages that say what can come of fetching a page.
pub const FETCHED: [&str; 10] = [
    "page",
    "address",
    "unreachable",
    "untrusted",
    "timed-out",
    "cut-off",
    "too-large",
    "status",
    "offline",
    "no-address",
];

impl Fetched {
    /// Returns the end of the message that says what came of it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Not(NetFault::Address) => "address",
            Self::Not(NetFault::Unreachable) => "unreachable",
            Self::Not(NetFault::Untrusted) => "untrusted",
            Self::Not(NetFault::TimedOut) => "timed-out",
            Self::Not(NetFault::CutOff) => "cut-off",
            Self::Not(NetFault::TooLarge) => "too-large",
            Self::Not(NetFault::Status(_)) => "status",
            Self::Offline => "offline",
            Self::NoAddress => "no-address",
        }
    }

    /// Says what came of it.
    pub fn told(&self, words: &Words) -> String {
        let status = match self {
            Self::Not(NetFault::Status(status)) => status.to_string(),
            _ => String::new(),
        };
        say_fetched(self.code(), status, words)
    }
}

/// Says what came of fetching a page: one of [`FETCHED`], with the status where it was one.
pub fn say_fetched(code: &str, status: String, words: &Words) -> String {
    words.say(&format!("fetched-{code}"), &[("status", status)])
}

/// Fetches the page of an offer by plain HTTP: no login, no script, the bytes as they come.
pub async fn fetch(net: Option<&Net>, url: Option<&str>) -> Fetched {
    let Some(url) = url else { return Fetched::NoAddress };
    let Some(net) = net else { return Fetched::Offline };
    let question = Question { url, body: None, accept: "text/html, */*;q=0.5", most: LARGEST };
    match net.ask(question).await.and_then(Reply::ok) {
        Ok(reply) => Fetched::Page(reply),
        Err(fault) => Fetched::Not(fault),
    }
}

/// An order that was opened before the payment.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The order.
    pub order: OrderId,
    /// The page of the offer, or the note of its address; `None` without an address.
    pub item: Option<ItemId>,
    /// What came of fetching the page.
    pub fetched: Fetched,
}

/// What is known of a purchase before it is made: nothing that was paid, and no time.
pub fn plan(look: &Look, title: Option<String>) -> OrderFacts {
    let intent = &look.intent;
    let host = look.whom.host.clone();
    OrderFacts {
        title,
        goods: intent.goods,
        unit_fen: Some(intent.price_fen),
        merchant: intent.merchant.clone(),
        profile: look.whom.platform.clone(),
        platform: host.or_else(|| intent.platform.clone()),
        escrow: intent.escrow,
        ..OrderFacts::default()
    }
}

/// Opens the order with what was fetched, both or neither.
///
/// The page becomes evidence in the slot of the description, with a note on how it was had; where it was not had, the
/// address is noted. The rest is the order's checklist.
///
/// # Errors
/// Fails as the vault does; nothing is opened then.
pub fn open(
    vault: &Vault,
    order: OrderId,
    facts: OrderFacts,
    (whom, fetched): (&Whom, Fetched),
    words: &Words,
    now: Timestamp,
) -> Result<Opened, NotMade> {
    let piece = piece(whom, &fetched, words);
    let opening = Command::OpenOrder { order: order.clone(), facts };
    let Some(piece) = piece else {
        vault.execute(vec![opening], now)?;
        return Ok(Opened { order, item: None, fetched });
    };
    let ingested = vault.ingest(vec![Source::Bytes(piece.bytes.clone())], &|_| {})?;
    let ingested = ingested.into_iter().next().expect("one in, one out")?;
    let own = order.clone();
    let commands = move |first: ItemId| {
        let item = ItemId { log: first.log, seq: first.seq + 1 };
        let manifest = piece.manifest(&ingested);
        // A clock that was put back since is no reason to keep nothing.
        let formed_at = piece.formed_at.filter(|at| *at <= now);
        let (slot, note) = (piece.slot, Some(piece.note));
        let fixed = Command::FixEvidence { order: own.clone(), slot, formed_at, note, manifest };
        let described = described(own, item, piece.form, piece.url, now);
        vec![opening, fixed, Command::Report(described)]
    };
    let items = vault.execute_from(commands, now)?;
    Ok(Opened { order, item: items.get(1).copied(), fetched })
}

/// What is fixed with the order.
struct Piece {
    bytes: Vec<u8>,
    name: &'static str,
    media_type: String,
    slot: Slot,
    source: Origin,
    form: Option<Form>,
    url: String,
    formed_at: Option<Timestamp>,
    note: String,
}

impl Piece {
    fn manifest(&self, ingested: &Ingested) -> ItemManifest {
        ItemManifest {
            content: ingested.content,
            size: ingested.size,
            media_type: self.media_type.clone(),
            file_name: Some(self.name.to_owned()),
            source: self.source,
            modified_at: None,
            secret: false,
            masked: None,
        }
    }
}

fn piece(whom: &Whom, fetched: &Fetched, words: &Words) -> Option<Piece> {
    let url = whom.url.clone()?;
    let (address, told) = (("url", url.clone()), ("why", fetched.told(words)));
    Some(match fetched {
        Fetched::Page(reply) => Piece {
            bytes: reply.body.clone(),
            name: "product-page.html",
            media_type: media_type(reply.content_type.as_deref()),
            slot: Slot::Description,
            source: Origin::Capture,
            form: None,
            formed_at: Some(reply.received),
            note: words.say("buying-page-note", &[address]),
            url,
        },
        _ => Piece {
            bytes: format!("{url}\n").into_bytes(),
            name: "product-page-address.txt",
            media_type: "text/plain".to_owned(),
            // An address shows nothing: it stands for no fixation.
            slot: Slot::Other,
            source: Origin::Text,
            form: Some(Form::Link),
            formed_at: None,
            note: words.say("buying-address-note", &[address, told]),
            url,
        },
    })
}

/// The media type without parameters, in the one form leaves have; what is none of these is bytes.
fn media_type(sent: Option<&str>) -> String {
    let plain = sent.and_then(|text| text.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    let word = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let fits =
        plain.len() <= 100 && plain.split_once('/').is_some_and(|(left, right)| word(left) && word(right));
    if fits { plain } else { "application/octet-stream".to_owned() }
}

fn described(order: OrderId, item: ItemId, form: Option<Form>, url: String, at: Timestamp) -> Report {
    ItemDescribed {
        at,
        order,
        item,
        form,
        parts: Vec::new(),
        url: Some(url),
        clock_off_s: None,
        continuous: None,
        original_kept: None,
        own_account: None,
        lawful: None,
        caption: None,
        proves: None,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_a_word_a_slash_and_a_word() {
        for (sent, kept) in [
            (Some("text/html; charset=gbk"), "text/html"),
            (Some("Text/HTML"), "text/html"),
            (Some("text"), "application/octet-stream"),
            (Some("a/b\"c"), "application/octet-stream"),
            (None, "application/octet-stream"),
        ] {
            assert_eq!(media_type(sent), kept, "{sent:?}");
        }
    }
}
