//! Asking those to vote whose vote is missing. Nothing of it is in the record: it only shows on their own pages.

use crate::chamber::Chamber;
use crate::chamber::ballot::BallotState;
use crate::chamber::ids::{BallotId, Millis, PersonId};
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::Office;
use crate::hub::admission::Denial;
use std::collections::BTreeSet;

/// Between two nudges of one ballot: a person needs so long to look down and press.
pub const NUDGE_PAUSE_MS: u64 = 5_000;

/// The last nudge.
pub struct Nudge {
    pub ballot: BallotId,
    pub at: Millis,
    /// Who was asked.
    pub people: BTreeSet<PersonId>,
}

/// Whoever holds the gavel, or a secretary, while the ballot is open.
pub fn may_nudge(chamber: &Chamber, by: &PersonId, ballot: &BallotId) -> Result<(), Denial> {
    let presides = chamber.gavel().is_some_and(|holder| holder.id == *by);
    if !presides && !chamber.holds_office(by, Office::Secretary) {
        return Err(Denial::NotAllowed);
    }
    match chamber.ballot(ballot).map(|ballot| ballot.state) {
        None => Err(Denial::Refused(Refusal::UnknownBallot)),
        Some(BallotState::Open) => Ok(()),
        Some(_) => Err(Denial::Refused(Refusal::BallotNotOpen)),
    }
}
