//! What a command is answered with.

use crate::chamber::refusal::Refusal;
use crate::ledger::merkle::Hash;
use std::sync::Arc;

/// Names one waiting caller; given out by the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

#[derive(Debug, Clone)]
pub enum Answer {
    /// The act stands in the record, durably.
    Receipt(Receipt),
    /// The chamber's rules say no; nothing changed.
    Refused(Refusal),
    /// The device that signed it was revoked in the meantime.
    UnknownDevice,
    /// An entry it would make does not fit the record's format (65,535 bytes).
    TooLarge,
    /// The rules and the fold disagree: a fault of this program. Nothing was written.
    Internal,
    /// Try again: the server has too much to do.
    Busy,
    /// Try again: the record cannot be written now.
    StoreUnavailable,
}

/// A receipt in the making. `line` is missing when the entry is older than what is kept in memory; the node reads it then.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub seq: u64,
    pub line: Option<Arc<str>>,
    pub proof: Vec<Hash>,
    pub checkpoint: String,
}

pub(super) struct Waiting {
    pub ticket: Ticket,
    pub seq: u64,
    pub text_sha256: Option<[u8; 32]>,
    /// What is said once everything up to `seq` is durable; `None`: the receipt of `seq`.
    pub refusal: Option<Answer>,
}
