//! A receipt as its receiver checks it: signature, inclusion, and that it is about what was sent.

use super::error::ClientError;
use crate::ledger::entry::line_hash;
use crate::ledger::merkle::Hash;
use crate::ledger::note::VerifierKey;
use crate::ledger::receipt::{self, short_code};
use crate::wire::frames::Receipt;

/// Proof that an act stands in the record.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedReceipt {
    /// Number of the entry, from 0.
    pub seq: u64,
    /// First four digits of the entry's leaf hash: what a person can compare.
    pub short: String,
    pub receipt: Receipt,
}

impl CheckedReceipt {
    pub(super) fn check(wire: &Receipt, key: &VerifierKey, statement: &str) -> Result<Self, ClientError> {
        let bad = |why: &str| ClientError::BadReceipt(why.to_owned());
        let proof: Option<Vec<Hash>> = wire.proof.iter().map(|hash| Hash::from_base64(hash)).collect();
        let held = receipt::Receipt {
            seq: wire.seq,
            entry: wire.entry.clone(),
            proof: proof.ok_or_else(|| bad("a hash of the proof cannot be read"))?,
            checkpoint: wire.checkpoint.clone(),
        };
        let entry = receipt::check(&held, key).map_err(|error| ClientError::BadReceipt(error.to_string()))?;
        if entry.statement.as_deref() != Some(statement) {
            return Err(bad("the entry does not carry the statement that was sent"));
        }
        Ok(Self::unchecked(wire.clone()))
    }

    /// For clients that leave the checking to others.
    pub(super) fn unchecked(receipt: Receipt) -> Self {
        let short = short_code(&line_hash(&receipt.entry));
        Self { seq: receipt.seq, short, receipt }
    }
}
