//! A log laid out as files, in a folder and behind S3: everything there, nothing changed, no second history.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::error_handling::HandleError;
use axum::http::StatusCode;
use futures_util::FutureExt as _;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use sigu_ledger::{
    Checkpoint, Hash, RightEdge, SignedCheckpoint, SigningKey, TILE_WIDTH, TileId, decode_tile, leaf_hash,
    tile_width, tiles_of, tree_root,
};
use sigu_server::outside::publish::{PublishError, Published, Shelf, Source, publish};

use crate::support::outside::run;

/// A log that keeps its leaves and tiles, as a vault does.
struct Kept {
    key: SigningKey,
    leaves: Vec<Vec<u8>>,
    tiles: BTreeMap<TileId, Vec<Hash>>,
}

impl Kept {
    fn new(size: usize, history: u8) -> Arc<Self> {
        let key = SigningKey::from_seed("sigu/v1/published", [1; 32]).unwrap();
        let leaves: Vec<Vec<u8>> = (0..size).map(|i| format!("leaf {i} of {history}").into_bytes()).collect();
        let mut edge = RightEdge::new();
        leaves.iter().for_each(|leaf| edge.append(leaf_hash(leaf)));
        Arc::new(Self { key, leaves, tiles: edge.take_changed().into_iter().collect() })
    }

    fn root(&self, size: u64) -> Hash {
        let hashes: Vec<Hash> = self.leaves[..size as usize].iter().map(|leaf| leaf_hash(leaf)).collect();
        tree_root(&hashes)
    }

    fn signed(&self, size: u64) -> SignedCheckpoint {
        let root = self.root(size);
        Checkpoint { origin: self.key.name().to_owned(), size, root }.sign(&self.key).unwrap()
    }

    fn source(self: &Arc<Self>) -> Source<'static> {
        let (tiles, entries, roots) = (self.clone(), self.clone(), self.clone());
        Source {
            tile: Box::new(move |id, width| {
                let tile = tiles.tiles.get(&id).map(|tile| tile[..usize::from(width)].to_vec());
                async move { tile.ok_or_else(|| "no such tile".to_owned()) }.boxed()
            }),
            entries: Box::new(move |index, width| {
                let first = index as usize * TILE_WIDTH;
                let leaves = entries.leaves[first..first + usize::from(width)].to_vec();
                async move { Ok(leaves) }.boxed()
            }),
            root: Box::new(move |size| {
                let root = roots.root(size);
                async move { Ok(root) }.boxed()
            }),
        }
    }

    async fn publish(self: &Arc<Self>, shelf: &Shelf, size: u64) -> Result<Published, PublishError> {
        let signed = self.signed(size);
        publish(shelf, &self.key.verifying_key(), &signed, "", &mut self.source()).await
    }
}

/// Everything below a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(
                files(&entry.path()).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)),
            );
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// Whether a stranger who has only the files comes to the tree of the checkpoint, and finds every leaf.
fn complete(files: &BTreeMap<String, Vec<u8>>, log: &Kept, size: u64) {
    let signed = SignedCheckpoint::verify(&files["checkpoint"], &log.key.verifying_key()).unwrap();
    assert_eq!(signed.checkpoint().size, size);
    let mut leaves = Vec::new();
    for (id, width) in tiles_of(size) {
        let hashes = decode_tile(&files[&id.path(width)]).unwrap();
        assert_eq!(hashes.len(), usize::from(width));
        if id.level == 0 {
            let mut bytes = files[&sigu_ledger::entries_path(id.index, width)].as_slice();
            let before = leaves.len();
            while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
                let (leaf, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
                leaves.push(leaf.to_vec());
                bytes = rest;
            }
            let found: Vec<Hash> = leaves[before..].iter().map(|leaf| leaf_hash(leaf)).collect();
            assert_eq!(found, hashes, "tile {}", id.index);
        }
    }
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    assert_eq!((leaves.len() as u64, tree_root(&hashes)), (size, signed.checkpoint().root));
}

#[tokio::test]
async fn a_folder_grows_with_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("out");
    let shelf = Shelf::folder(&place).unwrap();
    let log = Kept::new(1000, 0);
    let mut before = 0;
    for size in [1, 5, 5, 256, 257, 700, 1000] {
        let published = log.publish(&shelf, size).await.unwrap();
        let new = tiles_of(size).filter(|(id, width)| tile_width(*id, before) != *width);
        let made = new.map(|(id, _)| if id.level == 0 { 2 } else { 1 }).sum::<usize>();
        assert_eq!(published, Published { before, made }, "{size}");
        complete(&files(&place), &log, size);
        before = size;
    }
    assert!(files(&place).keys().all(|name| !name.contains("000.p/700")));
    assert!(format!("{shelf:?}").starts_with("Shelf"));
}

