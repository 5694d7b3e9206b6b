//! Proof that an entry stands in the record, for whoever holds it: nothing else is needed to check it but the record's key.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::entry::{Entry, EntryError, line_hash};
use super::merkle::{Hash, verify_inclusion};
use super::note::VerifierKey;

/// More hashes than any tree of 2^63 entries needs.
pub const MAX_PROOF_LEN: usize = 63;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub seq: u64,
    /// The entry's exact line, without a line feed.
    pub entry: String,
    /// From leaf to root.
    pub proof: Vec<Hash>,
    /// The signed note of a checkpoint whose tree holds the entry.
    pub checkpoint: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("the entry does not stand in the record under this checkpoint")]
    NotIncluded,
    #[error(transparent)]
    Entry(#[from] EntryError),
    #[error("the entry has another number than the receipt says")]
    WrongSeq,
}

/// Checks signature, inclusion and number, and gives the entry that is proved to stand in the record.
pub fn check(receipt: &Receipt, key: &VerifierKey) -> Result<Entry, ReceiptError> {
    check_under(receipt, &Checkpoint::open(&receipt.checkpoint, key)?)
}

/// The same for whoever holds many receipts of one batch and has opened the checkpoint they share.
pub fn check_under(receipt: &Receipt, checkpoint: &Checkpoint) -> Result<Entry, ReceiptError> {
    let leaf = line_hash(&receipt.entry);
    if receipt.proof.len() > MAX_PROOF_LEN
        || !verify_inclusion(&leaf, receipt.seq, checkpoint.size, &receipt.proof, &checkpoint.root)
    {
        return Err(ReceiptError::NotIncluded);
    }
    let entry = Entry::decode(&receipt.entry)?;
    if entry.seq == receipt.seq { Ok(entry) } else { Err(ReceiptError::WrongSeq) }
}

/// What a person can compare with an officer's screen or a printed list: the first four hex digits of the leaf hash, upper
/// case.
pub fn short_code(leaf: &Hash) -> String {
    leaf.hex().chars().take(4).collect::<String>().to_uppercase()
}

/// The receipt as a `c2sp.org/tlog-proof@v1` file, which tools that know nothing of this record can check against the entry.
pub fn proof_file(receipt: &Receipt) -> String {
    let hashes: String = receipt.proof.iter().map(|hash| hash.base64() + "\n").collect();
    format!("c2sp.org/tlog-proof@v1\nindex {}\n{hashes}\n{}", receipt.seq, receipt.checkpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_file_is_laid_out_as_the_format_asks() {
        let receipt = Receipt {
            seq: 5,
            entry: String::new(),
            proof: vec![Hash([0; 32]), Hash([0xff; 32])],
            checkpoint: "origin\n6\nroot\n\n— origin signature\n".into(),
        };
        assert_eq!(
            proof_file(&receipt),
            "c2sp.org/tlog-proof@v1\nindex 5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\
             //////////////////////////////////////////8=\n\norigin\n6\nroot\n\n— origin signature\n"
        );
    }

    #[test]
    fn a_short_code_is_upper_case() {
        assert_eq!(short_code(&Hash([0xab; 32])), "ABAB");
    }
}
