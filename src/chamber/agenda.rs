//! The session's agenda.

use super::ids::{ItemId, Millis, SessionId, SittingId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderItemKind"))]
pub enum ItemKind {
    Ceremony,
    Report,
    Discussion,
    Interpellation,
    Vote,
    Election,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    /// As printed in the papers.
    pub number: String,
    pub kind: ItemKind,
    pub title: String,
    pub short_title: String,
    /// Planned length.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub minutes: Option<u32>,
    /// Name of the rule its question is decided by.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
}

/// kỳ họp: one agenda, taken in one or more sittings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub title: String,
    pub term: String,
    pub created_at: Millis,
}

/// phiên họp: from one opening to its closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    pub id: SittingId,
    pub session: SessionId,
    pub title: String,
    pub opened_at: Millis,
    pub closed_at: Option<Millis>,
}

/// An item and how far the hall is with it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgendaItem {
    pub item: Item,
    pub session: SessionId,
    pub state: ItemState,
    /// When it last became the current one.
    pub started_at: Option<Millis>,
    pub finished_at: Option<Millis>,
}

/// An item that is done may be started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    Upcoming,
    Current,
    Done,
}

impl Item {
    /// Elections and questions whose rule is named `secret_…` need a secret ballot, which this version does not hold: the
    /// agenda shows them, nothing is put to the vote.
    pub fn needs_secret_ballot(&self) -> bool {
        self.kind == ItemKind::Election || self.rule.as_deref().is_some_and(is_secret_rule)
    }
}

/// See [`Item::needs_secret_ballot`].
pub fn is_secret_rule(name: &str) -> bool {
    name.starts_with("secret_")
}
