use super::error::AuthorityError;
use super::files;
use super::moment::{Life, Moment};
use super::names::Names;
use super::root::Root;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SerialNumber,
};
use rustls::pki_types::CertificateDer;
use std::fmt;
use std::path::{Path, PathBuf};

/// Years that an authority may be good for: a council's term. The next council's tablets take on its own.
pub const MOST_YEARS: u32 = 5;
const DAYS_A_YEAR: u32 = 365;

/// An authority with its key, which can issue.
pub struct Authority {
    root: Root,
    key: KeyPair,
}

impl Authority {
    /// Makes an authority that can vouch for these names and nothing else, and puts it into the folder: `authority.pem`, and
    /// `authority.key` for its user alone.
    ///
    /// # Errors
    /// `years` out of range, or a folder that has an authority already or cannot be written.
    pub fn create(names: &Names, years: u32, folder: &Path, now: Moment) -> Result<Self, AuthorityError> {
        if !(1..=MOST_YEARS).contains(&years) {
            return Err(AuthorityError::BadLife { what: "years", most: MOST_YEARS });
        }
        let (cert_path, key_path) = (Root::path(folder), Self::key_path(folder));
        files::must_be_free(&[&key_path, &cert_path])?;
        // ECDSA on P-256 with SHA-256, rcgen's own choice: every tablet and browser checks it, which they do not of Ed25519.
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        Life::beginning(now, years * DAYS_A_YEAR).stamp(&mut params);
        params.serial_number = Some(serial()?);
        params.distinguished_name = subject(names, now);
        // Its key signs servers' certificates, never another authority's.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        // Without this, Windows would take it for programs and mail as well.
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.name_constraints = Some(names.constraints());
        let made = params.self_signed(&key)?;
        files::make_folder(folder)?;
        files::write_key(&key_path, &key)?;
        files::write_certificate(&cert_path, &made)?;
        Ok(Self { root: Root::read(folder)?, key })
    }

    /// # Errors
    /// The folder holds no authority, or its key can be read by others or is another's.
    pub fn open(folder: &Path) -> Result<Self, AuthorityError> {
        let root = Root::read(folder)?;
        let path = Self::key_path(folder);
        let key = files::read_key(&path)?;
        if files::fits(&key, root.der()) { Ok(Self { root, key }) } else { Err(AuthorityError::WrongKey { path }) }
    }

    pub fn root(&self) -> &Root {
        &self.root
    }

    pub fn key_path(folder: &Path) -> PathBuf {
        folder.join("authority.key")
    }

    pub(super) fn issuer(&self) -> Result<Issuer<'_, &KeyPair>, rcgen::Error> {
        Issuer::from_ca_cert_der(&CertificateDer::from(self.root.der()), &self.key)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Random, and fresh for a renewed certificate too: Firefox refuses two of one issuer with the same number. 16 bytes, of which the
/// first stands for no negative number and is not left out as a zero.
pub(super) fn serial() -> Result<SerialNumber, AuthorityError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(AuthorityError::Random)?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// With the day, so that whoever takes an old one off a tablet finds it.
fn subject(names: &Names, now: Moment) -> DistinguishedName {
    // Room for the rest within a common name's 64 characters (RFC 5280, ub-common-name).
    const LONGEST: usize = 40;
    let name: String = names.first().chars().take(LONGEST).collect();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, "Diên Hồng");
    subject.push(DnType::CommonName, format!("Diên Hồng {name} {now}"));
    subject
}
