//! What happened, once and for ever. These are the record's contract (docs/record-format.md): plain data with explicit
//! names in a fixed order. A field may be added as an option that is left out when absent; nothing is renamed or removed.

use super::agenda::{Item, SessionKind, SuspensionCause, is_false};
use super::ballot::{BallotForm, ClosedBy, Counted, HoldCause, Papers, Question, Verdict};
use super::command::Issuer;
use super::ids::{
    AnswerKey, BallotId, CouncilId, DeviceId, ItemId, Millis, PersonId, PromiseId, QuestionId, RequestId, SessionId,
    SittingId, SpeechId, WallId,
};
use super::roll::Person;
use super::rules::RulesProfile;
use super::speaking::SpeechKind;
use super::wall::{Card, WallMode};
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

    RulesSet {
        rules: Box<RulesProfile>,
    },

    SessionCreated {
        session: SessionId,
        title: String,
        term: String,
        #[serde(skip_serializing_if = "SessionKind::is_regular", default)]
        session_kind: SessionKind,
    },
    /// `before`: the item it was put in front of; at the end of its parent's where left out.
    ItemAdded {
        item: Item,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        before: Option<ItemId>,
    },
    /// The item as it reads from now on.
    ItemChanged {
        item: Item,
    },
    ItemMoved {
        item: ItemId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        parent: Option<ItemId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        before: Option<ItemId>,
    },
    /// With all that stands under it.
    ItemRemoved {
        item: ItemId,
    },
    QuestionPrepared {
        question: Question,
    },
    SittingPrepared {
        sitting: SittingId,
        session: SessionId,
        title: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        planned_at: Option<Millis>,
        #[serde(skip_serializing_if = "is_false", default)]
        closed_doors: bool,
    },
    /// A prepared one, or a new one with the next number.
    SittingOpened {
        sitting: SittingId,
        session: SessionId,
        title: String,
        #[serde(skip_serializing_if = "is_false", default)]
        closed_doors: bool,
    },
    SittingSuspended {
        sitting: SittingId,
        cause: SuspensionCause,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<Millis>,
    },
    SittingResumed {
        sitting: SittingId,
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

    ListOpened {},
    ListClosed {},
    /// Placed by its kind's rank; the asker of the round goes before the other rebuttals.
    SpeechRequested {
        request: RequestId,
        person: PersonId,
        speech_kind: SpeechKind,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        topic: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<PersonId>,
    },
    RequestWithdrawn {
        request: RequestId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    RequestMoved {
        request: RequestId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        before: Option<RequestId>,
        reason: String,
    },
    SpeechStarted {
        speech: SpeechId,
        /// Left out where the floor was given without one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request: Option<RequestId>,
        person: PersonId,
        speech_kind: SpeechKind,
        /// 0: no limit.
        seconds: u32,
    },
    SpeechPaused {
        speech: SpeechId,
        /// What was spent by then, where that is less than by the entry's time: nothing could be written in between.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        spent_ms: Option<u64>,
    },
    SpeechResumed {
        speech: SpeechId,
    },
    SpeechExtended {
        speech: SpeechId,
        seconds: u32,
    },
    SpeechEnded {
        speech: SpeechId,
        /// Pauses left out.
        spent_ms: u64,
    },
    RoundStarted {
        item: ItemId,
        round: u32,
        official: PersonId,
    },
    BudgetSet {
        item: ItemId,
        group: String,
        seconds: u32,
    },
    PromiseLogged {
        promise: PromiseId,
        official: PersonId,
        text: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<PersonId>,
    },
    PromiseStruck {
        promise: PromiseId,
        reason: String,
    },
    /// On the day of its entry's time.
    PromiseKept {
        promise: PromiseId,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
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
        /// Further candidates, in an election, in the order of the question's answers.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        more: Vec<AnswerKey>,
        turn: u32,
    },
    /// A round of voting that people counted: opened and closed in one, at its time, by whoever recorded it.
    CountRecorded {
        ballot: BallotId,
        question: QuestionId,
        round: u32,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        previous: Option<BallotId>,
        document_sha256: String,
        form: BallotForm,
        recorded_by: PersonId,
        counted: Counted,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        papers: Option<Papers>,
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
        /// The option that prevailed or the candidates elected, the most votes first.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        chosen: Vec<AnswerKey>,
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
    /// On the main wall where none is named.
    WallShown {
        mode: WallMode,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        wall: Option<WallId>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        card: Option<Card>,
    },
    WallAdded {
        wall: WallId,
        name: String,
    },
    WallRemoved {
        wall: WallId,
    },
    WallFollows {
        wall: WallId,
    },
    TickerSet {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        text: Option<String>,
    },
}
