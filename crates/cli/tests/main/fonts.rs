//! On a machine without Chinese fonts the evidence browser gets ours.

use std::process::{Command, Stdio};

use sigu_practice_shop::{Settings, Shop, Skin};

use crate::process::Home;

#[test]
fn a_machine_without_chinese_fonts_shows_chinese_all_the_same() {
    let shop = Shop::start_on_thread(Settings { skin: Skin::Qs, ..Settings::default() }).expect("a shop");
    let home = Home::with_vault();
    home.good(&["order", "new", "A"]);
    // The machine says that it has no font for Chinese.
    std::fs::create_dir(home.path().join("bin")).expect("a folder in a temporary folder");
    home.file("bin/fc-list", "#!/bin/sh\n");
    make_runnable(&home, "bin/fc-list");
    let path = std::env::var("PATH").expect("a search path");
    let mut command = home.command(&["capture", &shop.url("/rules"), "--order", "A", "--no-sandbox"]);
    command.env("PATH", format!("{}:{path}", home.path().join("bin").display()));
    let fixed = command.output().expect("the binary starts");
    assert!(fixed.status.success(), "{}", String::from_utf8_lossy(&fixed.stderr));

    let state = home.path().join(".local/state/sigu");
    let config = state.join("browser/sigu-fonts.conf");
    let text = std::fs::read_to_string(&config).expect("the browser was given a configuration");
    // What this machine has is left out: what is found for Chinese is what the browser would have there.
    let own =
        text.lines().filter(|line| !line.contains("/etc/fonts/fonts.conf")).collect::<Vec<_>>().join("\n");
    home.file("own.conf", &own);
    let found = Command::new("fc-list")
        .args([":lang=zh-cn", "file"])
        .env("FONTCONFIG_FILE", home.path().join("own.conf"))
        .stderr(Stdio::null())
        .output()
        .expect("fontconfig is there");
    let found = String::from_utf8(found.stdout).expect("paths are text");
    assert!(found.contains("fonts/NotoSansSC-Regular.ttf"), "{found}\n{own}");
    assert!(found.lines().all(|line| line.starts_with(state.to_str().expect("a path"))), "{found}");
}

#[allow(clippy::disallowed_methods, reason = "a test's own input needs no durability")]
fn make_runnable(home: &Home, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.path().join(name);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a file of ours");
}
