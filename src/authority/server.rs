use super::error::AuthorityError;
use super::files;
use super::made::{Authority, serial};
use super::moment::{Life, Moment};
use super::names::Host;
use super::root::{Root, life};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use std::path::{Path, PathBuf};

/// Days that a server's certificate may be good for. With the day before it was made they are 398, the most that Apple's devices
/// take of public authorities; of others they take more, but a key that was stolen should not be good for longer.
pub const MOST_DAYS: u32 = 397;

/// A server's certificate as it was read: `server.pem`, with its key beside it in `server.key`.
#[derive(Debug, Clone)]
pub struct ServerCertificate {
    pub hosts: Vec<Host>,
    pub life: Life,
    der: Vec<u8>,
}

/// What became of a renewal.
#[derive(Debug, Clone)]
pub enum Renewal {
    /// More than a third of its life is left: nothing was done.
    NotDue(ServerCertificate),
    Renewed(ServerCertificate),
}

impl ServerCertificate {
    /// # Errors
    /// The folder's `server.pem` cannot be read, or names no hosts.
    pub fn read(folder: &Path) -> Result<Self, AuthorityError> {
        let path = Self::path(folder);
        Self::of(files::read_certificate(&path)?).ok_or(AuthorityError::NotACertificate { path })
    }

    /// Where the certificate is, as `serve --tls-cert` takes it.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("server.pem")
    }

    /// Where its key is, as `serve --tls-key` takes it.
    pub fn key_path(folder: &Path) -> PathBuf {
        folder.join("server.key")
    }

    fn of(der: Vec<u8>) -> Option<Self> {
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).ok()?;
        let names = &parsed.subject_alternative_name().ok()??.value.general_names;
        let hosts: Vec<_> = names.iter().map(Host::of_subject_name).collect::<Option<_>>()?;
        let life = life(parsed.validity());
        Some(Self { hosts, life, der })
    }

    fn is_signed_by(&self, root: &Root) -> bool {
        x509_parser::parse_x509_certificate(&self.der).is_ok_and(|(_, parsed)| root.signed(&parsed))
    }
}

impl Authority {
    /// Makes a key and a certificate for a server and puts both into the folder. Without `hosts`: for every name and address the
    /// authority was made for.
    ///
    /// # Errors
    /// A host it may not vouch for, `days` out of range, a folder that has such files already, or an authority that has ended.
    pub fn issue(
        &self,
        hosts: &[Host],
        days: u32,
        folder: &Path,
        now: Moment,
    ) -> Result<ServerCertificate, AuthorityError> {
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(AuthorityError::BadLife { what: "days", most: MOST_DAYS });
        }
        let own: Vec<Host> = self.root().names().iter().cloned().collect();
        let hosts = if hosts.is_empty() { &own } else { hosts };
        let (cert_path, key_path) = (ServerCertificate::path(folder), ServerCertificate::key_path(folder));
        files::must_be_free(&[&key_path, &cert_path])?;
        let key = KeyPair::generate()?;
        let made = self.certify(hosts, days, &key, now)?;
        files::make_folder(folder)?;
        files::write_key(&key_path, &key)?;
        files::write_certificate(&cert_path, &made)?;
        ServerCertificate::read(folder)
    }

    /// Makes the certificate in the folder anew when less than a third of its life is left: for the same hosts, as many days, and
    /// with the same key, so that only one file changes and there is no moment at which certificate and key do not fit.
    ///
    /// # Errors
    /// The files in the folder cannot be read or are not of this authority, or the authority ends as soon as they do.
    pub fn renew(&self, folder: &Path, now: Moment) -> Result<Renewal, AuthorityError> {
        let old = ServerCertificate::read(folder)?;
        let path = ServerCertificate::path(folder);
        if !old.is_signed_by(self.root()) {
            return Err(AuthorityError::NotOurs { path });
        }
        if !old.life.is_nearly_over(now) {
            return Ok(Renewal::NotDue(old));
        }
        let until = self.root().life().until;
        if until <= old.life.until {
            return Err(AuthorityError::Ended { until });
        }
        let key_path = ServerCertificate::key_path(folder);
        let key = files::read_key(&key_path)?;
        if !files::fits(&key, &old.der) {
            return Err(AuthorityError::WrongKey { path: key_path });
        }
        let made = self.certify(&old.hosts, old.life.days().clamp(1, MOST_DAYS), &key, now)?;
        files::write_certificate(&path, &made)?;
        Ok(Renewal::Renewed(ServerCertificate::read(folder)?))
    }

    fn certify(
        &self,
        hosts: &[Host],
        days: u32,
        key: &KeyPair,
        now: Moment,
    ) -> Result<rcgen::Certificate, AuthorityError> {
        let root = self.root();
        if let Some(host) = hosts.iter().find(|host| !root.names().cover(host)) {
            return Err(AuthorityError::NotCovered { host: host.clone(), allowed: root.names().to_string() });
        }
        if root.life().until <= now {
            return Err(AuthorityError::Ended { until: root.life().until });
        }
        let mut params = CertificateParams::default();
        Life::beginning(now, days).within(root.life()).stamp(&mut params);
        params.serial_number = Some(serial()?);
        params.subject_alt_names = hosts.iter().map(Host::subject_name).collect::<Result<_, _>>()?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        let name = hosts.first().map(ToString::to_string).unwrap_or_default();
        // A common name holds 64 characters (RFC 5280, ub-common-name); browsers read only the names above.
        params.distinguished_name.push(DnType::CommonName, name.chars().take(64).collect::<String>());
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        Ok(params.signed_by(key, &self.issuer()?)?)
    }
}
