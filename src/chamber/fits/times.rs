//! When a ballot closes by itself and what is left of it on hold: each follows from what was there before.

use crate::chamber::ballot::{Ballot, BallotState, HoldCause};
use crate::chamber::ids::Millis;
use crate::chamber::limits;

/// Whether a ballot opened `at` may close then: after whole seconds, or by the chair alone. How many, the order says or else
/// the question.
pub(super) fn may_close_at(at: Millis, closes_at: Option<Millis>) -> bool {
    closes_at.is_none_or(|closes_at| closes_at > at && closes_at.since(at).is_multiple_of(1_000))
}

impl Ballot {
    /// Whether `remaining_ms` is what a hold leaves: by the chair, what was left then. While nothing could be written the
    /// countdown stood where it was at some moment before, which is in no entry: then it lies between what is left now and
    /// what was left at the newest entry that the ballot knows of.
    pub(super) fn leaves(&self, at: Millis, cause: HoldCause, remaining_ms: Option<u64>) -> bool {
        let (Some(closes_at), Some(remaining_ms)) = (self.closes_at, remaining_ms) else {
            return self.closes_at.is_none() && remaining_ms.is_none();
        };
        let left = closes_at.since(at);
        match cause {
            HoldCause::Chair => remaining_ms == left,
            HoldCause::StoreUnavailable => {
                let voted = self.votes.values().map(|vote| vote.at).max();
                let newest = voted.map_or(self.opened_at, |voted| voted.max(self.opened_at));
                let most = closes_at.since(newest).max(limits::STORE_HOLD_REST_MS);
                (left.max(limits::STORE_HOLD_REST_MS)..=most).contains(&remaining_ms)
            }
        }
    }

    /// Whether it closes then, when it goes on from hold: what was left has not become more or less.
    pub(super) fn goes_on_until(&self, at: Millis, closes_at: Option<Millis>) -> bool {
        closes_at == self.remaining_ms.map(|rest| at.plus(rest))
    }

    /// Whether it is longer by exactly `seconds`. One without a limit cannot be, nor one whose time has run out.
    pub(super) fn is_longer(
        &self,
        at: Millis,
        seconds: u32,
        closes_at: Option<Millis>,
        remaining_ms: Option<u64>,
    ) -> bool {
        let more = u64::from(seconds) * 1_000;
        let is_limited = self.closes_at.is_some() || self.remaining_ms.is_some();
        let is_running = self.is_open_at(at) || self.state == BallotState::OnHold;
        is_running
            && is_limited
            && seconds > 0
            && closes_at == self.closes_at.map(|closes_at| closes_at.plus(more))
            && remaining_ms == self.remaining_ms.map(|rest| rest.saturating_add(more))
    }
}
