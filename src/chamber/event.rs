//! What happened, once and for ever. These are the record's contract (docs/record-format.md): plain data with explicit
//! names in a fixed order. A field may be added as an option that is left out when absent; nothing is renamed or removed.

use super::agenda::Item;
use super::ballot::{ClosedBy, Counted, HoldCause, Question, Verdict};
use super::command::Issuer;
use super::ids::{
    AnswerKey, BallotId, CouncilId, DeviceId, ItemId, Millis, PersonId, QuestionId, SessionId, SittingId,
};
use super::roll::Person;
use super::rules::RulesProfile;
use super::wall::WallMode;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Always entry 0, never again.
    CouncilFounded {
        council: CouncilId,
        origin: String,
        name: String,
        short_name: String,
        rules: Box<RulesProfile>,
        checkpoint_key: String,
    },
    /// A roster file was taken in; `people` entries of kind `person_set` follow at once.
    RosterImported {
        sha256: String,
        people: u32,
    },
    /// The roll has this person so, from now on.
    PersonSet {
        person: Person,
    },
    /// Off the roll, without a device; a gavel in that hand is free again.
    PersonLeft {
        person: PersonId,
        reason: String,
    },
    DeviceBound {
        person: PersonId,
        device: DeviceId,
        key: String,
        issued_by: Issuer,
    },
    /// `reason` is free text, or `replaced` when a new device took its place.
    DeviceRevoked {
        person: PersonId,
        device: DeviceId,
        reason: String,
    },

    SessionCreated {
        session: SessionId,
        title: String,
        term: String,
    },
    ItemAdded {
        item: Item,
    },
    QuestionPrepared {
        question: Question,
    },
    SittingOpened {
        sitting: SittingId,
        session: SessionId,
        title: String,
    },
    SittingClosed {
        sitting: SittingId,
    },
    ItemStarted {
        item: ItemId,
    },
    ItemFinished {
        item: ItemId,
    },

    CheckedIn {
        person: PersonId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    CheckedOut {
        person: PersonId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    Excused {
        person: PersonId,
        reason: String,
    },

    BallotOpened {
        ballot: BallotId,
        question: QuestionId,
        /// From 1; a re-vote is the next round.
        round: u32,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        previous: Option<BallotId>,
        document_sha256: String,
        /// When it closes by itself; left out when only the chair closes it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        closes_at: Option<Millis>,
    },
    BallotHeld {
        ballot: BallotId,
        cause: HoldCause,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        remaining_ms: Option<u64>,
    },
    BallotResumed {
        ballot: BallotId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        closes_at: Option<Millis>,
    },
    /// While open `closes_at` is the new time; while on hold `remaining_ms` is the new rest.
    BallotExtended {
        ballot: BallotId,
        seconds: u32,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        closes_at: Option<Millis>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        remaining_ms: Option<u64>,
    },
    /// Carries the vote's statement in its entry. `turn` may repeat only with the same text, which writes no new entry.
    VoteCast {
        ballot: BallotId,
        person: PersonId,
        answer: AnswerKey,
        turn: u32,
    },
    /// The one point after which nothing counts. `counted` is the tally the fold gives, with every base.
    BallotClosed {
        ballot: BallotId,
        closed_by: ClosedBy,
        counted: Counted,
    },
    BallotConfirmed {
        ballot: BallotId,
        verdict: Verdict,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        casting: Option<Verdict>,
    },
    BallotAnnounced {
        ballot: BallotId,
    },
    BallotVoided {
        ballot: BallotId,
        reason: String,
    },
    BallotAnnulled {
        ballot: BallotId,
        reason: String,
    },

    GavelTaken {
        person: PersonId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        from: Option<PersonId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    GavelHanded {
        from: PersonId,
        to: PersonId,
    },
    WallShown {
        mode: WallMode,
    },
}
