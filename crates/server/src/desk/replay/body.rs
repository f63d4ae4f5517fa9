//! What is handed out of an archive: which type it may have, and its text in UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};
use sigu_capture::archive::Kept;
use url::Url;

use super::address::Addresses;
use super::{css, html};

/// The most of a page or style sheet that is rewritten, in bytes.
const MAX_REWRITTEN: usize = 8 << 20;
/// How far into a page its own word on its encoding is looked for, in bytes.
const LOOKED: usize = 1 << 10;
/// Types that are handed out under their own name; everything else is bytes, which no browser shows.
const SHOWN: [&str; 6] = ["image/", "font/", "audio/", "video/", "application/font-", "application/x-font-"];
/// Pictures by their first bytes, for servers that call them something else.
const PICTURES: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
];

/// What is sent to the frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Handed {
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// Prepares what was kept; `None` for a page that cannot be prepared, which is then not shown at all.
pub(super) fn handed(kept: Kept, token: &str) -> Option<Handed> {
    let (essence, charset) = essence(&kept.content_type);
    let Ok(base) = Url::parse(&kept.url) else { return None };
    let addresses = Addresses { token, base };
    let text = |essence: &str, body: String| Handed {
        content_type: format!("{essence}; charset=utf-8"),
        body: body.into_bytes(),
    };
    match essence.as_str() {
        "text/html" | "application/xhtml+xml" => {
            let page = (kept.body.len() <= MAX_REWRITTEN).then(|| decoded(&kept.body, charset.as_deref()))?;
            Some(text("text/html", html::rewritten(&page, addresses).ok()?))
        }
        "text/css" if kept.body.len() <= MAX_REWRITTEN => {
            let sheet = decoded(&kept.body, charset.as_deref());
            Some(text("text/css", css::rewritten(&sheet, &addresses)))
        }
        "text/css" => Some(Handed { content_type: kept.content_type, body: kept.body }),
        "text/plain" | "application/json" => {
            Some(text("text/plain", decoded(&kept.body, charset.as_deref()).into_owned()))
        }
        _ => {
            let shown = SHOWN.iter().any(|kind| essence.starts_with(kind));
            let picture = PICTURES.iter().find(|(first, _)| kept.body.starts_with(first));
            let plain = picture.map_or("application/octet-stream", |(_, kind)| *kind).to_owned();
            Some(Handed { content_type: if shown { essence } else { plain }, body: kept.body })
        }
    }
}

/// Type and charset of a `Content-Type`, in lower case; what is no type is none.
fn essence(content_type: &str) -> (String, Option<String>) {
    let mut parts = content_type.split(';');
    let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte);
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    });
    (if essence.bytes().all(plain) { essence } else { String::new() }, charset)
}

/// The text: by its mark, by what the server said if it can be so, by what the page says, else as UTF-8 or GB18030.
fn decoded<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && charset.is_none_or(|name| Encoding::for_label(name.as_bytes()).is_none_or(|own| own == UTF_8))
    {
        return text.into();
    }
    let own = charset.map(str::to_owned).or_else(|| named(bytes));
    let own = own.and_then(|name| Encoding::for_label(name.as_bytes()));
    if let Some(encoding) = own {
        let (text, _, wrong) = encoding.decode(bytes);
        if !wrong {
            return text;
        }
    }
    let (text, _, wrong) = GB18030.decode(bytes);
    if wrong { String::from_utf8_lossy(bytes) } else { text }
}

/// The name after the first `charset=` of a page, or the first `@charset` of a style sheet.
fn named(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED)]).to_ascii_lowercase();
    let after = head.split_once("charset")?.1.trim_start_matches(|sign: char| " =\"'".contains(sign));
    let name: String =
        after.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(content_type: &str, body: &[u8]) -> Kept {
        Kept {
            url: "https://a.example/b".to_owned(),
            content_type: content_type.to_owned(),
            body: body.to_vec(),
        }
    }

    fn text(content_type: &str, body: &[u8]) -> (String, String) {
        let done = handed(kept(content_type, body), "t").unwrap();
        (done.content_type, String::from_utf8(done.body).unwrap())
    }

    #[test]
    fn text_comes_out_in_utf_8_whatever_it_was_called() {
        let gbk = GB18030.encode("<p>公告").0;
        for (content_type, body) in [
            ("text/html; charset=gbk", gbk.as_ref()),
            ("text/html", gbk.as_ref()),
            ("TEXT/HTML;Charset=\"GB2312\"", gbk.as_ref()),
            ("text/html; charset=utf-8", gbk.as_ref()),
            ("text/html; charset=nonsense", "<p>公告".as_bytes()),
            ("application/xhtml+xml", "\u{feff}<p>公告".as_bytes()),
        ] {
            let done = text(content_type, body);
            assert_eq!(done, ("text/html; charset=utf-8".to_owned(), "<p>公告".to_owned()), "{content_type}");
        }
    }

    #[test]
    fn only_known_types_keep_their_name_and_what_is_too_long_is_no_page() {
        for (content_type, body, named) in [
            ("image/svg+xml", "<svg/>", "image/svg+xml"),
            ("application/javascript", "1", "application/octet-stream"),
            ("text/xml", "<x/>", "application/octet-stream"),
            ("image/png\r\nx: y", "x", "application/octet-stream"),
            ("", "GIF89a", "image/gif"),
            ("application/json", "{}", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(text(content_type, body.as_bytes()).0, named, "{content_type:?}");
        }
        let long = vec![b' '; MAX_REWRITTEN + 1];
        assert_eq!(handed(kept("text/html", &long), "t"), None);
        assert_eq!(handed(kept("text/css", &long), "t").unwrap().body.len(), long.len());
    }
}
