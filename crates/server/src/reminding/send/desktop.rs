//! The notification service of this machine's desktop.

use super::{NotSent, PATIENCE};
use crate::reminding::message::Message;

/// Shows a notification on the user's screen.
pub(super) fn show(title: &str, text: &str) -> Result<(), String> {
    let mut notification = notify_rust::Notification::new();
    notification.appname("sigu").summary(title).body(text);
    notification.show().map(drop).map_err(|error| error.to_string())
}

/// Tells where waiting harms nobody: a session without such a service may take its time.
pub(super) async fn tell(desktop: super::Desktop, message: &Message) -> Result<String, NotSent> {
    let (title, text) = (message.title.clone(), message.text.clone());
    let showing = tokio::task::spawn_blocking(move || desktop(&title, &text));
    match tokio::time::timeout(PATIENCE, showing).await {
        Ok(Ok(Ok(()))) => Ok(String::new()),
        Ok(Ok(Err(why))) => Err(NotSent::of("desktop").with(why)),
        Ok(Err(_)) => Err(NotSent::of("desktop")),
        Err(_) => Err(NotSent::of("slow").unsure()),
    }
}
