//! Framing: zero bytes over pipes, text messages over WebSocket. Both end by closing the connection's table.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{CallError, DevTools};

/// A body of 64 MiB in base64, and room for what is around it.
const LARGEST_MESSAGE: usize = 256 << 20;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(super) async fn write_pipe(
    mut writer: impl AsyncWrite + Unpin,
    mut outgoing: mpsc::UnboundedReceiver<String>,
) {
    while let Some(message) = outgoing.recv().await {
        let mut bytes = message.into_bytes();
        bytes.push(0);
        if writer.write_all(&bytes).await.is_err() || writer.flush().await.is_err() {
            return;
        }
    }
}

pub(super) async fn read_pipe(reader: impl AsyncRead + Unpin, devtools: DevTools) {
    let mut reader = BufReader::with_capacity(1 << 20, reader);
    let mut message = Vec::new();
    loop {
        message.clear();
        match reader.read_until(0, &mut message).await {
            Ok(length) if length > 0 && message.last() == Some(&0) => {
                devtools.take(&message[..length - 1]);
            }
            _ => break devtools.close(),
        }
        if message.capacity() > 8 << 20 {
            message = Vec::new();
        }
    }
}

pub(super) async fn connect(
    url: &str,
) -> Result<(SplitSink<Socket, Message>, SplitStream<Socket>), CallError> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    let connected = tokio_tungstenite::connect_async_with_config(url, Some(limits), true).await;
    let (socket, _) = connected.map_err(|error| CallError::Connect(error.to_string()))?;
    Ok(socket.split())
}

pub(super) async fn write_socket(
    mut sink: SplitSink<Socket, Message>,
    mut outgoing: mpsc::UnboundedReceiver<String>,
) {
    while let Some(message) = outgoing.recv().await {
        if sink.send(Message::text(message)).await.is_err() {
            return;
        }
    }
}

pub(super) async fn read_socket(mut stream: SplitStream<Socket>, devtools: DevTools) {
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Text(text) = message {
            devtools.take(text.as_bytes());
        }
    }
    devtools.close();
}
