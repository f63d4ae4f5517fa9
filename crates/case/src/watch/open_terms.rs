//! Declarations of services in the form of Open Terms Archive: which documents a service has, and where in them its
//! terms stand.
//!
//! The form: `{ "name": …, "terms": { "<type>": { "fetch": URL, "select": …, "remove": …, "filter": […],
//! "executeClientScripts": …, "combine": [ … ] } } }`; older ones call `terms` `documents`. A selector is CSS or a range
//! (`startBefore`, `startAfter`, `endBefore`, `endAfter`). Ranges and filters are not done here; they are named.

use serde::Serialize;
use serde_json::{Map, Value};

/// More documents than this are no declaration of one service.
const MAX_DOCUMENTS: usize = 500;

/// One document of a service that can be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// The service's name.
    pub service: String,
    /// The type of terms, such as `Terms of Service`.
    pub terms_type: String,
    /// Where it is: an address with `http` or `https`.
    pub url: String,
    /// CSS selectors of what is read; empty for the whole page.
    pub select: Vec<String>,
    /// CSS selectors of what is left out.
    pub remove: Vec<String>,
    /// Whether scripts of the page write it.
    pub needs_browser: bool,
    /// Parts of the declaration that are not done here, each as the place in it and what is there.
    pub unsupported: Vec<String>,
}

/// Why a declaration cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct ImportError {
    /// Where, as a path such as `terms.Privacy Policy.fetch`; empty for the whole.
    pub field: String,
    /// What is wrong and what to do, in English.
    pub why: String,
}

fn wrong<T>(field: &str, why: impl Into<String>) -> Result<T, ImportError> {
    Err(ImportError { field: field.to_owned(), why: why.into() })
}

/// Reads a declaration: one entry for each document, those that are combined one by one.
///
/// # Errors
///
/// The first mistake in it, with its place.
pub fn import(json: &str) -> Result<Vec<Declaration>, ImportError> {
    let whole: Value = match serde_json::from_str(json) {
        Ok(whole) => whole,
        Err(error) => return wrong("", format!("no JSON: {error}")),
    };
    let Value::Object(whole) = whole else { return wrong("", "must be an object with `name` and `terms`") };
    let Some(service) = whole.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty())
    else {
        return wrong("name", "missing: the name of the service, as text");
    };
    let field = if whole.contains_key("terms") { "terms" } else { "documents" };
    let Some(terms) = whole.get(field).and_then(Value::as_object).filter(|terms| !terms.is_empty()) else {
        return wrong("terms", "missing: an object with one entry for each type of terms");
    };
    let mut found = Vec::new();
    for (terms_type, entry) in terms {
        let at = format!("{field}.{terms_type}");
        documents(service, terms_type, &at, entry, &mut found)?;
        if found.len() > MAX_DOCUMENTS {
            return wrong(&at, format!("more than {MAX_DOCUMENTS} documents: split the declaration"));
        }
    }
    Ok(found)
}

/// Reads the one or several documents of a type of terms.
fn documents(
    service: &str,
    terms_type: &str,
    at: &str,
    entry: &Value,
    found: &mut Vec<Declaration>,
) -> Result<(), ImportError> {
    let Some(entry) = entry.as_object() else {
        return wrong(at, "must be an object with `fetch` or `combine`");
    };
    let Some(combined) = entry.get("combine") else {
        found.push(document(service, terms_type, at, entry, None)?);
        return Ok(());
    };
    let at = format!("{at}.combine");
    let Some(combined) = combined.as_array().filter(|all| !all.is_empty()) else {
        return wrong(&at, "must be a list of documents");
    };
    for (place, one) in combined.iter().enumerate() {
        let at = format!("{at}[{place}]");
        let Some(one) = one.as_object() else { return wrong(&at, "must be an object with `fetch`") };
        let mut read = document(service, terms_type, &at, one, Some(entry))?;
        read.unsupported.push(format!("{at}: its {} documents are watched one by one", combined.len()));
        found.push(read);
    }
    Ok(())
}

/// Reads one document; what it does not say itself the entry around it says.
fn document(
    service: &str,
    terms_type: &str,
    at: &str,
    own: &Map<String, Value>,
    around: Option<&Map<String, Value>>,
) -> Result<Declaration, ImportError> {
    let says = |name: &str| own.get(name).or_else(|| around.and_then(|around| around.get(name)));
    let mut read = Declaration {
        service: service.to_owned(),
        terms_type: terms_type.to_owned(),
        url: address(at, own.get("fetch"))?,
        select: Vec::new(),
        remove: Vec::new(),
        needs_browser: false,
        unsupported: Vec::new(),
    };
    read.select = selectors(&format!("{at}.select"), says("select"), &mut read.unsupported)?;
    read.remove = selectors(&format!("{at}.remove"), says("remove"), &mut read.unsupported)?;
    match says("executeClientScripts") {
        None => {}
        Some(Value::Bool(runs)) => read.needs_browser = *runs,
        Some(_) => return wrong(&format!("{at}.executeClientScripts"), "must be true or false"),
    }
    if let Some(filters) = says("filter") {
        read.unsupported.extend(filters_of(&format!("{at}.filter"), filters)?);
    }
    let path = read.url.split(['?', '#']).next().unwrap_or_default();
    if path.to_ascii_lowercase().ends_with(".pdf") {
        read.unsupported.push(format!("{at}.fetch: a PDF"));
    }
    let known = ["fetch", "select", "remove", "filter", "executeClientScripts", "combine"];
    let others = own.keys().filter(|name| !known.contains(&name.as_str()));
    read.unsupported.extend(others.map(|name| format!("{at}.{name}: not known here")));
    Ok(read)
}

