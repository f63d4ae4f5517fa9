//! The profiles that come with the program, embedded as text.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::bilingual::Bilingual;

macro_rules! profiles {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../data/platforms/", $name, ".toml"))),)+]
    };
}

/// Name and text of every built-in profile, in the order of domain §2.
pub(super) const PROFILES: &[(&str, &str)] = profiles![
    "dj",
    "djh",
    "djn",
    "acg",
    "kmf",
    "qs",
    "qfk",
    "rbw",
    "fkn",
    "jiaoyimao",
    "pangxie",
    "5173",
    "xianyu",
    "taobao-virtual",
    "wechat-mini",
    "closed-app",
    "generic-t1",
    "generic-t2",
    "generic-t3",
    "generic-t4",
    "generic-t5",
    "generic-t6",
];

/// Why a form has nothing that fits, where the profile itself says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    /// The platform takes no complaints (D3).
    pub(super) no_appeal: Bilingual,
    /// Its form is not known.
    pub(super) unknown: Bilingual,
}

static REASONS: LazyLock<Reasons> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/platform_reasons.toml"))
        .expect("data/platform_reasons.toml is checked by its tests")
});

/// Returns the reasons of `data/platform_reasons.toml`.
pub(super) fn reasons() -> &'static Reasons {
    &REASONS
}
