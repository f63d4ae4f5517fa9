//! A site on this machine.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

type Answers = dyn Fn(&Request) -> Vec<u8> + Send + Sync;

/// A site on a port of its own that ends each connection after its answer.
pub(crate) struct Site {
    address: SocketAddr,
}

impl Site {
    /// Serves what the function says.
    pub(crate) async fn serve(answers: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers: Arc<Answers> = Arc::new(answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&answers)));
            }
        });
        Self { address }
    }

    /// Serves fixed pages, each a path and its HTML in UTF-8; anything else is 404.
    pub(crate) async fn of(pages: Vec<(&'static str, &'static str)>) -> Self {
        Self::serve(move |request| match pages.iter().find(|(path, _)| *path == request.path) {
            Some((_, text)) => html(text),
            None => reply("404 Not Found", &[], b""),
        })
        .await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.url_at("127.0.0.1", path)
    }

    /// The address under another name of this machine.
    pub(crate) fn url_at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }
}

async fn answer(mut stream: TcpStream, answers: Arc<Answers>) {
    let Some(request) = read(&mut stream).await else { return };
    // The browser may have gone away; then nobody misses the answer.
    let _ = stream.write_all(&answers(&request)).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers: HashMap<_, _> =
        lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request { path, headers, body })
}

/// An answer with header lines beside its length.
pub(crate) fn reply(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let head =
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{lines}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A page in UTF-8.
pub(crate) fn html(text: &str) -> Vec<u8> {
    reply("200 OK", &["Content-Type: text/html; charset=utf-8"], text.as_bytes())
}

/// What a plain client gets, head and body: HTTP/1.0, so that bodies end with the connection and are not chunked.
pub(crate) fn get(url: &str) -> (String, Vec<u8>) {
    use std::io::{Read as _, Write as _};
    let (address, path) =
        url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an address");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let body = all.split_off(end + 4);
    (String::from_utf8_lossy(&all).into_owned(), body)
}
