//! What the browser received, against a server that knows what it sent.

use std::io::Write;

use sigu_capture::exchange::{Answer, BodyState, Exchange, Frames, Origin, Response};
use sigu_capture::traffic::LARGEST_BODY;
use tokio::net::TcpListener;

use crate::support::{Desk, Request, Site, html, reply};

/// 订单 in GBK.
const GBK: [u8; 4] = [0xb6, 0xa9, 0xb5, 0xa5];
const PLAIN: &str = "Content-Type: text/plain; charset=utf-8";

fn page(sockets: u16, frame: &str) -> String {
    format!(
        r#"<!doctype html><p>x</p>{frame}<script>
(async () => {{
  const text = async (path, more) => {{ try {{ return await (await fetch(path, more)).text() }} catch {{ return '' }} }};
  for (const path of ['/gbk', '/gzip', '/none', '/short', '/kept', '/kept', '/huge']) await text(path);
  await text('/post', {{ method: 'POST', body: '订单=1' }});
  const socket = new WebSocket('ws://127.0.0.1:{sockets}/');
  await new Promise((done) => {{
    socket.onopen = () => socket.send('在吗');
    socket.onmessage = done;
  }});
  const worker = new Worker('/worker.js');
  await new Promise((done) => {{ worker.onmessage = done }});
  await navigator.serviceWorker.register('/service.js');
  await new Promise((done) => {{
    if (navigator.serviceWorker.controller) done(); else navigator.serviceWorker.oncontrollerchange = done;
  }});
  await text('/made');
  window.loaded = true;
}})()
</script>"#
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn answers(request: &Request, sockets: u16) -> Vec<u8> {
    let script = "Content-Type: text/javascript";
    let port = request.headers.get("host").and_then(|host| host.rsplit(':').next()).unwrap_or_default();
    match request.path.as_str() {
        "/one" => reply("302 Found", &["Location: /two", "Set-Cookie: a=1", "Set-Cookie: b=2"], b""),
        "/two" => reply("307 Temporary Redirect", &["Location: /page", "Set-Cookie: c=3"], b""),
        "/page" => html(&page(sockets, &format!("<iframe src='http://localhost:{port}/frame'></iframe>"))),
        "/frame" => html("<script>fetch('/in-frame').then(() => parent.postMessage('', '*'))</script>"),
        "/gbk" => reply("200 OK", &["Content-Type: text/html; charset=gbk"], &GBK),
        "/gzip" => reply("200 OK", &[PLAIN, "Content-Encoding: gzip"], &gzip("订单".repeat(999).as_bytes())),
        "/none" => b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec(),
        "/short" => {
            format!("HTTP/1.1 200 OK\r\n{PLAIN}\r\nContent-Length: 100\r\n\r\nonly this").into_bytes()
        }
        "/kept" => reply("200 OK", &[PLAIN, "Cache-Control: max-age=600"], b"kept"),
        "/huge" => reply("200 OK", &["Content-Type: application/octet-stream"], &vec![7; 70 << 20]),
        "/post" => reply("200 OK", &[PLAIN], &request.body),
        "/worker.js" => reply("200 OK", &[script], b"fetch('/in-worker').then(() => postMessage(1))"),
        "/service.js" => reply(
            "200 OK",
            &[script],
            b"onactivate = (event) => event.waitUntil(clients.claim());
              onfetch = (event) => { if (event.request.url.endsWith('/made'))
                event.respondWith(new Response('made here')) }",
        ),
        path => reply("200 OK", &[PLAIN], path.as_bytes()),
    }
}

async fn echo() -> u16 {
    use futures_util::{SinkExt, StreamExt};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            while let Some(Ok(line)) = socket.next().await {
                // The browser may have gone away; then nobody misses the answer.
                let _ = socket.send(line).await;
            }
        }
    });
    port
}

