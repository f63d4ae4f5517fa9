//! A user unit of systemd: `systemd.service(5)`, `systemd.exec(5)`, quoting by `systemd.syntax(7)`.
//!
//! What needs a mount namespace (`PrivateTmp`, `ProtectSystem` and their kin) stands in no user unit that is to start
//! everywhere: many machines forbid them to users, and then nothing starts at all. What forbids writable and executable
//! memory or namespaces would stop the browser that looks at pages, whose own sandbox is made of them.

use super::spec::Spec;

/// Returns the unit.
pub(super) fn text(spec: &Spec) -> String {
    let command: Vec<String> =
        std::iter::once(&spec.program).chain(&spec.args).map(|one| quoted(one)).collect();
    // A colon keeps `$` as it is, also in the program's path; older versions do not know it, and need it only then.
    let literal = if command.iter().any(|one| one.contains('$')) { ":" } else { "" };
    let command = command.join(" ");
    let variable =
        |(name, value): &(String, String)| format!("Environment={}\n", quoted(&format!("{name}={value}")));
    let variables: String = spec.variables.iter().map(variable).collect();
    format!(
        "# Written by `sigu service install`; `sigu service remove` takes it away.\n\
        [Unit]\n\
        Description=sigu: the desk of a vault\n\
        StartLimitIntervalSec=300\n\
        StartLimitBurst=5\n\
        \n\
        [Service]\n\
        Type=exec\n\
        ExecStart={literal}{command}\n\
        {variables}\
        Restart=on-failure\n\
        RestartSec=10\n\
        # Refused, wrong arguments, damage: starting again changes nothing.\n\
        RestartPreventExitStatus=1 2 4\n\
        KillMode=mixed\n\
        TimeoutStopSec=30\n\
        UMask=0077\n\
        NoNewPrivileges=yes\n\
        LockPersonality=yes\n\
        RestrictRealtime=yes\n\
        RestrictSUIDSGID=yes\n\
        SystemCallArchitectures=native\n\
        \n\
        [Install]\n\
        WantedBy=default.target\n"
    )
}

/// One word of a line: in quotes, with what means something in them written so that it does not.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_systemd_is_written_so_that_it_does_not() {
        for (text, written) in [
            ("/usr/bin/sigu", "\"/usr/bin/sigu\""),
            ("/a b/四固 '1'", "\"/a b/四固 '1'\""),
            ("50% \"x\" \\n", "\"50%% \\\"x\\\" \\\\n\""),
        ] {
            assert_eq!(quoted(text), written);
        }
    }

    #[test]
    fn a_dollar_is_no_variable() {
        let spec = |program: &str| Spec {
            program: program.to_owned(),
            args: vec!["desk".to_owned()],
            variables: Vec::new(),
            left_out: Vec::new(),
            user: None,
        };
        assert!(text(&spec("/opt/sigu")).contains("ExecStart=\"/opt/sigu\" \"desk\"\n"));
        assert!(text(&spec("/opt/$HOME/sigu")).contains("ExecStart=:\"/opt/$HOME/sigu\" \"desk\"\n"));
    }
}
