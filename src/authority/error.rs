use super::moment::Moment;
use super::names::Host;
use std::io;
use std::path::PathBuf;

/// Why an authority, or a certificate of its, cannot be made or read. Codes never change.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("{name:?} {fault}")]
    Name { name: String, fault: NameFault },
    #[error("an authority needs a name of the server at least: --for hoidong.lan")]
    NoName,
    #[error("more than {most} names and addresses")]
    TooMany { most: usize },
    #[error("{what} may be 1 to {most}")]
    BadLife { what: &'static str, most: u32 },
    #[error("{} is there already and is not overwritten", path.display())]
    Exists { path: PathBuf },
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("{0} can be read by others; run: chmod 600 {0}", path.display())]
    Exposed { path: PathBuf },
    #[error("{} holds no certificate that `dienhong ca` made", path.display())]
    NotACertificate { path: PathBuf },
    #[error("{} holds no private key", path.display())]
    NotAKey { path: PathBuf },
    #[error("the private key in {} does not belong to the certificate beside it", path.display())]
    WrongKey { path: PathBuf },
    #[error("the authority was made for {allowed}; it cannot vouch for {host}")]
    NotCovered { host: Host, allowed: String },
    #[error("{} was issued by another authority; issue a new one into an empty folder", path.display())]
    NotOurs { path: PathBuf },
    #[error("the authority ends on {until}: make a new one and let the tablets take it on")]
    Ended { until: Moment },
    #[error("making the certificate failed: {0}")]
    Crypto(#[from] rcgen::Error),
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("is not a host's name: write it as hoidong.lan, without https:// and without a port")]
    Form,
    #[error("is a wildcard: give each name the server has")]
    Wildcard,
    #[error(
        "is too wide: whoever stole the authority's key could be every site below it. Give the server a name of its own, such as \
         hoidong.lan or hoidong.xa.example"
    )]
    TooWide,
    #[error("is an address: give it with --ip")]
    Address,
    #[error(
        "is not an address of a local network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fc00::/7)"
    )]
    NotLocal,
}

impl AuthorityError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name { fault, .. } => fault.code(),
            Self::NoName => "no_name",
            Self::TooMany { .. } => "too_many_names",
            Self::BadLife { .. } => "bad_life",
            Self::Exists { .. } => "exists",
            Self::Unreadable { .. } => "unreadable",
            Self::Unwritable { .. } => "unwritable",
            Self::Exposed { .. } => "exposed",
            Self::NotACertificate { .. } => "not_a_certificate",
            Self::NotAKey { .. } => "not_a_key",
            Self::WrongKey { .. } => "wrong_key",
            Self::NotCovered { .. } => "not_covered",
            Self::NotOurs { .. } => "not_ours",
            Self::Ended { .. } => "authority_ended",
            Self::Crypto(_) | Self::Random(_) => "crypto",
        }
    }
}

impl NameFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "bad_name",
            Self::Wildcard => "wildcard",
            Self::TooWide => "too_wide",
            Self::Address => "address_as_name",
            Self::NotLocal => "not_local",
        }
    }
}
