//! What must hold, whatever the world does.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    ReceiptStands,
    RecordWhole,
    OneVote,
    VoteSigned,
    VoterEntitled,
    WithinBallot,
    OneWriter,
    TallyIsFold,
    OneHistory,
    OneOutcome,
    OneBallotOneGavel,
    Healed,
}

impl Invariant {
    pub const ALL: &'static [Invariant] = &[
        Self::ReceiptStands,
        Self::RecordWhole,
        Self::OneVote,
        Self::VoteSigned,
        Self::VoterEntitled,
        Self::WithinBallot,
        Self::OneWriter,
        Self::TallyIsFold,
        Self::OneHistory,
        Self::OneOutcome,
        Self::OneBallotOneGavel,
        Self::Healed,
    ];

    /// From 1, as in docs/simulator.md.
    pub fn number(self) -> usize {
        Self::ALL.iter().take_while(|other| **other != self).count() + 1
    }

    /// Stable; never renamed.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReceiptStands => "receipt_stands",
            Self::RecordWhole => "record_whole",
            Self::OneVote => "one_vote",
            Self::VoteSigned => "vote_signed",
            Self::VoterEntitled => "voter_entitled",
            Self::WithinBallot => "within_ballot",
            Self::OneWriter => "one_writer",
            Self::TallyIsFold => "tally_is_fold",
            Self::OneHistory => "one_history",
            Self::OneOutcome => "one_outcome",
            Self::OneBallotOneGavel => "one_ballot_one_gavel",
            Self::Healed => "healed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|invariant| invariant.name() == name)
    }
}

/// An invariant that does not hold, and in what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub invariant: Invariant,
    pub what: String,
}

pub type Held = Result<(), Broken>;

pub fn demand(holds: bool, invariant: Invariant, what: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(Broken { invariant, what: what() }) }
}

pub fn broken(invariant: Invariant, what: impl Into<String>) -> Held {
    Err(Broken { invariant, what: what.into() })
}
