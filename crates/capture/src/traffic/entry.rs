//! One request as it grows: its hops through redirects, the true header lines that come apart, its body.

use jiff::Timestamp;
use serde_json::Value;

use crate::clock;
use crate::exchange::{Answer, Body, BodyState, Exchange, Headers, Origin, Response, Tls};

/// The browser's words for a body that ended early; it counts no byte of one so short that it came at once.
const CUT_SHORT: [&str; 2] = ["net::ERR_CONTENT_LENGTH_MISMATCH", "net::ERR_INCOMPLETE_CHUNKED_ENCODING"];

/// A request under one id of the browser; a redirect adds a hop.
#[derive(Default)]
pub(super) struct Entry {
    hops: Vec<Exchange>,
    /// Whether the true header lines of a hop come by an event of their own.
    extra_expected: Vec<bool>,
    sent_extra: Vec<Headers>,
    received_extra: Vec<(Option<u16>, Headers)>,
    from_memory: bool,
    /// It ended before its end; what comes of its body is a part.
    is_cut: bool,
    /// Bytes counted by the network, content encoding taken off.
    pub(super) counted: u64,
    pub(super) state: State,
}

/// How far a request is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Open,
    /// Complete, its body asked for.
    AwaitingBody,
    Done,
}

impl Entry {
    /// A request is about to be sent; after a redirect, `redirectResponse` ends the hop before.
    pub(super) fn sent(&mut self, params: &Value) {
        if let Some(response) = params.get("redirectResponse").filter(|response| response.is_object()) {
            let expected = params["redirectHasExtraInfo"].as_bool() == Some(true);
            self.end_hop(response, expected);
            self.body_of_last(Body {
                bytes: Vec::new(),
                state: BodyState::Absent { why: "redirect".to_owned() },
            });
        }
        let request = &params["request"];
        self.hops.push(Exchange {
            url: address(request),
            method: text(&request["method"]),
            started_at: wall_time(&params["wallTime"]),
            kind: text(&params["type"]),
            request_headers: headers(&request["headers"]),
            request_body: post_data(request),
            answer: Answer::Pending,
            remote_address: None,
            protocol: None,
            tls: None,
        });
        self.state = State::Open;
        self.counted = 0;
    }

    pub(super) fn sent_extra(&mut self, params: &Value) {
        self.sent_extra.push(headers(&params["headers"]));
    }

    pub(super) fn received_extra(&mut self, params: &Value) {
        let status = params["statusCode"].as_u64().and_then(|code| u16::try_from(code).ok());
        self.received_extra.push((status, headers(&params["headers"])));
    }

    pub(super) fn served_from_memory(&mut self) {
        self.from_memory = true;
    }

    pub(super) fn received(&mut self, params: &Value) {
        let expected = params["hasExtraInfo"].as_bool() == Some(true);
        self.end_hop(&params["response"], expected);
        if self.from_memory
            && let Some(Answer::Received(response)) = self.last_answer()
        {
            response.from = Origin::MemoryCache;
        }
    }

    fn end_hop(&mut self, response: &Value, extra_expected: bool) {
        self.extra_expected.resize(self.hops.len().saturating_sub(1), false);
        self.extra_expected.push(extra_expected);
        let Some(hop) = self.hops.last_mut() else { return };
        hop.remote_address = remote_address(response);
        hop.protocol = Some(text(&response["protocol"])).filter(|protocol| !protocol.is_empty());
        hop.tls = tls(response);
        hop.answer = Answer::Received(Response {
            status: response["status"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(0),
            reason: text(&response["statusText"]),
            headers: headers(&response["headers"]),
            received_at: clock::now(),
            body: Body { bytes: Vec::new(), state: BodyState::Absent { why: "still under way".to_owned() } },
            from: origin(response),
        });
    }

    fn last_answer(&mut self) -> Option<&mut Answer> {
        self.hops.last_mut().map(|hop| &mut hop.answer)
    }

    fn body_of_last(&mut self, body: Body) {
        if let Some(Answer::Received(response)) = self.last_answer() {
            response.body = body;
        }
    }

    /// It ended without its end: cut off, refused, or never answered. Returns whether a part of it came.
    pub(super) fn failed(&mut self, params: &Value) -> bool {
        self.state = State::Done;
        let why = text(&params["errorText"]);
        let counted = self.counted;
        match self.last_answer() {
            // A response without a body, as 204, ends as aborted: that is no failure.
            Some(Answer::Received(response)) if response.status == 204 || response.status == 304 => {
                response.body = Body { bytes: Vec::new(), state: BodyState::AsReceived };
            }
            Some(Answer::Received(response)) if counted > 0 || CUT_SHORT.contains(&why.as_str()) => {
                response.body.state = BodyState::Cut { of: length(&response.headers) };
                self.is_cut = true;
                return true;
            }
            Some(Answer::Received(response)) => {
                response.body = Body { bytes: Vec::new(), state: BodyState::Absent { why } };
            }
            Some(answer) => *answer = Answer::Failed(why),
            None => {}
        }
        false
    }

    /// The body as the browser hands it over, or why it does not.
    pub(super) fn body(&mut self, body: Result<Vec<u8>, String>) {
        self.state = State::Done;
        let counted = self.counted;
        if let Some(Answer::Received(Response {
            body: Body { bytes, state: BodyState::Cut { .. } }, ..
        })) = self.last_answer()
        {
            *bytes = body.unwrap_or_default();
            return;
        }
        let body = match body {
            // Served from memory, nothing passes the network and nothing is counted.
            Ok(bytes) if counted == 0 || bytes.len() as u64 == counted => {
                Body { bytes, state: BodyState::AsReceived }
            }
            Ok(bytes) => Body { bytes, state: BodyState::Transcoded },
            Err(why) => Body { bytes: Vec::new(), state: BodyState::Absent { why } },
        };
        self.body_of_last(body);
    }

    /// What there is of a body without its end.
    pub(super) fn part(&mut self, bytes: Vec<u8>) {
        if let Some(Answer::Received(response)) = self.last_answer() {
            let of = length(&response.headers);
            response.body = Body { bytes, state: BodyState::Cut { of } };
        }
    }

    /// Whether an answer has begun and not ended.
    pub(super) fn is_unfinished(&self) -> bool {
        let has_begun = matches!(self.hops.last().map(|hop| &hop.answer), Some(Answer::Received(_)));
        has_begun && self.state == State::Open
    }

    /// Returns the hops with their true header lines, as far as they came.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        let mut sent = self.sent_extra.iter();
        let mut received = self.received_extra.iter();
        let mut hops = self.hops.clone();
        for (number, hop) in hops.iter_mut().enumerate() {
            let pending = matches!(hop.answer, Answer::Pending);
            if !pending && !self.extra_expected.get(number).copied().unwrap_or(false) {
                continue;
            }
            if let Some(headers) = sent.next() {
                hop.request_headers.clone_from(headers);
            }
            if let (Answer::Received(response), Some((status, headers))) = (&mut hop.answer, received.next())
            {
                response.headers.clone_from(headers);
                response.status = status.unwrap_or(response.status);
            }
        }
        hops
    }