async fn received() -> (Vec<Exchange>, Vec<Frames>) {
    let sockets = echo().await;
    let site = Site::serve(move |request| answers(request, sockets)).await;
    let desk = Desk::new().await;
    desk.open(&site.url("/one")).await;
    desk.until("window.loaded").await;
    let [quiet, limit] = [200, 10_000].map(std::time::Duration::from_millis);
    assert_eq!(desk.traffic.settle(&desk.tab, quiet, limit).await, Vec::<String>::new());
    desk.traffic.visit(&desk.tab)
}

fn of<'a>(all: &'a [Exchange], path: &str) -> Vec<&'a Exchange> {
    all.iter().filter(|one| one.url.ends_with(path)).collect()
}

fn response(exchange: &Exchange) -> &Response {
    match &exchange.answer {
        Answer::Received(response) => response,
        Answer::Failed(why) => panic!("{} failed: {why}", exchange.url),
        Answer::Pending => panic!("{} is pending", exchange.url),
    }
}

fn only<'a>(all: &'a [Exchange], path: &str) -> &'a Response {
    let found = of(all, path);
    assert_eq!(found.len(), 1, "{path}");
    response(found[0])
}

fn cookies(response: &Response) -> Vec<&str> {
    let lines = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    lines.map(|(_, value)| value.as_str()).collect()
}

#[tokio::test]
async fn what_the_server_sent_is_what_is_written_down() {
    let (all, sockets) = received().await;

    let hops = ["/one", "/two", "/page"].map(|path| only(&all, path));
    assert_eq!(hops.map(|hop| hop.status), [302, 307, 200]);
    assert_eq!(hops.map(cookies), [vec!["a=1", "b=2"], vec!["c=3"], vec![]]);
    let sent = |path: &str| {
        let lines = &of(&all, path)[0].request_headers;
        lines.iter().find(|(name, _)| name.eq_ignore_ascii_case("cookie")).map(|(_, value)| value.clone())
    };
    assert_eq!(sent("/one"), None);
    assert_eq!(sent("/page").as_deref(), Some("a=1; b=2; c=3"));

    let gbk = &only(&all, "/gbk").body;
    assert_eq!((gbk.bytes.as_slice(), &gbk.state), (GBK.as_slice(), &BodyState::AsReceived));
    let zipped = &only(&all, "/gzip").body;
    assert_eq!((zipped.bytes.len(), &zipped.state), (5_994, &BodyState::AsReceived));
    let none = only(&all, "/none");
    assert_eq!((none.status, none.body.bytes.len(), &none.body.state), (204, 0, &BodyState::AsReceived));
    assert_eq!(only(&all, "/short").body.state, BodyState::Cut { of: Some(100) });
    assert_eq!(of(&all, "/post")[0].request_body.as_deref(), Some("订单=1".as_bytes()));
    assert_eq!(only(&all, "/post").body.bytes, "订单=1".as_bytes());

    let huge = &only(&all, "/huge").body;
    let named = matches!(&huge.state, BodyState::Absent { why } if why.contains(&LARGEST_BODY.to_string()));
    assert!(named && huge.bytes.is_empty(), "{:?}", huge.state);

    let kept = of(&all, "/kept");
    let kept: Vec<_> =
        kept.iter().map(|one| (response(one).from, response(one).body.bytes.as_slice())).collect();
    assert_eq!(kept, [(Origin::Network, b"kept".as_slice()), (Origin::DiskCache, b"kept")]);
    let made = only(&all, "/made");
    assert_eq!((made.from, made.body.bytes.as_slice()), (Origin::ServiceWorker, b"made here".as_slice()));

    for path in ["/frame", "/in-frame", "/worker.js", "/in-worker"] {
        assert_eq!(only(&all, path).body.state, BodyState::AsReceived, "{path}");
    }
    assert_eq!(only(&all, "/in-worker").body.bytes, b"/in-worker");

    let lines: Vec<_> = sockets[0].lines.iter().map(|line| (line.sent, line.text.as_str())).collect();
    assert_eq!(lines, [(true, "在吗"), (false, "在吗")]);
}
