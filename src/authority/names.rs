use super::error::{AuthorityError, NameFault};
use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints, SanType};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use x509_parser::extensions::GeneralName;

/// One name by which browsers reach the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// In small letters, without a dot at the end.
    Name(String),
    Address(IpAddr),
}

/// What an authority may vouch for: a name at least, then addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(Vec<Host>);

/// A server has a name or three and as many addresses; every browser compares each with each.
const MOST: usize = 16;

/// Endings that no registry gives out, so that one label below them is one's own: RFC 2606, 6761 and 6762, ICANN's `internal`,
/// and what routers use.
const OWN_ENDINGS: [&str; 6] = ["example", "home", "internal", "lan", "local", "test"];

impl Names {
    /// # Errors
    /// No name, too many, one that is not a single host's, or an address that is not of a local network.
    pub fn new<T: AsRef<str>>(names: &[T], addresses: &[IpAddr]) -> Result<Self, AuthorityError> {
        if names.is_empty() {
            return Err(AuthorityError::NoName);
        }
        let mut hosts = Vec::new();
        for text in names.iter().map(AsRef::as_ref) {
            let host = match Host::parse(text)? {
                Host::Address(_) => Err(refused(text, NameFault::Address)),
                Host::Name(name) if is_too_wide(&name) => Err(refused(text, NameFault::TooWide)),
                name => Ok(name),
            }?;
            hosts.push(host);
        }
        for address in addresses {
            if !is_local(*address) {
                return Err(refused(&address.to_string(), NameFault::NotLocal));
            }
            hosts.push(Host::Address(*address));
        }
        if hosts.len() > MOST {
            return Err(AuthorityError::TooMany { most: MOST });
        }
        Ok(Self(hosts))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Host> {
        self.0.iter()
    }

    /// The name that the authority is called after.
    pub fn first(&self) -> String {
        self.0.first().map(ToString::to_string).unwrap_or_default()
    }

    /// For this name, or for one above it: a constraint on a name holds for what is below it too (RFC 5280, 4.2.1.10).
    pub fn cover(&self, host: &Host) -> bool {
        self.0.iter().any(|own| match (own, host) {
            (Host::Name(own), Host::Name(host)) => {
                host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            (own, host) => own == host,
        })
    }

    /// The first address, else the first name. Browsers that once met a name over https insist on https for it, on every port
    /// (RFC 6797); an address stays open to plain http.
    pub fn for_plain_http(&self) -> String {
        let address = self.0.iter().find(|host| matches!(host, Host::Address(_)));
        match address.or(self.0.first()) {
            Some(Host::Address(IpAddr::V6(address))) => format!("[{address}]"),
            Some(host) => host.to_string(),
            None => String::new(),
        }
    }

    /// What is permitted; of a kind that nothing is permitted of, all is excluded, or it would be left open.
    pub(super) fn constraints(&self) -> NameConstraints {
        let permitted_subtrees = self.0.iter().map(|host| match host {
            Host::Name(name) => GeneralSubtree::DnsName(name.clone()),
            Host::Address(address) => {
                let whole = if address.is_ipv4() { 32 } else { 128 };
                GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, whole))
            }
        });
        let has = |v4| self.0.iter().any(|host| matches!(host, Host::Address(address) if address.is_ipv4() == v4));
        let mut excluded_subtrees = Vec::new();
        if !has(true) {
            excluded_subtrees.push(everything(Ipv4Addr::UNSPECIFIED.into()));
        }
        if !has(false) {
            excluded_subtrees.push(everything(Ipv6Addr::UNSPECIFIED.into()));
        }
        NameConstraints { permitted_subtrees: permitted_subtrees.collect(), excluded_subtrees }
    }

    /// From a certificate's constraints; `None` where they permit what this module would not have.
    pub(super) fn permitted_by(constraints: &x509_parser::extensions::NameConstraints<'_>) -> Option<Self> {
        let permitted = constraints.permitted_subtrees.as_ref()?;
        let hosts: Option<Vec<_>> = permitted.iter().map(|subtree| Host::of_constraint(&subtree.base)).collect();
        hosts.filter(|hosts| !hosts.is_empty()).map(Self)
    }
}

impl Host {
    /// A name or an address, as people write it.
    ///
    /// # Errors
    /// It is neither, or a wildcard.
    pub fn parse(text: &str) -> Result<Self, AuthorityError> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        if name.split('.').any(|label| label == "*") {
            return Err(refused(text, NameFault::Wildcard));
        }
        // 253: the longest name that DNS can carry (RFC 1035, 2.3.4).
        let plain = name.len() <= 253 && name.split('.').all(is_label);
        // What ends in figures alone, browsers read as an address.
        let last_is_word = name.rsplit('.').next().is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()));
        if plain && last_is_word { Ok(Self::Name(name)) } else { Err(refused(text, NameFault::Form)) }
    }

    pub(super) fn subject_name(&self) -> Result<SanType, rcgen::Error> {
        Ok(match self {
            Self::Name(name) => SanType::DnsName(name.as_str().try_into()?),
            Self::Address(address) => SanType::IpAddress(*address),
        })
    }

    /// As it stands among a certificate's names.
    pub(super) fn of_subject_name(name: &GeneralName<'_>) -> Option<Self> {
        match name {
            GeneralName::DNSName(name) => Self::parse(name).ok(),
            GeneralName::IPAddress(bytes) => address(bytes).map(Self::Address),
            _ => None,
        }
    }

    /// As it stands in a constraint, where an address is followed by its mask, of ones only.
    fn of_constraint(name: &GeneralName<'_>) -> Option<Self> {
        match name {
            GeneralName::IPAddress(bytes) => {
                let (bytes, mask) = bytes.split_at(bytes.len() / 2);
                let whole = mask.iter().all(|byte| *byte == 0xff);
                whole.then(|| address(bytes)).flatten().map(Self::Address)
            }
            name => Self::of_subject_name(name),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(", "))
    }
}

/// Without a list of public suffixes: three labels, or two below an ending that nobody registers names under.
fn is_too_wide(name: &str) -> bool {
    let labels = name.split('.').count();
    let own = name.rsplit('.').next().is_some_and(|ending| OWN_ENDINGS.contains(&ending));
    labels < if own { 2 } else { 3 }
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
}

fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

fn everything(address: IpAddr) -> GeneralSubtree {
    GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 0))
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn refused(name: &str, fault: NameFault) -> AuthorityError {
    AuthorityError::Name { name: name.to_owned(), fault }
}
