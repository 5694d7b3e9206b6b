//! One connection of a page that only watches: the rest of a frame that was begun, short answers, and of each topic the newest.
//! Knows no thread and no clock: it is told when to write and to read, and what time it is.

use super::super::admission::Denial;
use super::super::bucket::TokenBucket;
use super::super::close::Close;
use super::super::codec::{self, Heard, Input, Wrong};
use super::super::frames::{self, encode, refused};
use super::super::mailbox::OUTBOX;
use super::super::reader::{DEAD_AFTER, FRAME_EVERY, FRAMES_BURST, SMALL_FRAME};
use super::super::room::TOPICS;
use super::super::writer::{PING_EVERY, SEND_WITHIN};
use crate::wire::frames::{ClientFrame, ServerFrame};
use axum::extract::ws::Utf8Bytes;
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::Instant;

/// The newest frame of each topic with its stamp, ready to be written.
pub type Ready = [Option<(u64, Bytes)>; TOPICS];

/// In one call to the system: what was begun, some answers, every topic.
const PIECES: usize = 1 + 4 + TOPICS;
/// Reads of one turn after the goodbye: a peer that goes on talking waits for the next.
const LAST_READS: usize = 16;

/// A stream that never blocks.
pub trait Stream: Read + Write {
    /// Nothing more will be written.
    fn finish(&self);
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Close(Close),
    /// The peer said goodbye.
    Left,
    /// Nobody is there.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

pub struct Watcher<S> {
    stream: S,
    input: Input,
    bucket: TokenBucket,
    rest: Bytes,
    answers: VecDeque<Bytes>,
    /// Stamps of what was begun last of each topic.
    sent: [u64; TOPICS],
    heard_at: Instant,
    ping_at: Instant,
    /// Something is due and the stream takes nothing since then.
    full_since: Option<Instant>,
}

/// What a piece of a write was made of.
#[derive(Clone, Copy)]
enum Piece {
    Rest,
    Answer,
    Topic(usize),
}

impl<S: Stream> Watcher<S> {
    pub fn new(stream: S, read: Vec<u8>, now: Instant) -> Self {
        Self {
            stream,
            input: Input::new(SMALL_FRAME, read),
            bucket: TokenBucket::new(FRAMES_BURST, FRAME_EVERY, now),
            rest: Bytes::new(),
            answers: VecDeque::new(),
            sent: [0; TOPICS],
            heard_at: now,
            ping_at: now + PING_EVERY,
            full_since: None,
        }
    }

    /// Writing would be in vain until the system says otherwise.
    pub fn is_full(&self) -> bool {
        self.full_since.is_some()
    }

