//! Frames in: capped in size and rate, judged, and handed to the council's inbox.

use super::Inbox;
use super::admission::{self, Denial, Ordered};
use super::bucket::TokenBucket;
use super::close::Close;
use super::frames::{self, answer_to, encode, refused};
use super::line::Line;
use super::pulse::Pulse;
use super::room::Room;
use super::writer::Out;
use crate::chamber::ids::{Millis, PersonId};
use crate::sequencer::Submission;
use crate::wire::frames::{ClientFrame, Page, ServerFrame};
use crate::wire::views::Query;
use axum::extract::ws::Utf8Bytes;
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Largest frame from the chair's and the administration's pages, which send whole agendas. Others send [`SMALL_FRAME`].
pub const LARGE_FRAME: usize = 64 * 1024;
/// A vote's frame is under 1 KiB; this leaves room for any order a tablet has.
pub const SMALL_FRAME: usize = 16 * 1024;
/// A person taps a few times a second at most; pages ping at most once a second.
pub const FRAME_EVERY: Duration = Duration::from_millis(50);
pub const FRAMES_BURST: u32 = 40;
/// Two pings unanswered and half a period of grace.
pub const DEAD_AFTER: Duration = Duration::from_secs(25);

/// Frames in.
pub struct Reader {
    room: Arc<Room>,
    inbox: Arc<dyn Inbox>,
    seat: Seat,
    outbox: mpsc::Sender<Out>,
    bucket: TokenBucket,
    pulse: Arc<Pulse>,
    /// One thing at a time is looked up for this socket.
    look_ups: Arc<Semaphore>,
    looking: Option<JoinHandle<()>>,
}

/// Who reads along, and where.
pub struct Seat {
    pub page: Page,
    pub person: Option<PersonId>,
    /// Sees what officers see.
    pub among_officers: bool,
}

impl Reader {
    pub fn new(
        room: Arc<Room>,
        inbox: Arc<dyn Inbox>,
        seat: Seat,
        outbox: mpsc::Sender<Out>,
        pulse: Arc<Pulse>,
    ) -> Self {
        let bucket = TokenBucket::new(FRAMES_BURST, FRAME_EVERY, Instant::now());
        Self { room, inbox, seat, outbox, bucket, pulse, look_ups: Arc::new(Semaphore::new(1)), looking: None }
    }

    pub async fn run(mut self, mut stream: SplitStream<WebSocketStream<impl Line>>) {
        let close = loop {
            let message = match time::timeout(DEAD_AFTER, stream.next()).await {
                Err(_) => break Some(Close::Silent),
                Ok(None | Some(Ok(Message::Close(_)))) => break None,
                // Told, so that a page does not come back with the same frame.
                Ok(Some(Err(error))) => break is_the_pages_fault(&error).then_some(Close::Protocol),
                Ok(Some(Ok(message))) => message,
            };
            // Control frames count too: a flood of pings costs as much as any other.
            if self.bucket.take(Instant::now()).is_err() {
                break Some(Close::TooFast);
            }
            self.pulse.heard(Millis(self.inbox.now()));
            let taken = match message {
                Message::Text(text) => self.take(&text).await,
                Message::Pong(stamp) => {
                    if self.pulse.pong(&stamp) && self.seat.person.is_some() {
                        self.room.line_changed();
                    }
                    Ok(())
                }
                Message::Binary(_) => Err(Close::Protocol),
                // A ping's pong leaves by itself with the next read.
                _ => Ok(()),
            };
            if let Err(close) = taken {
                break Some(close);
            }
        };
        if let Some(close) = close {
            // A full outbox means the peer does not read; the writer's own limit ends that.
            let _ = self.outbox.try_send(Out::Close(close));
        }
    }

