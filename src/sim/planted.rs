//! Bugs planted on purpose: a simulator that finds nothing proves nothing. Some sit in the world around the core, some give the core
//! wrong rules.

use crate::chamber::Chamber;
use crate::chamber::ballot::BallotState;
use crate::chamber::command::{Actor, CastVote, Command};
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, Millis};
use crate::chamber::refusal::Refusal;
use crate::sequencer::{Decide, Rules};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    // --- Around the core
    /// Answers as soon as the batch is on its way to the store.
    EarlyReceipt,
    /// After an unknown outcome those who wait are told that nothing was recorded.
    UnknownIsLost,
    /// After an unknown outcome the batch counts as written.
    UnknownIsWritten,
    /// The store lets a writer append whose epoch is over.
    NoFence,
    /// A new writer gets the epoch of the one before.
    EpochReused,
    /// The store confirms a batch that it then loses.
    LostCommit,
    /// A failed transaction leaves its first row behind.
    TornBatch,
    /// A leader never asks itself whether its lease still holds.
    StaleLeader,
    /// A statement that stands in the record is decided again.
    RetryJudgedAnew,
    /// A follower takes in what the bus says without looking at the signed root.
    TrustsBus,
    /// Receipts carry the checkpoint before the one that holds their entry.
    WrongCheckpoint,
    /// A node that has once followed never reaches for the lease.
    NeverTakesOver,
    // --- In the core
    /// A refusal is told before what it rests on is durable.
    HastyRefusal,
    /// Absent delegates may vote.
    AbsentVotes,
    /// Votes are taken after the closing.
    LateVotes,
    /// A second vote of the same turn is taken.
    DoubleVotes,
    /// Whoever has a seat may vote with a device that was revoked.
    RevokedKey,
    /// The closing counts one vote more.
    WrongTally,
    /// A second ballot is opened beside the running one.
    TwoBallots,
    /// The gavel is given to whoever asks while somebody holds it.
    TwoGavels,
    /// A vote for another text counts.
    OtherText,
}

impl Planted {
    pub const ALL: &'static [Planted] = &[
        Self::EarlyReceipt,
        Self::UnknownIsLost,
        Self::UnknownIsWritten,
        Self::NoFence,
        Self::EpochReused,
        Self::LostCommit,
        Self::TornBatch,
        Self::StaleLeader,
        Self::RetryJudgedAnew,
        Self::TrustsBus,
        Self::WrongCheckpoint,
        Self::NeverTakesOver,
        Self::HastyRefusal,
        Self::AbsentVotes,
        Self::LateVotes,
        Self::DoubleVotes,
        Self::RevokedKey,
        Self::WrongTally,
        Self::TwoBallots,
        Self::TwoGavels,
        Self::OtherText,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::EarlyReceipt => "early_receipt",
            Self::UnknownIsLost => "unknown_is_lost",
            Self::UnknownIsWritten => "unknown_is_written",
            Self::NoFence => "no_fence",
            Self::EpochReused => "epoch_reused",
            Self::LostCommit => "lost_commit",
            Self::TornBatch => "torn_batch",
            Self::StaleLeader => "stale_leader",
            Self::RetryJudgedAnew => "retry_judged_anew",
            Self::TrustsBus => "trusts_bus",
            Self::WrongCheckpoint => "wrong_checkpoint",
            Self::NeverTakesOver => "never_takes_over",
            Self::HastyRefusal => "hasty_refusal",
            Self::AbsentVotes => "absent_votes",
            Self::LateVotes => "late_votes",
            Self::DoubleVotes => "double_votes",
            Self::RevokedKey => "revoked_key",
            Self::WrongTally => "wrong_tally",
            Self::TwoBallots => "two_ballots",
            Self::TwoGavels => "two_gavels",
            Self::OtherText => "other_text",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|planted| planted.name() == name)
    }

    /// The core's rules with this bug in them: both what decides and what would have held it back.
    pub(super) fn rules(self) -> Rules {
        let rules = Rules::default();
        let decide: Decide = match self {
            Self::AbsentVotes => |c, at, by, command| forgive(c, at, by, command, &[Refusal::NotPresent]),
            Self::LateVotes => |c, at, by, command| forgive(c, at, by, command, &[Refusal::BallotNotOpen]),
            Self::DoubleVotes => |c, at, by, command| forgive(c, at, by, command, &[Refusal::TurnUsed]),
            Self::OtherText => |c, at, by, command| forgive(c, at, by, command, &[Refusal::WrongDocument]),
            Self::WrongTally => one_more,
            Self::TwoBallots => second_ballot,
            Self::TwoGavels => second_gavel,
            Self::RevokedKey => return Rules { is_current: |_, _, _| true, ..rules },
            Self::HastyRefusal => return Rules { refusals_wait: false, ..rules },
            _ => return rules,
        };
        Rules { decide, fits: |_, _, _| true, ..rules }
    }
}

/// Takes a vote all the same where it is refused for one of these reasons.
fn forgive(
    chamber: &Chamber,
    at: Millis,
    by: &Actor,
    command: &Command,
    forgiven: &[Refusal],
) -> Result<Vec<Event>, Refusal> {
    let decided = chamber.decide(at, by, command);
    match (&decided, command) {
        (Err(refusal), Command::CastVote(vote)) if forgiven.contains(refusal) => Ok(vec![cast(vote)]),
        _ => decided,
    }
}

fn cast(vote: &CastVote) -> Event {
    Event::VoteCast {
        ballot: vote.ballot.clone(),
        person: vote.person.clone(),
        answer: vote.answer.clone(),
        more: vote.more.clone(),
        turn: vote.turn,
    }
}

fn one_more(chamber: &Chamber, at: Millis, by: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
    let mut events = chamber.decide(at, by, command)?;
    for event in &mut events {
        if let Event::BallotClosed { counted, .. } = event
            && let Some(first) = counted.answers.first_mut()
        {
            first.count += 1;
        }
    }
    Ok(events)
}

fn second_ballot(chamber: &Chamber, at: Millis, by: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
    match (chamber.decide(at, by, command), command) {
        (Err(Refusal::BallotRunning), Command::OpenBallot { question, .. }) => {
            let Some(running) = chamber.running_ballot().filter(|ballot| ballot.state == BallotState::Open) else {
                return Err(Refusal::BallotRunning);
            };
            let number = u32::try_from(chamber.ballots().len()).unwrap_or(u32::MAX).saturating_add(1);
            Ok(vec![Event::BallotOpened {
                ballot: BallotId::numbered('b', number),
                question: question.clone(),
                round: 1,
                previous: None,
                document_sha256: running.document_sha256.clone(),
                closes_at: None,
            }])
        }
        (decided, _) => decided,
    }
}

fn second_gavel(chamber: &Chamber, at: Millis, by: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
    match (chamber.decide(at, by, command), by) {
        (Err(Refusal::ReasonNeeded), Actor::Person(person)) if matches!(command, Command::TakeGavel { .. }) => {
            Ok(vec![Event::GavelTaken { person: person.clone(), from: None, reason: None }])
        }
        (decided, _) => decided,
    }
}
