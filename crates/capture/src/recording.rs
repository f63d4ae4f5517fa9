//! 录制: a tab as video, handed over in pieces while it runs, so that nothing can be cut afterwards and a crash
//! loses the last seconds at most.
//!
//! The pictures are the browser's own of the tab (screencast). A page of ours, in a browser context that no other
//! page reaches, puts a strip with the device's clock, the address and the beacon below them and encodes; the
//! recorded page is not touched and need not know. Pauses, navigation and changes of tab are marks.

mod camera;
mod film;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use crate::devtools::CallError;
use crate::traffic::{TabId, Traffic};
use camera::Camera;
use film::Film;

/// How often a piece is handed over.
pub const PIECE: Duration = Duration::from_secs(2);
/// How far pictures of the video are apart at least.
const PICTURES: Duration = Duration::from_millis(80);
/// How long a picture may stand in the film before that is told.
const STALL: Duration = Duration::from_secs(3);
/// How far key frames are apart at least.
const KEY_FRAMES: Duration = Duration::from_secs(3);

/// One thing a recording hands over while it runs.
#[derive(Clone)]
pub enum Part {
    /// Bytes of the video; all pieces in their order are the file.
    Piece(Piece),
    /// A picture of the tab as the browser drew it.
    KeyFrame(KeyFrame),
    /// Something on the time line.
    Mark(Mark),
    /// The end; nothing follows.
    Ended(Ended),
}

/// Bytes of the video.
#[derive(Clone)]
pub struct Piece {
    /// From 0.
    pub number: u32,
    /// When it was handed over, in milliseconds since the beginning.
    pub offset_ms: u64,
    /// WebM.
    pub bytes: Vec<u8>,
}

/// A picture of the tab as the browser drew it.
#[derive(Clone)]
pub struct KeyFrame {
    /// When it came.
    pub at: Timestamp,
    /// In milliseconds since the beginning.
    pub offset_ms: u64,
    /// The address shown.
    pub url: String,
    /// JPEG.
    pub jpeg: Vec<u8>,
}

/// Something on the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// In milliseconds since the beginning.
    pub offset_ms: u64,
    /// What.
    pub kind: MarkKind,
    /// An address, the words of who set it, or what its kind says.
    pub detail: String,
}

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The recording began.
    Began,
    /// The tab shows another document.
    Navigated,
    /// Another tab is recorded from here on.
    TabSwitched,
    /// The recorded tab was closed.
    TabClosed,
    /// The recording was paused.
    Paused,
    /// It went on.
    Resumed,
    /// A note of the user.
    Noted,
    /// The camera drew nothing for three seconds or more, until now: the film shows an older picture there. The
    /// detail is how many whole seconds.
    Stalled,
    /// The recording ended. The detail is what the camera said if it would not go on, else empty.
    Ended,
}

/// How a recording ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// In milliseconds since the beginning.
    pub duration_ms: u64,
    /// How many pieces it has.
    pub pieces: u32,
    /// Whether it is one take: never paused, no piece lost, ended on purpose.
    pub continuous: bool,
    /// Why it ended.
    pub reason: Reason,
}

/// Why a recording ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The user ended it.
    Stopped,
    /// No tab was left.
    TabClosed,
    /// The browser is gone.
    BrowserGone,
    /// The camera does not answer any more.
    CameraGone,
}

/// How a recording is made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What stands in the strip below the picture: the order, and the beacon line.
    pub label: String,
    /// What the strip says during a pause.
    pub paused: String,
    /// Largest width and height of the picture, in CSS pixels.
    pub size: (u32, u32),
}

enum Order {
    Pause,
    Resume,
    Note(String),
    Stop(oneshot::Sender<()>),
}

/// A recording under way. Dropped, it ends.
pub struct Recording {
    orders: mpsc::UnboundedSender<Order>,
}

impl Recording {
    /// Begins to record a tab, and whichever tab the user turns to after it.
    ///
    /// # Errors
    /// When the browser is gone, or cannot encode video.
    pub async fn start(
        traffic: &Traffic,
        tab: &TabId,
        settings: &Settings,
    ) -> Result<(Self, mpsc::UnboundedReceiver<Part>), CallError> {
        let camera = Camera::open(traffic, settings).await?;
        let (orders, to_film) = mpsc::unbounded_channel();
        let (parts, from_film) = mpsc::unbounded_channel();
        let film = Film::new(traffic.clone(), camera, parts, settings.clone());
        tokio::spawn(film.run(tab.clone(), to_film));
        Ok((Self { orders }, from_film))
    }

    fn order(&self, order: Order) {
        // A recording that has ended takes no orders; its end is in the parts.
        let _ = self.orders.send(order);
    }

    /// Pauses; the mark stays for ever.
    pub fn pause(&self) {
        self.order(Order::Pause);
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        self.order(Order::Resume);
    }

    /// Sets a mark with words of the user.
    pub fn note(&self, words: impl Into<String>) {
        self.order(Order::Note(words.into()));
    }

    /// Ends the recording; the last piece and the end are among the parts when this returns.
    pub async fn stop(self) {
        let (done, ended) = oneshot::channel();
        self.order(Order::Stop(done));
        // Dropped without an answer, the film had ended already.
        let _ = ended.await;
    }
}