    async fn take(&mut self, text: &str) -> Result<(), Close> {
        let limit = if matches!(self.seat.page, Page::Chair | Page::Admin) { LARGE_FRAME } else { SMALL_FRAME };
        let frame = match frames::understand(text, limit) {
            Ok(frame) => frame,
            Err(complaint) => return self.complain(complaint),
        };
        match frame {
            ClientFrame::Ping { at } => {
                self.say(Out::Frame(encode(&ServerFrame::Pong { at, server_time: self.inbox.now() })))
            }
            ClientFrame::CastVote { id, statement } => {
                let submission = self.person().and_then(|p| admission::vote(&self.room.directory(), p, &statement));
                self.submit(id, submission)
            }
            ClientFrame::Order { id, statement, arguments } => {
                let ordered =
                    self.person().and_then(|p| admission::order(&self.room.directory(), p, &statement, &arguments));
                match ordered {
                    Ok(Ordered::Errand(person, errand)) => {
                        let reply = match self.inbox.serve(person, errand).await {
                            Ok(reply) => ServerFrame::Done { id, reply },
                            Err(denial) => refused(id, denial.code(), denial.retry()),
                        };
                        self.say(Out::Frame(encode(&reply)))
                    }
                    Ok(Ordered::Chamber(submission)) => self.submit(id, Ok(*submission)),
                    Err(denial) => self.submit(id, Err(denial)),
                }
            }
            ClientFrame::Query { id, query } => self.look_up(id, query),
            ClientFrame::Join { .. } => self.complain(frames::joined_already()),
        }
    }

    fn complain(&self, complaint: Utf8Bytes) -> Result<(), Close> {
        self.say(Out::Frame(complaint))?;
        Err(Close::Protocol)
    }

    /// For whom this page acts. A wall shows and never acts, whoever signed it in.
    fn person(&self) -> Result<&PersonId, Denial> {
        self.seat.person.as_ref().filter(|_| self.seat.page != Page::Wall).ok_or(Denial::WrongPerson)
    }

    /// Answered by a task of its own, so that an officer who searches can still vote and preside.
    fn look_up(&mut self, id: String, query: Query) -> Result<(), Close> {
        let Some(person) = self.seat.person.clone().filter(|_| self.seat.among_officers) else {
            return self.refuse(id, Denial::NotAllowed);
        };
        let Ok(turn) = self.look_ups.clone().try_acquire_owned() else {
            return self.refuse(id, Denial::Busy);
        };
        let (inbox, outbox) = (self.inbox.clone(), self.outbox.clone());
        self.looking = Some(tokio::spawn(async move {
            let frame = match inbox.look_up(person, query).await {
                Ok(found) => ServerFrame::Found { id, found },
                Err(denial) => refused(id, denial.code(), denial.retry()),
            };
            // Before the answer: who has it may ask on.
            drop(turn);
            if outbox.try_send(Out::Frame(encode(&frame))).is_err() {
                metrics::counter!("dienhong_answers_undelivered_total").increment(1);
            }
        }));
        Ok(())
    }

    fn refuse(&self, id: String, denial: Denial) -> Result<(), Close> {
        metrics::counter!("dienhong_refusals_total", "code" => denial.code()).increment(1);
        self.say(Out::Frame(encode(&refused(id, denial.code(), denial.retry()))))
    }

    fn submit(&mut self, id: String, submission: Result<Submission, Denial>) -> Result<(), Close> {
        match submission {
            Err(denial) => self.refuse(id, denial),
            Ok(submission) => {
                self.inbox.submit(submission, answer_to(self.outbox.clone(), id));
                Ok(())
            }
        }
    }

    fn say(&self, out: Out) -> Result<(), Close> {
        self.outbox.try_send(out).map_err(|_| Close::Slow)
    }
}

impl Drop for Reader {
    /// Nobody is there any more to be told.
    fn drop(&mut self) {
        if let Some(looking) = &self.looking {
            looking.abort();
        }
    }
}

/// Longer than [`LARGE_FRAME`], or no frame; not a connection that broke.
fn is_the_pages_fault(error: &Error) -> bool {
    match error {
        Error::Protocol(cause) => *cause != ProtocolError::ResetWithoutClosingHandshake,
        Error::Capacity(_) | Error::Utf8(_) => true,
        _ => false,
    }
}
