//! What the bytes are, and as which text they are to be read.

use encoding_rs::Encoding;

use super::Unreadable;
use crate::import::decode;

/// How far into a page its encoding is looked for; the standard says 1024, old shops say it later.
const HEAD: usize = 4096;

/// In which form a body has its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Plain,
    Json,
}

/// Tells the form by the server's word and the first bytes.
pub(super) fn form(body: &[u8], content_type: Option<&str>) -> Result<Form, Unreadable> {
    let said =
        content_type.map(|said| said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let said = said.filter(|said| !said.is_empty());
    // Pictures and PDFs are known by their bytes whatever the server calls them.
    if let Some(kind) = infer::get(body).filter(|kind| !is_text(kind.mime_type())) {
        return Err(Unreadable::NotText { media: kind.mime_type().to_owned() });
    }
    match said.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Ok(Form::Html),
        Some(said) if said.ends_with("/json") || said.ends_with("+json") => Ok(Form::Json),
        // Servers that do not know say this.
        None | Some("text/plain" | "application/octet-stream") => Ok(by_start(body)),
        Some(said)
            if matches!(said, "text/css" | "text/javascript" | "text/xml" | "text/csv" | "text/calendar") =>
        {
            Err(Unreadable::NotText { media: said.to_owned() })
        }
        Some(said) if said.starts_with("text/") => Ok(Form::Plain),
        Some(said) => Err(Unreadable::NotText { media: said.chars().take(100).collect() }),
    }
}

fn is_text(media: &str) -> bool {
    media.starts_with("text/") || media.ends_with("xml")
}

fn by_start(body: &[u8]) -> Form {
    let start = String::from_utf8_lossy(&body[..body.len().min(1024)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|sign: char| sign == '\u{feff}' || sign.is_whitespace());
    let is_html = ["<!doctype html", "<html", "<head", "<body", "<meta", "<div", "<title"];
    match () {
        () if is_html.iter().any(|tag| start.starts_with(tag)) => Form::Html,
        () if start.starts_with("<!--") && start.contains("<html") => Form::Html,
        () if start.starts_with(['{', '[']) => Form::Json,
        () => Form::Plain,
    }
}

/// Decodes a body: by its mark, the server's word, its own word, and last by what it is.
pub(super) fn text(body: &[u8], content_type: Option<&str>) -> String {
    let named =
        content_type.and_then(|said| label(said.as_bytes())).or_else(|| label(&body[..body.len().min(HEAD)]));
    let (Some(encoding), None) = (named, Encoding::for_bom(body)) else { return by_itself(body) };
    // A page that calls itself what it is not: what is whole in another encoding is in that one.
    let (text, bad) = encoding.decode_without_bom_handling(body);
    if bad {
        decode(body).filter(|decoded| decoded.clean).map_or(text.into_owned(), |decoded| decoded.text)
    } else {
        text.into_owned()
    }
}

fn by_itself(body: &[u8]) -> String {
    decode(body).map_or_else(|| String::from_utf8_lossy(body).into_owned(), |decoded| decoded.text)
}

/// The encoding after the first `charset=`, in a header or a `<meta>`.
fn label(bytes: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let after = text.split("charset").skip(1).find_map(|rest| rest.trim_start().strip_prefix('='))?;
    let after = after.trim_start().trim_start_matches(['"', '\'']);
    let end = after.find(|sign: char| !sign.is_ascii_alphanumeric() && !"-_:".contains(sign));
    Encoding::for_label(&after.as_bytes()[..end.unwrap_or(after.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_by_the_servers_word_and_the_first_bytes() {
        let pdf: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj";
        let not = |media: &str| Err(Unreadable::NotText { media: media.to_owned() });
        type Row = (&'static [u8], Option<&'static str>, Result<Form, Unreadable>);
        let table: [Row; 12] = [
            (b"<html>", Some("text/html; charset=gbk"), Ok(Form::Html)),
            (b"<html>", None, Ok(Form::Html)),
            (b"\xef\xbb\xbf \n<!DOCTYPE html>", Some("text/plain"), Ok(Form::Html)),
            (b"rules", Some("text/plain"), Ok(Form::Plain)),
            (b"rules", Some(""), Ok(Form::Plain)),
            (b"# rules", Some("text/markdown"), Ok(Form::Plain)),
            (b"{\"a\":1}", None, Ok(Form::Json)),
            (b"{}", Some("application/problem+json"), Ok(Form::Json)),
            (pdf, Some("text/html"), not("application/pdf")),
            (b"\x89PNG\r\n\x1a\n0000", None, not("image/png")),
            (b"body {}", Some("text/css"), not("text/css")),
            (b"x", Some("application/zip"), not("application/zip")),
        ];
        for (body, said, want) in table {
            assert_eq!(form(body, said), want, "{said:?}");
        }
    }

    #[test]
    fn encodings_are_taken_from_header_page_and_bytes() {
        let rule = "退款比例为百分之七十";
        let (gbk, ..) = encoding_rs::GBK.encode(rule);
        assert_eq!(text(&gbk, Some("text/html; charset=GBK")), rule);
        assert_eq!(text(&gbk, None), rule);
        let page = [b"<meta http-equiv=x content='text/html; charset=gb2312'>".as_slice(), &gbk].concat();
        assert!(text(&page, Some("text/html")).ends_with(rule));
        // Says one and is the other.
        assert_eq!(text(rule.as_bytes(), Some("text/html; charset=gb2312")), rule);
        assert_eq!(
            text(&[b"\xef\xbb\xbf".as_slice(), rule.as_bytes()].concat(), Some("text/html; charset=gbk")),
            rule
        );
    }
}
