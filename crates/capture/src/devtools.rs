//! DevTools: messages to a browser and back, untyped, over a pipe or a WebSocket.
//!
//! Messages are JSON objects as the Chrome DevTools Protocol has them: `{id, method, params, sessionId}` out,
//! `{id, result|error}` and `{method, params, sessionId}` back. They stay untyped: a browser newer than this
//! program sends words it does not know, and none may be lost.

mod transport;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};

/// How long an answer may take before the call is given up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Something the browser told of its own accord.
#[derive(Debug, Clone)]
pub struct Event {
    /// The session it came from; `None` is the browser itself.
    pub session: Option<Arc<str>>,
    /// Its name, such as `Network.responseReceived`.
    pub method: String,
    /// What it says.
    pub params: Value,
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The browser or its pipe is gone, or the tab that was asked.
    #[error("the browser or the tab is gone")]
    Closed,
    /// No answer came in time.
    #[error("{method} was not answered within {seconds} s")]
    Late {
        /// What was asked.
        method: String,
        /// The limit, in seconds.
        seconds: u64,
    },
    /// The browser refused.
    #[error("{method}: {message}")]
    Refused {
        /// What was asked.
        method: String,
        /// The browser's words.
        message: String,
    },
    /// The connection could not be made.
    #[error("no connection to the browser: {0}")]
    Connect(String),
}

type Waiting = oneshot::Sender<Result<Value, String>>;

#[derive(Default)]
struct Table {
    closed: bool,
    /// Who waits for which answer, and of which session.
    waiting: HashMap<u64, (Option<Arc<str>>, Waiting)>,
    listeners: Vec<(&'static [&'static str], mpsc::UnboundedSender<Arc<Event>>)>,
}

struct Inner {
    out: mpsc::UnboundedSender<String>,
    next: AtomicU64,
    table: Mutex<Table>,
}

/// A connection to a browser. Clones share it.
#[derive(Clone)]
pub struct DevTools(Arc<Inner>);

impl DevTools {
    /// Speaks over the two pipes of a browser started with `--remote-debugging-pipe`: messages end with a zero byte.
    pub fn over_pipe(
        reader: impl AsyncRead + Send + Unpin + 'static,
        writer: impl AsyncWrite + Send + Unpin + 'static,
    ) -> Self {
        let (out, outgoing) = mpsc::unbounded_channel();
        let devtools = Self::new(out);
        tokio::spawn(transport::write_pipe(writer, outgoing));
        tokio::spawn(transport::read_pipe(reader, devtools.clone()));
        devtools
    }

    /// Speaks to a browser that is already running, at its `ws://127.0.0.1:…/devtools/browser/…` address.
    ///
    /// # Errors
    /// [`CallError::Connect`] when nobody answers there.
    pub async fn over_socket(url: &str) -> Result<Self, CallError> {
        let (sink, stream) = transport::connect(url).await?;
        let (out, outgoing) = mpsc::unbounded_channel();
        let devtools = Self::new(out);
        tokio::spawn(transport::write_socket(sink, outgoing));
        tokio::spawn(transport::read_socket(stream, devtools.clone()));
        Ok(devtools)
    }

    fn new(out: mpsc::UnboundedSender<String>) -> Self {
        Self(Arc::new(Inner { out, next: AtomicU64::new(1), table: Mutex::default() }))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the browser's own session.
    #[must_use]
    pub fn browser(&self) -> Session {
        Session { devtools: self.clone(), id: None }
    }

    /// Returns the session with that id.
    #[must_use]
    pub fn session(&self, id: impl Into<Arc<str>>) -> Session {
        Session { devtools: self.clone(), id: Some(id.into()) }
    }

    /// Hears all events of these names from now on, from every session, in their order.
    #[must_use]
    pub fn listen(&self, methods: &'static [&'static str]) -> mpsc::UnboundedReceiver<Arc<Event>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let mut table = self.table();
        if !table.closed {
            table.listeners.push((methods, sender));
        }
        receiver
    }

    /// Tells whether the browser is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.table().closed
    }

    /// Waits until the browser is gone.
    pub async fn closed(&self) {
        // Nothing is listened for: the channel ends when the connection does.
        let _ = self.listen(&[]).recv().await;
    }

    /// Takes one message from the browser. What is no message is passed over.
    fn take(&self, text: &[u8]) {
        let Ok(mut message) = serde_json::from_slice::<Value>(text) else { return };
        if let Some(id) = message["id"].as_u64() {
            let answer = match message.get("error") {
                Some(error) => Err(error["message"].as_str().unwrap_or("refused").to_owned()),
                None => Ok(message["result"].take()),
            };
            if let Some((_, waiting)) = self.table().waiting.remove(&id) {
                // Nobody waits any more when the caller gave up.
                let _ = waiting.send(answer);
            }
            return;
        }
        let Some(method) = message["method"].as_str().map(str::to_owned) else { return };
        let session = message["sessionId"].as_str().map(Arc::from);
        let event = Arc::new(Event { session, method, params: message["params"].take() });
        if event.method == "Target.detachedFromTarget"
            && let Some(gone) = event.params["sessionId"].as_str()
        {
            self.give_up(gone);
        }
        self.table().listeners.retain(|(methods, listener)| {
            if methods.contains(&event.method.as_str()) {
                listener.send(Arc::clone(&event)).is_ok()
            } else {
                !listener.is_closed()
            }
        });
    }

    /// A session is gone, or will not answer any more: whoever waits for it is told.
    pub(crate) fn give_up(&self, session: &str) {
        self.table().waiting.retain(|_, (of, _)| of.as_deref() != Some(session));
    }

    /// The browser is gone: everyone who waits is told, and everyone who listens hears the end.
    fn close(&self) {
        let mut table = self.table();
        table.closed = true;
        table.waiting.clear();
        table.listeners.clear();
    }
}

/// One conversation with the browser: with itself, a tab, a frame or a worker.
#[derive(Clone)]
pub struct Session {
    devtools: DevTools,
    id: Option<Arc<str>>,
}

impl Session {
    /// Returns the session's id; `None` is the browser itself.
    #[must_use]
    pub fn id(&self) -> Option<&Arc<str>> {
        self.id.as_ref()
    }

    /// Returns the connection it runs over.
    #[must_use]
    pub fn devtools(&self) -> &DevTools {
        &self.devtools
    }

    /// Asks, and waits for the answer up to [`PATIENCE`].
    ///
    /// # Errors
    /// [`CallError`]: the browser is gone, refused, or did not answer in time.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, CallError> {
        self.call_within(method, params, PATIENCE).await
    }

    /// As [`Session::call`] with a limit of its own.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn call_within(
        &self,
        method: &str,
        params: Value,
        limit: Duration,
    ) -> Result<Value, CallError> {
        let answer = self.post(method, params);
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(message))) => Err(CallError::Refused { method: method.to_owned(), message }),
            Ok(Err(_)) => Err(CallError::Closed),
            Err(_) => Err(CallError::Late { method: method.to_owned(), seconds: limit.as_secs() }),
        }
    }

    /// Asks without waiting. The order of asking is kept: a paused worker answers only after it was told to run.
    pub fn post(&self, method: &str, params: Value) -> oneshot::Receiver<Result<Value, String>> {
        let inner = &self.devtools.0;
        let id = inner.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.id {
            message["sessionId"] = Value::from(session.as_ref());
        }
        let mut table = self.devtools.table();
        if !table.closed {
            table.waiting.insert(id, (self.id.clone(), sender));
            // The writer is gone only when the browser is; then `close` ends the wait.
            let _ = inner.out.send(message.to_string());
        }
        receiver
    }
}
