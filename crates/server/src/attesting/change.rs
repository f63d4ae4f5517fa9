//! Changes of who is asked, as forms and programs make them: each gives a whole list that holds by the rules of the file.

use std::path::Path;

use sigu_attestation::rfc3161::DigestAlgorithm;
use sigu_attestation::witness::CosignerKey;
use sigu_vault::{Error, Vault};

use super::memory::Memory;
use crate::outside::services::{KnownWitness, Root, Services, ServicesError, TimestampService};

/// The least pause between two requests to a service that was added by hand, in seconds.
const PAUSE_S: u32 = 15;

/// Sets who is asked, by the text of a list that was read without a mistake, or sets that nothing is set. Whoever was given
/// up on may answer now: failures are forgotten. `state` is the folder of this machine's memory.
///
/// # Errors
/// A fault of the disk, or another process that writes.
pub fn set_services(vault: &Vault, state: &Path, text: Option<&str>) -> Result<(), Error> {
    vault.set_services(text)?;
    let mut memory = Memory::read(state);
    memory.forgive();
    // That it cannot be written costs a wait.
    drop(memory.write(state));
    Ok(())
}

/// A timestamp service as it is typed.
#[derive(Debug, Clone)]
pub struct TypedService {
    /// Its name in packages.
    pub name: String,
    /// Its name for people; the same where empty.
    pub label: String,
    /// Who runs it.
    pub operator: String,
    /// Where it is asked.
    pub url: String,
    /// Its roots in PEM.
    pub roots: String,
    /// Whether its imprint is SM3.
    pub sm3: bool,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// A field breaks a rule.
    #[error(transparent)]
    Rule(#[from] ServicesError),
    /// Not a line `witness <name> <vkey> <url>`.
    #[error("not a line of a witness")]
    Witness,
    /// Not a name of a service.
    #[error("not a name of a service")]
    Name,
    /// There is none of that name.
    #[error("there is none of that name")]
    Unknown,
}

impl Services {
    /// Adds a timestamp service.
    ///
    /// # Errors
    /// Names the field that breaks a rule.
    pub fn add_service(&mut self, typed: TypedService) -> Result<(), NotChanged> {
        let name = typed.name.trim().parse().map_err(|_| NotChanged::Name)?;
        let label = if typed.label.trim().is_empty() { typed.name.trim() } else { typed.label.trim() };
        self.timestamps.push(TimestampService {
            name,
            label: label.to_owned(),
            operator: typed.operator.trim().to_owned(),
            url: typed.url.trim().to_owned(),
            roots: vec![Root::Pem(typed.roots)],
            pause_s: PAUSE_S,
            imprint: if typed.sm3 { DigestAlgorithm::Sm3 } else { DigestAlgorithm::Sha256 },
            free: false,
            tested: false,
            enabled: true,
            note: String::new(),
        });
        Ok(self.check()?)
    }

    /// Adds a witness by the line it gave: `witness <name> <vkey> <url>`.
    ///
    /// # Errors
    /// Refuses another line; names what breaks a rule.
    pub fn add_witness(&mut self, line: &str) -> Result<(), NotChanged> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["witness", name, key, url] = words.as_slice() else { return Err(NotChanged::Witness) };
        let key: CosignerKey = key.parse().map_err(|_| NotChanged::Witness)?;
        let url = url.trim_end_matches('/').to_owned();
        self.witnesses.push(KnownWitness { name: (*name).to_owned(), key, url, enabled: true });
        Ok(self.check()?)
    }

    /// Asks a service or witness, all calendars, or all relays; or asks them no more.
    ///
    /// # Errors
    /// Refuses a name that is not there.
    pub fn turn(&mut self, kind: &str, name: &str, on: bool) -> Result<(), NotChanged> {
        let known = match kind {
            "timestamp" => {
                set(self.timestamps.iter_mut().filter(|one| one.name.to_string() == name), |one| {
                    one.enabled = on;
                })
            }
            "witness" => set(self.witnesses.iter_mut().filter(|one| one.key.name() == name), |one| {
                one.enabled = on;
            }),
            "calendars" => set(self.calendars.iter_mut(), |one| one.enabled = on),
            "beacon" => set(self.beacons.iter_mut(), |one| one.enabled = on),
            _ => false,
        };
        if known { Ok(()) } else { Err(NotChanged::Unknown) }
    }

    /// Takes a service or witness off the list. A quorum that counted on the witness is made anew from the others.
    ///
    /// # Errors
    /// Refuses a name that is not there.
    pub fn remove(&mut self, kind: &str, name: &str) -> Result<(), NotChanged> {
        let before = self.timestamps.len() + self.witnesses.len();
        match kind {
            "timestamp" => self.timestamps.retain(|one| one.name.to_string() != name),
            "witness" => {
                let least = self.least();
                self.witnesses.retain(|one| one.key.name() != name);
                self.want_witnesses(least.min(self.witnesses.len()));
            }
            _ => {}
        }
        if self.timestamps.len() + self.witnesses.len() < before { Ok(()) } else { Err(NotChanged::Unknown) }
    }