    /// Writes what is due until nothing is or the stream is full.
    pub fn write(&mut self, newest: &Ready, now: Instant) -> Result<(), End> {
        loop {
            let mut slices = [IoSlice::new(&[]); PIECES];
            let mut pieces = [(Piece::Rest, 0); PIECES];
            let rest = (!self.rest.is_empty()).then_some((Piece::Rest, &self.rest));
            let answers = self.answers.iter().take(PIECES - 1 - TOPICS).map(|answer| (Piece::Answer, answer));
            let topics = newest.iter().zip(&self.sent).enumerate().filter_map(|(topic, (frame, sent))| {
                frame.as_ref().filter(|(stamp, _)| stamp > sent).map(|(_, bytes)| (Piece::Topic(topic), bytes))
            });
            let mut due = 0;
            for ((piece, bytes), (slice, slot)) in
                rest.into_iter().chain(answers).chain(topics).zip(slices.iter_mut().zip(&mut pieces))
            {
                *slice = IoSlice::new(bytes);
                *slot = (piece, bytes.len());
                due += 1;
            }
            let wrote = match &slices[..due] {
                [] => return Ok(()),
                [one] => self.stream.write(one),
                several => self.stream.write_vectored(several),
            };
            match wrote {
                Ok(0) => return Err(End::Gone),
                Ok(wrote) => {
                    let pieces = &pieces[..due];
                    self.wrote(wrote, pieces, newest);
                    // The usual case, seen without a second look at every topic.
                    if self.answers.is_empty() && wrote == pieces.iter().map(|(_, len)| len).sum::<usize>() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.full_since.get_or_insert(now);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(End::Gone),
            }
        }
    }

    fn wrote(&mut self, mut wrote: usize, pieces: &[(Piece, usize)], newest: &Ready) {
        self.full_since = None;
        for &(piece, len) in pieces {
            if wrote == 0 {
                return;
            }
            let part = wrote.min(len);
            wrote -= part;
            match piece {
                Piece::Rest => {}
                Piece::Answer => self.rest = self.answers.pop_front().unwrap_or_default(),
                Piece::Topic(topic) => {
                    let Some((stamp, bytes)) = &newest[topic] else { continue };
                    self.sent[topic] = *stamp;
                    self.rest = if part < len { bytes.clone() } else { Bytes::new() };
                }
            }
            self.rest.advance(part.min(self.rest.len()));
        }
    }

    /// Reads and answers until nothing more is there. The bucket bounds what one turn can take.
    pub fn read(&mut self, scratch: &mut [u8], now: Instant, server_time: u64) -> Result<(), End> {
        // What came together with the join.
        self.judge(now, server_time)?;
        loop {
            match self.stream.read(scratch) {
                Ok(0) => return Err(End::Gone),
                Ok(read) => {
                    self.input.add(&scratch[..read]);
                    self.judge(now, server_time)?;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(End::Gone),
            }
        }
    }

    fn judge(&mut self, now: Instant, server_time: u64) -> Result<(), End> {
        loop {
            let heard = match self.input.take() {
                Ok(None) => return Ok(()),
                Ok(Some(heard)) => heard,
                Err(Wrong::Oversize) => return self.complain(&frames::too_large()),
                Err(wrong) => return Err(Close::from(wrong).into()),
            };
            self.heard_at = now;
            if heard == Heard::Close {
                return Err(End::Left);
            }
            // Every frame counts, pieces and control frames too: a flood of pings costs as much as any other.
            if self.bucket.take(now).is_err() {
                return Err(Close::TooFast.into());
            }
            match heard {
                Heard::Text(text) => {
                    match frames::understand(&text, SMALL_FRAME).and_then(|f| answer(f, server_time)) {
                        Ok(answer) => self.say(codec::text(&answer))?,
                        Err(complaint) => return self.complain(&complaint),
                    }
                }
                Heard::Ping(data) => self.say(codec::pong(&data))?,
                Heard::Pong(_) | Heard::Piece | Heard::Close => {}
            }
        }
    }

    fn complain(&mut self, complaint: &str) -> Result<(), End> {
        self.say(codec::text(complaint))?;
        Err(Close::Protocol.into())
    }

    fn say(&mut self, answer: Bytes) -> Result<(), End> {
        if self.answers.len() >= OUTBOX {
            return Err(Close::Slow.into());
        }
        self.answers.push_back(answer);
        Ok(())
    }

    /// What the time demands. True when something is to be written.
    pub fn tick(&mut self, now: Instant) -> Result<bool, End> {
        if self.full_since.is_some_and(|since| now.saturating_duration_since(since) >= SEND_WITHIN) {
            return Err(Close::Slow.into());
        }
        if now.saturating_duration_since(self.heard_at) >= DEAD_AFTER {
            return Err(Close::Silent.into());
        }
        if self.full_since.is_some() || now < self.ping_at {
            return Ok(false);
        }
        self.ping_at = now + PING_EVERY;
        self.say(codec::BARE_PING)?;
        Ok(true)
    }

    /// The last words. `None` when nobody is there to hear them.
    pub fn leave(self, end: End, now: Instant) -> Option<Leaving<S>> {
        let last = match end {
            End::Close(close) => codec::close(close),
            End::Left => codec::close_back(),
            End::Gone => return None,
        };
        let mut words = self.rest.to_vec();
        self.answers.iter().chain([&last]).for_each(|frame| words.extend_from_slice(frame));
        Some(Leaving { stream: self.stream, words: words.into(), until: now + SEND_WITHIN })
    }
}

/// Who acts for nobody is told so.
fn answer(frame: ClientFrame, server_time: u64) -> Result<Utf8Bytes, Utf8Bytes> {
    let refuse = |id, denial: Denial| {
        metrics::counter!("dienhong_refusals_total", "code" => denial.code()).increment(1);
        refused(id, denial.code(), denial.retry())
    };
    let answer = match frame {
        ClientFrame::Ping { at } => ServerFrame::Pong { at, server_time },
        ClientFrame::CastVote { id, .. } | ClientFrame::Order { id, .. } => refuse(id, Denial::WrongPerson),
        ClientFrame::Query { id, .. } => refuse(id, Denial::NotAllowed),
        ClientFrame::Join { .. } => return Err(frames::joined_already()),
    };
    Ok(encode(&answer))
}

/// A connection that is being closed: says its last words, then waits for the peer to hang up, so that what the peer sent
/// meanwhile does not make the system throw the words away.
pub struct Leaving<S> {
    stream: S,
    words: Bytes,
    until: Instant,
}

impl<S: Stream> Leaving<S> {
    /// True when it is over.
    pub fn go(&mut self, scratch: &mut [u8], now: Instant) -> bool {
        if now >= self.until {
            return true;
        }
        while !self.words.is_empty() {
            match self.stream.write(&self.words) {
                Ok(0) => return true,
                Ok(wrote) => {
                    self.words.advance(wrote);
                    if self.words.is_empty() {
                        self.stream.finish();
                    }
                }
                Err(error) => match goes_on(&error) {
                    Some(true) => {}
                    Some(false) => break,
                    None => return true,
                },
            }
        }
        for _ in 0..LAST_READS {
            match self.stream.read(scratch) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => match goes_on(&error) {
                    Some(true) => {}
                    Some(false) => return false,
                    None => return true,
                },
            }
        }
        false
    }
}

/// At once, later, or never.
fn goes_on(error: &io::Error) -> Option<bool> {
    match error.kind() {
        ErrorKind::Interrupted => Some(true),
        ErrorKind::WouldBlock => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[path = "watcher_tests.rs"]
mod tests;
