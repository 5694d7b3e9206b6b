//! The public's views as server-sent events: the socket's frames for who cannot have a socket, and for a proxy or CDN that
//! hands them on.

use super::councils::Councils;
use super::problem::ApiError;
use crate::hub::close::Close;
use crate::hub::room::{Audience, Frames, Guest, TOPICS};
use crate::wire::frames::Page;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// As often as the socket's ping: proxies cut what says nothing for a minute, and a peer that is gone is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// A browser comes back after this, should the line break.
const FIRST: &str = "retry: 2000\n\n";

pub async fn events(State(councils): State<Councils>, Path(council): Path<String>) -> Result<Response, ApiError> {
    let council = councils.find(&council)?;
    let mut frames = council.room.frames(Audience::Spectators);
    frames.mark_changed();
    let guest = council.room.enter(Page::Public);
    let reader = Reader { frames, sent: [0; TOPICS], leave: council.leaving(), greeted: false, _guest: guest };
    // Asked for more only when the line has taken what went before, so nothing queues: the next is made of the newest.
    let events = stream::unfold(reader, |mut reader| async {
        let next = reader.next().await?;
        Some((Ok::<_, Infallible>(next), reader))
    });
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache"),
        // nginx would gather them into blocks.
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

struct Reader {
    frames: watch::Receiver<Frames>,
    sent: [u64; TOPICS],
    leave: watch::Receiver<Option<Close>>,
    greeted: bool,
    _guest: Guest,
}

impl Reader {
    /// `None` when everybody has to go; the browser comes back by itself.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(Bytes::from_static(FIRST.as_bytes()));
        }
        loop {
            tokio::select! {
                biased;
                () = left(&mut self.leave) => return None,
                changed = self.frames.changed() => {
                    changed.ok()?;
                    let events = self.newest();
                    if !events.is_empty() {
                        return Some(events.into());
                    }
                }
                () = sleep(KEEP_ALIVE) => return Some(Bytes::from_static(b":\n\n")),
            }
        }
    }

    /// Frames are JSON without line feeds.
    fn newest(&mut self) -> String {
        let mut events = String::new();
        for (frame, sent) in self.frames.borrow_and_update().iter().zip(&mut self.sent) {
            if let Some(frame) = frame
                && frame.stamp > *sent
            {
                *sent = frame.stamp;
                events.extend(["data: ", &frame.text, "\n\n"]);
            }
        }
        events
    }
}

/// Everybody has to go, or nobody is left to say so.
async fn left(leave: &mut watch::Receiver<Option<Close>>) {
    let _ = leave.wait_for(Option::is_some).await;
}
