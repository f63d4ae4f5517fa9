//! Where files are published: a folder of this machine, or a bucket that speaks S3.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::{ClientOptions, HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload,
    RetryConfig,
};
use reqwest::Client;
use url::Url;

use super::PublishError;
use crate::outside::net::Net;

/// How long one object may take.
const WHOLE: Duration = Duration::from_secs(60);
/// The largest file that is read back: a checkpoint, or a tile of entries of the largest size.
const MAX_BYTES: u64 = 17 * 1024 * 1024;

/// A place for published files.
#[derive(Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    below: Path,
    /// Whether files carry a media type; a folder has none.
    typed: bool,
}

impl std::fmt::Debug for Shelf {
    /// Without the store, which would show the key of a bucket.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("below", &self.below).finish_non_exhaustive()
    }
}

impl Shelf {
    /// A folder, which is made if it is not there. Files are durable when they are acknowledged.
    ///
    /// # Errors
    /// Fails with the disk.
    pub fn folder(path: &std::path::Path) -> Result<Self, PublishError> {
        std::fs::create_dir_all(path).map_err(|error| PublishError::Store(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|error| failed(&error))?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), below: Path::default(), typed: false })
    }

    /// A bucket at `s3://bucket/prefix`, with settings such as `access_key_id`, `secret_access_key`, `region` and
    /// `endpoint`. Nothing is sent yet. Plain HTTP is used where the endpoint says so: requests are signed, and what is
    /// published is for everybody.
    ///
    /// # Errors
    /// Refuses another address and settings that are not known.
    pub fn bucket(
        address: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, PublishError> {
        let url = Url::parse(address).map_err(|_| PublishError::Address)?;
        let bucket = url.host_str().filter(|_| url.scheme() == "s3" && url.query().is_none());
        let bucket = bucket.ok_or(PublishError::Address)?;
        let below = Path::from_url_path(url.path()).map_err(|_| PublishError::Address)?;
        let client =
            Net::client_for_objects(WHOLE).map_err(|error| PublishError::Store(error.to_string()))?;
        let retry = RetryConfig { max_retries: 2, retry_timeout: WHOLE, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        builder = builder.with_http_connector(Ours(client)).with_retry(retry);
        for (name, value) in settings {
            let key: AmazonS3ConfigKey = name.parse().map_err(|_| PublishError::Setting(name.clone()))?;
            if key == AmazonS3ConfigKey::Endpoint {
                builder = builder.with_allow_http(value.starts_with("http://"));
            }
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(|error| failed(&error))?;
        Ok(Self { store: Arc::new(store), below, typed: true })
    }

    fn place(&self, path: &str) -> Path {
        let own = Path::from(path);
        self.below.parts().chain(own.parts()).collect()
    }

    /// Reads a file; `None` where there is none.
    pub(super) async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, PublishError> {
        let found = match self.store.get(&self.place(path)).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            found => found.map_err(|error| failed(&error))?,
        };
        if found.meta.size > MAX_BYTES {
            return Err(PublishError::Differs { path: path.to_owned() });
        }
        Ok(Some(found.bytes().await.map_err(|error| failed(&error))?.to_vec()))
    }

    /// Makes a file that never changes; says whether it is new. The same bytes there already are as good.
    pub(super) async fn create(&self, path: String, bytes: Vec<u8>) -> Result<bool, PublishError> {
        let options = self.options(PutMode::Create, "application/octet-stream", "public, max-age=31536000");
        let payload = PutPayload::from(bytes.clone());
        match self.store.put_opts(&self.place(&path), payload, options).await {
            Ok(_) => Ok(true),
            Err(Error::AlreadyExists { .. }) => {
                let there = self.read(&path).await?;
                if there.is_some_and(|there| there == bytes) {
                    Ok(false)
                } else {
                    Err(PublishError::Differs { path })
                }
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// Replaces a file: readers see the old bytes or the new.
    pub(super) async fn replace(&self, path: &str, bytes: Vec<u8>) -> Result<(), PublishError> {
        let options = self.options(PutMode::Overwrite, "text/plain; charset=utf-8", "no-cache");
        let done = self.store.put_opts(&self.place(path), PutPayload::from(bytes), options).await;
        done.map(drop).map_err(|error| failed(&error))
    }

    fn options(&self, mode: PutMode, kind: &'static str, cache: &'static str) -> PutOptions {
        let mut attributes = Attributes::new();
        if self.typed {
            attributes.insert(Attribute::ContentType, kind.into());
            attributes.insert(Attribute::CacheControl, cache.into());
        }
        PutOptions { mode, attributes, ..PutOptions::default() }
    }
}

fn failed(error: &Error) -> PublishError {
    PublishError::Store(error.to_string().chars().take(500).collect())
}

/// Our client for a store that would make its own: with the TLS that is named, and our limits.
#[derive(Debug)]
struct Ours(Client);

impl HttpConnector for Ours {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
