//! What people may ask of the chamber. A signed order names one of these by its serde name; `target` and the rest of the
//! fields come from the order's `target` line and its arguments. Votes and the chamber's own acts are not orders, so they
//! cannot be read from one.

use super::agenda::ItemKind;
use super::ballot::Verdict;
use super::ids::{AnswerKey, BallotId, ItemId, PersonId, QuestionId};
use super::roll::Person;
use super::rules::{MajorityRule, RulesProfile};
use super::wall::WallMode;
use serde::{Deserialize, Serialize};

/// Who is behind a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person whose device signed it.
    Person(PersonId),
    /// Whoever has the server's own console: founding, the first administrator, the way back in.
    Operator,
    /// The chamber's own doing: a ballot's time ran out, the store came back.
    System,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
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

    // --- The session and its agenda
    CreateSession {
        title: String,
        term: String,
    },
    /// Appends items to the agenda; every item of kind `vote` brings its question with it.
    AddItems {
        items: Vec<NewItem>,
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
    },
    OpenSitting {
        title: String,
    },
    CloseSitting {},
    /// Makes the item the current one; the one before is done.
    StartItem {
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
    Excuse {
        #[serde(rename = "target")]
        person: PersonId,
        reason: String,
    },

    // --- Ballots
    /// Opens a round of voting on the question. After a voided or annulled round it is the next one.
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
        since: super::ids::Millis,
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
    AnnounceBallot {
        #[serde(rename = "target")]
        ballot: BallotId,
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
    ShowOnWall {
        mode: WallMode,
    },
}

/// Entry 0's content.
#[derive(Debug, Clone, PartialEq)]
pub struct Founding {
    pub council: super::ids::CouncilId,
    /// Name of the record for ever: no spaces, no `+`, as a key name requires (C2SP signed-note).
    pub origin: String,
    pub name: String,
    pub short_name: String,
    pub rules: RulesProfile,
    /// Ed25519 public key that signs this record's checkpoints, base64.
    pub checkpoint_key: String,
}

/// Who let a device be bound to a person, by giving out the one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    Operator,
    Person(PersonId),
}

/// A vote as its statement says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastVote {
    pub ballot: BallotId,
    /// SHA-256 hex of the question document the delegate saw.
    pub document_sha256: String,
    pub person: PersonId,
    pub answer: AnswerKey,
    /// From 1, one higher with each change.
    pub turn: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewItem {
    pub number: String,
    pub kind: ItemKind,
    pub title: String,
    /// At most 60 characters; made from the title when left out.
    #[serde(default)]
    pub short_title: Option<String>,
    #[serde(default)]
    pub minutes: Option<u32>,
    /// Name of a rule in the council's profile, for kind `vote`.
    #[serde(default)]
    pub rule: Option<String>,
}

/// A rule together with its name, as the profile lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedRule {
    pub name: String,
    pub rule: MajorityRule,
}
