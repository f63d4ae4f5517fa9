//! Where a file belongs that nobody said anything of: by what it is and by what can be read in it.

use sigu_case::Slot;
use sigu_case::recognise::{Field, Form, Hints, Recognised, recognise};
use sigu_vault::Ingested;

/// The slot of a file by its name and, where it is a short text, by its words.
///
/// A film is a recording, a sound a dialogue; what a picture shows only people can say.
pub(super) fn by_kind(name: Option<&str>, ingested: &Ingested) -> Slot {
    let kind = name.and_then(|name| mime_guess::from_path(name).first());
    match kind.as_ref().map(|kind| kind.type_().as_str()) {
        Some("video") => return Slot::Recording,
        Some("audio") => return Slot::Chat,
        _ => {}
    }
    let text = ingested.short.as_ref().and_then(|short| short.text());
    text.map_or(Slot::Other, |text| of_words(&recognise(text, &hints(name))))
}

/// What the name of a file tells the reader.
pub(super) fn hints(name: Option<&str>) -> Hints {
    let is_mail = name.is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml"));
    Hints { form: is_mail.then_some(Form::Mail), ..Hints::default() }
}

/// The slot of what was read.
pub(super) fn of_words(read: &Recognised) -> Slot {
    let has = |field| read.best(field).is_some();
    match read.form {
        Form::Chat => Slot::Chat,
        Form::VoucherWechat | Form::VoucherAlipay => Slot::Voucher,
        Form::Delivered => Slot::Delivery,
        Form::Mail if read.delivery.is_some() => Slot::Delivery,
        _ if has(Field::OrderNo) || has(Field::AmountPaid) => Slot::Transaction,
        // A mail about an order is sent by the shop.
        Form::Mail => Slot::Transaction,
        _ if has(Field::ProductName) => Slot::Description,
        _ => Slot::Other,
    }
}
