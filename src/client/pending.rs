//! Acts that are on their way: sent again until they are answered.

use super::error::ClientError;
use crate::wire::frames::{ClientFrame, Receipt, Reply};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// An act without an answer is sent again after this long: many times a durable write, well within a ballot of 30 s.
const RESEND_AFTER: Duration = Duration::from_secs(5);
/// Between two tries after `busy` or a lost connection: doubling, jittered, so that a hall does not come back as one.
pub const FIRST_PAUSE: Duration = Duration::from_millis(200);
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Acts on their way at once. One person has one; a chair's console a few.
const MOST_PENDING: usize = 64;

/// A signed act to be carried to the server.
#[derive(Debug)]
pub enum Act {
    Vote { statement: String },
    Order { statement: String, arguments: String },
}

#[derive(Debug)]
pub enum Answer {
    Receipt(Receipt),
    Done(Reply),
}

#[derive(Debug)]
pub struct Request {
    pub act: Act,
    pub answer: oneshot::Sender<Result<Answer, ClientError>>,
}

/// Acts sent and not answered, by their own ids. The same act keeps its id and its exact text however often it is sent.
#[derive(Default)]
pub struct Pending {
    last: u64,
    acts: BTreeMap<u64, Waiting>,
}

struct Waiting {
    frame: Utf8Bytes,
    due: Instant,
    /// How often the server asked to try again.
    tries: u32,
    answer: oneshot::Sender<Result<Answer, ClientError>>,
}

impl Pending {
    /// Looks first for those nobody waits for any more.
    pub fn has_room(&mut self) -> bool {
        if self.acts.len() >= MOST_PENDING {
            self.acts.retain(|_, waiting| !waiting.answer.is_closed());
        }
        self.acts.len() < MOST_PENDING
    }

    pub fn add(&mut self, Request { act, answer }: Request) {
        self.last += 1;
        let id = self.last.to_string();
        let frame = frame_text(&match act {
            Act::Vote { statement } => ClientFrame::CastVote { id, statement },
            Act::Order { statement, arguments } => ClientFrame::Order { id, statement, arguments },
        });
        match frame {
            Ok(frame) => {
                self.acts.insert(self.last, Waiting { frame, due: Instant::now(), tries: 0, answer });
            }
            Err(why) => {
                let _ = answer.send(Err(why));
            }
        }
    }

    pub fn next_due(&self) -> Option<Instant> {
        self.acts.values().map(|waiting| waiting.due).min()
    }

    pub fn send_all_now(&mut self) {
        let now = Instant::now();
        self.acts.values_mut().for_each(|waiting| waiting.due = now);
    }

    /// The frames to send now, oldest first; forgets those nobody waits for any more.
    pub fn take_due(&mut self, now: Instant) -> Vec<Utf8Bytes> {
        self.acts.retain(|_, waiting| !waiting.answer.is_closed());
        let due = self.acts.values_mut().filter(|waiting| waiting.due <= now);
        due.map(|waiting| {
            waiting.due = now + RESEND_AFTER;
            waiting.frame.clone()
        })
        .collect()
    }

    pub fn settle(&mut self, id: &str, answer: Result<Answer, ClientError>) {
        if let Some(waiting) = id.parse().ok().and_then(|id: u64| self.acts.remove(&id)) {
            let _ = waiting.answer.send(answer);
        }
    }

    /// The server said `retry`.
    pub fn later(&mut self, id: &str) {
        if let Some(waiting) = id.parse().ok().and_then(|id: u64| self.acts.get_mut(&id)) {
            let pause = (FIRST_PAUSE * 2u32.saturating_pow(waiting.tries)).min(LONGEST_PAUSE);
            waiting.tries += 1;
            waiting.due = Instant::now() + jittered(pause);
        }
    }

    pub fn fail(&mut self, why: &ClientError) {
        for (_, waiting) in std::mem::take(&mut self.acts) {
            let _ = waiting.answer.send(Err(why.clone()));
        }
    }
}

pub fn frame_text(frame: &ClientFrame) -> Result<Utf8Bytes, ClientError> {
    serde_json::to_string(frame).map(Utf8Bytes::from).map_err(|error| ClientError::Protocol(error.to_string()))
}

/// Between half of `pause` and all of it. Without randomness the middle: worse spread, still right.
pub fn jittered(pause: Duration) -> Duration {
    let random = getrandom::u64().map_or(0.5, |bits| (bits >> 11) as f64 / (1u64 << 53) as f64);
    pause.mul_f64(0.5 + random / 2.0)
}
