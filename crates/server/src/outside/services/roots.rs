//! Roots that come with the program; where each is from stands beside the files, in `data/roots/README.md`.

/// Holds a root that comes with the program.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltInRoot {
    /// By which name a configuration calls it.
    pub name: &'static str,
    /// One certificate in PEM.
    pub pem: &'static str,
}

/// All of them, by name.
pub const BUILT_IN_ROOTS: &[BuiltInRoot] = &[
    BuiltInRoot {
        name: "digicert-assured-id-root-ca",
        pem: include_str!("../../../data/roots/digicert-assured-id-root-ca.pem"),
    },
    BuiltInRoot {
        name: "digicert-trusted-root-g4",
        pem: include_str!("../../../data/roots/digicert-trusted-root-g4.pem"),
    },
    BuiltInRoot {
        name: "globalsign-root-r6",
        pem: include_str!("../../../data/roots/globalsign-root-r6.pem"),
    },
    BuiltInRoot { name: "usertrust-rsa", pem: include_str!("../../../data/roots/usertrust-rsa.pem") },
];
