//! Reads a backup.

use super::{BackupError, Entry, FORMAT, MANIFEST, MAX_MANIFEST, Manifest, SECRET, wrong};
use crate::ledger::note::VerifierKey;
use crate::ledger::text::from_hex;
use crate::node::secret::InstanceSecret;
use crate::verify::verify;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};
use subtle::ConstantTimeEq;
use tar::Archive;
use zeroize::Zeroizing;

/// The instance secret's file holds 64 hex digits and a line feed.
const MAX_SECRET: u64 = 256;

/// A backup whose parts are all there. What they say is not checked yet.
pub struct BackupFile {
    path: PathBuf,
    pub manifest: Manifest,
    manifest_text: String,
    mac: [u8; 32],
    /// Where each council's record begins, in the manifest's order.
    at: Vec<u64>,
    /// The instance secret's file, where it is in it.
    pub secret: Option<Zeroizing<String>>,
}

impl BackupFile {
    /// Blocks. Holds a manifest in memory, and no record.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let damaged = |_| BackupError::NotABackup("it cannot be read to its end");
        let mut archive = Archive::new(BufReader::new(File::open(path).map_err(wrong(path))?));
        let mut parts = archive.entries().map_err(damaged)?;
        let mut next = |name: &str, most: u64| {
            let part =
                parts.next().ok_or(BackupError::NotABackup("something is missing at its end"))?.map_err(damaged)?;
            let is_it = part.path().is_ok_and(|path| path == Path::new(name)) && part.size() <= most;
            if is_it { Ok(part) } else { Err(BackupError::NotABackup("a part stands where another belongs")) }
        };
        let mut signed = String::new();
        next(MANIFEST, MAX_MANIFEST)?.read_to_string(&mut signed).map_err(damaged)?;
        let (text, mac) =
            signed.trim_end().split_once('\n').ok_or(BackupError::NotABackup("its manifest has no end"))?;
        let manifest: Manifest =
            serde_json::from_str(text).map_err(|_| BackupError::NotABackup("its manifest cannot be read"))?;
        if manifest.format != FORMAT {
            return Err(BackupError::NotABackup("it has another format"));
        }
        let mut at = Vec::new();
        for council in &manifest.councils {
            let part = next(&council.path(), council.bytes)?;
            if part.size() != council.bytes {
                return Err(BackupError::NotABackup("a record is shorter than its manifest says"));
            }
            at.push(part.raw_file_position());
        }
        let mut secret = None;
        if manifest.with_secret {
            let mut text = Zeroizing::new(String::new());
            next(SECRET, MAX_SECRET)?.read_to_string(&mut text).map_err(damaged)?;
            secret = Some(text);
        }
        if parts.next().is_some() {
            return Err(BackupError::NotABackup("something stands after its end"));
        }
        let mac = from_hex(mac).ok_or(BackupError::NotABackup("its manifest has no end"))?;
        Ok(Self { path: path.to_owned(), manifest_text: text.to_owned(), mac, at, secret, manifest })
    }

    /// The instance with that secret wrote the manifest.
    pub fn is_of(&self, secret: &InstanceSecret) -> Result<(), BackupError> {
        let mac = secret.backup_mac(self.manifest_text.as_bytes());
        if bool::from(mac.ct_eq(&self.mac)) { Ok(()) } else { Err(BackupError::Foreign) }
    }

    /// Blocks. Every record is whole, and the one the manifest names. Where the secret is given, it is that instance's too.
    pub fn check(&self, secret: Option<&InstanceSecret>) -> Result<(), BackupError> {
        for (i, council) in self.manifest.councils.iter().enumerate() {
            let key = secret.map(|secret| self.key(council, secret)).transpose()?;
            let report = verify(self.bundle(i)?, key.as_ref(), |_| {});
            let report = report.map_err(|_| BackupError::NotABackup("a record in it cannot be read"))?;
            let is_named = report.entries == council.size
                && report.root.base64() == council.root
                && report.key.as_ref().is_some_and(|key| key.name() == council.origin);
            if !report.is_whole() || !is_named {
                return Err(BackupError::NotABackup("a record in it is damaged or not the one it names"));
            }
        }
        Ok(())
    }

    fn key(&self, council: &Entry, secret: &InstanceSecret) -> Result<VerifierKey, BackupError> {
        let signer = secret.checkpoint_signer(&council.origin);
        signer.map(|signer| signer.verifier()).map_err(|_| BackupError::NotABackup("an origin cannot be one"))
    }

    /// The exported record of the manifest's `i`th council.
    pub fn bundle(&self, i: usize) -> Result<Take<BufReader<File>>, BackupError> {
        let (Some(at), Some(council)) = (self.at.get(i), self.manifest.councils.get(i)) else {
            return Err(BackupError::NotABackup("something is missing at its end"));
        };
        let mut file = File::open(&self.path).map_err(wrong(&self.path))?;
        file.seek(SeekFrom::Start(*at)).map_err(wrong(&self.path))?;
        Ok(BufReader::new(file).take(council.bytes))
    }
}
