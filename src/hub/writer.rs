//! Frames out: answers in order, and of each topic only the newest.

use super::close::Close;
use super::line::Line;
use super::pulse::Pulse;
use super::room::{Frames, Personal, TOPICS};
use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{self, MissedTickBehavior};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// A send that takes longer has met a peer that does not read.
pub const SEND_WITHIN: Duration = Duration::from_secs(5);
/// Answers waiting for one socket. The bucket lets in 40 frames at once, so twice that is never reached by a peer that reads.
pub const OUTBOX: usize = 80;
pub const PING_EVERY: Duration = Duration::from_secs(10);
/// A person's delay is wanted before a ballot opens; what is said in the first breath is not held up by it.
const FIRST_PING_AFTER: Duration = Duration::from_secs(1);

/// What the writer sends beside the topics.
pub enum Out {
    Frame(Utf8Bytes),
    Close(Close),
}

pub type Sink<L> = SplitSink<WebSocketStream<L>, Message>;

/// Frames out.
pub struct Writer<L> {
    pub sink: Sink<L>,
    pub out: mpsc::Receiver<Out>,
    pub frames: watch::Receiver<Frames>,
    pub personal: Option<Personal>,
    pub pulse: Arc<Pulse>,
    /// Turns to the reason when everybody has to leave.
    pub leave: watch::Receiver<Option<Close>>,
}

impl<L: Line> Writer<L> {
    pub async fn run(mut self) {
        let close = match self.write().await {
            Ok(()) => return,
            Err(close) => close,
        };
        metrics::counter!("dienhong_disconnects_total", "reason" => close.reason()).increment(1);
        say_goodbye(&mut self.sink, close).await;
    }

    async fn write(&mut self) -> Result<(), Close> {
        let Self { sink, out, frames, personal, pulse, leave } = self;
        let first = if personal.is_some() { FIRST_PING_AFTER } else { PING_EVERY };
        let mut ping = time::interval_at(time::Instant::now() + first, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut me, mut ended) = match personal.take() {
            Some(Personal { me, close }) => (Some(me), Some(close)),
            None => (None, None),
        };
        let mut sent = [0u64; TOPICS];
        frames.mark_changed();
        loop {
            tokio::select! {
                biased;
                // Answers first, also before a goodbye: nobody is sent away without the receipt that was ready.
                next = out.recv() => {
                    let Some(next) = next else { return Ok(()) };
                    feed_out(sink, next).await?;
                    // Receipts are never conflated: all that wait go out, then one flush.
                    while let Ok(more) = out.try_recv() {
                        feed_out(sink, more).await?;
                    }
                    flush(sink).await?;
                }
                close = leaving(leave) => return Err(close),
                close = closed(&mut ended) => return Err(close),
                me = me_changed(&mut me) => {
                    if let Some(me) = me {
                        send(sink, me).await?;
                    }
                }
                changed = frames.changed() => {
                    if changed.is_err() {
                        return Err(Close::Stopping);
                    }
                    let newest = frames.borrow_and_update().clone();
                    for (frame, sent) in newest.into_iter().zip(&mut sent) {
                        if let Some(frame) = frame && frame.stamp > *sent {
                            *sent = frame.stamp;
                            feed(sink, shared(frame.text)).await?;
                        }
                    }
                    flush(sink).await?;
                }
                _ = ping.tick() => {
                    feed(sink, Message::Ping(pulse.stamp().to_vec().into())).await?;
                    flush(sink).await?;
                }
            }
        }
    }
}

async fn feed_out(sink: &mut Sink<impl Line>, out: Out) -> Result<(), Close> {
    match out {
        Out::Frame(text) => feed(sink, shared(text)).await,
        Out::Close(close) => Err(close),
    }
}

/// A dropped sender means that nobody can ask for a stop any more, which is a stop as well.
pub async fn leaving(leave: &mut watch::Receiver<Option<Close>>) -> Close {
    let told = leave.wait_for(Option::is_some).await;
    told.ok().and_then(|close| *close).unwrap_or(Close::Stopping)
}

/// Resolves when the person's device was replaced or revoked; never for pages that only watch.
async fn closed(ended: &mut Option<oneshot::Receiver<Close>>) -> Close {
    match ended {
        // A seat that was given up without a word goes only with its room.
        Some(close) => close.await.unwrap_or(Close::Stopping),
        None => std::future::pending().await,
    }
}

async fn me_changed(me: &mut Option<watch::Receiver<Option<Utf8Bytes>>>) -> Option<Utf8Bytes> {
    match me {
        Some(me) => match me.changed().await {
            Ok(()) => me.borrow_and_update().clone(),
            Err(_) => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

/// A text that was encoded once for many: handed on without being looked through again.
fn shared(text: Utf8Bytes) -> Message {
    Message::Frame(Frame::message(Bytes::from(text), OpCode::Data(Data::Text), true))
}

async fn send(sink: &mut Sink<impl Line>, text: Utf8Bytes) -> Result<(), Close> {
    feed(sink, shared(text)).await?;
    flush(sink).await
}

async fn feed(sink: &mut Sink<impl Line>, message: Message) -> Result<(), Close> {
    match time::timeout(SEND_WITHIN, sink.feed(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Close::Slow),
    }
}

async fn flush(sink: &mut Sink<impl Line>) -> Result<(), Close> {
    match time::timeout(SEND_WITHIN, sink.flush()).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Close::Slow),
    }
}

pub async fn say_goodbye(sink: &mut Sink<impl Line>, close: Close) {
    let frame = CloseFrame { code: close.code().into(), reason: close.reason().into() };
    // The peer may be gone or stuck; the connection ends either way.
    let _ = time::timeout(SEND_WITHIN, async {
        sink.send(Message::Close(Some(frame))).await?;
        sink.close().await
    })
    .await;
}
