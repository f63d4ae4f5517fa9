//! The two descriptive files of RFC 8493: `bagit.txt` and `bag-info.txt`, in their one form.

/// The whole of `bagit.txt`.
pub(crate) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

const AGENT: &str = "sigu/1 bundle";

/// What the caller decides about `bag-info.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BagInfo {
    /// The day of the export, `yyyy-mm-dd`; the name of the bundle carries the same day.
    pub date: String,
    /// How the exporter calls what is inside: one line, not empty, no control characters.
    pub external_identifier: String,
}

/// `bag-info.txt` as read from a package.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReadInfo {
    pub(crate) info: BagInfo,
    pub(crate) payload_bytes: u64,
    pub(crate) payload_files: u64,
}

impl BagInfo {
    /// Tells whether the values can be written and read again.
    pub(crate) fn is_valid(&self) -> bool {
        let id = &self.external_identifier;
        is_date(&self.date) && !id.is_empty() && id.trim() == id && !id.chars().any(char::is_control)
    }

    pub(crate) fn to_text(&self, payload_bytes: u64, payload_files: u64) -> String {
        format!(
            "Bagging-Date: {}\nBag-Software-Agent: {AGENT}\nExternal-Identifier: {}\nPayload-Oxum: {payload_bytes}.{payload_files}\n",
            self.date, self.external_identifier
        )
    }
}

/// Reads `bag-info.txt`; `None` unless it is byte for byte what [`BagInfo::to_text`] writes.
pub(crate) fn read(text: &str) -> Option<ReadInfo> {
    let mut lines = text.lines();
    let date = lines.next()?.strip_prefix("Bagging-Date: ")?;
    lines.next()?;
    let external_identifier = lines.next()?.strip_prefix("External-Identifier: ")?;
    let (bytes, files) = lines.next()?.strip_prefix("Payload-Oxum: ")?.split_once('.')?;
    let (payload_bytes, payload_files) = (bytes.parse().ok()?, files.parse().ok()?);
    let info = BagInfo { date: date.to_owned(), external_identifier: external_identifier.to_owned() };
    let same = info.is_valid() && info.to_text(payload_bytes, payload_files) == text;
    same.then_some(ReadInfo { info, payload_bytes, payload_files })
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pattern = b"0000-00-00";
    bytes.len() == pattern.len()
        && bytes.iter().zip(pattern).all(|(b, p)| if *p == b'-' { *b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_only() {
        let info = BagInfo { date: "2026-11-22".into(), external_identifier: "订单 A-1".into() };
        let text = info.to_text(12, 3);
        assert_eq!(read(&text), Some(ReadInfo { info, payload_bytes: 12, payload_files: 3 }));
        for (from, to) in [
            ("2026-11-22", "2026-1-22"),
            ("sigu/1", "sigu/2"),
            ("订单", " 订单"),
            ("12.3", "012.3"),
            ("12.3\n", "12.3"),
            ("12.3\n", "12.3\nX: y\n"),
            ("\nPay", "\r\nPay"),
        ] {
            assert_eq!(read(&text.replacen(from, to, 1)), None, "{from} → {to}");
        }
    }
}
