//! Frames out: answers in order, and of each topic only the newest. Whatever wakes it, all that is due leaves together.

use super::close::Close;
use super::codec;
use super::mailbox::{End, Mailbox};
use super::outgoing::Outgoing;
use super::pulse::Pulse;
use super::room::{Frames, TOPICS};
use bytes::Buf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{self, MissedTickBehavior};

/// A frame that takes longer has met a peer that does not read.
pub const SEND_WITHIN: Duration = Duration::from_secs(5);
pub const PING_EVERY: Duration = Duration::from_secs(10);
/// A person's delay is wanted before a ballot opens; what is said in the first breath is not held up by it.
pub const FIRST_PING_AFTER: Duration = Duration::from_secs(1);

/// Frames out.
pub struct Writer {
    pub mailbox: Arc<Mailbox>,
    pub frames: watch::Receiver<Frames>,
    pub pulse: Arc<Pulse>,
    /// Turns to the reason when everybody has to leave.
    pub leave: watch::Receiver<Option<Close>>,
    pub first_ping: Duration,
}

impl Writer {
    /// Until the conversation ends; the goodbye is the caller's to say.
    pub async fn run(mut self, line: &mut (impl AsyncWrite + Unpin)) -> End {
        let mut ping = time::interval_at(time::Instant::now() + self.first_ping, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sent = [0u64; TOPICS];
        self.frames.mark_changed();
        loop {
            let mut outgoing = Outgoing::default();
            let mut must_leave = None;
            let mut ping_due = false;
            tokio::select! {
                biased;
                () = self.mailbox.rung() => {}
                close = leaving(&mut self.leave) => must_leave = Some(End::Close(close)),
                changed = self.frames.changed() => must_leave = changed.err().map(|_| End::Close(Close::Stopping)),
                _ = ping.tick() => ping_due = true,
            }
            // Answers first, also before a goodbye: nobody is sent away without the receipt that was ready.
            let end = self.mailbox.empty_into(&mut outgoing).or(must_leave);
            if end.is_none() {
                for (frame, sent) in self.frames.borrow_and_update().iter().zip(&mut sent) {
                    if let Some(frame) = frame
                        && frame.stamp > *sent
                    {
                        *sent = frame.stamp;
                        outgoing.push_text(&frame.text);
                    }
                }
                if ping_due {
                    outgoing.push(codec::ping(&self.pulse.stamp()));
                }
            }
            if outgoing.has_remaining() && write(line, &mut outgoing).await.is_err() {
                return End::Close(Close::Slow);
            }
            if let Some(end) = end {
                return end;
            }
        }
    }
}

async fn write(line: &mut (impl AsyncWrite + Unpin), outgoing: &mut Outgoing) -> Result<(), Close> {
    let limit = SEND_WITHIN.saturating_mul(outgoing.frames());
    let written = time::timeout(limit, async {
        line.write_all_buf(outgoing).await?;
        line.flush().await
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Close::Slow),
    }
}

/// A dropped sender means that nobody can ask for a stop any more, which is a stop as well.
pub async fn leaving(leave: &mut watch::Receiver<Option<Close>>) -> Close {
    let told = leave.wait_for(Option::is_some).await;
    told.ok().and_then(|close| *close).unwrap_or(Close::Stopping)
}
