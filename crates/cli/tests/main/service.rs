//! `sigu service`: the files that systems start the desk by, read back by programs of others; the commands, recorded by
//! stand-ins; and the desk that is found, opened and ended.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::process::Home;

/// A folder with all that means something to somebody: spaces, quotes, percent, dollar, ampersand, Chinese.
const ODD: &str = "我的 库 50% \"a\" 'b' $HOME & <c>";

/// A home whose vault lies at a path that has to be escaped.
fn odd() -> (Home, PathBuf) {
    let home = Home::new();
    let vault = home.path().join(ODD).join("vault");
    std::fs::create_dir_all(home.path().join(ODD)).expect("a folder");
    let text = vault.to_str().expect("text").to_owned();
    home.good(&["--vault", &text, "init", "--no-passphrase", "--recovery-out", "recovery.txt"]);
    (home, vault)
}

fn printed(home: &Home, vault: &Path, system: &str) -> String {
    let vault = vault.to_str().expect("text");
    home.good(&["--vault", vault, "service", "install", "--system", system, "--print", "--offline"])
}

/// What the desk is to be started with, at the end of its arguments.
fn assert_words(words: &[String], vault: &Path) {
    let at = words.iter().position(|word| word == "--vault").expect("the vault is named");
    assert_eq!(words[at + 1], vault.to_str().expect("text"));
    assert!(words[0].ends_with("/sigu") || words[0].ends_with("\\sigu.exe"), "{words:?}");
    let end = ["desk", "--background", "--port", "47616", "--offline"].map(str::to_owned);
    assert_eq!(words[words.len() - end.len()..], end, "{words:?}");
}

/// Runs a program of Python's own library over a text and reads what it prints as JSON.
fn python(program: &str, input: &[u8]) -> Value {
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed for this test");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), input).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "python3 takes it");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn strings(value: &Value) -> Vec<String> {
    let all = value.as_array().expect("a list");
    all.iter().map(|one| one.as_str().expect("text").to_owned()).collect()
}

/// Takes a line of a unit apart as `systemd.syntax(7)` says.
fn unquoted(line: &str) -> Vec<String> {
    let (mut words, mut word, mut inside) = (Vec::new(), String::new(), false);
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                inside = !inside;
                if !inside {
                    words.push(std::mem::take(&mut word));
                }
            }
            '\\' => word.push(signs.next().expect("a backslash is never the last")),
            '%' => {
                assert_eq!(signs.next(), Some('%'), "a lone percent sign means something: {line}");
                word.push('%');
            }
            sign if inside => word.push(sign),
            sign => assert_eq!(sign, ' ', "{line}"),
        }
    }
    words
}

#[test]
fn a_unit_is_accepted_by_systemd_and_says_what_to_start() {
    let (home, vault) = odd();
    let text = printed(&home, &vault, "systemd");
    let start = text.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("it starts something");
    let start = start.strip_prefix(':').expect("a dollar is in it: no variables");
    assert_words(&unquoted(start), &vault);
    assert!(text.contains("Restart=on-failure") && text.contains("NoNewPrivileges=yes"), "{text}");
    for folder in ["unit", "plain"] {
        std::fs::create_dir_all(home.path().join(folder)).expect("a folder");
    }
    let plain = home.path().join("plain/vault").to_str().expect("text").to_owned();
    home.good(&["--vault", &plain, "init", "--no-passphrase", "--recovery-out", "r.txt"]);
    for text in [text, printed(&home, Path::new(&plain), "systemd")] {
        home.file("unit/sigu.service", &text);
        let verified = Command::new("systemd-analyze")
            .args(["verify", "--user", "--man=no", "unit/sigu.service"])
            .current_dir(home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .output()
            .expect("systemd-analyze is needed for this test");
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success() && !said.contains("sigu.service"), "{said}\n{text}");
    }
}

