//! Files brought along to an order that is not there yet: read into its fields, and fixed when it is opened. Until then
//! they wait in memory, and never on disk unsealed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::{Form, RequestExt};
use sigu_capture::import::Tools;
use sigu_capture::ocr::{Refusal, suggest};
use sigu_case::Slot;
use sigu_case::recognise::{Hints, readable, recognise};
use zeroize::Zeroizing;

use super::{belongs, secret, upload};

/// How much the files of one form may have together, in bytes.
const MAX: usize = 64 << 20;
/// How many files wait at most; the oldest goes first.
const MOST: usize = 8;

/// A file that waits.
pub(super) struct Brought {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Where it belongs, by what was read in it.
    pub(super) slot: Slot,
    /// What was read in it; may hold secrets.
    pub(super) text: Zeroizing<String>,
    /// The message that says why nothing was read; empty where something was.
    pub(super) unread: &'static str,
}

/// The files that wait.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Vec<Arc<Brought>>>);

impl Waiting {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Brought>>> {
        // The list is changed whole: a thread that panicked left it as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a file and keeps it.
    pub(super) fn take(&self, name: String, bytes: Vec<u8>, tools: &Tools) -> Arc<Brought> {
        let one = Arc::new(read(name, bytes, tools));
        let mut all = self.all();
        all.push(one.clone());
        let over = all.len().saturating_sub(MOST);
        all.drain(..over);
        one
    }

    /// Those of these ids that still wait, in the order they came.
    pub(super) fn named(&self, ids: &[&str]) -> Vec<Arc<Brought>> {
        self.all().iter().filter(|one| ids.contains(&one.id.as_str())).cloned().collect()
    }

    /// Forgets files that were fixed.
    pub(super) fn done(&self, ids: &[&str]) {
        self.all().retain(|one| !ids.contains(&one.id.as_str()));
    }

    /// Forgets all of them.
    pub(super) fn put_away(&self) {
        self.all().clear();
    }
}

/// A form as it came, with its files or without.
#[derive(Default)]
pub(super) struct Came {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The message that says why not all of it came; empty where it did.
    pub(super) wrong: &'static str,
}

/// Takes a form in, whichever way a page sent it. What came before it broke off is kept.
pub(super) async fn taken(request: Request) -> Came {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let mut came = Came::default();
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        match Form::<Vec<(String, String)>>::from_request(request, &()).await {
            Ok(Form(pairs)) => came.pairs = pairs,
            Err(_) => came.wrong = "fix-broke-off",
        }
        return came;
    }
    let Ok(form) = request.extract::<Multipart, _>().await else {
        return Came { wrong: "fix-broke-off", ..came };
    };
    if fields(form, &mut came).await.is_err() {
        came.wrong = "fix-broke-off";
    }
    came
}

async fn fields(mut form: Multipart, came: &mut Came) -> Result<(), MultipartError> {
    let mut room = MAX;
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(upload::base) {
            None => came.pairs.push((name, upload::text(field).await?)),
            Some(file) => match all_of(field, room).await? {
                // A field without a chosen file comes with an empty name.
                Some(bytes) if !file.is_empty() && !bytes.is_empty() => {
                    room -= bytes.len();
                    came.files.push((file, bytes));
                }
                Some(_) => {}
                None => came.wrong = "new-too-large",
            },
        }
    }
    Ok(())
}

/// All of a file; `None` where there is no room for it. It is read to its end all the same: what was typed may stand
/// behind it.
async fn all_of(mut field: Field<'_>, room: usize) -> Result<Option<Vec<u8>>, MultipartError> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(piece) = field.chunk().await? {
        fits = fits && bytes.len() + piece.len() <= room;
        if fits {
            bytes.extend_from_slice(&piece);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then_some(bytes))
}

fn read(name: String, bytes: Vec<u8>, tools: &Tools) -> Brought {
    let hints = belongs::hints(Some(&name));
    let is_picture = bytes.starts_with(b"\x89PNG") || bytes.starts_with(&[0xFF, 0xD8, 0xFF]);
    let (text, unread) = match is_picture {
        true => seen(&bytes, tools),
        false => said(&bytes, &hints),
    };
    let slot = match text.is_empty() {
        true => Slot::Other,
        // A mail is more than its words.
        false if !is_picture => belongs::of_words(&recognise(&bytes, &hints)),
        false => belongs::of_words(&recognise(text.as_str(), &Hints::default())),
    };
    Brought { id: secret()[..16].to_owned(), name, bytes: bytes.into(), slot, text, unread }
}

/// What a picture says, where the program that reads pictures is there.
fn seen(bytes: &[u8], tools: &Tools) -> (Zeroizing<String>, &'static str) {
    match suggest(bytes, tools) {
        Ok(read) if !read.text.trim().is_empty() => (read.text.into(), ""),
        Ok(_) => (Zeroizing::default(), "new-nothing-seen"),
        Err(Refusal::ToolMissing | Refusal::LanguageMissing) => (Zeroizing::default(), "new-no-reader"),
        Err(_) => (Zeroizing::default(), "new-nothing-seen"),
    }
}

fn said(bytes: &[u8], hints: &Hints) -> (Zeroizing<String>, &'static str) {
    // What is no text is kept as it is.
    if bytes.iter().take(4_096).any(|byte| *byte == 0) {
        return (Zeroizing::default(), "new-no-text");
    }
    (readable(bytes, hints).text().to_owned().into(), "")
}
