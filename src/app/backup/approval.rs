//! Two people say together that a backup takes the place of what was: each signs the backup's heads with a key of their own, on a machine
//! of their own.

use super::{Entry, Manifest};
use crate::ledger::note::{KeyError, Note, NoteSigner, VerifierKey};
use crate::ledger::text::{base64, from_base64_exact, hex};
use ed25519_dalek::SigningKey;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Signed by nothing else: keeps an approval apart from every other note.
const PURPOSE: &str = "dienhong restore approval v1";

/// How many different keyholders must sign.
pub const NEEDED: usize = 2;

/// What an approval signs: the purpose, then origin, size and root of every council.
fn text(councils: &[Entry]) -> String {
    let heads = councils.iter().map(|Entry { origin, size, root, .. }| format!("{origin}\n{size}\n{root}\n"));
    std::iter::once(format!("{PURPOSE}\n")).chain(heads).collect()
}

/// The signed note.
pub fn approve(manifest: &Manifest, key: &NoteSigner) -> String {
    key.sign(&text(&manifest.councils))
}

/// How many different keyholders of the manifest these notes are from. Whatever else is among them does not count.
pub fn count(manifest: &Manifest, approvals: &[String]) -> usize {
    let text = text(&manifest.councils);
    let notes: Vec<Note> =
        approvals.iter().filter_map(|note| Note::parse(note).ok()).filter(|note| note.text == text).collect();
    let keys = manifest.keyholders.iter().filter_map(|keyholder| VerifierKey::parse(&keyholder.vkey).ok());
    let signed = keys.filter(|key| notes.iter().any(|note| note.verify(key).is_ok()));
    // One key under two names is one person.
    signed.map(|key| key.public()).collect::<BTreeSet<_>>().len()
}

/// In front of a private key's text, as the reference implementation of signed notes writes it.
const PRIVATE: &str = "PRIVATE+KEY+";
const ED25519: u8 = 1;

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("{0} is not a keyholder's key")]
    Form(PathBuf),
    #[error("{0} can be read by others; run: chmod 600 {0}")]
    Exposed(PathBuf),
    #[error("the system gives no random bytes: {0}")]
    Random(String),
}

/// Makes a key and writes it to a new file that only its owner can read.
pub fn new_key(name: &str, path: &Path) -> Result<VerifierKey, KeyFileError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|error| KeyFileError::Random(error.to_string()))?;
    let key = NoteSigner::new(name, SigningKey::from_bytes(&seed))?.verifier();
    let bytes = Zeroizing::new([&[ED25519], seed.as_slice()].concat());
    let text = Zeroizing::new(format!("{PRIVATE}{name}+{}+{}\n", hex(&key.id()), base64(&bytes)));
    let file = |source| KeyFileError::File { path: path.to_owned(), source };
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(file)?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(file)?;
    Ok(key)
}

pub fn read_key(path: &Path) -> Result<NoteSigner, KeyFileError> {
    let file = |source| KeyFileError::File { path: path.to_owned(), source };
    if fs::metadata(path).map_err(file)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyFileError::Exposed(path.to_owned()));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(file)?);
    signer(&text).ok_or_else(|| KeyFileError::Form(path.to_owned()))
}

fn signer(text: &str) -> Option<NoteSigner> {
    let mut parts = text.trim_end().strip_prefix(PRIVATE)?.splitn(3, '+');
    let (name, id, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = Zeroizing::new(from_base64_exact::<33>(encoded)?);
    let (algorithm, seed) = bytes.split_first_chunk::<1>()?;
    let seed: &[u8; 32] = seed.try_into().ok()?;
    let signer = NoteSigner::new(name, SigningKey::from_bytes(seed)).ok()?;
    (*algorithm == [ED25519] && hex(&signer.verifier().id()) == id).then_some(signer)
}
