//! Reading the file of services, field by field, so that what is wrong is named.

use std::ops::Range;

use sigu_attestation::rfc3161::{DigestAlgorithm, Trust};
use sigu_attestation::stored::ServiceName;
use sigu_attestation::witness::{CosignerKey, Policy};
use toml::{Table, Value};

use super::{
    Calendar, KnownWitness, MAX_ENTRIES, MAX_PAUSE_SECONDS, MAX_SERVICES_BYTES, Relay, Root, Services,
    ServicesError, ServicesRule, TimestampService, service_address,
};

type Read<T> = Result<T, ServicesError>;

const MAX_NAME_CHARS: usize = 60;
const MAX_LABEL_CHARS: usize = 120;
const MAX_NOTE_CHARS: usize = 2000;
const MAX_TEXT_BYTES: usize = 64 * 1024;

pub(super) fn services(text: &str) -> Read<Services> {
    let whole = |why| ServicesError { table: "", entry: 0, field: String::new(), why };
    if text.len() > MAX_SERVICES_BYTES {
        return Err(whole(ServicesRule::TooLarge));
    }
    let file: Table = toml::from_str(text).map_err(|error| whole(not_toml(text, &error)))?;
    let mut top = Fields { table: "", entry: 0, map: &file, seen: Vec::new() };
    if top.get("v").and_then(Value::as_integer) != Some(1) {
        return Err(top.fault("v", ServicesRule::Version));
    }
    let policy_text = top.long_text("policy", MAX_TEXT_BYTES)?.unwrap_or_else(|| "quorum none\n".to_owned());
    Policy::parse(policy_text.as_bytes()).map_err(|error| top.fault("policy", error.into()))?;
    let read = Services {
        timestamps: top.each("timestamp", timestamp)?,
        calendars: top.each("calendar", calendar)?,
        beacons: top.each("beacon", beacon)?,
        witnesses: top.each("witness", witness)?,
        policy_text,
    };
    top.finish()?;
    twice("timestamp", "name", read.timestamps.iter().map(|one| one.name.to_string()))?;
    twice("calendar", "url", read.calendars.iter().map(|one| one.url.clone()))?;
    twice("beacon", "url", read.beacons.iter().map(|one| one.url.clone()))?;
    twice("witness", "vkey", read.witnesses.iter().map(|one| format!("{:?}", one.key.public_key())))?;
    twice("witness", "name", read.witnesses.iter().map(|one| one.name.clone()))?;
    Ok(read)
}

fn not_toml(text: &str, error: &toml::de::Error) -> ServicesRule {
    let at = error.span().map_or(0, |Range { start, .. }| start.min(text.len()));
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    ServicesRule::NotToml { line, message: error.message().to_owned() }
}

fn timestamp(fields: &mut Fields<'_>) -> Read<TimestampService> {
    let name = fields.text("name", MAX_NAME_CHARS)?;
    let name: ServiceName = name.parse().map_err(|_| fields.fault("name", ServicesRule::Name))?;
    let label = fields.optional_text("label", MAX_LABEL_CHARS)?.unwrap_or_else(|| name.to_string());
    let operator = fields.text("operator", MAX_LABEL_CHARS)?;
    let url = fields.address("url", true)?;
    let roots = fields.list("roots")?;
    let roots = roots.into_iter().map(|text| root(fields, text)).collect::<Read<Vec<_>>>()?;
    if roots.is_empty() {
        return Err(fields.fault("roots", ServicesRule::Missing));
    }
    let imprint = match fields.optional_text("imprint", MAX_NAME_CHARS)?.as_deref() {
        None | Some("sha256") => DigestAlgorithm::Sha256,
        Some("sm3") => DigestAlgorithm::Sm3,
        Some(_) => return Err(fields.fault("imprint", ServicesRule::Imprint)),
    };
    Ok(TimestampService {
        name,
        label,
        operator,
        url,
        roots,
        pause_s: fields.number("pause_s", MAX_PAUSE_SECONDS)?.unwrap_or(0),
        imprint,
        free: fields.flag("free")?.unwrap_or(false),
        tested: fields.flag("tested")?.unwrap_or(false),
        enabled: fields.flag("enabled")?.unwrap_or(true),
        note: fields.long_text("note", MAX_NOTE_CHARS)?.unwrap_or_default(),
    })
}

fn root(fields: &Fields<'_>, text: String) -> Read<Root> {
    if let Some(root) = Root::named(&text) {
        return Ok(root);
    }
    match Trust::from_pem(text.as_bytes()) {
        Ok(_) if text.len() <= MAX_TEXT_BYTES => Ok(Root::Pem(text)),
        _ => Err(fields.fault("roots", ServicesRule::Root)),
    }
}

fn calendar(fields: &mut Fields<'_>) -> Read<Calendar> {
    let name = fields.text("name", MAX_NAME_CHARS)?;
    let url = fields.address("url", false)?;
    let promises = if fields.map.contains_key("promises") { fields.list("promises")? } else { Vec::new() };
    for pattern in &promises {
        // With the star read as a name, it must be an address.
        let shaped = service_address(&pattern.replacen("://*.", "://any.", 1), false);
        if shaped.is_err() || pattern.replacen("://*.", "", 1).contains('*') {
            return Err(fields.fault("promises", ServicesRule::Address));
        }
    }
    Ok(Calendar { name, url, promises, enabled: fields.flag("enabled")?.unwrap_or(true) })
}

