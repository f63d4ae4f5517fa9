//! Writes pictures of every page, in both languages, light and dark, at two widths, to the folder that is named.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "it shares the room of the tests"
)]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[path = "../tests/main/support/mod.rs"]
mod support;

use support::{PAGES, Room, name};

fn main() {
    let folder =
        std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // With a second word, only pages whose name has it in it.
    let only = std::env::args().nth(2).unwrap_or_default();
    let written = runtime.block_on(async {
        let mut room = Room::new().await;
        let mut written = 0;
        for lang in ["zh", "en"] {
            room.language(lang).await;
            for path in PAGES.iter().filter(|path| name(path).contains(&only)) {
                room.width(1440).await;
                room.open(path).await;
                written += pictures(&room, &folder, &format!("{}-{lang}", name(path))).await;
            }
            if "found".contains(&only) {
                written += found(&mut room, &folder, lang).await;
            }
            if "phone".contains(&only) {
                written += phone(&mut room, &folder, lang).await;
            }
        }
        written
    });
    println!("{written} → {}", folder.display());
}

/// The page as it is, at two widths, light and dark.
async fn pictures(room: &Room, folder: &Path, name: &str) -> usize {
    for width in [390, 1440] {
        room.width(width).await;
        for scheme in ["light", "dark"] {
            room.scheme(scheme).await;
            let picture = STANDARD.decode(room.picture().await).unwrap();
            std::fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), picture).unwrap();
        }
    }
    4
}

/// Talk with words in it that must not leave.
async fn found(room: &mut Room, folder: &Path, lang: &str) -> usize {
    room.width(1440).await;
    room.open("/orders/C03/talk").await;
    let angry = "您好。你们这群骗子，马上退钱！不然我叫人砸店。加我微信 wx12345678 谈。";
    let write = format!(
        "(() => {{ const field = document.getElementById('text'); field.value = '{angry}'; \
         field.dispatchEvent(new Event('input')); \
         for (const one of document.querySelectorAll('#compose details')) one.open = true; return 0 }})()"
    );
    room.ask(&write).await;
    room.until("document.querySelector('.mirror mark')").await;
    pictures(room, folder, &format!("found-{lang}")).await
}

/// The pages that are there only while a phone's link is open, and the one the phone sees.
async fn phone(room: &mut Room, folder: &Path, lang: &str) -> usize {
    room.open("/phone?order=C03").await;
    room.ask("document.querySelector('form.sheet button').click()").await;
    room.until("document.getElementById('phone-link')").await;
    let mut written = pictures(room, folder, &format!("phone-waits-{lang}")).await;
    let link = room.ask("document.getElementById('phone-link').textContent").await;
    room.visit(link.as_str().unwrap()).await;
    room.until("document.getElementById('came')").await;
    let path = room.filled.folder.path().join("微信聊天 2026-08-03.png");
    std::fs::write(&path, vec![7; 3 << 20]).unwrap();
    for press in [true, false] {
        let found = serde_json::json!({ "expression": "document.querySelector('input[type=file]')" });
        let object = room.call("Runtime.evaluate", found).await["result"]["objectId"].clone();
        let files = serde_json::json!({ "objectId": object, "files": [path.to_str().unwrap()] });
        room.call("DOM.setFileInputFiles", files).await;
        if press {
            room.ask("document.querySelector('button.wide').click()").await;
            room.until("document.querySelector('#came-list li')").await;
        } else {
            // One that waits to go on.
            room.ask(
                "window.fetch = () => Promise.resolve(new Response('{\"why\":\"断开了，已收到的部分还在。\"}', \
                 { status: 422 })); document.querySelector('button.wide').click()",
            )
            .await;
            room.until("document.querySelector('.sending .wrong')").await;
        }
    }
    written += pictures(room, folder, &format!("phone-sends-{lang}")).await;
    room.open("/phone").await;
    written += pictures(room, folder, &format!("phone-there-{lang}")).await;
    room.ask("document.querySelector('form[action=\"/phone/end\"] button').click()").await;
    room.until("document.querySelector('.notice.good')").await;
    written
}
