//! What people may ask of the chamber. A signed order names one of these by its serde name; `target` and the rest of the
//! fields come from the order's `target` line and its arguments. Votes and the chamber's own acts are not orders, so they
//! cannot be read from one.

mod by;
mod parts;
mod plain;

pub use by::{Actor, Issuer};
pub use parts::{CastVote, Founding, NewItem};

use super::agenda::{SessionKind, SuspensionCause, is_false, is_zero};
use super::ballot::{AnswerCount, BallotForm, Papers, QuestionForm, Verdict};
use super::ids::{BallotId, ItemId, Millis, PersonId, PromiseId, QuestionId, RequestId, SittingId, SpeechId, WallId};
use super::roll::Person;
use super::rules::{AnswerMeaning, RulesProfile};
use super::speaking::SpeechKind;
use super::wall::{Card, WallMode};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub enum Command {
    // --- The council itself
    /// Entry 0. Operator only.
    #[serde(skip)]
    FoundCouncil(Box<Founding>),
    /// Adds people to the roll, or replaces those with the same id. All or none. `rows` stay out of the order's
    /// arguments: the order names the file by `sha256`, and the rows that came with it are filled in after its hash was
    /// compared.
    ImportRoster {
        /// SHA-256 of the CSV file, hex.
        sha256: String,
        #[serde(skip)]
        people: Vec<Person>,
    },
    /// One person on the roll, by the operator: the first administrator, the way back in.
    #[serde(skip)]
    SetPerson {
        person: Person,
    },
    /// The person's mandate or office ended: no longer on the roll, the device is revoked.
    EndMandate {
        #[serde(rename = "target")]
        person: PersonId,
        reason: String,
    },
    /// A tablet's key is bound to its person; the one before is revoked. Signed by the new key itself.
    #[serde(skip)]
    BindDevice {
        person: PersonId,
        key: String,
        issued_by: Issuer,
    },
    RevokeDevice {
        #[serde(rename = "target")]
        person: PersonId,
        reason: String,
    },
    /// Changes the council's rules, whole. Questions that are prepared keep theirs. The policy on names is not changed so:
    /// past ballots were taken under it.
    SetRules {
        rules: Box<RulesProfile>,
    },

    // --- The session and its sittings
    CreateSession {
        title: String,
        term: String,
        #[serde(default)]
        kind: Option<SessionKind>,
    },
    /// A sitting that is to come: its title, when, and whether behind closed doors.
    PrepareSitting {
        title: String,
        #[serde(default)]
        planned_at: Option<Millis>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        closed_doors: bool,
    },
    /// Opens a prepared sitting, or one made up now: then it has a title.
    OpenSitting {
        #[serde(rename = "target", default)]
        sitting: Option<SittingId>,
        #[serde(default)]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        closed_doors: bool,
    },
    /// Recess or failure. A speech is paused and an open ballot held.
    SuspendSitting {
        cause: SuspensionCause,
        #[serde(default)]
        reason: Option<String>,
        #[serde(default)]
        until: Option<Millis>,
    },
    ResumeSitting {},
    CloseSitting {},

    // --- The agenda: a tree
    /// Adds items, at the end or under `parent` and before `before`; every item of kind `vote` brings its question with it.
    /// With `start` the first of them becomes the current one at once.
    AddItems {
        items: Vec<NewItem>,
        #[serde(default)]
        parent: Option<ItemId>,
        #[serde(default)]
        before: Option<ItemId>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        start: bool,
    },
    /// Replaces what an item says. Where its one question was not voted on and had the item's title, it gets the new one.
    ChangeItem {
        #[serde(rename = "target")]
        item: ItemId,
        to: NewItem,
    },
    /// Puts an item, and what stands under it, in another place: under `parent` (or at the top), before `before` (or last).
    MoveItem {
        #[serde(rename = "target")]
        item: ItemId,
        #[serde(default)]
        parent: Option<ItemId>,
        #[serde(default)]
        before: Option<ItemId>,
    },
    /// Takes an item, and what stands under it, off the agenda. Not once any of them was taken up.
    RemoveItem {
        #[serde(rename = "target")]
        item: ItemId,
    },
    /// A question for an item; with `replaces`, a new wording of one that was not put to the vote yet.
    PrepareQuestion {
        #[serde(rename = "target")]
        item: ItemId,
        title: String,
        #[serde(default)]
        text: String,
        /// Name of a rule in the council's profile.
        rule: String,
        #[serde(default)]
        seconds: Option<u32>,
        #[serde(default)]
        show_split: Option<bool>,
        #[serde(default)]
        replaces: Option<QuestionId>,
        /// Motion where left out.
        #[serde(default)]
        form: Option<QuestionForm>,
        /// The options or candidates of a choice or an election, `abstain` left out: it is always there.
        #[serde(default)]
        answers: Option<Vec<AnswerMeaning>>,
        #[serde(default)]
        change_allowed: Option<bool>,
        /// Only delegates of these groups vote on it; everybody where empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
        groups: Vec<String>,
        /// How many candidates of an election one vote names at least, where it does not abstain.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
        min_choices: u32,
        /// Each seat shows its answer while the ballot is open. Of motions, in councils whose names are public.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        live_names: bool,
    },
    /// One question over several prepared ones of the same rule, which are all decided by one ballot.
    PrepareBloc {
        #[serde(rename = "target")]
        item: ItemId,
        title: String,
        questions: Vec<QuestionId>,
        /// As of a question.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        live_names: bool,
    },
    /// Makes the item the current one; the one before is done.
    StartItem {
        #[serde(rename = "target")]
        item: ItemId,
    },
    /// The current item is done and no other begins.
    FinishItem {
        #[serde(rename = "target")]
        item: ItemId,
    },

    // --- Attendance
    /// By the person, or by the secretary with a reason.
    CheckIn {
        #[serde(rename = "target")]
        person: PersonId,
        #[serde(default)]
        reason: Option<String>,
    },
    CheckOut {
        #[serde(rename = "target")]
        person: PersonId,
        #[serde(default)]
        reason: Option<String>,
    },
    /// Also ahead of a sitting that is prepared.
    Excuse {
        #[serde(rename = "target")]
        person: PersonId,
        reason: String,
    },

    // --- Speaking
    OpenList {},
    CloseList {},
    /// By the person, or by the secretary for them. Points of order are taken while the list is closed, too.
    AskToSpeak {
        #[serde(rename = "target")]
        person: PersonId,
        kind: SpeechKind,
        #[serde(default)]
        topic: Option<String>,
        /// Whom an interpellation asks.
        #[serde(default)]
        to: Option<PersonId>,
    },
    /// By the person; others say why.
    WithdrawRequest {
        #[serde(rename = "target")]
        request: RequestId,
        #[serde(default)]
        reason: Option<String>,
    },
    /// Puts a request before another, or last.
    MoveRequest {
        #[serde(rename = "target")]
        request: RequestId,
        #[serde(default)]
        before: Option<RequestId>,
        reason: String,
    },
    /// Gives the floor to somebody in the queue. Who speaks until then is done.
    CallSpeaker {
        #[serde(rename = "target")]
        request: RequestId,
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Gives the floor to somebody who did not ask for it, such as the official who answers.
    GiveFloor {
        #[serde(rename = "target")]
        person: PersonId,
        kind: SpeechKind,
        #[serde(default)]
        seconds: Option<u32>,
    },
    PauseSpeech {
        #[serde(rename = "target")]
        speech: SpeechId,
    },
    /// The system's pause after the record could not be written.
    #[serde(skip)]
    PauseForStore {
        speech: SpeechId,
        /// Since when nothing could be written: the clock stands where it was then.
        since: Millis,
    },
    ResumeSpeech {
        #[serde(rename = "target")]
        speech: SpeechId,
    },
    ExtendSpeech {
        #[serde(rename = "target")]
        speech: SpeechId,
        seconds: u32,
    },
    /// By the gavel, or by the speaker.
    EndSpeech {
        #[serde(rename = "target")]
        speech: SpeechId,
    },
    /// A round of interpellation of this official begins.
    StartRound {
        #[serde(rename = "target")]
        official: PersonId,
    },
    /// A group's time in an item; 0 takes it away.
    SetBudget {
        #[serde(rename = "target")]
        item: ItemId,
        group: String,
        seconds: u32,
    },
    LogPromise {
        #[serde(rename = "target")]
        official: PersonId,
        text: String,
        /// `YYYY-MM-DD`.
        #[serde(default)]
        until: Option<String>,
        /// Who had asked.
        #[serde(default)]
        to: Option<PersonId>,
    },
    StrikePromise {
        #[serde(rename = "target")]
        promise: PromiseId,
        reason: String,
    },
    /// What was promised was done. Nothing takes the mark back; a promise marked by mistake is struck.
    KeepPromise {
        #[serde(rename = "target")]
        promise: PromiseId,
        #[serde(default)]
        note: Option<String>,
    },

    // --- Ballots
    /// Opens a round of voting on the question. After a voided or annulled round it is the next one. Where another item is
    /// current, the question's own becomes it.
    OpenBallot {
        #[serde(rename = "target")]
        question: QuestionId,
        #[serde(default)]
        seconds: Option<u32>,
    },
    HoldBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
        #[serde(default)]
        reason: Option<String>,
    },
    /// The system's hold after the record could not be written.
    #[serde(skip)]
    HoldForStore {
        ballot: BallotId,
        /// Since when votes could not be taken: the countdown stands where it was then.
        since: Millis,
    },
    ResumeBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
    },
    ExtendBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
        seconds: u32,
    },
    CloseBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
    },
    ConfirmBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
        #[serde(default)]
        casting: Option<Verdict>,
    },
    /// A closed ballot without a tie is confirmed with it.
    AnnounceBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
    },
    /// A count taken by show of hands or on paper, as a ballot that is closed at once.
    RecordCount {
        #[serde(rename = "target")]
        question: QuestionId,
        form: BallotForm,
        counts: Vec<AnswerCount>,
        /// For `paper`.
        #[serde(default)]
        papers: Option<Papers>,
    },
    /// Before it is announced.
    VoidBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
        reason: String,
    },
    /// After it was announced.
    AnnulBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
        reason: String,
    },
    /// From a signed vote statement.
    #[serde(skip)]
    CastVote(CastVote),

    // --- Who presides, and what the wall shows
    /// Takes the gavel when nobody holds it, or takes it over with a reason.
    TakeGavel {
        #[serde(default)]
        reason: Option<String>,
    },
    HandGavel {
        #[serde(rename = "target")]
        to: PersonId,
    },
    /// On the main wall where no other is named.
    ShowOnWall {
        #[serde(rename = "target", default)]
        wall: Option<WallId>,
        mode: WallMode,
        /// For `title` and `countdown`.
        #[serde(default)]
        card: Option<Card>,
    },
    AddWall {
        name: String,
    },
    RemoveWall {
        #[serde(rename = "target")]
        wall: WallId,
    },
    /// A wall beside the main one shows again what the main one shows.
    FollowMain {
        #[serde(rename = "target")]
        wall: WallId,
    },
    /// The line along the foot of every wall; none takes it away.
    SetTicker {
        #[serde(default)]
        text: Option<String>,
    },
}
