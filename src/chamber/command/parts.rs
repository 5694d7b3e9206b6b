//! What commands carry: a founding, a vote, an item of the agenda.

use crate::chamber::agenda::{ItemKind, is_false, is_zero};
use crate::chamber::ids::{AnswerKey, BallotId, CouncilId, Millis, PersonId};
use crate::chamber::rules::RulesProfile;
use serde::{Deserialize, Serialize};

/// Entry 0's content.
#[derive(Debug, Clone, PartialEq)]
pub struct Founding {
    pub council: CouncilId,
    /// Name of the record for ever: no spaces, no `+`, as a key name requires (C2SP signed-note).
    pub origin: String,
    pub name: String,
    pub short_name: String,
    pub rules: RulesProfile,
    /// Ed25519 public key that signs this record's checkpoints, base64.
    pub checkpoint_key: String,
}

/// A vote as its statement says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastVote {
    pub ballot: BallotId,
    /// SHA-256 hex of the question document the delegate saw.
    pub document_sha256: String,
    pub person: PersonId,
    pub answer: AnswerKey,
    /// Further candidates, in an election.
    pub more: Vec<AnswerKey>,
    /// From 1, one higher with each change.
    pub turn: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
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
    /// How deep under the ones before it: 0 stands at the top (or directly under the order's `parent`), 1 under the last 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub level: u32,
    #[serde(default)]
    pub planned_at: Option<Millis>,
    #[serde(default)]
    pub presenter: Option<String>,
    /// Behind closed doors.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub closed: bool,
}

impl NewItem {
    /// An item that says no more than it must.
    pub fn new(number: impl Into<String>, kind: ItemKind, title: impl Into<String>) -> Self {
        Self {
            number: number.into(),
            kind,
            title: title.into(),
            short_title: None,
            minutes: None,
            rule: None,
            level: 0,
            planned_at: None,
            presenter: None,
            closed: false,
        }
    }
}
