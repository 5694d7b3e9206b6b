//! Names for the things a council has. Every id is short ASCII, so that it can stand in a signed statement as it is. Copies of an
//! id share its text: a long record names the same few people a million times.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Longest id accepted anywhere, in bytes: keeps a statement's lines short enough to be read aloud in a dispute.
pub const MAX_ID_LEN: usize = 40;

/// An id was empty, too long, or held a character outside `a-z 0-9 . _ -` (and must start with a letter or digit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to {MAX_ID_LEN} characters of a-z, 0-9, '.', '_' and '-', and starts with a letter or a digit")]
pub struct BadId;

/// True when `text` may be used as an id.
pub fn is_valid_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= MAX_ID_LEN
        && bytes[0].is_ascii_alphanumeric()
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[cfg_attr(test, ts(type = "string"))]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text against the rules of [`is_valid_id`].
            pub fn parse(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                if is_valid_id(&text) { Ok(Self(text.into())) } else { Err(BadId) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The `n`-th id of its kind that the chamber itself gives out, such as `b7` for the seventh ballot.
            // Not every kind is numbered: people, seats and councils bring their own ids.
            #[allow(dead_code)]
            pub(crate) fn numbered(prefix: char, n: u32) -> Self {
                Self(format!("{prefix}{n}").into())
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A council on this platform; also its path, `/c/<id>/`.
    CouncilId,
    /// A person on a council's roll, delegate or officer or both.
    PersonId,
    /// A place in the hall. A person who has one is a delegate.
    SeatId,
    /// One tablet's key pair; `d1`, `d2`, … in the order they were bound.
    DeviceId,
    /// kỳ họp; `s1`, `s2`, …
    SessionId,
    /// phiên họp; `t1`, `t2`, …
    SittingId,
    /// An agenda item; `i1`, `i2`, …
    ItemId,
    /// What is put to the vote; `q1`, `q2`, …
    QuestionId,
    /// One round of voting on a question; `b1`, `b2`, …
    BallotId,
    /// A request to speak; `r1`, `r2`, …
    RequestId,
    /// One person's turn at the lectern; `f1`, `f2`, …
    SpeechId,
    /// What an official promised in answer to an interpellation; `m1`, `m2`, …
    PromiseId,
    /// A wall; `w1` is the main one and always there, others are `w2`, `w3`, …
    WallId,
    /// An answer that can be chosen: `yes`, `no`, `abstain`, an option (`a1` …) or a candidate (`c1` …).
    AnswerKey,
}

impl AnswerKey {
    pub const YES: &'static str = "yes";
    pub const NO: &'static str = "no";
    pub const ABSTAIN: &'static str = "abstain";
}

/// Milliseconds since 1970-01-01T00:00:00Z. The core never asks for the time, it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(type = "number"))]
pub struct Millis(pub u64);

impl Millis {
    pub fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to `self`, 0 when `earlier` is later.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
