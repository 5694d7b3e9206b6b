//! A delegate's page: joined, and able to send what was signed before and to check what comes back.

use super::LoadError;
use super::frame::{self, Heard};
use super::line::{Door, Ear, Mouth, join};
use super::receipts::{Checker, Proved};
use crate::chamber::command::Command;
use crate::client::Identity;
use crate::wire::frames::{ClientFrame, Page, Receipt, ServerFrame};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// An act signed and encoded, to be sent as it is.
#[derive(Debug, Clone)]
pub struct Ready {
    pub id: u64,
    statement: Arc<str>,
    frame: Arc<[u8]>,
}

/// What came back, and when: with the receipt checked.
#[derive(Debug)]
pub struct Answer {
    pub voter: usize,
    pub id: u64,
    pub at: Instant,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub enum Outcome {
    Proved(Proved),
    Refused {
        code: String,
        retry: bool,
    },
    BadReceipt(String),
    /// The connection is over; `id` is of no act.
    Lost(String),
}

pub struct Voter {
    /// Index of its council.
    pub council: usize,
    pub identity: Identity,
    mouth: Arc<Mouth>,
    waiting: Arc<Waiting>,
    next: AtomicU64,
    reading: JoinHandle<()>,
}

/// Statements sent and not answered, by the frame's id.
type Waiting = Mutex<HashMap<u64, Arc<str>>>;

#[derive(Deserialize)]
struct ReceiptFrame<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    receipt: Receipt,
}

impl Voter {
    /// Joins as `identity`, the `number`-th voter; answers go to `answers`.
    pub async fn join(
        door: &Door,
        (number, council): (usize, usize),
        identity: Identity,
        checker: Arc<Checker>,
        answers: mpsc::Sender<Answer>,
    ) -> Result<Self, LoadError> {
        let (ear, mouth) = join(door, identity.council(), Page::Delegate, Some(&identity), &mut |_| {}).await?;
        let waiting = Arc::new(Waiting::default());
        let listener = Listener { number, checker, waiting: waiting.clone(), answers };
        let reading = tokio::spawn(listener.run(ear, mouth.clone()));
        Ok(Self { council, identity, mouth, waiting, next: AtomicU64::new(0), reading })
    }

    /// Signs a vote; the clock does not run yet.
    pub fn vote(&self, ballot: &str, document_sha256: &str, answer: &str, turn: u32) -> Result<Ready, LoadError> {
        let statement = self.identity.vote(ballot, document_sha256, answer, turn)?;
        let id = self.next_id();
        self.ready(id, &statement, &ClientFrame::CastVote { id: id.to_string(), statement: statement.clone() })
    }

    pub fn order(&self, command: &Command) -> Result<Ready, LoadError> {
        let (statement, arguments) = self.identity.order(command)?;
        let id = self.next_id();
        let frame = ClientFrame::Order { id: id.to_string(), statement: statement.clone(), arguments };
        self.ready(id, &statement, &frame)
    }

    /// Puts it on the wire; the answer comes by the channel.
    pub async fn send(&self, ready: &Ready) -> Result<(), LoadError> {
        self.lock().insert(ready.id, ready.statement.clone());
        self.mouth.send(&ready.frame).await
    }

    fn next_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn ready(&self, id: u64, statement: &str, frame: &ClientFrame) -> Result<Ready, LoadError> {
        let text = serde_json::to_string(frame).map_err(|error| LoadError::Protocol(error.to_string()))?;
        Ok(Ready { id, statement: statement.into(), frame: frame::text(&text).into() })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<str>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Voter {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

struct Listener {
    number: usize,
    checker: Arc<Checker>,
    waiting: Arc<Waiting>,
    answers: mpsc::Sender<Answer>,
}

impl Listener {
    async fn run(self, mut ear: Ear, mouth: Arc<Mouth>) {
        let mut heard = Vec::new();
        loop {
            let read = ear
                .hear(&mouth, &mut |frame| {
                    if let Heard::Text(text) = frame {
                        heard.extend(self.answer(text));
                    }
                })
                .await;
            for answer in heard.drain(..) {
                if self.answers.send(answer).await.is_err() {
                    return;
                }
            }
            if let Err(error) = read {
                let outcome = Outcome::Lost(error.to_string());
                let lost = Answer { voter: self.number, id: u64::MAX, at: Instant::now(), outcome };
                let _ = self.answers.send(lost).await;
                return;
            }
        }
    }

    fn answer(&self, text: &str) -> Option<Answer> {
        let (id, outcome) = if text.starts_with(r#"{"type":"receipt""#) {
            let frame: ReceiptFrame<'_> = serde_json::from_str(text).ok()?;
            let (id, statement) = self.waited_for(&frame.id)?;
            match self.checker.check(frame.receipt, &statement) {
                Ok(proved) => (id, Outcome::Proved(proved)),
                Err(why) => (id, Outcome::BadReceipt(why)),
            }
        } else {
            match serde_json::from_str(text).ok()? {
                ServerFrame::Refused { id, code, retry } => (self.waited_for(&id)?.0, Outcome::Refused { code, retry }),
                ServerFrame::Error { code, .. } => (u64::MAX, Outcome::Lost(code)),
                _ => return None,
            }
        };
        Some(Answer { voter: self.number, id, at: Instant::now(), outcome })
    }

    fn waited_for(&self, id: &str) -> Option<(u64, Arc<str>)> {
        let id = id.parse().ok()?;
        Some((id, self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)?))
    }
}
