//! What officers look up: the audit log and the roll-call report. Asked for with the frame `query`, answered with `found`.

use super::is_zero;
use super::live::PersonRef;
use super::roll::Presence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an officer asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "query", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Query {
    /// Entries of the record, the newest first, at most 100 at a time.
    Audit {
        /// Only entries before this number.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "number | null"))]
        before: Option<u64>,
        #[serde(default)]
        subject: Option<Subject>,
        /// Only what this person did or what concerns them.
        #[serde(default)]
        person: Option<String>,
    },
    /// Arrivals and departures of one sitting, and who was present at each closing.
    RollCall { sitting: String },
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Subject {
    /// The council, its rules, its roll and devices.
    Council,
    /// Sessions, sittings and the agenda.
    Agenda,
    Attendance,
    Speaking,
    /// Questions and ballots, without the votes.
    Ballots,
    Votes,
    /// The gavel and the walls.
    Presiding,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Found {
    Audit {
        entries: Vec<AuditEntry>,
        /// To be given as `before` for the next page; `null` where there is none.
        #[cfg_attr(test, ts(type = "number | null"))]
        next: Option<u64>,
    },
    RollCall(RollCallReport),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditEntry {
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// `null` where the chamber itself or the server's console acted: see `by_console`.
    pub by: Option<PersonRef>,
    pub by_console: bool,
    pub subject: Subject,
    /// The event's kind, such as `ballot_opened` (docs/record-format.md).
    pub kind: String,
    /// The event's fields in words; ids of people and items are followed by `<field>_name`. A vote's person and answer are
    /// left out where names are restricted.
    pub fields: BTreeMap<String, String>,
    /// The entry whose order brought this one about.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub cause: Option<u64>,
    /// Leaf hash, hex: what a proof of inclusion names.
    pub leaf: String,
    /// True where a person's signed statement stands in the entry.
    pub signed: bool,
    /// The entry's exact line, where it may be shown.
    pub line: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RollCallReport {
    pub sitting: String,
    pub title: String,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub opened_at: Option<u64>,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub closed_at: Option<u64>,
    /// In seat order.
    pub people: Vec<RollCallRow>,
    /// Ballots closed in it: who was entitled, present and took part, in figures.
    pub closings: Vec<ClosingRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RollCallRow {
    pub person: PersonRef,
    pub seat: Option<String>,
    pub group: String,
    /// As it is, or was at the end.
    pub presence: Presence,
    /// The last of them, at most 8; fewer where the report would grow too large for one frame.
    pub comings: Vec<ComingView>,
    #[cfg_attr(test, ts(type = "number"))]
    pub present_ms: u64,
    /// Comings and goings before those listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub earlier: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComingView {
    pub presence: Presence,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClosingRow {
    pub ballot: String,
    pub title: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub closed_at: u64,
    pub entitled: u32,
    pub present: u32,
    pub took_part: u32,
}
