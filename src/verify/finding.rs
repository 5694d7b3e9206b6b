//! What can be wrong with a record. Closed, with stable codes; each says in a sentence what a council would ask about.

use crate::chamber::Misfit;
use crate::chamber::ids::{AnswerKey, BallotId, PersonId};
use crate::ledger::checkpoint::CheckpointError;
use crate::ledger::entry::EntryError;
use crate::ledger::order::OrderError;
use crate::ledger::statement::StatementError;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The entry it is about, where it is about one.
    pub seq: Option<u64>,
    pub problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    // --- The bundle and its keys
    #[error("The file is damaged at byte {at}: {what}. What follows could not be read.")]
    BundleDamaged { at: u64, what: &'static str },
    #[error("The record is signed with another key than the one given.")]
    OtherKey,
    #[error("keys.txt names another key than entry 0.")]
    KeyFileDiffers,
    #[error("Entry 0 does not found a council with a usable origin and checkpoint key.")]
    NoFounding,

    // --- The chain
    #[error("The line cannot be read as an entry: {0}.")]
    BadEntry(EntryError),
    #[error("The entry calls itself number {found}.")]
    WrongSeq { found: u64 },
    #[error("The entry is dated before the one it follows.")]
    TimeFalls,
    #[error("The checkpoint of {size} entries is not valid: {error}.")]
    BadCheckpoint { size: u64, error: CheckpointError },
    #[error("The file of the checkpoint of {named} entries holds one of {size}.")]
    CheckpointMisplaced { named: u64, size: u64 },
    #[error(
        "The checkpoint of {size} entries does not fit: something was changed, added or removed among the entries {from} to {}.",
        size.saturating_sub(1)
    )]
    WrongRoot { from: u64, size: u64 },
    #[error("A checkpoint was signed over {size} entries, but only {entries} are here.")]
    EntriesMissing { size: u64, entries: u64 },
    #[error("The entries from here on are covered by no checkpoint.")]
    NotCovered,

    // --- Who is behind an entry
    #[error("The entry says that it belongs to an act it does not follow.")]
    WrongCause,
    #[error("No signed statement stands behind this act of a person.")]
    StatementMissing,
    #[error("A signed statement stands where nobody signs.")]
    StatementUnexpected,
    #[error("The statement cannot be accepted: {0}.")]
    BadStatement(StatementError),
    #[error("The statement was made for another record.")]
    WrongLog,
    #[error("The statement is {signer}'s, but the entry is in another name.")]
    WrongPerson { signer: PersonId },
    #[error("{person} had no device when this was signed.")]
    NoDevice { person: PersonId },
    #[error("The same statement stands in the record already, in entry {first}.")]
    StatementRepeated { first: u64 },
    #[error("The order cannot be read: {0}.")]
    BadOrder(OrderError),
    #[error("What is recorded is not what was signed.")]
    Disagrees,
    #[error("This may only happen on a signed order.")]
    UnsignedAct,
    #[error("The one behind this act was not allowed it ({code}).")]
    NotAllowed { code: &'static str },

    // --- Votes and counts
    #[error("The vote names another question document than the ballot.")]
    VoteDocument,
    #[error("{person} voted, but {why}.")]
    VoteCannotCount { person: PersonId, why: WhyNot },
    #[error("The ballot's document is not that of its question.")]
    BallotDocument,
    #[error("Ballot {ballot} is recorded with {recorded} for “{answer}”; counting the votes gives {counted}.")]
    WrongCount { ballot: BallotId, answer: AnswerKey, recorded: u32, counted: u32 },
    #[error("Ballot {ballot} is recorded with the answers in another order than its question, or not all of them.")]
    WrongAnswers { ballot: BallotId },
    #[error("Ballot {ballot} is recorded with {recorded} {base}; the record gives {counted}.")]
    WrongBase { ballot: BallotId, base: &'static str, recorded: u32, counted: u32 },
    #[error("The figures of ballot {ballot}, which people counted, contradict each other or the number present.")]
    ImpossibleCount { ballot: BallotId },
    #[error("Ballot {ballot} is recorded as won by “{recorded}”; its rule gives “{given}”.")]
    WrongChosen { ballot: BallotId, recorded: String, given: String },
    #[error("The bloc of ballot {ballot} names a question that is not worded so.")]
    BlocDocument { ballot: BallotId },
    #[error("Ballot {ballot} is recorded as {recorded}; its rule gives {given}.")]
    WrongVerdict { ballot: BallotId, recorded: &'static str, given: &'static str },

    // --- Everything else the hall's rules ask
    #[error("This cannot follow what came before: {0}.")]
    DoesNotFollow(Misfit),
}

/// Why a vote cannot count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    #[error("the ballot was not open")]
    NotOpen,
    #[error("is not a delegate")]
    NotADelegate,
    #[error("is of no group that the question was put to")]
    NotEntitled,
    #[error("was not present")]
    NotPresent,
    #[error("the question has no such answer")]
    UnknownAnswer,
    #[error("it names more than there are places, one of them twice or out of order, or abstains besides")]
    TooManyChoices,
    #[error("it names fewer than the question asks for")]
    TooFewChoices,
    #[error("the vote's turn does not follow the one before")]
    Turn,
    #[error("votes on this question may not be changed")]
    Final,
}

impl Problem {
    /// Stable; never renamed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BundleDamaged { .. } => "bundle_damaged",
            Self::OtherKey => "other_key",
            Self::KeyFileDiffers => "key_file_differs",
            Self::NoFounding => "no_founding",
            Self::BadEntry(_) => "bad_entry",
            Self::WrongSeq { .. } => "wrong_seq",
            Self::TimeFalls => "time_falls",
            Self::BadCheckpoint { .. } => "bad_checkpoint",
            Self::CheckpointMisplaced { .. } => "checkpoint_misplaced",
            Self::WrongRoot { .. } => "wrong_root",
            Self::EntriesMissing { .. } => "entries_missing",
            Self::NotCovered => "not_covered",
            Self::WrongCause => "wrong_cause",
            Self::StatementMissing => "statement_missing",
            Self::StatementUnexpected => "statement_unexpected",
            Self::BadStatement(_) => "bad_statement",
            Self::WrongLog => "wrong_log",
            Self::WrongPerson { .. } => "wrong_person",
            Self::NoDevice { .. } => "no_device",
            Self::StatementRepeated { .. } => "statement_repeated",
            Self::BadOrder(_) => "bad_order",
            Self::Disagrees => "disagrees",
            Self::UnsignedAct => "unsigned_act",
            Self::NotAllowed { .. } => "not_allowed",
            Self::VoteDocument => "vote_document",
            Self::VoteCannotCount { .. } => "vote_cannot_count",
            Self::BallotDocument => "ballot_document",
            Self::WrongCount { .. } => "wrong_count",
            Self::WrongAnswers { .. } => "wrong_answers",
            Self::WrongBase { .. } => "wrong_base",
            Self::ImpossibleCount { .. } => "impossible_count",
            Self::WrongChosen { .. } => "wrong_chosen",
            Self::BlocDocument { .. } => "bloc_document",
            Self::WrongVerdict { .. } => "wrong_verdict",
            Self::DoesNotFollow(_) => "does_not_follow",
        }
    }
}
