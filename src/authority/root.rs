use super::error::AuthorityError;
use super::files;
use super::moment::{Life, Moment};
use super::names::Names;
use crate::ledger::text;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use x509_parser::certificate::{Validity, X509Certificate};

/// The authority's certificate: what tablets take on. A server needs no more of its authority than this.
#[derive(Debug, Clone)]
pub struct Root {
    der: Vec<u8>,
    title: String,
    names: Names,
    life: Life,
}

impl Root {
    /// # Errors
    /// The folder's `authority.pem` cannot be read, or is not the certificate of an authority that is limited to names.
    pub fn read(folder: &Path) -> Result<Self, AuthorityError> {
        let path = Self::path(folder);
        Self::of(files::read_certificate(&path)?).ok_or(AuthorityError::NotACertificate { path })
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What tablets call it in their lists.
    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    pub fn life(&self) -> Life {
        self.life
    }

    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// SHA-256 in sixteen groups of four hex digits, as people compare it.
    pub fn fingerprint(&self) -> String {
        let groups = self.sha256();
        let groups: Vec<_> = groups.chunks(2).map(|pair| text::hex(pair).to_uppercase()).collect();
        groups.join(" ")
    }

    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join("authority.pem")
    }

    pub(super) fn of(der: Vec<u8>) -> Option<Self> {
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).ok()?;
        let constraints = parsed.name_constraints().ok()??;
        let names = Names::permitted_by(constraints.value)?;
        let title = parsed.subject().iter_common_name().next()?.as_str().ok()?.to_owned();
        let life = life(parsed.validity());
        parsed.is_ca().then_some(())?;
        Some(Self { title, names, life, der })
    }

    /// Did its key sign this?
    pub(super) fn signed(&self, certificate: &X509Certificate<'_>) -> bool {
        let parsed = x509_parser::parse_x509_certificate(&self.der);
        parsed.is_ok_and(|(_, own)| certificate.verify_signature(Some(own.public_key())).is_ok())
    }
}

pub(super) fn life(validity: &Validity) -> Life {
    Life { from: Moment::from_asn1(validity.not_before), until: Moment::from_asn1(validity.not_after) }
}
