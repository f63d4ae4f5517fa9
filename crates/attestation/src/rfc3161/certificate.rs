//! The fields of a certificate that the rules of RFC 3161 speak of (RFC 5280 §4.1).
//!
//! It judges no path: that is rustls-webpki's work, which does not tell whether a restriction was critical or
//! the only one, and has no word for key usages; so these few fields are read here once more.

use jiff::Timestamp;

use super::oid;
use super::time;
use super::tlv::{
    BIT_STRING, BOOLEAN, GENERALIZED_TIME, INTEGER, Malformed, OCTET_STRING, OID, Reader, SEQUENCE, Tlv,
    UTC_TIME, constructed, primitive,
};

/// The two uses a signer's certificate may have: digitalSignature and nonRepudiation.
const SIGNING_BITS: u8 = 0xc0;

/// Holds a certificate as it was read; nothing of it is believed yet.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    /// The whole certificate.
    pub(crate) der: &'a [u8],
    /// The content of the serial number, sign bit and all.
    pub(crate) serial: &'a [u8],
    /// The issuer's name, whole.
    pub(crate) issuer: &'a [u8],
    /// The subject's name, whole.
    pub(crate) subject: &'a [u8],
    /// From when on it is valid.
    pub(crate) not_before: Timestamp,
    /// Until when it is valid, that instant included.
    pub(crate) not_after: Timestamp,
    /// subjectKeyIdentifier, if any.
    pub(crate) subject_key_id: Option<&'a [u8]>,
    extended_key_usage: Option<(bool, &'a [u8])>,
    key_usage: Option<&'a [u8]>,
}

/// Says what a certificate may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For timestamps, nothing else, and the restriction is critical.
    TimeStamping,
    /// For timestamps and nothing else, but not critical.
    NotCritical,
    /// For something else, for more, or for anything.
    Other,
}

impl<'a> Certificate<'a> {
    /// Reads one certificate of version 3.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut whole = Reader::new(der, "certificate");
        let outer = whole.take(SEQUENCE)?;
        whole.finish()?;
        let mut fields = outer.inside().take(SEQUENCE)?.inside();
        fields.optional(constructed(0))?;
        let serial = fields.take(INTEGER)?.content;
        fields.take(SEQUENCE)?;
        let issuer = fields.take(SEQUENCE)?.raw;
        let mut validity = fields.take(SEQUENCE)?.inside();
        let (not_before, not_after) = (instant(&validity.next()?)?, instant(&validity.next()?)?);
        let subject = fields.take(SEQUENCE)?.raw;
        fields.take(SEQUENCE)?;
        fields.optional(primitive(1))?;
        fields.optional(primitive(2))?;
        let mut certificate = Self {
            der,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            subject_key_id: None,
            extended_key_usage: None,
            key_usage: None,
        };
        if let Some(extensions) = fields.optional(constructed(3))? {
            certificate.read_extensions(&extensions)?;
        }
        fields.finish()?;
        Ok(certificate)
    }

    fn read_extensions(&mut self, element: &Tlv<'a>) -> Result<(), Malformed> {
        let mut extensions = element.inside().take(SEQUENCE)?.inside();
        while !extensions.is_empty() {
            let mut extension = extensions.take(SEQUENCE)?.inside();
            let kind = extension.take(OID)?.content;
            let critical = extension.optional(BOOLEAN)?.map_or(Ok(false), |flag| flag.boolean())?;
            let value = extension.take(OCTET_STRING)?.inside();
            extension.finish()?;
            self.keep(kind, critical, value)?;
        }
        Ok(())
    }

    fn keep(&mut self, kind: &[u8], critical: bool, mut value: Reader<'a>) -> Result<(), Malformed> {
        // webpki refuses an extension that stands twice, so the last one is the only one.
        if kind == oid::EXTENDED_KEY_USAGE {
            self.extended_key_usage = Some((critical, value.take(SEQUENCE)?.content));
        } else if kind == oid::KEY_USAGE {
            self.key_usage = Some(value.take(BIT_STRING)?.content);
        } else if kind == oid::SUBJECT_KEY_ID {
            self.subject_key_id = Some(value.take(OCTET_STRING)?.content);
        }
        Ok(())
    }

    /// Says what extKeyUsage allows (RFC 3161 §2.3: timeStamping alone, and critical).
    pub(crate) fn purpose(&self) -> Purpose {
        let Some((critical, content)) = self.extended_key_usage else { return Purpose::Other };
        let mut purposes = Reader::new(content, "certificate");
        let sole =
            purposes.take(OID).is_ok_and(|one| one.content == oid::TIME_STAMPING) && purposes.is_empty();
        match (sole, critical) {
            (true, true) => Purpose::TimeStamping,
            (true, false) => Purpose::NotCritical,
            (false, _) => Purpose::Other,
        }
    }

    /// Says whether keyUsage, if there is one, allows signing and nothing but signing.
    pub(crate) fn key_usage_is_signing(&self) -> bool {
        match self.key_usage {
            None => true,
            Some([_, first, rest @ ..]) => {
                first & SIGNING_BITS != 0 && first & !SIGNING_BITS == 0 && rest.iter().all(|byte| *byte == 0)
            }
            Some(_) => false,
        }
    }
}

fn instant(element: &Tlv<'_>) -> Result<Timestamp, Malformed> {
    let read = match element.tag {
        UTC_TIME => time::utc(element.content),
        GENERALIZED_TIME => time::generalized(element.content),
        _ => None,
    };
    read.ok_or(Malformed("certificate"))
}