#[test]
fn a_property_list_says_what_to_start() {
    let (home, vault) = odd();
    let text = printed(&home, &vault, "launchd");
    let read = "import plistlib,sys,json; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)";
    let agent = python(read, text.as_bytes());
    assert_words(&strings(&agent["ProgramArguments"]), &vault);
    assert_eq!((&agent["RunAtLoad"], &agent["Umask"]), (&Value::from(true), &Value::from(0o077)));
    assert_eq!(agent["KeepAlive"]["SuccessfulExit"], false);
    assert!(agent["EnvironmentVariables"]["PATH"].is_string(), "{agent}");
}

#[test]
fn a_task_is_well_formed_and_its_arguments_come_apart_again() {
    let (home, vault) = odd();
    let text = printed(&home, &vault, "windows");
    let read = "import sys,json,subprocess,xml.etree.ElementTree as t\n\
        root=t.fromstring(sys.stdin.buffer.read()); n='{http://schemas.microsoft.com/windows/2004/02/mit/task}'\n\
        e=root.find(n+'Actions/'+n+'Exec')\n\
        json.dump([e.find(n+'Command').text, e.find(n+'Arguments').text, [c.tag[len(n):] for c in root]], sys.stdout)";
    let task = python(read, text.as_bytes());
    let state = home.json(&["service", "status"]);
    assert!(state["desk"].is_null());
    let folder = home.path().join(".local/state/sigu").to_str().expect("text").to_owned();
    let vault_text = vault.to_str().expect("text");
    let args =
        ["--vault", vault_text, "--state-dir", &folder, "--lang", "en", "desk", "--background", "--port"];
    let args: Vec<&str> = args.into_iter().chain(["47616", "--offline"]).collect();
    let quote =
        "import sys,json,subprocess; json.dump(subprocess.list2cmdline(json.load(sys.stdin)), sys.stdout)";
    let line = python(quote, serde_json::to_string(&args).expect("text").as_bytes());
    assert_eq!(task[1], line);
    assert_eq!(strings(&task[2]), ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]);
}

#[test]
fn what_a_file_cannot_hold_is_refused_and_named() {
    let home = Home::new();
    for (folder, system, code) in [
        ("a\nb", "systemd", "control"),
        ("a\nb", "windows", "control"),
        ("%TEMP%", "windows", "percent sign"),
    ] {
        let vault = home.path().join(folder);
        let text = vault.to_str().expect("text");
        if !vault.exists() {
            home.good(&[
                "--vault",
                text,
                "init",
                "--no-passphrase",
                "--recovery-out",
                &format!("{code}.txt"),
            ]);
        }
        let said = home.exits(1, &["--vault", text, "service", "install", "--system", system, "--print"]);
        assert!(said.contains(code), "{folder:?} {system}: {said}");
    }
}

/// A folder with a stand-in for a command, which writes down how it was called and exits as told.
fn stand_in(home: &Home, name: &str, exits: i32) -> String {
    let folder = home.path().join("bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let log = home.path().join("calls").display().to_string();
    let script = format!(
        "#!/bin/sh\necho {name} \"$@\" >> '{log}'\n[ {exits} = 0 ] || echo 'no bus' >&2\nexit {exits}\n"
    );
    home.file(&format!("bin/{name}"), script);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.join(name), mode).expect("it can be run");
    folder.display().to_string()
}

fn calls(home: &Home) -> Vec<String> {
    let text = std::fs::read_to_string(home.path().join("calls")).unwrap_or_default();
    // What was read is not read again.
    let _ = std::fs::remove_file(home.path().join("calls"));
    text.lines().map(str::to_owned).collect()
}

/// A port nobody has at this moment.
fn port() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port().to_string()
}

/// Runs with another search path.
fn with_path(home: &Home, path: &str, args: &[&str]) -> (i32, Value) {
    let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let output = home.command(&args).env("PATH", path).output().expect("the binary starts");
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    (output.status.code().expect("it ended by itself"), json)
}

