//! HAR (HTTP Archive 1.2), read as a stream: bodies, cookies and headers are stepped over and never kept.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufReader, Read, Seek};
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::source::Source;
use super::times;

/// Of a larger file only this much is read.
const MAX_BYTES: u64 = 512 << 20;
/// Hosts that are named.
const MAX_HOSTS: usize = 30;

#[derive(Default)]
struct Summary {
    creator: String,
    entries: u64,
    bodies: u64,
    missing: u64,
    unordered: u64,
    first: times::Said,
    last: times::Said,
    hosts: BTreeSet<String>,
}

pub(super) fn look<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>) {
    if source.len > MAX_BYTES {
        looked.find(finding::READ_IN_PART, Severity::Note, "only the first 512 MiB of the recording");
    }
    let mut bom = source.read(0, 3);
    bom.retain(|byte| [0xef, 0xbb, 0xbf].contains(byte));
    let mut reader = BufReader::with_capacity(64 << 10, source.reader(MAX_BYTES));
    if bom.len() == 3 {
        // Three bytes that were just read.
        let _ = reader.read_exact(&mut [0; 3]);
    }
    let mut summary = Summary::default();
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read =
        Within { path: &["log"], summary: &mut summary }.deserialize(&mut json).and_then(|()| json.end());
    if let Err(error) = read {
        looked.find(
            finding::HAR_CUT,
            Severity::Defect,
            format!("line {}: {}", error.line(), kind_of(&error)),
        );
    }
    say(looked, summary);
}

/// The kind of a mistake; its text could quote the file.
fn kind_of(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Io => "the file could not be read",
        serde_json::error::Category::Syntax => "no JSON",
        serde_json::error::Category::Data => "not the shape of a HAR",
        serde_json::error::Category::Eof => "the file ends early",
    }
}

fn say(looked: &mut Looked, summary: Summary) {
    looked.quote(fact::HAR_CREATOR, &summary.creator);
    looked.say(fact::HAR_ENTRIES, summary.entries);
    looked.say(fact::HAR_BODIES, summary.bodies);
    looked.say_time(clock::HAR_STARTED, summary.first);
    looked.say_time(clock::HAR_STARTED, summary.last);
    for host in &summary.hosts {
        looked.say(fact::HOST, host);
    }
    if summary.missing > 0 {
        let detail = format!("{} of {} responses", summary.missing, summary.entries);
        looked.find(finding::HAR_NO_BODIES, Severity::Note, detail);
    }
    if summary.unordered > 0 {
        looked.find(finding::HAR_ORDER, Severity::Note, format!("{} requests", summary.unordered));
    }
}

/// Walks into the objects of a path and fills the summary at its end.
struct Within<'s> {
    path: &'static [&'static str],
    summary: &'s mut Summary,
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match (self.path, key.as_str()) {
                ([first, rest @ ..], key) if *first == key => {
                    map.next_value_seed(Within { path: rest, summary: self.summary })?;
                }
                ([], "creator") => self.summary.creator = map.next_value::<Creator>()?.words(),
                ([], "entries") => map.next_value_seed(Entries(self.summary))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

struct Entries<'s>(&'s mut Summary);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(entry) = seq.next_element::<Entry>()? {
            self.0.add(&entry);
        }
        Ok(())
    }
}

impl Summary {
    fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        let at = times::iso(&entry.started);
        if let (Some(at), Some(last)) = (at, self.last)
            && at.0 < last.0
        {
            self.unordered += 1;
        }
        self.first = self.first.into_iter().chain(at).min_by_key(|time| time.0);
        self.last = self.last.into_iter().chain(at).max_by_key(|time| time.0);
        match (entry.response.content.text, entry.response.content.size) {
            (true, _) => self.bodies += 1,
            (false, size) if size > 0.0 => self.missing += 1,
            _ => {}
        }
        let after = entry.request.url.split_once("://").map_or("", |(_, after)| after);
        let host =
            after.split(['/', '?', '#']).next().and_then(|host| host.rsplit('@').next()).unwrap_or_default();
        if !host.is_empty() && self.hosts.len() < MAX_HOSTS {
            self.hosts.insert(host.chars().take(255).collect());
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Creator {
    name: String,
    version: String,
}

impl Creator {
    fn words(&self) -> String {
        format!("{} {}", self.name, self.version).chars().take(200).collect()
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    #[serde(rename = "startedDateTime")]
    started: String,
    request: Request,
    response: Response,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Request {
    url: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Response {
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    size: f64,
    #[serde(deserialize_with = "present")]
    text: bool,
}

/// Whether a value is a text with something in it, without keeping it.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Filled<T>(PhantomData<T>);
    impl Visitor<'_> for Filled<bool> {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or nothing")
        }

        fn visit_str<E>(self, text: &str) -> Result<bool, E> {
            Ok(!text.is_empty())
        }

        fn visit_unit<E>(self) -> Result<bool, E> {
            Ok(false)
        }
    }
    deserializer.deserialize_any(Filled(PhantomData))
}
