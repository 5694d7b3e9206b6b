//! Who wants to speak, who speaks, for how long.

use super::live::PersonRef;
use serde::{Deserialize, Serialize};

/// The debate. Topic `speaking`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpeakingView {
    /// Requests are taken; points of order always are.
    pub list_open: bool,
    /// In the order in which they will be called.
    pub queue: Vec<RequestView>,
    pub speech: Option<SpeechView>,
    pub round: Option<RoundView>,
    /// Groups with a budget in the current item.
    pub budgets: Vec<BudgetView>,
    /// What was spoken in this session, by person, the longest first, at most 200.
    pub people: Vec<SpokenView>,
    /// The same by group, at most 100.
    pub groups: Vec<SpokenView>,
    /// Of this session and, where they stand, of the term's earlier ones, the newest last; struck ones are left out for the public. At
    /// most the newest 100, fewer where they are very long; all stay in the record.
    pub promises: Vec<PromiseView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SpeechKind {
    /// Phát biểu.
    Speak,
    /// Chất vấn.
    Interpellate,
    /// Trả lời.
    Answer,
    /// Tranh luận.
    Rebut,
    /// Giải trình.
    Explain,
    PointOfOrder,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RequestView {
    pub id: String,
    pub person: PersonRef,
    pub group: String,
    pub kind: SpeechKind,
    pub topic: Option<String>,
    /// Whom an interpellation asks.
    pub to: Option<PersonRef>,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
}

/// The clock of whoever speaks: `spent_ms` and, while it runs, what has passed since `running_since` by the server's time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpeechView {
    pub id: String,
    pub person: PersonRef,
    pub group: String,
    pub kind: SpeechKind,
    pub topic: Option<String>,
    #[cfg_attr(test, ts(type = "number"))]
    pub started_at: u64,
    /// With extensions; 0: no limit.
    #[cfg_attr(test, ts(type = "number"))]
    pub allotted_ms: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub spent_ms: u64,
    /// `null` while paused.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub running_since: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoundView {
    /// From 1 in each item.
    pub number: u32,
    pub official: PersonRef,
    /// Who has asked in it, in order.
    pub asked: Vec<AskedView>,
    /// How many ask before the answers come.
    pub askers: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AskedView {
    pub person: PersonRef,
    pub topic: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BudgetView {
    pub group: String,
    pub seconds: u32,
    /// Spent in this item by speeches that are over.
    #[cfg_attr(test, ts(type = "number"))]
    pub spent_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpokenView {
    /// A person's id, or a group's name.
    pub id: String,
    pub name: String,
    pub speeches: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub spent_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PromiseView {
    pub id: String,
    /// Title of the earlier session it was given in; `null` where that is the present one.
    pub session: Option<String>,
    pub item: Option<String>,
    pub official: PersonRef,
    /// Who had asked.
    pub to: Option<PersonRef>,
    pub text: String,
    /// `YYYY-MM-DD`.
    pub until: Option<String>,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// Why it was struck.
    pub struck: Option<String>,
    /// When it was marked as kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub kept_at: Option<u64>,
    /// What was said to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub kept_note: Option<String>,
}