    /// Wants at least so many of the witnesses; 0 for none.
    pub fn want_witnesses(&mut self, least: usize) {
        let line = |(place, one): (usize, &KnownWitness)| format!("witness w{place} {}\n", one.key);
        let mut text: String = self.witnesses.iter().enumerate().map(line).collect();
        let least = least.min(self.witnesses.len());
        if least == 0 {
            text.push_str("quorum none\n");
        } else {
            let names: Vec<String> = (0..self.witnesses.len()).map(|place| format!("w{place}")).collect();
            text.push_str(&format!("group all {least} {}\nquorum all\n", names.join(" ")));
        }
        self.policy_text = text;
    }

    /// Returns how many witnesses are wanted, as [`Services::want_witnesses`] wrote it; a policy of another form counts as
    /// wanting all it names.
    pub fn least(&self) -> usize {
        let group = self.policy_text.lines().find_map(|line| line.strip_prefix("group all "));
        let written = group.and_then(|rest| rest.split(' ').next()?.parse().ok());
        let wants = self.policy().is_ok_and(|policy| policy.asks_for_witnesses());
        written.unwrap_or(if wants { self.witnesses.len() } else { 0 })
    }
}

/// Changes each and tells whether there was any.
fn set<'a, T: 'a>(those: impl Iterator<Item = &'a mut T>, change: impl Fn(&mut T)) -> bool {
    those.map(change).count() > 0
}

#[cfg(test)]
mod tests {
    use sigu_attestation::witness::CosigningKey;

    use super::*;

    fn line(seed: u8) -> String {
        let key = CosigningKey::from_seed(&format!("w.example/{seed}"), &[seed; 32]).unwrap().cosigner_key();
        format!("witness friend-{seed} {key} http://127.0.0.1:{seed}/\n")
    }

    #[test]
    fn witnesses_come_and_go_and_the_quorum_with_them() {
        let mut services = Services::built_in();
        assert_eq!(services.least(), 0);
        for seed in 1..4 {
            services.add_witness(&line(seed)).unwrap();
        }
        services.want_witnesses(2);
        assert_eq!((services.least(), services.witnesses.len()), (2, 3));
        let policy = services.policy().unwrap();
        let keys: Vec<CosignerKey> = services.witnesses.iter().map(|one| one.key.clone()).collect();
        assert!(!policy.is_satisfied_by(&keys[..1]) && policy.is_satisfied_by(&keys[1..]));
        services.check().unwrap();
        services.remove("witness", "w.example/1").unwrap();
        services.remove("witness", "w.example/2").unwrap();
        assert_eq!(services.least(), 1, "no more than there are");
        services.remove("witness", "w.example/3").unwrap();
        assert!(!services.policy().unwrap().asks_for_witnesses());
        assert!(matches!(services.remove("witness", "w.example/3"), Err(NotChanged::Unknown)));
        assert!(matches!(services.add_witness("witness a b"), Err(NotChanged::Witness)));
        assert!(matches!(services.add_witness("witness a b http://x"), Err(NotChanged::Witness)));
    }

    #[test]
    fn the_same_twice_breaks_a_rule() {
        let mut services = Services::built_in();
        services.add_witness(&line(1)).unwrap();
        assert!(matches!(services.add_witness(&line(1)), Err(NotChanged::Rule(_))));
        let typed = TypedService {
            name: "own".to_owned(),
            label: String::new(),
            operator: "me".to_owned(),
            url: "http://127.0.0.1:9/".to_owned(),
            roots: "no certificate".to_owned(),
            sm3: false,
        };
        let mut services = Services::built_in();
        assert!(matches!(services.add_service(typed.clone()), Err(NotChanged::Rule(_))), "no root");
        let bad = TypedService { name: "Not Good".to_owned(), ..typed };
        assert!(matches!(Services::built_in().add_service(bad), Err(NotChanged::Name)));
    }

    #[test]
    fn each_can_be_turned_off_and_on() {
        let mut services = Services::built_in();
        for kind in ["calendars", "beacon"] {
            services.turn(kind, "", false).unwrap();
        }
        let name = services.timestamps[0].name.to_string();
        services.turn("timestamp", &name, false).unwrap();
        assert!(!services.timestamps[0].enabled && services.timestamps[1].enabled);
        assert!(services.calendars.iter().all(|one| !one.enabled));
        assert!(services.beacons.iter().all(|one| !one.enabled));
        assert!(matches!(services.turn("timestamp", "none", true), Err(NotChanged::Unknown)));
        assert!(matches!(services.turn("other", "none", true), Err(NotChanged::Unknown)));
    }
}
