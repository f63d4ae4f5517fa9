//! What an address typed by a user means.

use crate::problem::Problem;

/// Completes an address: one without a scheme is `https`, one on this machine `http`.
pub(super) fn address(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let bad = || Problem::usage("usage-address", &[("address", text.chars().take(80).collect())]);
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(bad());
    }
    match text.split_once("://") {
        Some(("http" | "https", rest)) if !rest.is_empty() => Ok(text.to_owned()),
        Some(_) => Err(bad()),
        None if text.starts_with("127.0.0.1") || text.starts_with("localhost") => {
            Ok(format!("http://{text}"))
        }
        None if text.contains('.') && !text.contains(['\\', '@']) => Ok(format!("https://{text}")),
        None => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_completed_or_refused() {
        let good = [
            ("shop.test/order?id=1", "https://shop.test/order?id=1"),
            ("http://shop.test", "http://shop.test"),
            ("127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            (" https://商店.test/ ", "https://商店.test/"),
        ];
        for (typed, meant) in good {
            assert_eq!(address(typed).unwrap(), meant);
        }
        for bad in [
            "",
            "shop",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "chrome://settings",
            "a b.test",
            "https://",
        ] {
            assert!(address(bad).is_err(), "{bad:?}");
        }
    }
}
