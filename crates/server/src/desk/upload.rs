//! Files that come with a form: each streams into the vault as it arrives, never whole in memory, never on disk unsealed.

use std::io::{self, Read};

use axum::body::{Body, Bytes};
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use futures_util::StreamExt;
use jiff::Timestamp;
use sigu_case::{Command, OrderId, Slot};
use sigu_vault::{Error, Ingested, Source, SourceFault, StreamSource};
use tokio::sync::mpsc;

use super::belongs::by_kind;
use crate::fixing::manifest;
use crate::receiver::App;

/// Largest file, in bytes: 2 GiB.
pub(super) const MAX_FILE: u64 = 2 << 30;

/// Longest text field of such a form, in bytes.
const MAX_TEXT: usize = 64 << 10;
/// Pieces that wait between the socket and the vault.
const WAITING: usize = 16;

/// What is said of files that come in, whichever way they come.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// What they are to show; `None` leaves it to what each file is.
    pub(super) slot: Option<Slot>,
    pub(super) formed_at: Option<Timestamp>,
    pub(super) note: Option<String>,
    /// Whether they are card secrets.
    pub(super) secret: bool,
}

impl Said {
    /// The command that fixes what was taken in.
    pub(super) fn fix(&self, order: &OrderId, ingested: &Ingested, name: Option<String>) -> Command {
        let slot = self.slot.unwrap_or_else(|| by_kind(name.as_deref(), ingested));
        Command::FixEvidence {
            order: order.clone(),
            slot,
            formed_at: self.formed_at,
            note: self.note.clone(),
            manifest: manifest(self.secret, slot, ingested, name, false),
        }
    }
}

/// A file that was taken in, with the name it came with; no leaf names it yet.
pub(super) struct Came {
    pub(super) name: Option<String>,
    pub(super) answer: Result<Ingested, SourceFault>,
}

/// What came with a form.
#[derive(Default)]
pub(super) struct Upload {
    pub(super) texts: Vec<(String, String)>,
    pub(super) files: Vec<Came>,
}

/// Why a form with files was not taken.
pub(super) enum NotTaken {
    /// It is no such form, is too large, or broke off.
    Form(MultipartError),
    Vault(Error),
    /// More came than [`MAX_FILE`].
    TooLarge,
    /// The thread that takes in is gone.
    Gone,
}

impl From<MultipartError> for NotTaken {
    fn from(error: MultipartError) -> Self {
        Self::Form(error)
    }
}

/// Takes a form in. `ready` is asked before the first file, with the texts that stand before it: where it says no, the
/// files are read and dropped, for a browser shows an answer only when all was sent.
pub(super) async fn take(
    app: &App,
    mut form: Multipart,
    ready: impl Fn(&[(String, String)]) -> bool,
) -> Result<Upload, NotTaken> {
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(base) {
            None => upload.texts.push((name, text(field).await?)),
            // A field without a chosen file comes with an empty name.
            Some(file) if file.is_empty() => drop(pass(field, None).await?),
            Some(_) if !ready(&upload.texts) => drop(pass(field, None).await?),
            Some(file) => {
                let answer = stream(app, field).await?;
                upload.files.push(Came { name: Some(file), answer });
            }
        }
    }
    Ok(upload)
}

/// The texts of a form; its files are read and dropped.
pub(super) async fn texts(mut form: Multipart) -> Result<Vec<(String, String)>, MultipartError> {
    let mut texts = Vec::new();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name() {
            None => texts.push((name, text(field).await?)),
            Some(_) => pass(field, None).await?,
        }
    }
    Ok(texts)
}

/// The last part of a name: some browsers send a path, and a path means nothing here.
pub(super) fn base(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

pub(super) async fn text(mut field: Field<'_>) -> Result<String, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await? {
        let room = MAX_TEXT.saturating_sub(bytes.len());
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a field to its end and hands its pieces on as long as someone takes them.
async fn pass(
    mut field: Field<'_>,
    to: Option<mpsc::Sender<io::Result<Bytes>>>,
) -> Result<(), MultipartError> {
    loop {
        match (field.chunk().await, &to) {
            (Ok(Some(piece)), Some(to)) => drop(to.send(Ok(piece)).await),
            (Ok(Some(_)), None) => {}
            (Ok(None), _) => return Ok(()),
            (Err(error), to) => {
                // What broke off is no content: the vault must not take it for the end of the file.
                if let Some(to) = to {
                    drop(to.send(Err(io::Error::other("broke off"))).await);
                }
                return Err(error);
            }
        }
    }
}

/// What comes of taking in, once all has come.
type Taking = tokio::task::JoinHandle<Result<Option<Result<Ingested, SourceFault>>, Error>>;

/// Begins to take in what is sent.
fn taking(app: &App) -> (mpsc::Sender<io::Result<Bytes>>, Taking) {
    let (to, from) = mpsc::channel(WAITING);
    let own = app.clone();
    let taking = tokio::task::spawn_blocking(move || {
        own.with_vault(|vault| {
            let source = StreamSource(Box::new(Pieces { from, left: Bytes::new() }));
            let answers = vault.ingest(vec![Source::Stream(source)], &|_| {})?;
            Ok::<_, Error>(answers.into_iter().next())
        })
    });
    (to, taking)
}

/// Takes in a body that is one file.
pub(super) async fn take_body(app: &App, body: Body) -> Result<Result<Ingested, SourceFault>, NotTaken> {
    let (to, taking) = taking(app);
    let (mut parts, mut came, mut large) = (body.into_data_stream(), 0_u64, false);
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| io::Error::other("broke off"));
        came += part.as_ref().map_or(0, |part| part.len() as u64);
        large = came > MAX_FILE;
        // What broke off is no content: the vault must not take it for the end of the file.
        let part = if large { Err(io::Error::other("too large")) } else { part };
        let ended = part.is_err();
        if to.send(part).await.is_err() || ended {
            break;
        }
    }
    drop(to);
    let taken = taking.await.map_err(|_| NotTaken::Gone)?.map_err(NotTaken::Vault)?;
    if large { Err(NotTaken::TooLarge) } else { taken.ok_or(NotTaken::Gone) }
}

async fn stream(app: &App, field: Field<'_>) -> Result<Result<Ingested, SourceFault>, NotTaken> {
    let (to, taking) = taking(app);
    let passed = pass(field, Some(to)).await;
    let taken = taking.await.map_err(|_| NotTaken::Gone)?.map_err(NotTaken::Vault)?;
    passed?;
    taken.ok_or(NotTaken::Gone)
}

/// The pieces of a file as a reader.
struct Pieces {
    from: mpsc::Receiver<io::Result<Bytes>>,
    left: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            match self.from.blocking_recv() {
                Some(piece) => self.left = piece?,
                None => return Ok(0),
            }
        }
        let count = self.left.len().min(to.len());
        to[..count].copy_from_slice(&self.left.split_to(count));
        Ok(count)
    }
}