fn address(at: &str, value: Option<&Value>) -> Result<String, ImportError> {
    let at = format!("{at}.fetch");
    let Some(url) = value.and_then(Value::as_str).map(str::trim) else {
        return wrong(&at, "missing: the address, as text");
    };
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    if rest.is_none_or(str::is_empty) || url.contains(char::is_whitespace) {
        return wrong(&at, "must be an address that begins with http:// or https://");
    }
    Ok(url.to_owned())
}

/// Reads CSS selectors, one or a list; ranges are named as not done.
fn selectors(
    at: &str,
    value: Option<&Value>,
    unsupported: &mut Vec<String>,
) -> Result<Vec<String>, ImportError> {
    let mut read = Vec::new();
    let one_by_one = match value {
        None | Some(Value::Null) => return Ok(read),
        Some(Value::Array(all)) => all.iter().collect::<Vec<_>>(),
        Some(one) => vec![one],
    };
    for one in one_by_one {
        match one {
            Value::String(css) if !css.trim().is_empty() => read.push(css.trim().to_owned()),
            Value::Object(range) => {
                unsupported.push(format!("{at}: the range {}", Value::Object(range.clone())))
            }
            _ => return wrong(at, "must be a CSS selector, a range, or a list of them"),
        }
    }
    Ok(read)
}

/// The names of filters, which are programs; those with parameters are objects.
fn filters_of(at: &str, value: &Value) -> Result<Vec<String>, ImportError> {
    let Some(all) = value.as_array() else { return wrong(at, "must be a list of names") };
    let named = all.iter().map(|one| match one {
        Value::String(name) => Ok(format!("{at}: {name}")),
        Value::Object(call) if call.len() == 1 => Ok(format!("{at}: {}", Value::Object(call.clone()))),
        _ => wrong(at, "must be a list of names"),
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_and_what_is_not_done_is_named() {
        let json = r##"{ "name": "某平台", "terms": {
            "Terms of Service": { "fetch": "https://a.example/tos", "select": ["main", {"startBefore": "h1", "endAfter": "footer"}],
                "remove": ".ad", "filter": ["removeDates", {"strip": "x"}], "executeClientScripts": true },
            "Privacy Policy": { "combine": [ { "fetch": "https://a.example/1", "select": "#one" },
                { "fetch": "https://a.example/2.PDF?x" } ], "select": "body", "remove": [".top", ".bottom"] } } }"##;
        let read = import(json).unwrap();
        let tos = read.iter().find(|one| one.terms_type == "Terms of Service").unwrap();
        assert_eq!((tos.service.as_str(), tos.url.as_str()), ("某平台", "https://a.example/tos"));
        assert_eq!(
            (tos.select.as_slice(), tos.remove.as_slice()),
            (&["main".to_owned()][..], &[".ad".to_owned()][..])
        );
        assert!(tos.needs_browser);
        assert_eq!(tos.unsupported.len(), 3, "{:?}", tos.unsupported);
        assert!(tos.unsupported[0].contains("startBefore") && tos.unsupported[1].ends_with("removeDates"));
        let two: Vec<_> = read.iter().filter(|one| one.terms_type == "Privacy Policy").collect();
        assert_eq!((two[0].select[0].as_str(), two[1].select[0].as_str()), ("#one", "body"));
        assert_eq!(two[1].remove, [".top", ".bottom"]);
        assert!(two[1].unsupported.iter().any(|part| part.ends_with("a PDF")));
        assert!(two.iter().all(|one| one.unsupported.iter().any(|part| part.contains("one by one"))));
    }

    #[test]
    fn the_older_form_is_read_too() {
        let read =
            import(r#"{"name":"X","documents":{"Imprint":{"fetch":"http://x.example","select":"body"}}}"#);
        assert_eq!(read.unwrap()[0].terms_type, "Imprint");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let table = [
            ("[", "", "no JSON"),
            ("[]", "", "object"),
            (r#"{"terms":{}}"#, "name", "missing"),
            (r#"{"name":"X"}"#, "terms", "missing"),
            (r#"{"name":"X","terms":{"A":{}}}"#, "terms.A.fetch", "missing"),
            (r#"{"name":"X","terms":{"A":{"fetch":"ftp://x"}}}"#, "terms.A.fetch", "http"),
            (r#"{"name":"X","terms":{"A":{"fetch":"https://x","select":3}}}"#, "terms.A.select", "CSS"),
            (r#"{"name":"X","terms":{"A":{"fetch":"https://x","filter":"f"}}}"#, "terms.A.filter", "list"),
            (r#"{"name":"X","terms":{"A":{"combine":[]}}}"#, "terms.A.combine", "list"),
            (r#"{"name":"X","terms":{"A":{"combine":[{"fetch":""}]}}}"#, "terms.A.combine[0].fetch", "http"),
        ];
        for (json, field, why) in table {
            let error = import(json).unwrap_err();
            assert!(error.field == field && error.why.contains(why), "{json}: {error}");
        }
    }
}
