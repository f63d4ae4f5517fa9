//! Two open lines: server-sent events, and a WebSocket that says again what it hears.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/_pages/sse/events", get(events)).route("/_pages/websocket/echo", get(upgrade))
}

/// Five events a second, numbered, without end; the first comes at once.
async fn events() -> Response {
    let events = stream::unfold(1_u64, |number| async move {
        if number > 1 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let event = Event::default().id(number.to_string()).data(format!("商家消息 {number}"));
        Some((Ok::<_, Infallible>(event), number + 1))
    });
    Sse::new(events).into_response()
}

async fn upgrade(socket: WebSocketUpgrade) -> Response {
    const LONGEST: usize = 1 << 20;
    socket.max_message_size(LONGEST).on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let answer = match message {
            Message::Text(text) => Message::Text(format!("客服：{text}").into()),
            Message::Binary(bytes) => Message::Binary(bytes),
            Message::Close(_) => return,
            // The library answers pings.
            Message::Ping(_) | Message::Pong(_) => continue,
        };
        if socket.send(answer).await.is_err() {
            return;
        }
    }
}
