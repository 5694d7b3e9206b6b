//! Certificates and keys as PEM files. A key is for its user alone and is never written over.

use super::error::AuthorityError;
use rcgen::{KeyPair, PublicKeyData};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

const KEY_MODE: u32 = 0o600;
const CERTIFICATE_MODE: u32 = 0o644;

/// Makes the folder, for its user alone. One that is there already is left as its owner made it.
pub fn make_folder(folder: &Path) -> Result<(), AuthorityError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| AuthorityError::Unwritable { path: folder.to_owned(), source })
}

/// Refused where one of them is there.
pub fn must_be_free(paths: &[&Path]) -> Result<(), AuthorityError> {
    let taken = paths.iter().find(|path| path.symlink_metadata().is_ok());
    taken.map_or(Ok(()), |path| Err(AuthorityError::Exists { path: path.to_path_buf() }))
}

pub fn write_key(path: &Path, key: &KeyPair) -> Result<(), AuthorityError> {
    let pem = Zeroizing::new(key.serialize_pem());
    write_new(path, KEY_MODE, pem.as_bytes()).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => AuthorityError::Exists { path: path.to_owned() },
        _ => AuthorityError::Unwritable { path: path.to_owned(), source },
    })
}

pub fn read_key(path: &Path) -> Result<KeyPair, AuthorityError> {
    let wrong = |source| AuthorityError::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(wrong)?.permissions().mode() & 0o077 != 0 {
        return Err(AuthorityError::Exposed { path: path.to_owned() });
    }
    let pem = Zeroizing::new(fs::read_to_string(path).map_err(wrong)?);
    KeyPair::from_pem(&pem).map_err(|_| AuthorityError::NotAKey { path: path.to_owned() })
}

/// Also over an older one: whoever reads sees the one or the other, whole.
pub fn write_certificate(path: &Path, certificate: &rcgen::Certificate) -> Result<(), AuthorityError> {
    let part = path.with_extension("part");
    let written = match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => write_new(&part, CERTIFICATE_MODE, certificate.pem().as_bytes()),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let replaced = written.and_then(|()| fs::rename(&part, path)).and_then(|()| File::open(folder)?.sync_all());
    replaced.map_err(|source| AuthorityError::Unwritable { path: path.to_owned(), source })
}

/// The first certificate in the file, in DER.
pub fn read_certificate(path: &Path) -> Result<Vec<u8>, AuthorityError> {
    let pem = fs::read(path).map_err(|source| AuthorityError::Unreadable { path: path.to_owned(), source })?;
    let first = CertificateDer::from_pem_slice(&pem);
    first.map(|der| der.to_vec()).map_err(|_| AuthorityError::NotACertificate { path: path.to_owned() })
}

/// Is it the key that the certificate speaks of?
pub fn fits(key: &KeyPair, der: &[u8]) -> bool {
    let parsed = x509_parser::parse_x509_certificate(der);
    parsed.is_ok_and(|(_, parsed)| parsed.public_key().raw == key.subject_public_key_info())
}

fn write_new(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
