//! The first words: challenge and join, over the bare stream. Only then is it known who the socket is for, and who drives it.

use super::Inbox;
use super::admission;
use super::bucket::TokenBucket;
use super::close::Close;
use super::codec::{self, Heard, Input, Wrong};
use super::frames::{encode, error};
use super::line::Line;
use super::mailbox::{End, Mailbox};
use super::pulse::Pulse;
use super::reader::{FRAME_EVERY, FRAMES_BURST, SMALL_FRAME};
use super::room::{Audience, Guest, Room};
use super::writer::SEND_WITHIN;
use crate::chamber::ids::{Millis, PersonId};
use crate::wire::frames::{ClientFrame, PROTOCOL, Page, ServerFrame};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time;

/// Bytes of one read: a join with its statement is below half of this.
const READ: usize = 2 * 1024;
/// Of what a peer still sends after the goodbye, this much is taken off its hands.
const LAST_READS: usize = 64;

/// Who has joined.
pub struct Joined {
    pub page: Page,
    pub person: Option<PersonId>,
    pub audience: Audience,
    pub mailbox: Arc<Mailbox>,
    pub pulse: Arc<Pulse>,
    pub guest: Guest,
}

pub struct Joining<'a, L> {
    pub line: &'a mut L,
    pub input: Input,
    pub room: &'a Arc<Room>,
    pub inbox: &'a dyn Inbox,
}

impl<'a, L: Line> Joining<'a, L> {
    pub fn new(line: &'a mut L, read: Vec<u8>, room: &'a Arc<Room>, inbox: &'a dyn Inbox) -> Self {
        Self { line, input: Input::new(SMALL_FRAME, read), room, inbox }
    }

    /// Challenge, join, answer. What was read beyond the join stays in `input`.
    pub async fn join(&mut self, challenge: [u8; 32]) -> Result<Joined, Close> {
        let directory = self.room.directory();
        let challenge = STANDARD.encode(challenge);
        let hello = ServerFrame::Challenge {
            protocol: PROTOCOL,
            log: directory.origin.clone(),
            challenge: challenge.clone(),
            server_time: self.inbox.now(),
        };
        self.say(codec::text(&encode(&hello))).await?;
        let text = self.first_text().await?;
        let Some(ClientFrame::Join { protocol, page, statement }) = text.and_then(|t| serde_json::from_str(&t).ok())
        else {
            return Err(self.complain("bad_frame", "the first frame must be a join").await);
        };
        if protocol != PROTOCOL {
            let message = "this server speaks another version of the protocol; reload the page";
            return Err(self.complain("protocol_version", message).await);
        }
        let pulse = Arc::new(Pulse::new(Millis(self.inbox.now())));
        let joined = match (page, statement) {
            (Page::Wall | Page::Public, None) => {
                let audience = if page == Page::Wall { Audience::Onlookers } else { Audience::Spectators };
                let guest = self.room.enter(page);
                Joined { page, person: None, audience, mailbox: Arc::default(), pulse, guest }
            }
            (Page::Delegate | Page::Chair | Page::Admin | Page::Wall, Some(note)) => {
                // Another node may have bound the device a moment ago.
                if admission::login(&directory, &note, &challenge).is_err() {
                    self.inbox.renew().await;
                }
                match admission::login(&self.room.directory(), &note, &challenge) {
                    Ok(person) => {
                        let (guest, mailbox) = self.room.enter_person(&person, page, pulse.clone());
                        // Revoked between the look and the seat: from the seat on, the room itself closes it.
                        let directory = self.room.directory();
                        if admission::login(&directory, &note, &challenge).is_err() {
                            return Err(Close::Revoked);
                        }
                        let audience = audience(page, directory.is_officer(&person), directory.is_of_the_hall(&person));
                        Joined { page, person: Some(person), audience, mailbox, pulse, guest }
                    }
                    Err(denial) => {
                        self.complain(denial.code(), "the login was not accepted").await;
                        return Err(Close::Revoked);
                    }
                }
            }
            _ => {
                let message = "this page joins with a statement exactly when it acts for a person";
                return Err(self.complain("bad_login", message).await);
            }
        };
        let person = joined.person.as_ref().map(PersonId::to_string);
        self.say(codec::text(&encode(&ServerFrame::Joined { page, person }))).await?;
        if let Some(person) = &joined.person {
            self.inbox.joined(person, page);
        }
        Ok(joined)
    }

    /// `None`: longer than any join.
    async fn first_text(&mut self) -> Result<Option<String>, Close> {
        // On the heap, so that the connection's task does not keep room for it.
        let mut scratch = vec![0; READ];
        let mut bucket = TokenBucket::new(FRAMES_BURST, FRAME_EVERY, Instant::now());
        loop {
            match self.input.take() {
                Ok(Some(_)) if bucket.take(Instant::now()).is_err() => return Err(Close::TooFast),
                Ok(Some(Heard::Text(text))) => return Ok(Some(text)),
                Ok(Some(Heard::Ping(data))) => self.say(codec::pong(&data)).await?,
                Ok(Some(Heard::Pong(_) | Heard::Piece)) => {}
                Ok(Some(Heard::Close)) => return Err(Close::Protocol),
                Err(Wrong::Oversize) => return Ok(None),
                Err(wrong) => return Err(wrong.into()),
                // The whole join has one limit of time, at the caller's.
                Ok(None) => match self.line.read(&mut scratch).await {
                    Ok(read @ 1..) => self.input.add(&scratch[..read]),
                    _ => return Err(Close::Protocol),
                },
            }
        }
    }

    /// What is wrong with the frame, before the door closes.
    async fn complain(&mut self, code: &str, message: &str) -> Close {
        self.say(codec::text(&error(None, code, message))).await.err().unwrap_or(Close::Protocol)
    }

    async fn say(&mut self, frame: Bytes) -> Result<(), Close> {
        match time::timeout(SEND_WITHIN, self.line.write_all(&frame)).await {
            Ok(Ok(())) => self.line.flush().await.map_err(|_| Close::Slow),
            _ => Err(Close::Slow),
        }
    }
}

fn audience(page: Page, officer: bool, hall: bool) -> Audience {
    match page {
        Page::Chair | Page::Admin if officer => Audience::Officers,
        Page::Wall if hall => Audience::Walls,
        Page::Delegate | Page::Chair | Page::Admin if hall => Audience::Hall,
        Page::Wall => Audience::Onlookers,
        _ => Audience::Spectators,
    }
}

/// The peer may be gone or stuck; the connection ends either way. It is waited for, so that what it sent meanwhile does not
/// make the system throw the goodbye away.
pub async fn say_goodbye(line: &mut impl Line, end: End) {
    let goodbye = match end {
        End::Close(close) => codec::close(close),
        End::Left => codec::close_back(),
        End::Gone => return,
    };
    let mut scratch = vec![0; READ];
    let _ = time::timeout(SEND_WITHIN, async {
        line.write_all(&goodbye).await?;
        line.shutdown().await?;
        for _ in 0..LAST_READS {
            if line.read(&mut scratch).await? == 0 {
                break;
            }
        }
        std::io::Result::Ok(())
    })
    .await;
}
