//! People: the roll, what officers see of them, and what a person sees of their own.

use super::council::Verdict;
use serde::{Deserialize, Serialize};

/// Everybody on the roll. Topic `roll`. Sorted by seat order, those without a seat last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RollView {
    /// Number of seats the council has by law; some may be vacant.
    pub seats: u32,
    pub people: Vec<PersonView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonView {
    pub id: String,
    pub name: String,
    /// Printed on the place; `null` for officers who are not delegates.
    pub seat: Option<String>,
    pub group: String,
    pub offices: Vec<Office>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Office {
    Chair,
    Secretary,
    Scrutineer,
    Administrator,
    Auditor,
    Deputy,
    Official,
    Guest,
    Press,
    Screen,
}

/// For officers only. Topic `console`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConsoleView {
    /// One per person on the roll, in the roll's order.
    pub people: Vec<ConsolePerson>,
    /// Present delegates who have not voted in the running ballot.
    pub missing: Vec<String>,
    /// The verdict the rule gives, as soon as the ballot is closed: what the chair is asked to confirm.
    pub proposed: Option<Verdict>,
    /// True when the rule leaves the tie to the chair: confirming needs a casting vote.
    pub tie: bool,
    /// The option or the candidates the rule gives, as soon as the ballot is closed.
    pub chosen: Vec<String>,
    /// Open screens, by page.
    pub watching: Watching,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Watching {
    pub walls: u32,
    pub public: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConsolePerson {
    pub id: String,
    pub presence: Presence,
    /// Why excused, or why the secretary checked the person in.
    pub reason: Option<String>,
    pub device: Option<DeviceView>,
    /// Why the last device was revoked, cut to 80 characters; `null` where there is one, or never was.
    pub revoked: Option<String>,
    /// A one-time code is waiting to be used until then.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub code_until: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Presence {
    Absent,
    Excused,
    Present,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeviceView {
    pub id: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub bound_at: u64,
    pub connected: bool,
    /// Half of the last round trip between server and tablet.
    pub delay_ms: Option<u32>,
    /// When something was last heard of it, since the server started.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub last_seen: Option<u64>,
}

/// The person who joined, as the record has them. Topic `me`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MeView {
    pub person: PersonView,
    pub device: String,
    pub presence: Presence,
    #[cfg_attr(test, ts(type = "number | null"))]
    pub present_since: Option<u64>,
    /// My last vote in the ballot `live` shows.
    pub vote: Option<MyVote>,
    /// The turn my next vote must carry in that ballot.
    pub next_turn: u32,
    /// When an officer last asked those whose vote was missing, this person among them, to vote.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub nudged_at: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MyVote {
    pub ballot: String,
    pub answer: String,
    /// Further candidates, in an election.
    pub more: Vec<String>,
    pub turn: u32,
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// First four hex digits of the entry's leaf hash, upper case: what a person can compare.
    pub short: String,
}
