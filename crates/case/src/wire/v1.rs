//! Version 1 of the wire form. Names here are stored for ever: add, never rename.
//!
//! | kind | fields |
//! |---|---|
//! | `order.opened`, `order.amended` | `order`, `order.title`, `order.goods`, `order.no`, `order.amount_fen`, `order.merchant`, `order.platform`, and the other facts of an order |
//! | `evidence.fixed` | `order`, `slot`, `formed_at`, `note`, and the item manifest |
//! | `message.recorded` | `order`, `said_at`, `direction`, `channel`, `text`, `text.masked`, `sense`, `due_at`, `exhibits`, `overrode` |
//! | `page.fixed` | `page`, `seen_at`, `page.…`, `rule.from`, `rule.published`, and the item manifest |
//! | kinds of [`Report::KINDS`] | `happened_at` and those of `report/kinds.rs` |
//! | `export.made` | `order` |
//! | `content.erased` | `erased.log`, `erased.seq`, `erased.fields` |
//!
//! Times are RFC 3339 in UTC; amounts are integers in 分.

use jiff::Timestamp;
use sigu_evidence::{FieldValue, Fields, ItemManifest, mask_text};

use super::FieldKind;
use crate::page::PageFixed;
use crate::report::Report;
use crate::{Channel, Direction, Event, GoodsKind, ItemId, MessageDetail, OrderFacts, OrderId, Slot};

/// Fields of a leaf that stay when its content is erased: without them the log could not be replayed into a case.
pub const KEPT_ON_ERASE: [&str; 12] = [
    "order",
    "slot",
    "said_at",
    "direction",
    "channel",
    "formed_at",
    "sense",
    "due_at",
    "exhibits",
    "overrode",
    "page",
    "seen_at",
];

