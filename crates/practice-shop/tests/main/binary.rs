//! The program: its one line, its end, its complaints.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_practice-shop"))
}

#[test]
fn it_prints_its_address_and_ends_with_standard_input() {
    let mut child = program()
        .args(["--skin", "qs", "--knob", "rules_version=2", "--seed=3", "--until-stdin-closes"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap().strip_suffix('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /rules HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.contains("云栈寄售") && page.contains("V2.0"), "{page}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    TcpStream::connect(address).unwrap_err();
}

#[test]
fn help_is_in_two_languages_and_names_every_knob() {
    let output = program().arg("--help").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("用法") && text.contains("Usage"));
    let knobs = serde_json::to_value(sigu_practice_shop::Knobs::default()).unwrap();
    for name in knobs.as_object().unwrap().keys() {
        assert!(text.contains(&format!("{name}=")), "{name}");
    }
}

#[test]
fn bad_arguments_are_named() {
    for (arguments, wanted) in [
        (vec!["--skin", "taobao"], "taobao"),
        (vec!["--port", "70000"], "70000"),
        (vec!["--port"], "--port"),
        (vec!["--knob", "cart=1"], "cart"),
        (vec!["--knob", "card"], "NAME=VALUE"),
        (vec!["--knob", "card=lost"], "lost"),
        (vec!["--frobnicate"], "--frobnicate"),
    ] {
        let output = program().args(&arguments).stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text.contains(wanted) && text.contains("--help"), "{text}");
        assert!(text.chars().any(|c| ('一'..='龥').contains(&c)), "{text}");
    }
}
