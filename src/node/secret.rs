//! The instance secret: 32 random bytes in a file only the server's user can read, never in the store. Every council's
//! checkpoint key and the key that hides one-time codes are derived from it, so every node with the same file signs alike.

use crate::ledger::note::{KeyError, NoteSigner};
use crate::ledger::text;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub struct InstanceSecret(Zeroizing<[u8; 32]>);

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("cannot read the instance secret {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot create the instance secret {path}: {source}")]
    Create { path: PathBuf, source: io::Error },
    #[error("{path} is not an instance secret: it must hold 64 hex digits")]
    Form { path: PathBuf },
    #[error("{path} can be read by others; run: chmod 600 {path}")]
    Exposed { path: PathBuf },
    #[error("the system gives no random bytes: {0}")]
    Random(String),
}

impl InstanceSecret {
    /// Reads the file, or makes it where there is none.
    pub fn open(path: &Path) -> Result<Self, SecretError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::read(path, &Zeroizing::new(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(source) => Err(SecretError::Read { path: path.into(), source }),
        }
    }

    /// One that is never written down: gone with whoever holds it.
    pub fn fresh() -> Result<Self, SecretError> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut_slice()).map_err(|error| SecretError::Random(error.to_string()))?;
        Ok(Self(secret))
    }

    /// Made-up worlds are the same every time, down to the keys; everything else draws its secret.
    pub(crate) fn made_up(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn read(path: &Path, text: &str) -> Result<Self, SecretError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = fs::metadata(path).map_err(|source| SecretError::Read { path: path.into(), source })?;
            if meta.permissions().mode() & 0o077 != 0 {
                return Err(SecretError::Exposed { path: path.into() });
            }
        }
        let form = || SecretError::Form { path: path.into() };
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(form());
        }
        let mut secret = Zeroizing::new([0; 32]);
        for (i, byte) in secret.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| form())?;
        }
        Ok(Self(secret))
    }

    fn create(path: &Path) -> Result<Self, SecretError> {
        let create = |source| SecretError::Create { path: path.into(), source };
        let Self(secret) = Self::fresh()?;
        let text: Zeroizing<String> = Zeroizing::new(secret.iter().map(|b| format!("{b:02x}")).collect());
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(create)?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(create)?;
        // Without this file every council's checkpoint key is gone: it must be on the disk before anything relies on it.
        file.sync_all().map_err(create)?;
        Ok(Self(secret))
    }

    /// The key that signs the checkpoints of the record with this origin. Refused when the origin cannot name a key.
    pub fn checkpoint_signer(&self, origin: &str) -> Result<NoteSigner, KeyError> {
        NoteSigner::new(origin, SigningKey::from_bytes(&self.derive("checkpoint/v1", origin)))
    }

    /// What is stored of a one-time code: useless without the secret, so a stolen store cannot be searched for codes.
    pub fn code_mac(&self, council: &str, code: &str) -> [u8; 32] {
        mac(&self.derive("enrolment-code/v1", council), code.as_bytes())
    }

    /// Tells a snapshot that this instance wrote from everything else: under a key that only the secret gives.
    pub fn snapshot_mac(&self, council: &str, bytes: &[u8]) -> [u8; 32] {
        mac(&self.derive("snapshot/v1", council), bytes)
    }

    /// Tells a backup's manifest that this instance wrote from everything else.
    pub fn backup_mac(&self, bytes: &[u8]) -> [u8; 32] {
        mac(&self.derive("backup/v1", ""), bytes)
    }

    /// By which the nodes of one platform know each other: the seed of an Ed25519 key all of them have.
    pub fn node_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive("node-to-node/v1", "")
    }

    /// Under which messages between the nodes are sealed.
    pub fn bus_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive("bus/v1", "")
    }

    /// Where this platform's nodes meet on a bus, apart from other platforms' that use the same.
    pub fn bus_channel(&self) -> String {
        let name = text::hex(self.derive("bus-channel/v1", "").as_slice());
        format!("dienhong:{}", name.get(..32).unwrap_or(&name))
    }

    fn derive(&self, purpose: &str, of: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(&self.0, format!("dienhong {purpose}\n{of}").as_bytes()))
    }
}

/// HMAC-SHA256. The key is laid into HMAC's block of 64 bytes, zero-padded as RFC 2104 does, which cannot fail.
pub fn mac(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for InstanceSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstanceSecret(…)")
    }
}