/// A leaf whose fields are not those of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A field is absent or of another type, or has a value that is not allowed.
    #[error("field {0} is missing or not what it must be")]
    Field(&'static str),
    /// An item cannot be described as it is.
    #[error(transparent)]
    Manifest(#[from] sigu_evidence::ManifestError),
    /// A value cannot be held.
    #[error(transparent)]
    Value(#[from] sigu_evidence::FieldError),
}

/// Returns the kind and the fields of an event.
///
/// # Errors
/// Refuses a manifest or a text that no field can hold (control characters in names, more than 512 KiB).
pub fn to_wire(event: &Event) -> Result<(&'static str, Fields), WireError> {
    let mut fields = Fields::new();
    let kind = match event {
        Event::OrderOpened { order, facts } => put_order(&mut fields, "order.opened", order, facts)?,
        Event::OrderAmended { order, facts } => put_order(&mut fields, "order.amended", order, facts)?,
        Event::EvidenceFixed { order, slot, formed_at, note, manifest } => {
            if let Some(manifest) = manifest {
                fields = manifest.to_fields()?;
            }
            put_text(&mut fields, "order", Some(order.as_str()))?;
            put_text(&mut fields, "slot", Some(slot.code()))?;
            put_time(&mut fields, "formed_at", *formed_at)?;
            put_text(&mut fields, "note", note.as_deref())?;
            "evidence.fixed"
        }
        Event::MessageRecorded { order, said_at, direction, channel, text, detail } => {
            put_text(&mut fields, "order", Some(order.as_str()))?;
            put_time(&mut fields, "said_at", Some(*said_at))?;
            put_text(&mut fields, "direction", Some(direction.code()))?;
            put_text(&mut fields, "channel", Some(channel.code()))?;
            put_text(&mut fields, "text", text.as_deref())?;
            let masked = text.as_deref().map(mask_text).filter(|masked| Some(masked) != text.as_ref());
            put_text(&mut fields, "text.masked", masked.as_deref())?;
            put_detail(&mut fields, detail)?;
            "message.recorded"
        }
        Event::ExportMade { order } => {
            put_text(&mut fields, "order", Some(order.as_str()))?;
            "export.made"
        }
        Event::PageFixed(fixed) => {
            fields = put_page(fixed)?;
            "page.fixed"
        }
        Event::Reported(report) => {
            report.put(&mut fields)?;
            report.kind()
        }
        Event::ContentErased { item, fields: erased } => {
            fields.put("erased.log", i64::from(item.log))?;
            fields.put("erased.seq", i64::try_from(item.seq).unwrap_or(i64::MAX))?;
            fields.put("erased.fields", FieldValue::List(erased.clone()))?;
            "content.erased"
        }
    };
    Ok((kind, fields))
}

/// Reads an event back; `Ok(None)` for a kind that is not the case's (`genesis` and kinds of later versions).
///
/// Fields that [`KEPT_ON_ERASE`] does not name may be missing after an erasure.
pub fn from_wire(kind: &str, fields: &Fields) -> Result<Option<Event>, WireError> {
    Ok(Some(match kind {
        "order.opened" => Event::OrderOpened { order: order(fields)?, facts: facts(fields)? },
        "order.amended" => Event::OrderAmended { order: order(fields)?, facts: facts(fields)? },
        "evidence.fixed" => Event::EvidenceFixed {
            order: order(fields)?,
            slot: fields.text("slot").and_then(Slot::from_code).ok_or(WireError::Field("slot"))?,
            formed_at: time(fields, "formed_at")?,
            note: text(fields, "note")?,
            manifest: ItemManifest::from_fields(fields).ok(),
        },
        "message.recorded" => Event::MessageRecorded {
            order: order(fields)?,
            said_at: time(fields, "said_at")?.ok_or(WireError::Field("said_at"))?,
            direction: fields
                .text("direction")
                .and_then(Direction::from_code)
                .ok_or(WireError::Field("direction"))?,
            channel: fields
                .text("channel")
                .and_then(Channel::from_code)
                .ok_or(WireError::Field("channel"))?,
            text: text(fields, "text")?,
            detail: detail(fields)?,
        },
        "page.fixed" => Event::PageFixed(Box::new(page(fields)?)),
        "export.made" => Event::ExportMade { order: order(fields)? },
        "content.erased" => Event::ContentErased {
            item: erased_item(fields)?,
            fields: fields.list("erased.fields").ok_or(WireError::Field("erased.fields"))?.to_vec(),
        },
        _ => return Ok(Report::take(kind, fields)?.map(Event::Reported)),
    }))
}

fn put_order(
    fields: &mut Fields,
    kind: &'static str,
    order: &OrderId,
    facts: &OrderFacts,
) -> Result<&'static str, WireError> {
    put_text(fields, "order", Some(order.as_str()))?;
    put_text(fields, "order.title", facts.title.as_deref())?;
    put_text(fields, "order.goods", facts.goods.map(GoodsKind::code))?;
    put_text(fields, "order.no", facts.order_no.as_deref())?;
    if let Some(fen) = facts.amount_fen {
        fields.put("order.amount_fen", fen)?;
    }
    put_text(fields, "order.merchant", facts.merchant.as_deref())?;
    put_text(fields, "order.platform", facts.platform.as_deref())?;
    put_time(fields, "order.paid_at", facts.paid_at)?;
    put_time(fields, "order.delivered_at", facts.delivered_at)?;
    facts.created_at.put("order.created_at", fields)?;
    facts.credited_at.put("order.credited_at", fields)?;
    facts.handed_over_at.put("order.handed_over_at", fields)?;
    facts.confirmed_at.put("order.confirmed_at", fields)?;
    facts.activated_at.put("order.activated_at", fields)?;
    facts.revealed_at.put("order.revealed_at", fields)?;
    facts.quantity.put("order.quantity", fields)?;
    facts.unit_fen.put("order.unit_fen", fields)?;
    facts.status.put("order.status", fields)?;
    facts.profile.put("order.profile", fields)?;
    facts.charge_account.put("order.charge_account", fields)?;
    facts.internal_no.put("order.internal_no", fields)?;
    facts.escrow.put("order.escrow", fields)?;
    Ok(kind)
}

fn put_page(fixed: &PageFixed) -> Result<Fields, WireError> {
    let mut fields = fixed.manifest.as_ref().map(ItemManifest::to_fields).transpose()?.unwrap_or_default();
    fixed.page.put("page", &mut fields)?;
    fixed.seen_at.put("seen_at", &mut fields)?;
    fixed.url.put("page.url", &mut fields)?;
    fixed.status.put("page.status", &mut fields)?;
    fixed.profile.put("page.profile", &mut fields)?;
    fixed.text.put("page.text", &mut fields)?;
    fixed.cut.then_some(true).put("page.text_cut", &mut fields)?;
    let digest = fixed.text_sha256.as_ref().map(ToString::to_string);
    digest.put("page.text_sha256", &mut fields)?;
    fixed.before.put("page.before", &mut fields)?;
    fixed.change.put("page.change", &mut fields)?;
    fixed.in_force_from.put("rule.from", &mut fields)?;
    fixed.published_on.put("rule.published", &mut fields)?;
    Ok(fields)
}

fn page(fields: &Fields) -> Result<PageFixed, WireError> {
    let digest = text(fields, "page.text_sha256")?;
    let digest = digest.map(|text| text.parse().map_err(|_| WireError::Field("page.text_sha256")));
    Ok(PageFixed {
        page: FieldKind::take("page", fields)?,
        seen_at: FieldKind::take("seen_at", fields)?,
        url: FieldKind::take("page.url", fields)?,
        status: FieldKind::take("page.status", fields)?,
        profile: FieldKind::take("page.profile", fields)?,
        text: FieldKind::take("page.text", fields)?,
        cut: <Option<bool> as FieldKind>::take("page.text_cut", fields)?.unwrap_or_default(),
        text_sha256: digest.transpose()?,
        before: FieldKind::take("page.before", fields)?,
        change: FieldKind::take("page.change", fields)?,
        in_force_from: FieldKind::take("rule.from", fields)?,
        published_on: FieldKind::take("rule.published", fields)?,
        manifest: ItemManifest::from_fields(fields).ok(),
    })
}

fn put_detail(fields: &mut Fields, detail: &MessageDetail) -> Result<(), WireError> {
    detail.sense.put("sense", fields)?;
    detail.due_at.put("due_at", fields)?;
    detail.exhibits.put("exhibits", fields)?;
    detail.overrode.put("overrode", fields)
}

fn detail(fields: &Fields) -> Result<MessageDetail, WireError> {
    Ok(MessageDetail {
        sense: FieldKind::take("sense", fields)?,
        due_at: FieldKind::take("due_at", fields)?,
        exhibits: FieldKind::take("exhibits", fields)?,
        overrode: FieldKind::take("overrode", fields)?,
    })
}

fn put_text(fields: &mut Fields, name: &'static str, text: Option<&str>) -> Result<(), WireError> {
    text.map_or(Ok(()), |text| Ok(fields.put(name, text)?))
}

fn put_time(fields: &mut Fields, name: &'static str, at: Option<Timestamp>) -> Result<(), WireError> {
    put_text(fields, name, at.map(|at| at.to_string()).as_deref())
}

fn order(fields: &Fields) -> Result<OrderId, WireError> {
    fields.text("order").and_then(|label| label.parse().ok()).ok_or(WireError::Field("order"))
}

fn erased_item(fields: &Fields) -> Result<ItemId, WireError> {
    let log = fields
        .int("erased.log")
        .and_then(|log| u32::try_from(log).ok())
        .ok_or(WireError::Field("erased.log"))?;
    let seq = fields
        .int("erased.seq")
        .and_then(|seq| u64::try_from(seq).ok())
        .ok_or(WireError::Field("erased.seq"))?;
    Ok(ItemId { log, seq })
}

/// An optional text; one that is there must be a text.
fn text(fields: &Fields, name: &'static str) -> Result<Option<String>, WireError> {
    match (fields.contains(name), fields.text(name)) {
        (true, None) => Err(WireError::Field(name)),
        (_, text) => Ok(text.map(str::to_owned)),
    }
}

fn time(fields: &Fields, name: &'static str) -> Result<Option<Timestamp>, WireError> {
    text(fields, name)?.map(|text| text.parse().map_err(|_| WireError::Field(name))).transpose()
}

fn facts(fields: &Fields) -> Result<OrderFacts, WireError> {
    let goods = text(fields, "order.goods")?
        .map(|code| GoodsKind::from_code(&code).ok_or(WireError::Field("order.goods")))
        .transpose()?;
    let amount_fen = fields.int("order.amount_fen");
    if amount_fen.is_none() && fields.contains("order.amount_fen") {
        return Err(WireError::Field("order.amount_fen"));
    }
    Ok(OrderFacts {
        title: text(fields, "order.title")?,
        goods,
        order_no: text(fields, "order.no")?,
        amount_fen,
        merchant: text(fields, "order.merchant")?,
        platform: text(fields, "order.platform")?,
        paid_at: time(fields, "order.paid_at")?,
        delivered_at: time(fields, "order.delivered_at")?,
        created_at: FieldKind::take("order.created_at", fields)?,
        credited_at: FieldKind::take("order.credited_at", fields)?,
        handed_over_at: FieldKind::take("order.handed_over_at", fields)?,
        confirmed_at: FieldKind::take("order.confirmed_at", fields)?,
        activated_at: FieldKind::take("order.activated_at", fields)?,
        revealed_at: FieldKind::take("order.revealed_at", fields)?,
        quantity: FieldKind::take("order.quantity", fields)?,
        unit_fen: FieldKind::take("order.unit_fen", fields)?,
        status: FieldKind::take("order.status", fields)?,
        profile: FieldKind::take("order.profile", fields)?,
        charge_account: FieldKind::take("order.charge_account", fields)?,
        internal_no: FieldKind::take("order.internal_no", fields)?,
        escrow: FieldKind::take("order.escrow", fields)?,
    })
}
