//! Frames in: capped in size and rate, judged, and handed to the council's inbox.

use super::Inbox;
use super::admission::{self, Denial, Ordered};
use super::bucket::TokenBucket;
use super::close::Close;
use super::codec::{self, Heard, Input};
use super::frames::{self, answer_to, encode, refused};
use super::mailbox::{End, Mailbox};
use super::pulse::Pulse;
use super::room::Room;
use crate::chamber::ids::{Millis, PersonId};
use crate::sequencer::Submission;
use crate::wire::frames::{ClientFrame, Page, ServerFrame};
use crate::wire::views::Query;
use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::ready;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time;

/// Largest frame from the chair's and the administration's pages, which send whole agendas. Others send [`SMALL_FRAME`].
pub const LARGE_FRAME: usize = 64 * 1024;
/// A vote's frame is under 1 KiB; this leaves room for any order a tablet has.
pub const SMALL_FRAME: usize = 16 * 1024;
/// A person taps a few times a second at most; pages ping at most once a second.
pub const FRAME_EVERY: Duration = Duration::from_millis(50);
pub const FRAMES_BURST: u32 = 40;
/// Two pings unanswered and half a period of grace.
pub const DEAD_AFTER: Duration = Duration::from_secs(25);

/// Bytes of one read: a vote and a few pings at once.
const READ: usize = 8 * 1024;

thread_local! {
    /// What is read goes through here, so that an idle connection holds no buffer of its own.
    static SCRATCH: RefCell<[u8; READ]> = const { RefCell::new([0; READ]) };
}

/// Frames in.
pub struct Reader {
    room: Arc<Room>,
    inbox: Arc<dyn Inbox>,
    seat: Seat,
    mailbox: Arc<Mailbox>,
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
    pub fn new(room: Arc<Room>, inbox: Arc<dyn Inbox>, seat: Seat, mailbox: Arc<Mailbox>, pulse: Arc<Pulse>) -> Self {
        let bucket = TokenBucket::new(FRAMES_BURST, FRAME_EVERY, Instant::now());
        Self { room, inbox, seat, mailbox, bucket, pulse, look_ups: Arc::new(Semaphore::new(1)), looking: None }
    }

    /// Until the peer leaves or must leave. `read` came together with the join.
    pub async fn run(mut self, line: &mut (impl AsyncRead + Unpin), read: Vec<u8>) -> End {
        let mut input = Input::new(LARGE_FRAME, read);
        let mut silent_at = time::Instant::now() + DEAD_AFTER;
        loop {
            let heard = match input.take() {
                Ok(Some(heard)) => heard,
                Ok(None) => match time::timeout_at(silent_at, read_into(line, &mut input)).await {
                    Err(_) => return End::Close(Close::Silent),
                    Ok(Ok(1..)) => continue,
                    Ok(Ok(0) | Err(_)) => return End::Gone,
                },
                Err(wrong) => return End::Close(wrong.into()),
            };
            if heard == Heard::Close {
                return End::Left;
            }
            // Control frames and pieces count too: a flood of pings costs as much as any other.
            if self.bucket.take(Instant::now()).is_err() {
                return End::Close(Close::TooFast);
            }
            silent_at = time::Instant::now() + DEAD_AFTER;
            self.pulse.heard(Millis(self.inbox.now()));
            let taken = match heard {
                Heard::Text(text) => self.take(&text).await,
                Heard::Pong(stamp) => {
                    if self.pulse.pong(&stamp) && self.seat.person.is_some() {
                        self.room.line_changed();
                    }
                    Ok(())
                }
                Heard::Ping(data) => self.say(codec::pong(&data)),
                Heard::Piece | Heard::Close => Ok(()),
            };
            if let Err(close) = taken {
                return End::Close(close);
            }
        }
    }

    async fn take(&mut self, text: &str) -> Result<(), Close> {
        let limit = if matches!(self.seat.page, Page::Chair | Page::Admin) { LARGE_FRAME } else { SMALL_FRAME };
        let frame = match frames::understand(text, limit) {
            Ok(frame) => frame,
            Err(complaint) => return self.complain(complaint),
        };
        match frame {
            ClientFrame::Ping { at } => self.say_frame(&ServerFrame::Pong { at, server_time: self.inbox.now() }),
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
                        self.say_frame(&reply)
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
        self.say(codec::text(&complaint))?;
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
        let (inbox, mailbox) = (self.inbox.clone(), self.mailbox.clone());
        self.looking = Some(tokio::spawn(async move {
            let frame = match inbox.look_up(person, query).await {
                Ok(found) => ServerFrame::Found { id, found },
                Err(denial) => refused(id, denial.code(), denial.retry()),
            };
            // Before the answer: who has it may ask on.
            drop(turn);
            if mailbox.say(codec::text(&encode(&frame))).is_err() {
                metrics::counter!("dienhong_answers_undelivered_total").increment(1);
            }
        }));
        Ok(())
    }

    fn refuse(&self, id: String, denial: Denial) -> Result<(), Close> {
        metrics::counter!("dienhong_refusals_total", "code" => denial.code()).increment(1);
        self.say_frame(&refused(id, denial.code(), denial.retry()))
    }

    fn submit(&mut self, id: String, submission: Result<Submission, Denial>) -> Result<(), Close> {
        match submission {
            Err(denial) => self.refuse(id, denial),
            Ok(submission) => {
                self.inbox.submit(submission, answer_to(self.mailbox.clone(), id));
                Ok(())
            }
        }
    }

    fn say_frame(&self, frame: &ServerFrame) -> Result<(), Close> {
        self.say(codec::text(&encode(frame)))
    }

    fn say(&self, frame: Bytes) -> Result<(), Close> {
        self.mailbox.say(frame).map_err(|_| Close::Slow)
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

/// How many bytes have come; none at the end.
async fn read_into(line: &mut (impl AsyncRead + Unpin), input: &mut Input) -> io::Result<usize> {
    poll_fn(|context| {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut *line).poll_read(context, &mut buffer))?;
            input.add(buffer.filled());
            Ok(buffer.filled().len()).into()
        })
    })
    .await
}
