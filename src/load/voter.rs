//! A delegate's page: joined, and able to send what was signed before and to check what comes back.

use super::LoadError;
use super::frame::{self, Heard};
use super::line::{Doors, Ear, Mouth, join, socket_of};
use super::receipts::{Checker, Proved};
use crate::chamber::command::Command;
use crate::client::Identity;
use crate::wire::frames::{ClientFrame, Page, Receipt, ServerFrame};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Between two tries to come back, as the client does (client::connection).
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// So many groups of voters come back one after the other, and not all in the same instant.
const GROUPS: u32 = 16;
/// Who is not back by then is lost.
const BACK_LIMIT: Duration = Duration::from_secs(60);

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
    line: Arc<Line>,
    next: AtomicU64,
    reading: JoinHandle<()>,
}

/// Its connection, and what is to outlive it.
struct Line {
    mouth: Mutex<Arc<Mouth>>,
    /// Sent and not answered, by the frame's id.
    waiting: Mutex<HashMap<u64, Ready>>,
    joined: AtomicBool,
    /// How often it was lost and came back.
    back: AtomicU64,
    /// Acts that were sent again after that.
    again: AtomicU64,
}

#[derive(Deserialize)]
struct ReceiptFrame<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    receipt: Receipt,
}

impl Voter {
    /// Joins as `identity`, the `number`-th voter; answers go to `answers`. Afterwards it comes back by itself when it loses the
    /// connection, at another node where there are several, and sends again what was not answered.
    pub async fn join(
        doors: &Doors,
        (number, council): (usize, usize),
        identity: Identity,
        checker: Arc<Checker>,
        answers: mpsc::Sender<Answer>,
    ) -> Result<Self, LoadError> {
        let path = socket_of(identity.council());
        let (ear, mouth) = join(doors.turn(number), &path, Page::Delegate, Some(&identity), &mut |_| {}).await?;
        let line = Arc::new(Line {
            mouth: Mutex::new(mouth),
            waiting: Mutex::default(),
            joined: AtomicBool::new(true),
            back: AtomicU64::new(0),
            again: AtomicU64::new(0),
        });
        let (doors, acting) = (doors.clone(), identity.clone());
        let listener = Listener { number, doors, identity: acting, checker, line: line.clone(), answers };
        let reading = tokio::spawn(listener.run(ear));
        Ok(Self { council, identity, line, next: AtomicU64::new(0), reading })
    }

    pub fn is_joined(&self) -> bool {
        self.line.joined.load(Ordering::Acquire)
    }

    /// How often the connection was lost, and how many acts were sent again for it.
    pub fn returns(&self) -> (u64, u64) {
        (self.line.back.load(Ordering::Relaxed), self.line.again.load(Ordering::Relaxed))
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

    /// Puts it on the wire, now or as soon as there is a connection again; the answer comes by the channel.
    pub async fn send(&self, ready: &Ready) {
        self.line.waiting().insert(ready.id, ready.clone());
        let mouth = self.line.mouth();
        // Where this fails the connection is over, and the act is sent again on the next.
        let _ = mouth.send(&ready.frame).await;
    }

    fn next_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn ready(&self, id: u64, statement: &str, frame: &ClientFrame) -> Result<Ready, LoadError> {
        let text = serde_json::to_string(frame).map_err(|error| LoadError::Protocol(error.to_string()))?;
        Ok(Ready { id, statement: statement.into(), frame: frame::text(&text).into() })
    }
}

impl Drop for Voter {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Line {
    fn mouth(&self) -> Arc<Mouth> {
        self.mouth.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Ready>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Listener {
    number: usize,
    doors: Doors,
    identity: Identity,
    checker: Arc<Checker>,
    line: Arc<Line>,
    answers: mpsc::Sender<Answer>,
}

impl Listener {
    async fn run(self, mut ear: Ear) {
        loop {
            let Some(error) = self.listen(&mut ear).await else { return };
            self.line.joined.store(false, Ordering::Release);
            let Ok(back) = timeout(BACK_LIMIT, self.come_back()).await else {
                let outcome = Outcome::Lost(error.to_string());
                let lost = Answer { voter: self.number, id: u64::MAX, at: Instant::now(), outcome };
                let _ = self.answers.send(lost).await;
                return;
            };
            ear = back;
        }
    }

    /// Until the connection is over, and why; nothing when nobody takes the answers any more.
    async fn listen(&self, ear: &mut Ear) -> Option<LoadError> {
        let (mouth, mut heard) = (self.line.mouth(), Vec::new());
        loop {
            let read = ear
                .hear(&mouth, &mut |frame| {
                    if let Heard::Text(text) = frame {
                        heard.extend(self.answer(text));
                    }
                })
                .await;
            for answer in heard.drain(..) {
                self.answers.send(answer).await.ok()?;
            }
            if let Err(error) = read {
                return Some(error);
            }
        }
    }

    async fn come_back(&self) -> Ear {
        let path = socket_of(self.identity.council());
        let group = self.number as u32 % GROUPS;
        let mut pause = FIRST_PAUSE * group / GROUPS;
        let mut attempt = 0;
        loop {
            attempt += 1;
            tokio::time::sleep(pause).await;
            let door = self.doors.turn(self.number + attempt);
            if let Ok((ear, mouth)) = join(door, &path, Page::Delegate, Some(&self.identity), &mut |_| {}).await {
                // The new line first: what is put to wait after this look is sent on it.
                *self.line.mouth.lock().unwrap_or_else(PoisonError::into_inner) = mouth.clone();
                let waiting: Vec<Ready> = self.line.waiting().values().cloned().collect();
                for ready in &waiting {
                    let _ = mouth.send(&ready.frame).await;
                }
                self.line.back.fetch_add(1, Ordering::Relaxed);
                self.line.again.fetch_add(waiting.len() as u64, Ordering::Relaxed);
                self.line.joined.store(true, Ordering::Release);
                return ear;
            }
            pause = (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
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
        Some((id, self.line.waiting().remove(&id)?.statement))
    }
}
