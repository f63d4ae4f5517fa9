//! Which names stand for secrets: one table for header fields, query parameters, form fields and JSON keys.
//!
//! The list is about access, not about goods: what lets a stranger act as the buyer is kept out, what the
//! buyer was sold (a card in the body of a response) is the evidence itself.

/// Header fields that are always left out (RFC 9110, RFC 6265).
const HEADERS: &[&str] =
    &["cookie", "cookie2", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"];

/// A header field whose name contains one of these is left out.
const IN_HEADERS: &[&str] =
    &["token", "session", "csrf", "xsrf", "auth", "secret", "api-key", "apikey", "password", "passwd"];

/// A parameter, form field or JSON key that contains one of these, letters and digits only, loses its value.
const IN_FIELDS: &[&str] =
    &["token", "session", "csrf", "xsrf", "secret", "password", "passwd", "apikey", "accesskey", "skey"];

/// A parameter, form field or JSON key one of whose words is one of these loses its value.
/// `sign` and `code` are not among them: signatures of requests and order codes are needed to read an order.
const FIELD_WORDS: &[&str] = &["sid", "sk", "auth", "authorization", "pwd", "pass", "mima"];

/// Whether a header field of this name is left out. Case does not matter.
pub(super) fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    HEADERS.contains(&name.as_str()) || IN_HEADERS.iter().any(|part| name.contains(part))
}

/// Whether the value of a parameter, form field or JSON key of this name is left out.
/// `access_token`, `accessToken`, `user[password]` and `search_pwd` are; `author` and `task` are not.
pub(super) fn is_secret_field(name: &str) -> bool {
    let joined: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    IN_FIELDS.iter().any(|part| joined.contains(part))
        || words(name).any(|word| FIELD_WORDS.contains(&word.as_str()))
}

/// Whether content of unknown form mentions any such name: then nobody can tell where its value is.
/// In what is no text only long names count: short ones stand in every picture.
pub(super) fn mentions_secret(bytes: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let is_edge = |c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c);
        return text.split(is_edge).any(is_secret_field);
    }
    let lower = bytes.to_ascii_lowercase();
    IN_FIELDS.iter().any(|name| lower.windows(name.len()).any(|window| window == name.as_bytes()))
}

/// The words of a name: split where no letter or digit stands, and before a capital after a small letter.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (was_small && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        was_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "token",
            "access_token",
            "accessToken",
            "sid",
            "session",
            "JSESSIONID",
            "sk",
            "skey",
            "auth",
            "password",
            "pwd",
            "search_pwd",
            "userPwd",
            "passwd",
            "client-secret",
            "user[password]",
            "X-Api-Key",
            "csrfmiddlewaretoken",
        ] {
            assert!(is_secret_field(name), "{name}");
        }
        for name in
            ["sign", "code", "author", "order_no", "task", "inside", "side", "id", "", "页", "passage"]
        {
            assert!(!is_secret_field(name), "{name}");
        }
        for name in
            ["Cookie", "set-cookie", "Authorization", "X-CSRF-Token", "x-api-key", "X-Auth", "sessionid"]
        {
            assert!(is_secret_header(name), "{name}");
        }
        for name in ["Content-Type", "accept", "referer", "etag", "x-request-id"] {
            assert!(!is_secret_header(name), "{name}");
        }
    }
}