#[test]
fn installing_again_changes_nothing_and_removing_undoes_it() {
    let home = Home::with_vault();
    let (path, port) = (stand_in(&home, "systemctl", 0), port());
    let install = ["service", "install", "--system", "systemd", "--port", &port];
    let (code, first) = with_path(&home, &path, &install);
    assert_eq!((code, &first["changed"], &first["started"]), (0, &true.into(), &true.into()), "{first}");
    let file = home.path().join(".config/systemd/user/sigu.service");
    let written = std::fs::read(&file).expect("the unit");
    assert_eq!(
        calls(&home),
        [
            "systemctl --user daemon-reload",
            "systemctl --user enable sigu.service",
            "systemctl --user restart sigu.service",
        ]
    );
    let (code, again) = with_path(&home, &path, &install);
    assert_eq!((code, &again["changed"]), (0, &false.into()));
    assert_eq!(std::fs::read(&file).expect("the unit"), written);
    assert_eq!(calls(&home).last().expect("calls"), "systemctl --user start sigu.service");
    let (_, status) = with_path(&home, &path, &["service", "status", "--system", "systemd"]);
    assert_eq!((&status["installed"], &status["runs"]), (&true.into(), &true.into()), "{status}");
    calls(&home);
    let (code, removed) = with_path(&home, &path, &["service", "remove", "--system", "systemd"]);
    assert_eq!((code, &removed["removed"]), (0, &true.into()));
    assert!(!file.exists());
    assert_eq!(calls(&home)[0], "systemctl --user disable --now sigu.service");
    let (code, removed) = with_path(&home, &path, &["service", "remove", "--system", "systemd"]);
    assert_eq!((code, &removed["removed"]), (0, &false.into()));
    assert_eq!(calls(&home), Vec::<String>::new(), "nothing is there to remove");
}

#[test]
fn every_system_is_told_in_its_own_way() {
    let table: [(&str, &str, &[&str], &[&str]); 2] = [
        ("launchd", "launchctl", &["bootout gui/", "enable gui/", "bootstrap gui/"], &["bootout gui/"]),
        (
            "windows",
            "schtasks",
            &["/Create /TN sigu desk /XML", "/Run /TN sigu desk"],
            &["/End /TN sigu desk", "/Delete /TN sigu desk /F"],
        ),
    ];
    for (system, command, installing, removing) in table {
        let home = Home::with_vault();
        let (path, port) = (stand_in(&home, command, 0), port());
        let (code, _) = with_path(&home, &path, &["service", "install", "--system", system, "--port", &port]);
        assert_eq!(code, 0);
        let (code, _) = with_path(&home, &path, &["service", "remove", "--system", system]);
        assert_eq!(code, 0);
        let wanted: Vec<&str> = installing.iter().chain(removing).copied().collect();
        let calls = calls(&home);
        assert_eq!(calls.len(), wanted.len(), "{calls:?}");
        for (call, wanted) in calls.iter().zip(wanted) {
            assert!(call.contains(wanted), "{call}: {wanted}");
        }
    }
}

