//! TSTInfo: what the service says and signs (RFC 3161 §2.4.2).
//!
//! It is only read here. What it says is worth nothing before the signature and the chain were checked.

use std::time::Duration;

use jiff::Timestamp;

use crate::claimed_text::claimed_text;

use super::error::TokenError;
use super::imprint::Imprint;
use super::name::show_name;
use super::oid::Oid;
use super::time;
use super::tlv::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, Malformed, OID, Reader, SEQUENCE, Tlv, constructed, primitive,
};

/// The longest serial number that is read, in bytes; RFC 3161 §2.4.2 demands 20.
const MAX_SERIAL_BYTES: usize = 64;

/// Holds the fields of a timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TstInfo {
    pub(crate) policy: Oid,
    /// `None` if its algorithm is unknown here: then it is about nothing of ours.
    pub(crate) imprint: Option<Imprint>,
    /// Lower-case hex, without leading zeros.
    pub(crate) serial: String,
    pub(crate) gen_time: Timestamp,
    /// The time as it stands there, with its whole fraction.
    pub(crate) gen_time_text: String,
    pub(crate) accuracy: Option<Duration>,
    /// The magnitude, without leading zeros.
    pub(crate) nonce: Option<Vec<u8>>,
    /// The service's name as it gives it; a claim.
    pub(crate) tsa: Option<String>,
}

impl TstInfo {
    /// Reads the signed content.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, TokenError> {
        let mut whole = Reader::new(bytes, "timestamp");
        let mut fields = whole.take(SEQUENCE)?.inside();
        whole.finish()?;
        if fields.take(INTEGER)?.small()? != 1 {
            return Err(TokenError::Version);
        }
        let policy = Oid::from_content(fields.take(OID)?.content).ok_or(fields.bad())?;
        let imprint = Imprint::read(&fields.take(SEQUENCE)?)?;
        let serial = show_serial(&fields.take(INTEGER)?)?;
        let gen_time_text = fields.take(GENERALIZED_TIME)?.content;
        let gen_time = time::generalized(gen_time_text).ok_or(fields.bad())?;
        let accuracy = fields.optional(SEQUENCE)?.map(|element| read_accuracy(&element)).transpose()?;
        // Whether later tokens of this service are later in time: nothing here rests on it.
        fields.optional(BOOLEAN)?;
        let nonce =
            fields.optional(INTEGER)?.map(|nonce| nonce.unsigned().map(<[u8]>::to_vec)).transpose()?;
        let tsa = fields.optional(constructed(0))?.map(|name| show_general_name(&name));
        if let Some(extensions) = fields.optional(constructed(1))? {
            refuse_critical(&extensions)?;
        }
        fields.finish()?;
        let gen_time_text = claimed_text(gen_time_text);
        Ok(Self { policy, imprint, serial, gen_time, gen_time_text, accuracy, nonce, tsa })
    }
}

fn show_serial(element: &Tlv<'_>) -> Result<String, Malformed> {
    let digits = element.unsigned()?;
    if digits.len() > MAX_SERIAL_BYTES {
        return Err(Malformed("timestamp"));
    }
    let text: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = text.trim_start_matches('0');
    Ok(if text.is_empty() { "0".to_owned() } else { text.to_owned() })
}

/// Reads Accuracy: seconds, then 1 to 999 milliseconds and microseconds; what is absent is zero.
fn read_accuracy(element: &Tlv<'_>) -> Result<Duration, Malformed> {
    let mut fields = element.inside();
    let seconds = fields.optional(INTEGER)?.map_or(Ok(0), |part| part.small())?;
    let millis = fields.optional(primitive(0))?.map_or(Ok(0), |part| part.small())?;
    let micros = fields.optional(primitive(1))?.map_or(Ok(0), |part| part.small())?;
    fields.finish()?;
    if millis > 999 || micros > 999 {
        return Err(fields.bad());
    }
    Ok(Duration::from_secs(u64::from(seconds))
        + Duration::from_millis(u64::from(millis))
        + Duration::from_micros(u64::from(micros)))
}

/// Shows a GeneralName (RFC 5280 §4.2.1.6): a distinguished name, or the text of a simple one.
fn show_general_name(element: &Tlv<'_>) -> String {
    match element.inside().next() {
        Ok(name) if name.tag == constructed(4) => show_name(name.content),
        Ok(name) if [1, 2, 6].map(primitive).contains(&name.tag) => claimed_text(name.content),
        _ => String::new(),
    }
}

fn refuse_critical(element: &Tlv<'_>) -> Result<(), TokenError> {
    let mut extensions = element.inside();
    while !extensions.is_empty() {
        let mut extension = extensions.take(SEQUENCE)?.inside();
        extension.take(OID)?;
        if extension.optional(BOOLEAN)?.map_or(Ok(false), |flag| flag.boolean())? {
            return Err(TokenError::CriticalExtension);
        }
    }
    Ok(())
}
