//! What the verifier found wrong, which check found it, and nothing else: no text for people.

use serde::Serialize;

use crate::Check;

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub code: FindingCode,
    /// The file it is about, below the top folder, where there is one.
    pub path: Option<String>,
    /// Data to show beside it, for example the value found; never a sentence.
    pub detail: Option<String>,
}

/// Defines the codes, their list and the check each belongs to, so that none of the three can lag behind.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $check:ident,)*) => {
        /// Every way in which a package can be refused. Serialised in kebab case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum FindingCode {
            $($(#[$doc])* $name,)*
        }

        impl FindingCode {
            /// All codes, in the order in which the checks run.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The check that a finding of this code fails.
            pub fn check(self) -> Check {
                match self {
                    $(Self::$name => Check::$check,)*
                }
            }
        }
    };
}

codes! {
    /// The file is not a ZIP, or is cut off.
    NotAZip => Container,
    /// Bytes follow the end of the ZIP, a comment among them.
    ZipTrailingBytes => Container,
    /// Bytes precede the first member.
    ZipLeadingBytes => Container,
    /// Bytes between members.
    ZipGap => Container,
    /// Members share bytes.
    ZipOverlap => Container,
    /// Members are not in the order of their names.
    ZipOrder => Container,
    /// A folder has an entry of its own.
    ZipFolderEntry => Container,
    /// A member is compressed.
    ZipCompressed => Container,
    /// A member is encrypted.
    ZipEncrypted => Container,
    /// A member has a data descriptor.
    ZipDataDescriptor => Container,
    /// A local header differs from the central directory.
    ZipLocalHeader => Container,
    /// Another header byte is not as the profile demands.
    ZipHeaderBytes => Container,
    /// The bytes of a member do not have its CRC-32.
    ZipChecksum => Container,
    /// Not all members are below one top folder of the right name.
    TopFolder => Container,
    /// A path occurs twice.
    DuplicatePath => Container,
    /// A path is absolute, climbs, or uses other characters than the format.
    UnsafePath => Container,
    /// A symbolic link, device, socket or other special file.
    SpecialFile => Container,
    /// A folder without files.
    EmptyFolder => Container,
    /// More files than the limit.
    TooManyFiles => Container,
    /// More bytes than the limit.
    TooLarge => Container,
    /// A longer path than the limit.
    PathTooLong => Container,

    /// A file the format does not know.
    UnknownFile => Structure,
    /// A file every bundle has is not there.
    FileMissing => Structure,
    /// A file that must be small is larger than the limit.
    FileTooLarge => Structure,
    /// `bagit.txt` is not the two lines of RFC 8493.
    BagDeclaration => Structure,
    /// `bag-info.txt` is not the four lines of the format.
    BagInfo => Structure,
    /// `Payload-Oxum` does not count the payload.
    PayloadOxum => Structure,

    /// A file is in no line of the manifest that must list it.
    NotInManifest => Manifests,
    /// A manifest lists a file that is not there.
    ListedFileMissing => Manifests,
    /// A file has another SHA-256 than its manifest says.
    DigestDiffers => Manifests,
    /// A manifest has a line in another form or order.
    ManifestLine => Manifests,

    /// `log.vkey` is not a verifier key.
    KeyMalformed => LogKeys,
    /// `log.pem` is not the same key as `log.vkey`.
    PemDiffers => LogKeys,
    /// No log of the package has the expected key.
    KeyUnexpected => LogKeys,

    /// `checkpoint.note` is not a signed checkpoint of this log with exactly one signature.
    CheckpointMalformed => Checkpoints,
    /// The signature of the checkpoint is wrong, or by another key.
    CheckpointSignature => Checkpoints,

    /// Leaf, proof and disclosures of one number are not all there.
    LeafIncomplete => Leaves,
    /// The bytes of a leaf are not a leaf.
    LeafMalformed => Leaves,
    /// A leaf says another number than its file name.
    LeafNumber => Leaves,

    /// A proof is not a `tlog-proof@v1` in its one form.
    ProofMalformed => Inclusion,
    /// A proof speaks of another index than its file name.
    ProofIndex => Inclusion,
    /// A proof embeds another checkpoint than the log's.
    ProofCheckpoint => Inclusion,
    /// A leaf is not under the checkpoint.
    NotIncluded => Inclusion,

    /// A line of disclosures is not a disclosure.
    DisclosureMalformed => Disclosures,
    /// A disclosure matches no digest of its leaf, occurs twice, or names a field twice.
    DisclosureNoMatch => Disclosures,
    /// Disclosures are not in the order of their field names.
    DisclosureOrder => Disclosures,
    /// A field the verifier knows has a value of another type or form.
    FieldMalformed => Disclosures,

    /// A log has no leaf 0 of kind `genesis`, or one elsewhere.
    GenesisMissing => Logs,
    /// The genesis leaf does not disclose the log's key.
    GenesisKey => Logs,
    /// Two logs have the same origin.
    OriginTwice => Logs,
    /// A later log does not say what it continues.
    LinkMissing => Logs,
    /// What a later log says of the one before is not true of the package.
    LinkDiffers => Logs,

    /// No leaf `export.made` discloses `export.contents_sha256`.
    ExportMissing => Export,
    /// More than one leaf `export.made` discloses `export.contents_sha256`.
    ExportTwice => Export,
    /// The leaf of the export does not disclose its list of withheld fields.
    ExportWithheld => Export,
    /// The logged contents are not `trust/contents.txt`.
    ExportContents => Export,
    /// A file is in the package and not in the logged contents.
    NotInContents => Export,
    /// The logged contents name a file that is not there.
    ContentsFileMissing => Export,
    /// A file differs from the logged contents.
    ContentsDiffer => Export,
    /// The logged contents have a line in another form or order.
    ContentsLine => Export,

    /// A leaf discloses a content that is not in the package.
    ContentMissing => Items,
    /// A content is not the one its leaf discloses.
    ContentDiffers => Items,
    /// A content no leaf discloses.
    ContentUnclaimed => Items,
    /// Two contents for one leaf.
    ContentTwice => Items,

    /// A folder of outside proofs is of a log the package does not have.
    StampUnknownLog => OutsideProofs,
    /// A folder of outside proofs lacks its checkpoint, its consistency proof, every proof, or what a file belongs to.
    StampIncomplete => OutsideProofs,
    /// What outsiders are said to have seen is not a checkpoint of this log with this size.
    StampCheckpoint => OutsideProofs,
    /// What outsiders have seen has the size of the log's checkpoint and another root: the log has two histories.
    StampOtherHistory => OutsideProofs,
    /// What outsiders have seen is not shown to be the beginning of the log's checkpoint.
    StampConsistency => OutsideProofs,
    /// More outside proofs than a package holds.
    TooManyProofs => OutsideProofs,

    /// A later disclosure speaks of a log the package does not have.
    LateUnknownLog => LateDisclosures,
    /// A later disclosure speaks of a leaf the package does not have.
    LateUnknownLeaf => LateDisclosures,
    /// A later disclosure matches no digest of its leaf, or opens what is open.
    LateNoMatch => LateDisclosures,
    /// A content handed over later is not the one disclosed with it.
    LateContentDiffers => LateDisclosures,
    /// A content was handed over later without the field that commits to it.
    LateContentUnclaimed => LateDisclosures,

    /// There is more than the report holds.
    MoreFindings => Container,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_kebab_case_and_distinct() {
        let names: BTreeSet<String> = FindingCode::ALL
            .iter()
            .map(|code| serde_json::to_string(code).expect("an enum of unit variants"))
            .collect();
        assert_eq!(names.len(), FindingCode::ALL.len());
        assert!(names.contains("\"not-a-zip\"") && names.contains("\"listed-file-missing\""));
    }
}
