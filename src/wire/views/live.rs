//! What is happening now: the hall, its ballot, its wall, its seats.

use super::council::{AnswerCount, BallotForm, BallotState, ResultView, ThresholdView};
use serde::{Deserialize, Serialize};

/// What is happening now. Topic `live`. Small, so it is always sent whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LiveView {
    pub sitting: Option<SittingView>,
    /// Who holds the gavel.
    pub gavel: Option<PersonRef>,
    pub attendance: AttendanceView,
    /// The current agenda item's id.
    pub item: Option<String>,
    /// The ballot that is running or was last taken in the current item.
    pub ballot: Option<BallotView>,
    /// What the main wall, `w1`, shows.
    pub wall: WallView,
    /// The walls beside it.
    pub walls: Vec<NamedWallView>,
    /// The line along the foot of every wall.
    pub ticker: Option<String>,
    /// Nothing of what happens now is for the public: `sitting` is all that the public's view then holds, without its title.
    pub closed_doors: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SittingView {
    pub id: String,
    pub title: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub opened_at: u64,
    pub closed_doors: bool,
    pub suspension: Option<SuspensionView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SuspensionView {
    pub cause: SuspensionCause,
    pub reason: Option<String>,
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
    /// When it is meant to go on.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub until: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SuspensionCause {
    Recess,
    Failure,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonRef {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AttendanceView {
    pub seats: u32,
    pub in_office: u32,
    pub present: u32,
    pub excused: u32,
    /// In office, neither present nor excused.
    pub absent: u32,
    pub quorum: ThresholdView,
    pub quorate: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BallotView {
    pub id: String,
    pub question: String,
    pub item: String,
    pub round: u32,
    pub form: BallotForm,
    pub state: BallotState,
    pub document_sha256: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub opened_at: u64,
    /// Server time at which it closes by itself; `null` while on hold, after closing, or when it has no limit.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub closes_at: Option<u64>,
    /// Milliseconds left, while on hold.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub remaining_ms: Option<u64>,
    /// Whole length in milliseconds including extensions, for the bar that drains.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub length_ms: Option<u64>,
    pub hold_cause: Option<HoldCause>,
    /// Delegates whose vote is in.
    pub received: u32,
    /// Entitled delegates present at any moment while it was open.
    pub present: u32,
    /// How many delegates are entitled to vote in it: all in office, or those of its question's groups.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub entitled: u32,
    /// Running counts, only where the question allows it.
    pub split: Option<Vec<AnswerCount>>,
    pub result: Option<ResultView>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum HoldCause {
    /// The chair held it.
    Chair,
    /// The record could not be written; see design: the store away.
    StoreUnavailable,
}

/// What the wall shows now, and since when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WallView {
    pub mode: WallMode,
    /// What a title card or a countdown says.
    pub card: Option<CardView>,
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CardView {
    pub title: String,
    pub text: Option<String>,
    /// A countdown's moment.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub until: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedWallView {
    pub id: String,
    pub name: String,
    /// `null`: it shows what the main wall shows.
    pub own: Option<WallView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum WallMode {
    Welcome,
    RollCall,
    Agenda,
    Item,
    Voting,
    Result,
    Blank,
    Speaker,
    Interpellation,
    Title,
    Countdown,
}

/// One mark a seat, in the roll's seat order. Topic `seats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SeatsView {
    /// The ballot the marks speak of; `null` when they only tell attendance.
    pub ballot: Option<String>,
    /// `.` absent · `e` excused · `p` present · `r` vote received · `y` `n` `a` voted so · `-` not entitled to vote in this
    /// ballot. One ASCII character a seat. While a ballot is open `y` `n` `a` only where its question says `live_names`.
    pub marks: String,
    pub arranged: Arranged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Arranged {
    /// The n-th mark is the n-th seat's.
    BySeat,
    /// Marks are sorted by answer, because names are restricted: the picture shows how many, not who.
    ByAnswer,
}
