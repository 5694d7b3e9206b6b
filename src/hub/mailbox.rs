//! What waits to leave through one person's or screen's own connection, and the bell that wakes its writer.

use super::close::Close;
use super::outgoing::Outgoing;
use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Answers waiting for one socket. The bucket lets in 40 frames at once, so twice that is never reached by a peer that reads.
pub const OUTBOX: usize = 80;

/// The peer does not read, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undelivered;

/// How a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Close(Close),
    /// The peer said goodbye.
    Left,
    /// Nobody is there.
    Gone,
}

#[derive(Default)]
pub struct Mailbox {
    post: Mutex<Post>,
    bell: Notify,
}

#[derive(Default)]
struct Post {
    answers: VecDeque<Bytes>,
    /// What the person's page shows of that person, as it was put here last.
    me: Option<Utf8Bytes>,
    me_is: Me,
    end: Option<End>,
    /// Nobody empties it any more.
    shut: bool,
}

#[derive(Default, PartialEq, Eq)]
enum Me {
    #[default]
    Sent,
    /// Leaves with the next answer, or when it is called.
    Staged,
    Due,
}

impl Mailbox {
    /// In order, each of them.
    pub fn say(&self, frame: Bytes) -> Result<(), Undelivered> {
        self.push(frame, false)
    }

    /// As [`Self::say`], and with it what is staged, so that both leave together and the answer first.
    pub fn answer(&self, frame: Bytes) -> Result<(), Undelivered> {
        self.push(frame, true)
    }

    fn push(&self, frame: Bytes, is_answer: bool) -> Result<(), Undelivered> {
        let mut post = self.lock();
        if post.shut || post.answers.len() >= OUTBOX {
            return Err(Undelivered);
        }
        post.answers.push_back(frame);
        if is_answer && post.me_is == Me::Staged {
            post.me_is = Me::Due;
        }
        drop(post);
        self.bell.notify_one();
        Ok(())
    }

    /// Only the newest counts, and the same again not at all.
    pub fn stage_me(&self, me: &Utf8Bytes) {
        let mut post = self.lock();
        if post.me.as_ref() != Some(me) {
            post.me = Some(me.clone());
            if post.me_is == Me::Sent {
                post.me_is = Me::Staged;
            }
        }
    }

    /// What is staged does not wait for an answer.
    pub fn call_me(&self) {
        let mut post = self.lock();
        if post.me_is == Me::Staged {
            post.me_is = Me::Due;
            drop(post);
            self.bell.notify_one();
        }
    }

    /// The first reason counts.
    pub fn end(&self, end: End) {
        self.lock().end.get_or_insert(end);
        self.bell.notify_one();
    }

    /// From now on nothing is delivered.
    pub fn shut(&self) {
        let mut post = self.lock();
        post.shut = true;
        post.answers = VecDeque::new();
    }

    /// Until something may be here.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Everything that is due, answers first; and how it ends, if it does.
    pub fn empty_into(&self, outgoing: &mut Outgoing) -> Option<End> {
        let mut post = self.lock();
        // A mailbox holds nothing while it is idle.
        std::mem::take(&mut post.answers).into_iter().for_each(|answer| outgoing.push(answer));
        if post.me_is == Me::Due {
            post.me_is = Me::Sent;
            if let Some(me) = &post.me {
                outgoing.push_text(me);
            }
        }
        post.end
    }

    /// Frames are put in whole, so a panic elsewhere while the lock was held leaves nothing half-done.
    fn lock(&self) -> MutexGuard<'_, Post> {
        self.post.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Buf;

    fn frame(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn taken(mailbox: &Mailbox) -> Vec<u8> {
        let mut outgoing = Outgoing::default();
        mailbox.empty_into(&mut outgoing);
        outgoing.copy_to_bytes(outgoing.remaining()).to_vec()
    }

    #[test]
    fn what_is_staged_leaves_with_the_answer_and_after_it() {
        let mailbox = Mailbox::default();
        mailbox.stage_me(&"me".into());
        assert_eq!(taken(&mailbox), b"");
        mailbox.say(frame("pong")).unwrap();
        assert_eq!(taken(&mailbox), b"pong");
        mailbox.answer(frame("receipt")).unwrap();
        assert_eq!(taken(&mailbox), b"receipt\x81\x02me");
        mailbox.stage_me(&"me".into());
        mailbox.call_me();
        assert_eq!(taken(&mailbox), b"", "the same again");
        mailbox.stage_me(&"more".into());
        mailbox.call_me();
        assert_eq!(taken(&mailbox), b"\x81\x04more");
    }

    #[test]
    fn a_peer_that_does_not_read_fills_it_and_one_that_is_gone_gets_nothing() {
        let mailbox = Mailbox::default();
        let accepted = (0..OUTBOX + 5).filter(|_| mailbox.say(frame("x")).is_ok()).count();
        assert_eq!(accepted, OUTBOX);
        taken(&mailbox);
        assert_eq!(mailbox.say(frame("x")), Ok(()));
        mailbox.shut();
        assert_eq!(mailbox.say(frame("x")), Err(Undelivered));
        assert_eq!(taken(&mailbox), b"");
    }

    #[tokio::test]
    async fn the_first_reason_to_end_is_told_with_what_was_still_to_be_said() {
        let mailbox = Mailbox::default();
        mailbox.say(frame("last words")).unwrap();
        mailbox.end(End::Close(Close::Replaced));
        mailbox.end(End::Close(Close::Slow));
        mailbox.rung().await;
        let mut outgoing = Outgoing::default();
        assert_eq!(mailbox.empty_into(&mut outgoing), Some(End::Close(Close::Replaced)));
        assert_eq!(outgoing.remaining(), "last words".len());
    }
}
