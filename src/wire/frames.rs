//! Frames on a page's WebSocket: one JSON object each, told apart by `type`. docs/protocol.md is their contract.

use super::views::{ConsoleView, CouncilView, Found, LiveView, MeView, Query, RollView, SeatsView, SpeakingView};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version a client names when it joins. Raised when a frame changes in a way an old page cannot read.
pub const PROTOCOL: u32 = 1;

/// Which page is speaking. One live connection per device and page: a newer one replaces the older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Page {
    Delegate,
    Chair,
    Admin,
    Wall,
    Public,
}

/// What a page may send. Anything else is answered with `error` and, where it breaks the protocol, a close code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ClientFrame {
    /// Must be the first frame. `statement` is the signed `chamber-login/v1` note over the server's challenge;
    /// pages that only watch send none.
    Join {
        protocol: u32,
        page: Page,
        #[serde(default)]
        statement: Option<String>,
    },
    /// A signed `chamber-vote/v1` note. `id` is the page's own and comes back in the answer.
    CastVote { id: String, statement: String },
    /// A signed `chamber-order/v1` note and the JSON text whose SHA-256 it names.
    Order { id: String, statement: String, arguments: String },
    /// An officer looks something up.
    Query { id: String, query: Query },
    /// `at` is the page's own clock in milliseconds; it comes back in `pong`.
    Ping {
        #[cfg_attr(test, ts(type = "number"))]
        at: f64,
    },
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ServerFrame {
    /// First frame on every socket.
    Challenge {
        protocol: u32,
        /// The council's origin, which every statement names.
        log: String,
        /// 32 random bytes, base64.
        challenge: String,
        #[cfg_attr(test, ts(type = "number"))]
        server_time: u64,
    },
    /// The join was accepted. `person` is set where a device was recognised.
    Joined {
        page: Page,
        person: Option<String>,
    },
    /// The newest state of one topic; earlier ones may have been skipped (conflation).
    View {
        /// Number of entries in the record this state is made from. Only grows.
        #[cfg_attr(test, ts(type = "number"))]
        size: u64,
        #[serde(flatten)]
        view: View,
    },
    /// The act stands in the record, durably. Never sent before it is.
    Receipt {
        id: String,
        receipt: Receipt,
    },
    /// An order that leaves nothing in the record was carried out (a one-time code was issued, delegates were nudged).
    Done {
        id: String,
        reply: Reply,
    },
    Found {
        id: String,
        found: Found,
    },
    /// The act was not taken. `code` has a text in every language on every page.
    Refused {
        id: String,
        code: String,
        /// True when the same frame may succeed later unchanged (`busy`, `store_unavailable`).
        retry: bool,
    },
    /// The frame itself was wrong; `id` where one could be read.
    Error {
        id: Option<String>,
        code: String,
        message: String,
    },
    Pong {
        #[cfg_attr(test, ts(type = "number"))]
        at: f64,
        #[cfg_attr(test, ts(type = "number"))]
        server_time: u64,
    },
}

/// One topic's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "topic", content = "state", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum View {
    Council(Box<CouncilView>),
    Roll(RollView),
    Live(Box<LiveView>),
    Seats(SeatsView),
    Speaking(Box<SpeakingView>),
    Console(Box<ConsoleView>),
    Me(Box<MeView>),
}

/// Answer to an order that writes no entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Reply {
    Code(IssuedCode),
    /// The one-time code is no longer valid.
    CodeCancelled {
        person: String,
    },
    /// So many tablets were asked for the vote that is missing.
    Nudged {
        people: u32,
    },
    /// A rehearsal runs, under `/c/<id>/`.
    RehearsalStarted {
        id: String,
    },
    RehearsalEnded {},
}

/// A one-time code as it is shown once to the officer who asked for it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IssuedCode {
    pub person: String,
    /// Eight characters, `XXXX-XXXX`.
    pub code: String,
    /// Path and fragment to open on the tablet, such as `/c/hanoi/delegate#enrol=ABCD-EFGH`; the page adds its own origin.
    pub link: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub expires_at: u64,
}

impl fmt::Debug for IssuedCode {
    /// Whose it is; not the code, so that it cannot slip into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedCode").field("person", &self.person).finish_non_exhaustive()
    }
}

/// Proof that an entry stands in the record: everything a tablet needs to check it by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Receipt {
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
    /// The entry's exact line, without a line feed. The statement it holds is the one that was signed.
    pub entry: String,
    /// Inclusion proof, leaf to root, base64 SHA-256 each (RFC 6962).
    pub proof: Vec<String>,
    /// The signed checkpoint the proof leads to.
    pub checkpoint: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_not_in_what_debug_shows() {
        let (person, code) = ("p1".to_owned(), "ABCD-EFGH".to_owned());
        let issued = IssuedCode { person, link: format!("/c/mau/delegate#enrol={code}"), code, expires_at: 1 };
        assert_eq!(format!("{:?}", Reply::Code(issued)), "Code(IssuedCode { person: \"p1\", .. })");
    }
}
