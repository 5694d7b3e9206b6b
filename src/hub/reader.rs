//! Frames in: capped in size and rate, judged, and handed to the council's inbox.

use super::Inbox;
use super::admission::{self, Ordered};
use super::bucket::TokenBucket;
use super::close::Close;
use super::frames::{answer_to, encode, error, refused};
use super::room::Room;
use super::writer::Out;
use crate::chamber::ids::PersonId;
use crate::sequencer::Submission;
use crate::wire::frames::{ClientFrame, Page, ServerFrame};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time;

/// Largest frame from the chair's and the administration's pages, which send whole agendas. Others send [`SMALL_FRAME`].
pub const LARGE_FRAME: usize = 64 * 1024;
/// A vote's frame is under 1 KiB; this leaves room for any order a tablet has.
pub const SMALL_FRAME: usize = 16 * 1024;
/// A page's own number for a frame, echoed in its answer: a UUID with room to spare.
const MAX_FRAME_ID: usize = 64;
/// A person taps a few times a second at most; pages ping at most once a second.
const FRAME_EVERY: Duration = Duration::from_millis(50);
const FRAMES_BURST: u32 = 40;
/// Two pings unanswered and half a period of grace.
const DEAD_AFTER: Duration = Duration::from_secs(25);

/// Frames in.
pub struct Reader {
    room: Arc<Room>,
    inbox: Arc<dyn Inbox>,
    page: Page,
    person: Option<PersonId>,
    outbox: mpsc::Sender<Out>,
    bucket: TokenBucket,
}

impl Reader {
    pub fn new(
        room: Arc<Room>,
        inbox: Arc<dyn Inbox>,
        page: Page,
        person: Option<PersonId>,
        outbox: mpsc::Sender<Out>,
    ) -> Self {
        let bucket = TokenBucket::new(FRAMES_BURST, FRAME_EVERY, Instant::now());
        Self { room, inbox, page, person, outbox, bucket }
    }

    pub async fn run(mut self, mut stream: SplitStream<WebSocket>) {
        let close = loop {
            let message = match time::timeout(DEAD_AFTER, stream.next()).await {
                Err(_) => break Some(Close::Silent),
                Ok(None | Some(Ok(Message::Close(_)))) => break None,
                // Told, so that a page does not come back with the same frame.
                Ok(Some(Err(error))) => break is_oversize(error).then_some(Close::Protocol),
                Ok(Some(Ok(message))) => message,
            };
            // Control frames count too: a flood of pings costs as much as any other.
            if self.bucket.take(Instant::now()).is_err() {
                break Some(Close::TooFast);
            }
            let taken = match message {
                Message::Text(text) => self.take(&text).await,
                Message::Ping(data) => self.say(Out::Pong(data.to_vec())),
                Message::Binary(_) => Err(Close::Protocol),
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
        let limit = if matches!(self.page, Page::Chair | Page::Admin) { LARGE_FRAME } else { SMALL_FRAME };
        if text.len() > limit {
            self.say(Out::Frame(error(None, "too_large", "the frame is longer than this page may send")))?;
            return Err(Close::Protocol);
        }
        let frame: ClientFrame = match serde_json::from_str(text) {
            Ok(frame) => frame,
            Err(_) => {
                self.say(Out::Frame(error(None, "bad_frame", "the frame is not one of the protocol's")))?;
                return Err(Close::Protocol);
            }
        };
        if let ClientFrame::CastVote { id, .. } | ClientFrame::Order { id, .. } = &frame
            && id.len() > MAX_FRAME_ID
        {
            self.say(Out::Frame(error(None, "bad_frame", "the frame's id is too long")))?;
            return Err(Close::Protocol);
        }
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
            ClientFrame::Join { .. } => {
                self.say(Out::Frame(error(None, "bad_frame", "this connection has joined already")))?;
                Err(Close::Protocol)
            }
        }
    }

    fn person(&self) -> Result<&PersonId, admission::Denial> {
        self.person.as_ref().ok_or(admission::Denial::WrongPerson)
    }

    fn submit(&mut self, id: String, submission: Result<Submission, admission::Denial>) -> Result<(), Close> {
        match submission {
            Err(denial) => {
                metrics::counter!("dienhong_refusals_total", "code" => denial.code()).increment(1);
                self.say(Out::Frame(encode(&refused(id, denial.code(), denial.retry()))))
            }
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

/// Longer than [`LARGE_FRAME`], at which the connection itself stops reading.
fn is_oversize(error: axum::Error) -> bool {
    let inner = error.into_inner();
    matches!(inner.downcast_ref(), Some(tokio_tungstenite::tungstenite::Error::Capacity(_)))
}
