//! What is wrong with an input: one row per broken rule, in words only at the very edge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One broken rule: which, at which field, with the figures that the sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The rule that is broken.
    pub code: Rule,
    /// The field as the form and the REST body name it, such as `name` or `targetRegions`.
    pub target: String,
    /// Figures for the sentence, such as `max` → `80`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

/// Every rule an input can break. The name is the code that REST answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rule {
    Required,
    TooLong,
    TooShort,
    BadCharacters,
    BadStart,
    BadEnd,
    Reserved,
    NotANumber,
    OutOfRange,
    UnknownChoice,
    NotAVersion,
    NotAUrl,
    NotAnEmail,
    NotAnIssuer,
    NotADomain,
    NotADate,
    RangeReversed,
    NoDiskTypeLeft,
    WeakPassword,
    PasswordMissing,
    CredentialsNotAllowed,
    AlreadyExists,
    RegionUnknown,
    OtherCloud,
    RegionNotAllowed,
    RegionNotReady,
    RegionRestricted,
    StorageNotHere,
    SourceRegionMissing,
    DuplicateRegion,
    TooManyReplicas,
    OsDiskTooLarge,
    SeveralDisks,
    DiskTooLarge,
    ImageDisabled,
    ImageNotReady,
    ImageEndOfLife,
    ImageWithoutVersion,
    OsStateMismatch,
    OsTypeMismatch,
    GenerationMismatch,
    OsProfileMissing,
    OsProfileNotAllowed,
    DiskTypeNotAllowed,
    OtherRegion,
    LimitReached,
    NotUpdatable,
    GalleryNotAttached,
    SizeUnknown,
    FormatUnknown,
    ChecksumMismatch,
    HostileDisk,
    /// A resource of a deployment was refused; the parameters are its own code and sentence.
    ResourceFailed,
}

impl Rule {
    /// The code as REST writes it.
    #[must_use]
    pub fn as_str(self) -> String {
        format!("{self:?}")
    }
}

impl Violation {
    /// A violation without figures.
    #[must_use]
    pub fn new(code: Rule, target: &str) -> Self {
        Self {
            code,
            target: target.to_owned(),
            params: BTreeMap::new(),
        }
    }