#[tokio::test]
async fn a_log_put_back_and_a_second_history_are_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::folder(folder.path()).unwrap();
    let (log, other) = (Kept::new(300, 0), Kept::new(400, 1));
    log.publish(&shelf, 300).await.unwrap();
    let there = files(folder.path());
    assert_eq!(log.publish(&shelf, 299).await, Err(PublishError::Ahead { size: 300 }));
    assert_eq!(other.publish(&shelf, 300).await, Err(PublishError::Fork { size: 300 }));
    assert_eq!(other.publish(&shelf, 400).await, Err(PublishError::Fork { size: 300 }));
    let stranger = SigningKey::from_seed("sigu/v1/stranger", [2; 32]).unwrap();
    let signed = log.signed(300);
    let refused = publish(&shelf, &stranger.verifying_key(), &signed, "", &mut log.source()).await;
    assert_eq!(refused, Err(PublishError::Foreign));
    assert_eq!(files(folder.path()), there, "nothing of it changed a file");
}

#[tokio::test]
async fn what_was_begun_is_finished_and_what_differs_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::folder(folder.path()).unwrap();
    let log = Kept::new(300, 0);
    log.publish(&shelf, 300).await.unwrap();
    let whole = files(folder.path());
    // As a process leaves it that ends before the checkpoint.
    std::fs::remove_file(folder.path().join("checkpoint")).unwrap();
    std::fs::remove_file(folder.path().join("tile/entries/000")).unwrap();
    assert_eq!(log.publish(&shelf, 300).await.unwrap().made, 1);
    assert_eq!(files(folder.path()), whole);
    std::fs::remove_file(folder.path().join("checkpoint")).unwrap();
    put(&folder.path().join("tile/0/000"), b"something else");
    let differs = PublishError::Differs { path: "tile/0/000".to_owned() };
    assert_eq!(log.publish(&shelf, 300).await, Err(differs));
    assert!(!folder.path().join("checkpoint").exists());
}

#[tokio::test]
async fn leaves_that_are_not_those_of_the_tree_do_not_go_out() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::folder(folder.path()).unwrap();
    let (log, other) = (Kept::new(300, 0), Kept::new(300, 1));
    let mut mixed = log.source();
    mixed.entries = other.source().entries;
    let key = log.key.verifying_key();
    let failed = publish(&shelf, &key, &log.signed(300), "", &mut mixed).await.unwrap_err();
    assert!(matches!(failed, PublishError::Source(_)), "{failed}");
    let failed = publish(&shelf, &key, &log.signed(300), "", &mut other.source()).await.unwrap_err();
    assert!(matches!(failed, PublishError::Source(_)), "{failed}");
    assert!(files(folder.path()).is_empty());
}

/// S3 over a folder; gives its address.
async fn s3(folder: &Path) -> String {
    std::fs::create_dir(folder.join("logs")).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single("key", "secret-of-the-bucket"));
    let failed = |_| async { StatusCode::INTERNAL_SERVER_ERROR };
    run(axum::Router::new().fallback_service(HandleError::new(service.build(), failed))).await
}

fn bucket(endpoint: &str, secret: &str) -> Shelf {
    let settings = [
        ("access_key_id", "key"),
        ("secret_access_key", secret),
        ("region", "us-east-1"),
        ("endpoint", endpoint),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Shelf::bucket("s3://logs/mine/first", settings).unwrap()
}

#[tokio::test]
async fn a_bucket_holds_what_a_folder_holds() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = s3(folder.path()).await;
    let shelf = bucket(&endpoint, "secret-of-the-bucket");
    let log = Kept::new(600, 0);
    for size in [300, 600] {
        log.publish(&shelf, size).await.unwrap();
        complete(&files(&folder.path().join("logs/mine/first")), &log, size);
    }
    assert_eq!(log.publish(&shelf, 300).await, Err(PublishError::Ahead { size: 600 }));
    assert_eq!(Kept::new(600, 1).publish(&shelf, 600).await, Err(PublishError::Fork { size: 600 }));
    assert!(!format!("{shelf:?}").contains("secret"));
    let wrong = log.publish(&bucket(&endpoint, "another"), 600).await.unwrap_err();
    assert!(matches!(&wrong, PublishError::Store(why) if !why.contains("another")), "{wrong:?}");
}

#[test]
fn an_address_of_a_bucket_and_its_settings_are_checked() {
    let none = || std::iter::empty::<(String, String)>();
    for address in ["https://logs/mine", "s3:///mine", "logs", "s3://logs/mine?x=1"] {
        assert_eq!(Shelf::bucket(address, none()).unwrap_err(), PublishError::Address, "{address}");
    }
    let odd = [("colour".to_owned(), "red".to_owned())];
    let refused = Shelf::bucket("s3://logs", odd).unwrap_err();
    assert_eq!(refused, PublishError::Setting("colour".to_owned()));
}

#[allow(clippy::disallowed_methods, reason = "files of a test need no durability")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
