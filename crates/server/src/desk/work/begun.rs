//! What begins long work: the check, the backup, the package of one order. Pages and the API begin the same.

use std::path::PathBuf;

use jiff::Timestamp;
use sigu_case::OrderId;
use sigu_evidence::Identity;
use sigu_vault::{CheckOptions, Error, ExportPlan, Fault, Refusal, Withhold};

use super::{Ended, Kind, Package, Work, package_folder, with_vault};
use crate::checker_page;
use crate::desk::Desk;
use crate::receiver::App;
use crate::refusing::said;
use crate::{index_page, keep};

impl Desk {
    fn begin(
        &self,
        kind: Kind,
        run: impl FnOnce(&App, &Identity, &Work) -> Result<Ended, Error> + Send + 'static,
    ) -> Result<String, Error> {
        let app = self.app.clone();
        let identity = app.identity.get()?;
        Ok(self.work.begin(kind, move |work| run(&app, &identity, work)))
    }

    /// Begins to check the vault, with all contents if asked; gives the work's id.
    pub(in crate::desk) fn begin_check(&self, contents: bool) -> Result<String, Error> {
        self.begin(Kind::Check, move |app, identity, work| {
            if contents {
                work.expect_contents(&app.places);
            }
            let options = CheckOptions { read_data: contents };
            let seen = |progress| work.went_on(progress);
            let report = sigu_vault::check_until(&app.places, identity, options, &seen, work.stop())?;
            Ok(Ended::Checked { report, contents })
        })
    }

    /// Begins to copy the vault to a folder, as it was typed.
    pub(in crate::desk) fn begin_backup(&self, typed: String) -> Result<String, Error> {
        let folder = PathBuf::from(typed.trim());
        self.begin(Kind::Backup, move |app, identity, work| {
            let seen = |progress| work.went_on(progress);
            let copy = |vault: &_| sigu_vault::backup(vault, &folder, &seen);
            match with_vault(app, identity, work.stop(), copy) {
                Ok(outcome) => Ok(Ended::BackedUp(outcome)),
                Err(error @ Error::Refused(Refusal::Stopped)) => Err(error),
                Err(error @ (Error::Refused(_) | Error::Fault(Fault::Io { .. }))) => {
                    Ok(Ended::NoBackup { typed, why: said(&error) })
                }
                Err(other) => Err(other),
            }
        })
    }

    /// Begins to make the package of an order.
    pub(in crate::desk) fn begin_export(&self, order: OrderId, now: Timestamp) -> Result<String, Error> {
        self.begin(Kind::Export, move |app, identity, work| {
            let folder = package_folder(&app.places);
            keep::folder(&folder).map_err(|error| Error::from(Fault::io("write", &folder, error)))?;
            // From here on the folder goes with the package, whatever comes.
            let mut package = Package { folder: folder.clone(), file: PathBuf::new(), bytes: 0 };
            let withhold = Withhold::default(); // secrets stay withheld without a word of the user
            let plan = ExportPlan {
                order,
                withhold,
                recipient: None,
                out: None,
                folder,
                checker_page: Some(checker_page::PAGE.to_vec()),
            };
            let seen = |progress| work.went_on(progress);
            let pack = |vault: &sigu_vault::Vault| vault.export(&plan, now, &index_page::render, &seen);
            let summary = with_vault(app, identity, work.stop(), pack)?;
            package.file = summary.path;
            package.bytes = summary.bytes;
            Ok(Ended::Packed(package))
        })
    }
}