    /// Adds one figure for the sentence.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over numbers and texts alike"
    )]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }

    fn param(&self, key: &str) -> &str {
        self.params.get(key).map_or("?", String::as_str)
    }

    /// The English sentence: what is wrong and what to do about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let p = |key| self.param(key);
        match self.code {
            Rule::Required => "This is required.".to_owned(),
            Rule::TooLong => format!("Use at most {} characters.", p("max")),
            Rule::TooShort => format!("Use at least {} characters.", p("min")),
            Rule::BadCharacters => format!("Use only {}.", p("allowed")),
            Rule::BadStart => format!("Start with {}.", p("allowed")),
            Rule::BadEnd => format!("End with {}.", p("allowed")),
            Rule::Reserved => format!("“{}” is reserved; choose another.", p("value")),
            Rule::NotANumber => "Give a whole number.".to_owned(),
            Rule::OutOfRange => format!("Give a number from {} to {}.", p("min"), p("max")),
            Rule::UnknownChoice => format!("“{}” is not one of: {}.", p("value"), p("allowed")),
            Rule::NotAVersion => {
                "Give three whole numbers with dots, such as 1.0.2; each from 0 to 4294967295.".to_owned()
            }
            Rule::NotAUrl => "Give a full address that starts with https:// or http://.".to_owned(),
            Rule::NotAnEmail => "Give an e-mail address such as name@school.example.".to_owned(),
            Rule::NotAnIssuer => {
                "Give the issuer's address: https://, a host and perhaps a path, with nothing behind it.".to_owned()
            }
            Rule::NotADomain => "Give a domain such as school.example, in lower case.".to_owned(),
            Rule::NotADate => "Give a date such as 2027-06-28.".to_owned(),
            Rule::RangeReversed => "The minimum is above the maximum.".to_owned(),
            Rule::NoDiskTypeLeft => "Leave at least one disk type: without any, no machine could be made.".to_owned(),
            Rule::WeakPassword => format!(
                "Use {} to {} characters with three of: lower case, upper case, digit, other sign.",
                p("min"),
                p("max")
            ),
            Rule::PasswordMissing => {
                "A generalized image has no accounts: give a user name and a password for the new machine.".to_owned()
            }
            Rule::CredentialsNotAllowed => {
                "A specialized image keeps its own accounts: leave user name and password empty.".to_owned()
            }
            Rule::AlreadyExists => format!("“{}” exists already; choose another name.", p("value")),
            Rule::RegionUnknown => format!("There is no region “{}” here; regions are {}.", p("region"), p("allowed")),
            Rule::OtherCloud => format!(
                "“{}” is a region of another cloud, and copies stay in this one; regions are {}. To have the image \
                 there, upload it there.",
                p("region"),
                p("allowed")
            ),
            Rule::RegionNotAllowed => {
                format!("The lab plan does not allow “{}”; it allows {}.", p("region"), p("allowed"))
            }
            Rule::RegionNotReady => format!("The image has no finished replica in “{}” yet.", p("region")),
            Rule::RegionRestricted => format!(
                "“{}” is kept for organisations and subscriptions that the operator lists; ask the operator to list \
                 yours, or choose another region.",
                p("region")
            ),
            Rule::StorageNotHere => format!(
                "“{}” has no store for {} ({}); use {} there.",
                p("region"),
                p("storage"),
                p("what"),
                p("instead")
            ),
            Rule::SourceRegionMissing => {
                format!("The target regions must include the source region “{}”; add it.", p("region"))
            }
            Rule::DuplicateRegion => format!("“{}” is listed twice.", p("region")),
            Rule::TooManyReplicas => format!("At most {} replicas in a region.", p("max")),
            Rule::OsDiskTooLarge => format!(
                "The OS disk is {}; labs use OS disks up to {}. The image can be kept in the gallery, \
                 but no lab can be created from it.",
                p("size"),
                p("max")
            ),
            Rule::SeveralDisks => format!(
                "The image has {} disks; labs use images with one. The image can be kept in the gallery, \
                 but no lab can be created from it.",
                p("count")
            ),
            Rule::DiskTooLarge => format!("The disk is {}; the gallery takes disks up to {}.", p("size"), p("max")),
            Rule::ImageDisabled => "The lab plan has this image switched off.".to_owned(),
            Rule::ImageNotReady => "The image is not ready yet.".to_owned(),
            Rule::ImageEndOfLife => format!("The image reached its end of life on {}.", p("date")),
            Rule::ImageWithoutVersion => "The image has no version to create a machine from.".to_owned(),
            Rule::OsStateMismatch => {
                format!("The image definition holds {} versions; this source is {}.", p("definition"), p("source"))
            }
            Rule::OsTypeMismatch => {
                format!("The image definition holds {} versions; this source is {}.", p("definition"), p("source"))
            }
            Rule::GenerationMismatch => format!(
                "The image definition holds generation {} versions; this source boots as {}.",
                p("definition"),
                p("source")
            ),
            Rule::OsProfileMissing => {
                "A generalized image has no accounts: give an osProfile with a user name, and a password or keys.".to_owned()
            }
            Rule::OsProfileNotAllowed => {
                "A specialized image keeps its own accounts and computer name: leave osProfile out.".to_owned()
            }
            Rule::DiskTypeNotAllowed => format!("The image rules out disks of the type {}.", p("value")),
            Rule::OtherRegion => format!(
                "“{}” lies in “{}”; what is made of it must lie there, too.",
                p("value"),
                p("region")
            ),
            Rule::LimitReached => format!("The limit of {} {} is reached.", p("max"), p("what")),
            Rule::NotUpdatable => "This can't be changed after creation.".to_owned(),
            Rule::GalleryNotAttached => {
                "The lab plan has no gallery attached; a lab administrator can attach one.".to_owned()
            }
            Rule::SizeUnknown => format!("There is no machine size “{}”; sizes are {}.", p("value"), p("allowed")),
            Rule::FormatUnknown => format!("The file is not one of: {}.", p("allowed")),
            Rule::ChecksumMismatch => {
                format!("The file arrived with checksum {}, expected {}. Upload it again.", p("actual"), p("expected"))
            }
            Rule::HostileDisk => format!("The disk is refused: {}", p("reason")),
            Rule::ResourceFailed => p("message").to_owned(),
        }
    }
}