#[test]
fn what_cannot_be_run_is_told_as_it_is_typed() {
    let home = Home::with_vault();
    let port = port();
    let install = ["service", "install", "--system", "systemd", "--port", &port];
    let (code, missing) = with_path(&home, "/nowhere", &install);
    assert_eq!((code, &missing["started"]), (5, &false.into()));
    assert_eq!(strings(&missing["to_type"])[1], "systemctl --user enable sigu.service");
    let path = stand_in(&home, "systemctl", 1);
    let output = home.command(&install).env("PATH", &path).output().expect("the binary starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(5));
    assert!(text.contains("no bus") && text.contains("  systemctl --user daemon-reload"), "{text}");
    let (_, status) = with_path(&home, &path, &["service", "status", "--system", "systemd"]);
    assert_eq!((&status["installed"], &status["runs"]), (&true.into(), &false.into()));
}

#[test]
fn passwords_of_proxies_stay_behind_and_the_port_has_to_be_free() {
    let home = Home::with_vault();
    let print = ["service", "install", "--system", "systemd", "--print"];
    let printed = |proxy: &str| {
        let output = home.command(&print).env("HTTPS_PROXY", proxy).output().expect("the binary starts");
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(printed("http://proxy.example:8080").contains("\"HTTPS_PROXY=http://proxy.example:8080\""));
    assert!(!printed("http://me:geheim@proxy.example:8080").contains("geheim"));
    let held = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let taken = held.local_addr().expect("an address").port().to_string();
    let said = home.exits(1, &["service", "install", "--system", "systemd", "--port", &taken]);
    assert!(said.contains(&taken) && said.contains("--port"), "{said}");
    assert!(!home.path().join(".config/systemd/user/sigu.service").exists());
}

/// The desk as a service starts it. It ends with the test.
struct Service(Child, BufReader<std::process::ChildStderr>);

impl Service {
    fn of(home: &Home, port: &str) -> Self {
        let mut child = home
            .command(&["desk", "--background", "--offline", "--port", port])
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let said = BufReader::new(child.stderr.take().expect("it is piped"));
        Self(child, said)
    }

    /// Waits until it serves; gives what it said.
    fn opened(&mut self) -> String {
        let mut text = String::new();
        while !text.contains("127.0.0.1:") {
            let read = self.1.read_line(&mut text).expect("it says text");
            assert!(read > 0, "it ended: {text}");
        }
        text
    }

    /// Asks it to end as a system does, and waits.
    fn terminated(&mut self) -> Option<i32> {
        let pid =
            rustix::process::Pid::from_raw(i32::try_from(self.0.id()).expect("a process")).expect("one");
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it is there");
        self.0.wait().expect("it ends").code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It is gone already when this fails.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_service_is_found_opened_and_ended_cleanly() {
    let home = Home::with_vault();
    let port = port();
    let mut service = Service::of(&home, &port);
    let said = service.opened();
    assert!(!said.contains("once="), "no link stands in a journal: {said}");
    let status = home.json(&["service", "status", "--system", "systemd"]);
    assert_eq!((&status["installed"], &status["desk"]["locked"]), (&false.into(), &false.into()), "{status}");
    assert_eq!(status["desk"]["port"].to_string(), port);
    let line = &status["desk"]["background"][0];
    assert_eq!((&line["state"], &line["next"]), (&"offline".into(), &Value::Null), "{status}");
    let found = home.exits(0, &["desk", "--no-browser"]);
    let link = found.lines().find_map(|line| line.find("http://").map(|at| &line[at..])).expect("a link");
    assert!(link.starts_with(&format!("http://127.0.0.1:{port}/start?once=")), "{found}");
    let refused = home.exits(1, &["desk", "--no-browser", "--port", &port]);
    assert!(refused.contains("without --port"), "{refused}");
    assert_eq!(service.terminated(), Some(0), "it ends as after Ctrl-C");
    assert!(home.json(&["service", "status"])["desk"].is_null(), "nobody is found any more");
    home.good(&["check"]);
}

#[test]
fn a_service_under_a_passphrase_begins_locked_and_says_so() {
    let home = Home::with_vault();
    home.file("words", "four unrelated words");
    home.good(&["key", "passphrase", "--new-passphrase-file", "words"]);
    let (port, other) = (port(), port());
    let mut service = Service::of(&home, &port);
    let said = service.opened();
    assert!(said.contains("waits until somebody unlocks"), "{said}");
    let text = home.good(&["service", "status"]);
    assert!(text.contains("It is locked") && text.contains(&port), "{text}");
    assert_eq!(home.json(&["service", "status"])["desk"]["locked"], true);
    let path = stand_in(&home, "systemctl", 0);
    let mut install = home.command(&["service", "install", "--system", "systemd", "--port", &other]);
    let output = install.env("PATH", &path).output().expect("the binary starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("begins locked"), "{text}");
    assert_eq!(service.terminated(), Some(0));
}
