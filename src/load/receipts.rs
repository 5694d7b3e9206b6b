//! Checks receipts as tablets do: signature, inclusion, and that the entry carries what was sent. Those of one batch share their
//! checkpoint, byte for byte; its signature is checked once for all of them, because here one machine stands in for the
//! many that would each check their own.

use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::merkle::Hash;
use crate::ledger::note::VerifierKey;
use crate::ledger::receipt::{Receipt, check_under};
use crate::wire::frames;
use std::sync::{Arc, Mutex, PoisonError};

/// What a receipt has proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    pub seq: u64,
    /// When the chamber decided it, milliseconds since 1970.
    pub stamp: u64,
    /// Size of the record at its checkpoint: the same for all acts of one commit.
    pub commit: u64,
}

/// Of one council.
#[derive(Debug)]
pub struct Checker {
    key: VerifierKey,
    last: Mutex<Option<Arc<(String, Checkpoint)>>>,
}

impl Checker {
    pub fn new(key: VerifierKey) -> Self {
        Self { key, last: Mutex::default() }
    }

    /// `statement` is what was sent. The error says what does not hold.
    pub fn check(&self, wire: frames::Receipt, statement: &str) -> Result<Proved, String> {
        let checkpoint = self.open(&wire.checkpoint)?;
        let proof: Option<Vec<Hash>> = wire.proof.iter().map(|hash| Hash::from_base64(hash)).collect();
        let proof = proof.ok_or("a hash of the proof cannot be read")?;
        let receipt = Receipt { seq: wire.seq, entry: wire.entry, proof, checkpoint: wire.checkpoint };
        let entry = check_under(&receipt, &checkpoint.1).map_err(|error| error.to_string())?;
        if entry.statement.as_deref() != Some(statement) {
            return Err("the entry does not carry the statement that was sent".to_owned());
        }
        Ok(Proved { seq: entry.seq, stamp: entry.time.0, commit: checkpoint.1.size })
    }

    fn open(&self, note: &str) -> Result<Arc<(String, Checkpoint)>, String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(last) = last.filter(|last| last.0 == note) {
            return Ok(last);
        }
        let checkpoint = Checkpoint::open(note, &self.key).map_err(|error| error.to_string())?;
        let opened = Arc::new((note.to_owned(), checkpoint));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened.clone());
        Ok(opened)
    }
}