    pub(super) fn began(&self) -> Option<Timestamp> {
        self.hops.first().map(|hop| hop.started_at)
    }

    pub(super) fn url(&self) -> &str {
        self.hops.last().map_or("", |hop| hop.url.as_str())
    }

    pub(super) fn kind(&self) -> &str {
        self.hops.last().map_or("", |hop| hop.kind.as_str())
    }

    /// Returns how many bytes of bodies it holds.
    pub(super) fn weight(&self) -> usize {
        let held = |hop: &Exchange| match &hop.answer {
            Answer::Received(response) => response.body.bytes.len(),
            _ => 0,
        };
        self.hops.iter().map(held).sum()
    }

    /// Lets the bodies go and says so.
    pub(super) fn drop_bodies(&mut self) {
        for hop in &mut self.hops {
            if let Answer::Received(response) = &mut hop.answer
                && !response.body.bytes.is_empty()
            {
                let why = "let go: too much was held in memory".to_owned();
                response.body = Body { bytes: Vec::new(), state: BodyState::Absent { why } };
            }
        }
    }
}

/// The length of the body as its sender said it.
fn length(headers: &Headers) -> Option<u64> {
    let said = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    said.and_then(|(_, value)| value.parse().ok())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The address with its fragment, as the page asked for it.
fn address(request: &Value) -> String {
    text(&request["url"]) + request["urlFragment"].as_str().unwrap_or_default()
}

/// Seconds since 1970 with fractions; the device's time where the browser says none.
fn wall_time(seconds: &Value) -> Timestamp {
    let millis = seconds.as_f64().map(|seconds| (seconds * 1000.0).round());
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a float beyond the range becomes its end, which is refused"
    )]
    let at = millis.and_then(|millis| Timestamp::from_millisecond(millis as i64).ok());
    at.unwrap_or_else(clock::now)
}

/// Header lines of an object; several lines of one name come as one text with line breaks.
fn headers(value: &Value) -> Headers {
    let object = value.as_object().into_iter().flatten();
    let lines = object.flat_map(|(name, value)| {
        let lines = value.as_str().unwrap_or_default().split('\n');
        lines.map(|line| (name.clone(), line.to_owned())).collect::<Vec<_>>()
    });
    lines.collect()
}

fn post_data(request: &Value) -> Option<Vec<u8>> {
    use base64::Engine;
    let entries = request["postDataEntries"].as_array()?;
    let part =
        |entry: &Value| base64::engine::general_purpose::STANDARD.decode(entry["bytes"].as_str()?).ok();
    Some(entries.iter().filter_map(part).flatten().collect())
}

fn remote_address(response: &Value) -> Option<String> {
    let ip = response["remoteIPAddress"].as_str()?;
    let port = response["remotePort"].as_u64()?;
    Some(format!("{ip}:{port}"))
}

fn origin(response: &Value) -> Origin {
    if response["fromServiceWorker"].as_bool() == Some(true) {
        Origin::ServiceWorker
    } else if response["fromDiskCache"].as_bool() == Some(true)
        || response["fromPrefetchCache"].as_bool() == Some(true)
    {
        Origin::DiskCache
    } else {
        Origin::Network
    }
}

fn tls(response: &Value) -> Option<Tls> {
    let details = response.get("securityDetails").filter(|details| details.is_object())?;
    let at = |name: &str| {
        let seconds = details[name].as_i64().unwrap_or_default();
        Timestamp::from_second(seconds).unwrap_or_default()
    };
    let state = text(&response["securityState"]);
    Some(Tls {
        protocol: text(&details["protocol"]),
        cipher: text(&details["cipher"]),
        subject: text(&details["subjectName"]),
        issuer: text(&details["issuer"]),
        valid_from: at("validFrom"),
        valid_to: at("validTo"),
        chain: Vec::new(),
        error: (state == "insecure").then(|| "insecure".to_owned()),
    })
}
