//! The session's agenda.

use super::attendance::Coming;
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
    /// The item it stands under.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent: Option<ItemId>,
    /// When it is planned to begin.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub planned_at: Option<Millis>,
    /// Who reports or presents, as the wall names them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub presenter: Option<String>,
    /// Taken behind closed doors: the public is not shown it.
    #[serde(skip_serializing_if = "is_false", default)]
    pub closed: bool,
}

pub(in crate::chamber) fn is_false(flag: &bool) -> bool {
    !*flag
}

pub(in crate::chamber) fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// kỳ họp: one agenda, taken in one or more sittings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub title: String,
    pub term: String,
    pub kind: SessionKind,
    pub created_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderSessionKind"))]
pub enum SessionKind {
    /// Kỳ họp thường lệ.
    #[default]
    Regular,
    /// Kỳ họp chuyên đề.
    Thematic,
}

impl SessionKind {
    pub(super) fn is_regular(&self) -> bool {
        *self == Self::Regular
    }
}

/// phiên họp: prepared, then from one opening to its closing, with suspensions in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    pub id: SittingId,
    pub session: SessionId,
    pub title: String,
    /// Họp kín: nothing of it is for the public.
    pub closed_doors: bool,
    pub planned_at: Option<Millis>,
    /// `None` while it is only prepared.
    pub opened_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    /// While suspended.
    pub suspension: Option<Suspension>,
    /// Every arrival, departure and excuse in it, in order. Of the present session; the record keeps those of earlier ones.
    pub comings: Vec<Coming>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub cause: SuspensionCause,
    pub reason: Option<String>,
    /// When it is meant to go on.
    pub until: Option<Millis>,
    pub since: Millis,
    /// Ordered behind closed doors: the reason is not for the public, also once they are open.
    pub closed_doors: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "OrderSuspensionCause"))]
pub enum SuspensionCause {
    /// Giải lao.
    Recess,
    /// Something that the sitting rests on has failed.
    Failure,
}

/// An item and how far the hall is with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgendaItem {
    pub item: Item,
    pub session: SessionId,
    pub state: ItemState,
    /// The public is not shown it: it is marked closed, was the current one behind closed doors at some time, or stands
    /// under one that is hidden.
    pub hidden: bool,
    /// It was the current one behind closed doors: hidden for ever, whatever becomes of its mark.
    pub was_behind_doors: bool,
    /// When it last became the current one.
    pub started_at: Option<Millis>,
    pub finished_at: Option<Millis>,
}

/// An item that is done may be started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemState {
    Upcoming,
    Current,
    Done,
}

impl Item {
    /// Items whose rule is named `secret_…` need a secret ballot. None is held on the tablets, where every vote is signed:
    /// their questions are voted on paper and the count is recorded.
    pub fn needs_secret_ballot(&self) -> bool {
        self.rule.as_deref().is_some_and(is_secret_rule)
    }
}

/// See [`Item::needs_secret_ballot`].
pub fn is_secret_rule(name: &str) -> bool {
    name.starts_with("secret_")
}
