//! The record's signed head (<https://c2sp.org/tlog-checkpoint>), without extension lines.

use super::merkle::Hash;
use super::note::{Note, NoteError, NoteSigner, VerifierKey};
use super::text::decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("not a checkpoint: three lines with origin, size and base64 of the root")]
    Malformed,
    #[error("the checkpoint is of another record")]
    WrongOrigin,
    #[error("checkpoint: {0}")]
    Note(#[from] NoteError),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the record, and of the key that signs its heads.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    pub fn encode(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.base64())
    }

    /// The whole note.
    pub fn sign(&self, signer: &NoteSigner) -> String {
        signer.sign(&self.encode())
    }

    /// Reads a note's text; says nothing about signatures.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').unwrap_or_default().split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        let (size, root) = (decimal(size), Hash::from_base64(root));
        match (size, root) {
            (Some(size), Some(root)) if !origin.is_empty() => Ok(Self { origin: origin.to_owned(), size, root }),
            _ => Err(CheckpointError::Malformed),
        }
    }

    /// Checks that `key` signed the note and that it speaks of the record the key is named after.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(key)?;
        let checkpoint = Self::parse(&note.text)?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::WrongOrigin) }
    }
}