fn beacon(fields: &mut Fields<'_>) -> Read<Relay> {
    let url = fields.address("url", false)?;
    Ok(Relay { url, enabled: fields.flag("enabled")?.unwrap_or(true) })
}

fn witness(fields: &mut Fields<'_>) -> Read<KnownWitness> {
    let name = fields.text("name", MAX_NAME_CHARS)?;
    let key = fields.text("vkey", 1000)?;
    let key: CosignerKey = key.parse().map_err(|error| fields.fault("vkey", ServicesRule::Key(error)))?;
    let url = fields.address("url", false)?;
    Ok(KnownWitness { name, key, url, enabled: fields.flag("enabled")?.unwrap_or(true) })
}

fn twice(table: &'static str, field: &str, values: impl Iterator<Item = String>) -> Read<()> {
    let mut seen = Vec::new();
    for (i, value) in values.enumerate() {
        if seen.contains(&value) {
            let why = ServicesRule::Twice;
            return Err(ServicesError { table, entry: i + 1, field: field.to_owned(), why });
        }
        seen.push(value);
    }
    Ok(())
}

/// One table of the file, and which of its fields were asked for.
struct Fields<'a> {
    table: &'static str,
    entry: usize,
    map: &'a Table,
    seen: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn fault(&self, field: &str, why: ServicesRule) -> ServicesError {
        ServicesError { table: self.table, entry: self.entry, field: field.to_owned(), why }
    }

    fn get(&mut self, field: &'static str) -> Option<&'a Value> {
        self.seen.push(field);
        self.map.get(field)
    }

    fn each<T>(&mut self, table: &'static str, read: fn(&mut Fields<'_>) -> Read<T>) -> Read<Vec<T>> {
        let Some(value) = self.get(table) else { return Ok(Vec::new()) };
        let kind = |field: &str, entry| ServicesError {
            table,
            entry,
            field: field.to_owned(),
            why: ServicesRule::Kind("a table"),
        };
        let entries = value.as_array().ok_or_else(|| kind("", 0))?;
        if entries.len() > MAX_ENTRIES {
            let why = ServicesRule::TooMany;
            return Err(ServicesError { table, entry: MAX_ENTRIES + 1, field: String::new(), why });
        }
        let mut all = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            let map = entry.as_table().ok_or_else(|| kind("", i + 1))?;
            let mut fields = Fields { table, entry: i + 1, map, seen: Vec::new() };
            all.push(read(&mut fields)?);
            fields.finish()?;
        }
        Ok(all)
    }

    fn long_text(&mut self, field: &'static str, most: usize) -> Read<Option<String>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.fault(field, ServicesRule::Kind("a text")))?;
        let fits = text.chars().count() <= most;
        if fits { Ok(Some(text.to_owned())) } else { Err(self.fault(field, ServicesRule::Text(most))) }
    }

    fn optional_text(&mut self, field: &'static str, most: usize) -> Read<Option<String>> {
        let text = self.long_text(field, most)?;
        let bad = |text: &str| text.trim().is_empty() || text.chars().any(char::is_control);
        match text {
            Some(text) if bad(&text) => Err(self.fault(field, ServicesRule::Text(most))),
            text => Ok(text),
        }
    }

    fn text(&mut self, field: &'static str, most: usize) -> Read<String> {
        self.optional_text(field, most)?.ok_or_else(|| self.fault(field, ServicesRule::Missing))
    }

    fn address(&mut self, field: &'static str, query: bool) -> Read<String> {
        let text = self.text(field, 1000)?;
        match service_address(&text, query) {
            Ok(_) => Ok(text),
            Err(_) => Err(self.fault(field, ServicesRule::Address)),
        }
    }

    fn flag(&mut self, field: &'static str) -> Read<Option<bool>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.fault(field, ServicesRule::Kind("true or false")))
    }

    fn number(&mut self, field: &'static str, most: u32) -> Read<Option<u32>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| *number <= most);
        number.map(Some).ok_or_else(|| self.fault(field, ServicesRule::Number(most)))
    }

    fn list(&mut self, field: &'static str) -> Read<Vec<String>> {
        let value = self.get(field).ok_or_else(|| self.fault(field, ServicesRule::Missing))?;
        let kind = || self.fault(field, ServicesRule::Kind("a list of texts"));
        let values = value.as_array().ok_or_else(kind)?;
        if values.len() > MAX_ENTRIES {
            return Err(self.fault(field, ServicesRule::TooMany));
        }
        values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(kind)).collect()
    }

    fn finish(&self) -> Read<()> {
        match self.map.keys().find(|key| !self.seen.contains(&key.as_str())) {
            Some(key) => Err(self.fault(key, ServicesRule::Unknown)),
            None => Ok(()),
        }
    }
}
